"""``gateway run``: the daemon, or with ``--once`` one pass of it."""

from __future__ import annotations

import typer

from gateway.commands.call import call
from gateway.commands.present import say

ONCE = typer.Option(False, "--once", help="Take what is there, do what is due, exit: 0 nothing left, 75 try again, 69 partner.")


def run(once: bool = ONCE) -> int:
    """Watch the folders and carry what arrives, until stopped (SIGTERM, Ctrl-C). The log is JSON, on stderr.

    With --once a sentence says at the end what was done; with --json there is the log instead.
    """
    from gateway.bootstrap.running import run_home

    return run_home(call().home, call().today, once=once, tell=None if call().json else say)
