"""``gateway holds``: what waits for a person, and clearing it."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Argument, Option

from gateway.commands.call import call
from gateway.commands.present import listed, told
from gateway.domain.actor import Role, require

app = typer.Typer(add_completion=False, rich_markup_mode=None, help="What waits for a person. gateway holds lists it.")
COLUMNS = (
    ("id", "Hold"),
    ("what", "What"),
    ("since", "Since"),
    ("reason", "Why"),
    ("state", "State"),
    ("clears_with", "Cleared with"),
)

Id = Annotated[str, Argument(metavar="ID", help="the hold")]
Reason = Annotated[str, Option(metavar="TEXT", help="why, in a sentence")]


@app.command("list")
def list_holds(
    all: Annotated[bool, Option("--all", help="also what was cleared")] = False,
    what: Annotated[str | None, Option(metavar="WHAT", help="rows, file, urgent, release, overdue, …")] = None,
) -> None:
    """What waits, why, and the command that clears it."""
    from gateway.pipeline import views

    with call().open() as home, home.store.reading() as tx:
        require(home.actor, *Role)
        rows = views.holds(tx, past=all)
    listed((row for row in rows if what in (None, row["what"])), COLUMNS, empty="nothing waits for a person")


@app.command()
def release(id: Id, reason: Reason) -> None:
    """Let what waits go on: send the draft, acknowledge the urgent row, confirm the destination, read the file again."""
    from gateway.pipeline import officer

    with call().open() as home, home.store.writing() as tx:
        hold = officer.release_hold(tx, home.ports, id, reason, home.actor, home.clock.now())
    told({"hold": hold.id, "what": hold.what, "state": hold.state.value}, f"{hold.id}: {hold.what} {hold.state.value}")


@app.command()
def reject(id: Id, reason: Reason) -> None:
    """Say no to what waits: withdraw the draft or the rows; an unconfirmed destination becomes a case."""
    from gateway.pipeline import officer

    with call().open() as home, home.store.writing() as tx:
        hold = officer.reject_hold(tx, home.ports, id, reason, home.actor, home.clock.now())
    told({"hold": hold.id, "what": hold.what, "state": hold.state.value}, f"{hold.id}: {hold.what} {hold.state.value}")
