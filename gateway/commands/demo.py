"""``gateway demo``: shows every promise in under a minute, on invented children."""

from __future__ import annotations

from pathlib import Path

import typer

from gateway.errors import UsageError

HOME = typer.Option(Path("demo-home"), "--home", help="Where to put the two homes (DIR/990 and DIR/991).")


def demo(home: Path = HOME) -> None:
    """One morning in two authorities: files, verdicts, cases, the S2S basket, a referral until accepted."""
    from rich.console import Console

    from gateway.commands.call import call
    from gateway.commands.present import emit
    from gateway.demo.morning import tell
    from gateway.demo.stage import Stage

    if home.exists() and any(home.iterdir()):
        raise UsageError(
            f"{home} is not empty", code="DEMO-HOME", hint=f"Remove it (rm -r {home}) or name another with --home DIR."
        )
    home.mkdir(parents=True, exist_ok=True)
    as_json = call().json
    done = tell(home.resolve(), Stage(Console(highlight=False, stderr=as_json)))   # with --json, the story is talk
    if as_json:
        emit(done)
