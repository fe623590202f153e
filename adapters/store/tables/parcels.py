"""Parcels and their receipts."""

from sqlalchemy import Index, text

from adapters.store.shape import shape
from gateway.domain.parcels.parcel import Parcel, Receipt

PARCELS = shape(
    "parcels", Parcel, noun="parcel",
    # (sealed) name (file names carry children's names), checked (findings repeat what they found)
    plain="sender channel sha256 size blob week received_at kind state verdict settled_at"
          " rows_read rows_accepted rows_held reading",
    unique=("sender sha256 week",),
    indexed=("state", "sha256", "received_at", "sender received_at"),
)

RECEIPTS = shape(
    "receipts", Receipt, noun="receipt",
    # (sealed) body
    plain="parcel stage reading leaf at note path",
    unique=("parcel stage reading",),
    indexed=("leaf",),
    refers={"parcel": "parcels.id", "leaf": "leaves.id"},
)
Index("ix_receipts_unsigned", RECEIPTS.table.c.id, sqlite_where=text("note IS NULL"), postgresql_where=text("note IS NULL"))
