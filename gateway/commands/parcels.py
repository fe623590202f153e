"""``gateway parcels``: what came, and where it stands."""

from __future__ import annotations

from typing import Annotated

from typer import Option

from gateway.commands.call import call
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
    from gateway.errors import UsageError
    from gateway.pipeline import parcel_views

    if state is not None and state not in set(ParcelState):
        raise UsageError(f"--state {state!r} is no state of a parcel", code="USAGE", hint="One of: " + ", ".join(ParcelState))
    wanted = {key: value for key, value in (("state", state), ("sender", sender)) if value}
    with call().open() as home, home.store.reading() as tx:
        require(home.actor, *Role)
        rows = parcel_views.parcels(tx, **wanted)
    listed(rows, COLUMNS, empty="nothing has come yet", then="gateway show ID  tells one parcel's story")
