"""``gateway movements``: who left and who joined."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from gateway.commands.call import call
from gateway.commands.filters import known_sender
from gateway.commands.present import listed

COLUMNS = (
    ("id", "Movement"),
    ("movement", ""),
    ("date", "Date"),
    ("school", "School"),
    ("legal_surname", "Surname"),
    ("legal_forename", "Forename"),
    ("dob", "Born"),
    ("destination_type", "Towards"),
    ("destination_laestab", "School there"),
    ("state", "State"),
    ("case", "Case open"),
)

School = Annotated[str | None, Option(metavar="LAESTAB", help="of one school")]
Current = Annotated[bool, Option("--current", help="without those that a later return replaced")]


def movements(school: School = None, current: Current = False) -> None:
    """Every leaver and joiner, and what it was matched with. Reading this list is written down."""
    from gateway.pipeline import views

    with call().open() as home:
        known_sender("--school", school, home)
        with home.store.writing() as tx:
            rows = views.movements(tx, home.actor, home.clock.now())
    kept = (row for row in rows if school in (None, row["school"]) and not (current and row["superseded_by"]))
    listed(kept, COLUMNS, empty="no movements yet")
