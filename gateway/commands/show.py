"""``gateway show ID``: the whole story of one thing."""

from __future__ import annotations

from typing import Annotated

import typer

from gateway.commands.call import call
from gateway.commands.present import emit, unfolded

Id = Annotated[
    str, typer.Argument(metavar="ID", help="of a parcel, case, movement, hold, hand-over, referral or suggested match")
]


def show(id: Id) -> None:
    """Everything the gateway knows about one thing: state, receipts, findings, what came of it and what waits."""
    from gateway.pipeline.parcel_views import story

    with call().open() as home, home.store.writing() as tx:  # reading a record is written down
        told = story(tx, home.ports, id, home.actor)
    if call().json:
        emit(told)
    else:
        unfolded(told)
