"""``gateway holds``: what waits for a person, and clearing it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer import Argument, Option

from gateway.commands.asking import reason as asked_reason
from gateway.commands.call import call
from gateway.commands.filters import one_of
from gateway.commands.present import listed, told
from gateway.commands.show import show_story
from gateway.domain.actor import Role, require

if TYPE_CHECKING:
    from gateway.domain.cases.waiting import Hold

HELD = 80            # done, but what was to leave is held

app = typer.Typer(add_completion=False, rich_markup_mode=None, help="What waits for a person. gateway holds lists it.")
COLUMNS = (
    ("id", "Hold"),
    ("what", "What"),
    ("who", "Who"),
    ("from", "From"),
    ("since", "Since"),
    ("reason", "Why"),
    ("state", "State"),
)

Id = Annotated[str, Argument(metavar="ID", help="the hold")]
Reason = Annotated[str | None, Option(metavar="TEXT", help="why, in a sentence; asked for when not given")]


@app.command("list")
def list_holds(
    all: Annotated[bool, Option("--all", help="also what was cleared")] = False,
    what: Annotated[str | None, Option(metavar="WHAT", help="rows, file, urgent, release, overdue, …")] = None,
) -> None:
    """What waits, about whom, and why: urgent flags first. Reading this list is written down."""
    from gateway.domain.cases.choices import WHATS
    from gateway.pipeline import views

    with call().open() as home, home.store.writing() as tx:
        require(home.actor, *Role)
        rows = views.holds(tx, home.actor, home.clock.now(), past=all)
    one_of("--what", what, {*WHATS, *(row["what"] for row in rows)})
    kept = [row for row in rows if what in (None, row["what"])]
    if not call().json:
        kept = [_told(row, past=all) for row in kept]
    listed(kept, COLUMNS, empty="nothing waits for a person", then="gateway show ID  tells what it is about, and what you can do")


@app.command()
def show(id: Id) -> None:
    """What waits, what it is about, and what you can do."""
    show_story(id)


@app.command()
def release(id: Id, reason: Reason = None) -> int:
    """Let what waits go on: send the draft, acknowledge the urgent row, confirm the destination, read the file again."""
    from gateway.pipeline import officer

    why = asked_reason(reason)
    with call().open() as home, home.store.writing() as tx:
        hold = officer.release_hold(tx, home.ports, id, why, home.actor, home.clock.now())
    return _cleared(id, hold)


@app.command()
def reject(id: Id, reason: Reason = None) -> int:
    """Say no to what waits: withdraw the draft or the rows; an unconfirmed destination becomes a case."""
    from gateway.pipeline import officer

    why = asked_reason(reason)
    with call().open() as home, home.store.writing() as tx:
        hold = officer.reject_hold(tx, home.ports, id, why, home.actor, home.clock.now())
    return _cleared(id, hold)


def _cleared(id: str, hold: Hold) -> int:
    """What became of it. Done with a remainder: what was to leave did not, and waits under a hold."""
    row = {"hold": hold.id, "what": hold.what, "state": hold.state.value, "released": hold.state == "released"}
    if hold.state != "open":
        told(row, f"{hold.id}: {_WORDS.get((hold.what, hold.state.value), f'{hold.what}: {hold.state.value}')}")
        return 0
    told(row | {"asked": id, "reason": hold.reason}, f"{id}: not sent: {hold.reason}", f"it waits: {hold.clears_with}")
    return HELD


_WORDS = {
    ("release", "released"): "the draft is released: it goes with the next run",
    ("guard", "released"): "you stand for the addressee: it goes with the next run",
    ("release", "rejected"): "the draft is withdrawn",
    ("guard", "rejected"): "the draft is withdrawn",
    ("urgent", "released"): "acknowledged",
    ("urgent", "rejected"): "acknowledged",
    ("rows", "released"): "the rows count as they stand",
    ("rows", "rejected"): "the rows are withdrawn",
    ("sender", "released"): "it is read with the next run, as theirs",
    ("sender", "rejected"): "dealt with by a person",
    ("file", "released"): "it is read again with the next run",
    ("file", "rejected"): "dealt with by a person",
    ("taken-back", "released"): "the case is open again",
}


def _told(row: dict[str, Any], *, past: bool) -> dict[str, Any]:
    who = ", ".join(str(row[key]) for key in ("legal_surname", "legal_forename") if row.get(key))
    place = f"row {row['row']}" if row["row"] else ""
    source = " ".join(str(part) for part in (row["sender"] or row["authority"], row["file"], place) if part)
    return row | {"who": who, "from": source, "state": row["state"] if past else None}
