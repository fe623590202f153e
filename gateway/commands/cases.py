"""``gateway cases``: children missing education."""

from __future__ import annotations

from typing import Annotated, Any

from typer import Option

from gateway.commands.call import call
from gateway.commands.filters import known_sender, one_of
from gateway.commands.present import listed
from gateway.domain.cases.case import CaseState

COLUMNS = (
    ("id", "Case"),
    ("state", "State"),
    ("category", "Category"),
    ("legal_surname", "Surname"),
    ("legal_forename", "Forename"),
    ("dob", "Born"),
    ("last_school", "Last school"),
    ("responsible_la", "Lives in"),
    ("next", "Next"),
    ("opened_at", "Opened"),
)

State = Annotated[str | None, Option(metavar="STATE", help="provisional, open, held-unresolved or closed")]
School = Annotated[str | None, Option(metavar="LAESTAB", help="whose last school it is")]
Open = Annotated[bool, Option("--open", help="without closed ones, the soonest clock first")]


def cases(state: State = None, school: School = None, open: Open = False) -> None:
    """Every case. Reading this list is written down."""
    from gateway.pipeline import views

    one_of("--state", state, CaseState)
    with call().open() as home:
        known_sender("--school", school, home)
        with home.store.writing() as tx:
            rows = views.cases(tx, home.actor, home.clock.now())
    kept = [
        row
        for row in rows
        if state in (None, row["state"]) and school in (None, row["last_school"]) and not (open and row["state"] == "closed")
    ]
    if open:
        kept.sort(key=_soonest)
    if not call().json:
        kept = [row | {"next": _next(row)} for row in kept]
    listed(kept, COLUMNS, empty="no cases", then="gateway case ID  tells one child's story")


def _soonest(row: dict[str, Any]) -> str:
    return min((clock["due"] for clock in row["clocks"]), default="9999")


def _next(row: dict[str, Any]) -> str:
    """The soonest clock in words; the word carries what colour only repeats."""
    if row["state"] == "closed" or not row["clocks"]:
        return ""
    clock = min(row["clocks"], key=lambda one: str(one["due"]))
    return f"{'OVERDUE ' if clock['overdue'] else ''}{clock['name']} {clock['due']}"
