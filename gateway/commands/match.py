"""``gateway match``: records that may be one child."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from typer import Argument, Option

from gateway.commands.call import call
from gateway.commands.present import listed, told
from gateway.commands.show import show_story
from gateway.domain.actor import Role, require

if TYPE_CHECKING:
    from gateway.domain.matching.child import Suggestion

app = typer.Typer(add_completion=False, rich_markup_mode=None, help="Records that may be one child. gateway match lists them.")
COLUMNS = (
    ("id", "Match"),
    ("child_name", "Child"),
    ("candidate_name", "May be"),
    ("evidence", "Evidence"),
    ("since", "Since"),
    ("state", "State"),
)

Id = Annotated[str, Argument(metavar="ID", help="the suggested match")]
Reason = Annotated[str, Option(metavar="TEXT", help="why, in a sentence")]


@app.command("list")
def list_matches(all: Annotated[bool, Option("--all", help="also what was decided")] = False) -> None:
    """What may be one child, and the evidence in words. Reading this list is written down."""
    from gateway.pipeline import views

    with call().open() as home, home.store.writing() as tx:
        require(home.actor, *Role)
        rows = views.matches(tx, home.actor, home.clock.now(), past=all)
    listed(rows, COLUMNS, empty="no two records wait to be compared", then="gateway match show ID  puts both side by side")


@app.command()
def show(id: Id) -> None:
    """Both records side by side. Reading them is written down."""
    show_story(id)


@app.command()
def accept(id: Id, reason: Reason = "") -> None:
    """They are one child: what waited for the answer goes on."""
    from gateway.pipeline import officer

    with call().open() as home, home.store.writing() as tx:
        _told(officer.accept_match(tx, home.ports, id, reason, home.actor, home.clock.now()))


@app.command()
def reject(id: Id, reason: Reason = "") -> None:
    """They are two children; it is not suggested again."""
    from gateway.pipeline import officer

    with call().open() as home, home.store.writing() as tx:
        _told(officer.reject_match(tx, home.ports, id, reason, home.actor, home.clock.now()))


@app.command()
def undo(id: Id, reason: Reason = "") -> None:
    """Take a decision back, with all that followed from it."""
    from gateway.pipeline import officer

    with call().open() as home, home.store.writing() as tx:
        _told(officer.undo_match(tx, home.ports, id, reason, home.actor, home.clock.now()))


def _told(suggestion: Suggestion) -> None:
    told({"match": suggestion.id, "state": suggestion.state.value}, f"{suggestion.id}: {suggestion.state.value}")
