"""``gateway parcels``: what came, and where it stands."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from gateway.commands.call import call
from gateway.commands.filters import known_sender, one_of
from gateway.commands.present import listed
from gateway.domain.actor import Role, require

COLUMNS = (
    ("id", "Parcel"),
    ("received_at", "Received"),
    ("sender", "Sender"),
    ("channel", "By"),
    ("kind", "Kind"),
    ("state", "State"),
    ("verdict", "Verdict"),
    ("rows", "Rows"),
    ("name", "Name"),
)

State = Annotated[str | None, Option(metavar="STATE", help="received, held, settled or refused")]
Sender = Annotated[str | None, Option(metavar="SENDER", help="of one sender")]


def parcels(state: State = None, sender: Sender = None) -> None:
    """Every file that was taken: from whom, what it is, its verdict and receipts."""
    from gateway.domain.parcels.parcel import ParcelState
    from gateway.pipeline import parcel_views

    one_of("--state", state, ParcelState)
    wanted = {key: value for key, value in (("state", state), ("sender", sender)) if value}
    with call().open() as home:
        require(home.actor, *Role)
        known_sender("--sender", sender, home)
        with home.store.reading() as tx:
            rows = parcel_views.parcels(tx, home.actor, **wanted)
    listed(rows, COLUMNS, empty="nothing has come yet", then="gateway show ID  tells one parcel's story")
