"""``gateway case``: one child's episode, and what an officer does on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from gateway.commands.call import call
from gateway.commands.present import emit, told, unfolded

if TYPE_CHECKING:
    from gateway.domain.actor import Actor
    from gateway.ports import Ports, Transaction

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, help="One child's episode of missing education. gateway case ID shows it."
)

Id = Annotated[str, Argument(metavar="ID", help="the case")]
Evidence = Annotated[str, Option(metavar="TEXT", help="what was said, seen or found, and by whom")]
Act = Callable[["Transaction", "Ports", "Actor", datetime], Any]


@app.command()
def show(id: Id) -> None:
    """The whole story: child, clocks, events, referrals, holds. Reading it is written down."""
    from gateway.pipeline import views

    with call().open() as home, home.store.writing() as tx:
        row = views.case(tx, id, home.actor, home.clock.now())
    if call().json:
        emit(row)
    else:
        unfolded(row)


@app.command()
def note(id: Id, evidence: Evidence) -> None:
    """Write a line on the case."""
    from gateway.pipeline import officer

    _do(id, "noted", lambda tx, ports, actor, now: officer.note(tx, ports, id, evidence, actor, now))


@app.command()
def enquiry(
    id: Id,
    evidence: Evidence,
    item: Annotated[
        str | None, Option(metavar="ITEM", help="which of the four items it was about; gateway case ID lists them")
    ] = None,
    outcome: Annotated[str | None, Option(metavar="TEXT", help="how it ended")] = None,
    on: Annotated[datetime | None, Option(formats=["%Y-%m-%d"], help="the day it was made; today when not given")] = None,
) -> None:
    """Record an enquiry: S2S and other steps wait for a number of them."""
    from gateway.pipeline import officer

    day: date | None = on.date() if on else None
    _do(
        id,
        "enquiry recorded",
        lambda tx, ports, actor, now: officer.enquiry(tx, ports, id, evidence, actor, now, item=item, outcome=outcome, on=day),
    )


@app.command()
def assign(id: Id, to: Annotated[str, Option("--to", "--evidence", metavar="USER", help="whose case it is from now on")]) -> None:
    """Give the case to one person."""
    from gateway.pipeline import officer

    _do(id, f"assigned to {to}", lambda tx, ports, actor, now: officer.assign(tx, ports, id, to, actor, now))


@app.command()
def close(id: Id, evidence: Evidence) -> None:
    """Close on evidence, such as --evidence "on-roll: confirmed by the office of Ropewalk School".

    The text begins with, or names, what closes a case: on-roll, accepted-by-authority, home-education-registered,
    admissions-tracking, over-school-age, abroad-confirmed, died, corrected-by-school; unresolved puts it on the watched list.
    """
    from gateway.pipeline import officer

    _do(id, "closed", lambda tx, ports, actor, now: officer.close(tx, ports, id, evidence, actor, now))


@app.command()
def reopen(id: Id, evidence: Evidence) -> None:
    """Open a closed case again."""
    from gateway.pipeline import officer

    _do(id, "open again", lambda tx, ports, actor, now: officer.reopen(tx, ports, id, evidence, actor, now))


def _do(id: str, done: str, act: Act) -> None:
    from gateway.domain.cases.waiting import Hold

    with call().open() as home, home.store.writing() as tx:
        result = act(tx, home.ports, home.actor, home.clock.now())
    if isinstance(result, Hold):
        told(
            {"case": id, "done": False, "waits": result.id, "reason": result.reason},
            f"{id}: {result.reason}",
            "ask another officer or manager to give the same command",
        )
    else:
        told({"case": id, "done": True, "state": result.state.value}, f"{id}: {done}; it is {result.state.value}")
