"""``gateway child``: one child as it is known, and what protects it."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from gateway.commands.asking import reason as asked_reason
from gateway.commands.call import call
from gateway.commands.present import told
from gateway.commands.show import show_story

if TYPE_CHECKING:
    from gateway.domain.cases.waiting import Hold
    from gateway.domain.matching.child import Child

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, help="One child: its records, and what protects it. gateway child ID shows it."
)


class Flag(StrEnum):
    """What protects a child, as it is typed."""

    RESTRICTED = "restricted"
    ADDRESS = "address-protected"


Id = Annotated[str, Argument(metavar="ID", help="the child, or a case, movement, hand-over or referral about it")]
Protection = Annotated[Flag, Argument(help="restricted: no linking, no former names; address-protected: no address leaves")]
Reason = Annotated[str | None, Option(metavar="TEXT", help="why, in a sentence; asked for when not given")]


@app.command()
def show(id: Id) -> None:
    """Its records, movements, cases, what is out about it and what waits. Reading it is written down."""
    from gateway.pipeline.stories import child

    show_story(id, child)


@app.command()
def protect(id: Id, flag: Protection, reason: Reason = None) -> None:
    """Raise a protection. One person does it; what is out is taken back or written again at once."""
    from gateway.pipeline import officer

    why = asked_reason(reason)
    with call().open() as home, home.store.writing() as tx:
        child = officer.protect(tx, home.ports, id, flag.value.replace("-", "_"), why, home.actor, home.clock.now())
    _told(child, flag, "raised")


@app.command()
def lift(id: Id, flag: Protection, reason: Reason = None) -> None:
    """Lower a protection. Two people: the first proposes it, another agrees."""
    from gateway.pipeline import officer

    why = asked_reason(reason)
    with call().open() as home, home.store.writing() as tx:
        done = officer.lift(tx, home.ports, id, flag.value.replace("-", "_"), why, home.actor, home.clock.now())
    _told(done, flag, "lifted")


def _told(done: Child | Hold, flag: Flag, what: str) -> None:
    from gateway.domain.cases.waiting import Hold

    if isinstance(done, Hold):
        told(
            {"child": done.child, "done": False, "waits": done.id, "reason": done.reason, "clears_with": done.clears_with},
            f"{done.child}: {done.reason}",
            f"another officer or manager looks at it and agrees: {done.clears_with}",
        )
        return
    told(
        {"child": done.id, "done": True, "restricted": done.restricted, "address_protected": done.address_protected},
        f"{done.id}: {flag.value} is {what}",
    )
