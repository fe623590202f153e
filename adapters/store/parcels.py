"""Parcels: a repository that also says how much a sender gave, without opening a row."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select

from adapters.store.columns import micros
from adapters.store.rows import Rows
from adapters.store.session import Session
from adapters.store.tables.parcels import PARCELS
from gateway.domain.parcels.parcel import Parcel

_PARCEL = PARCELS.table


class ParcelRows(Rows[Parcel]):
    """Parcels of one transaction."""

    def __init__(self, session: Session) -> None:
        super().__init__(session, PARCELS)

    def given(self, sender: str, since: datetime, before: datetime) -> tuple[int, int]:
        """How many parcels a sender gave in a time, and their bytes together."""
        counted = (select(func.count(), func.coalesce(func.sum(_PARCEL.c.size), 0))
                   .where(_PARCEL.c.sender == sender, _PARCEL.c.received_at >= micros(since),
                          _PARCEL.c.received_at < micros(before)))
        files, size = self._session.connection.execute(counted).one()
        return int(files), int(size)
