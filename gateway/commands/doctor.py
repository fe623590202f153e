"""``gateway doctor``: what is wrong with a home, and what to type."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from gateway.commands.call import call
from gateway.commands.present import console, emit, say

if TYPE_CHECKING:
    from gateway.bootstrap import Home
    from gateway.bootstrap.doctor import Diagnosis

WRONG = 78
Notice = Annotated[bool, typer.Option("--send-notice", help="also send contact and deputy a test notice")]


def doctor(send_notice: Notice = False) -> int:
    """Try everything this home needs: folders, keys, store, vault, sandbox, clock, register, people, partners.

    Nothing is changed. Exit 0 when nothing is to be mended, 78 otherwise.
    """
    from gateway.bootstrap.doctor import State, examine

    with call().open() as home:
        found = list(examine(home))
        if send_notice:
            _send(home)
    faults = [one for one in found if one.state is State.FAULT]
    if call().json:
        for one in found:
            emit(one.to_json())
    else:
        _tell(found)
        say(f"{len(faults)} to mend" if faults else "nothing to mend")
    return WRONG if faults else 0


def _tell(found: Sequence[Diagnosis]) -> None:
    from rich.markup import escape

    signs = {"ok": "[green]✓[/]", "note": "[yellow]·[/]", "fault": "[red]✗[/]"}
    out = console()
    for one in found:
        out.print(f"{signs[one.state.value]} {one.check:<10} {escape(one.says)}", soft_wrap=True)
        if one.type:
            out.print(f"             → {escape(one.type)}", soft_wrap=True)
    sys.stdout.flush()


def _send(home: Home) -> None:
    """A notice as an urgent row would send it, saying that it is none."""
    from gateway.ports import Notice as Message

    policy = home.policy
    home.ports.notifier.tell(
        Message(
            to=(policy.contact.email, policy.deputy.email),
            subject=f"Test of the CME gateway of {policy.name}",
            text="This is a test sent by gateway doctor. Nobody needs to do anything.",
            key=f"doctor:{home.ids.new('N')}",
        )
    )
    if home.settings.mail.host:
        say(f"a test notice went by mail to {policy.contact.email} and {policy.deputy.email}; not there? Look in notices/")
    else:
        say(f"a test notice lies in {home.path / 'notices'}: this home has no [mail], so nobody was told")
