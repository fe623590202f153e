"""``gateway show ID``: the whole story of one thing."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from gateway.commands.call import call
from gateway.commands.present import emit
from gateway.commands.story import tell

if TYPE_CHECKING:
    from gateway.domain.actor import Actor
    from gateway.ports import Ports, Transaction

    Teller = Callable[[Transaction, Ports, str, Actor], dict[str, Any]]

Id = Annotated[
    str, typer.Argument(metavar="ID", help="of a parcel, case, child, movement, hold, hand-over, referral or suggested match")
]


def show(id: Id) -> None:
    """Everything about one thing: state, receipts, findings, what came of it, what waits, and what you can do about it."""
    show_story(id)


def show_story(id: str, teller: Teller | None = None) -> None:
    """Tell it: as an object with ``--json``, else for people. Reading a record is written down."""
    from gateway.pipeline.stories import story

    with call().open() as home, home.store.writing() as tx:
        told = (teller or story)(tx, home.ports, id, home.actor)
    if call().json:
        emit(told)
    else:
        tell(told)
