"""Small durable facts, and the log of who read which child's record."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select

from adapters.store.columns import micros, moment
from adapters.store.session import Session
from adapters.store.tables.jobs import SEQUENCES, SETTINGS
from adapters.store.tables.ledger import ACCESSES
from gateway.domain.actor import Actor

_GET = select(SETTINGS.c.value).where(SETTINGS.c.key == bindparam("_key"))


class SettingRows:
    """Settings and sequences within one transaction. Implements ``ports.Settings``."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def get(self, key: str) -> str | None:
        """The value of a key, or None."""
        return self._session.connection.execute(_GET, {"_key": key}).scalar_one_or_none()

    def put(self, key: str, value: str) -> None:
        """Set or change a value."""
        self._session.connection.execute(
            self._session.dialect.upsert(SETTINGS, "key", "value"), {"key": key, "value": value})

    def next(self, sequence: str) -> int:
        """The next number of a sequence, from 1. One that was rolled back is given again, for nothing bears it."""
        statement = self._session.dialect.next_of(SEQUENCES)
        return int(self._session.connection.execute(statement, {"name": sequence}).scalar_one())


class AccessRows:
    """The access log within one transaction. Implements ``ports.Access``."""

    def __init__(self, session: Session) -> None:
        self._connection = session.connection

    def note(self, actor: Actor, at: datetime, what: str, subject: str) -> None:
        """Write down that a person read a record."""
        self._connection.execute(insert(ACCESSES), {
            "at": micros(at), "user": actor.user, "name": actor.name, "what": what, "subject": subject})

    def entries(self, subject: str | None = None) -> list[Mapping[str, Any]]:
        """The log, or one record's part of it, oldest first."""
        statement = select(ACCESSES.c.at, ACCESSES.c.user, ACCESSES.c.name, ACCESSES.c.what, ACCESSES.c.subject)
        if subject is not None:
            statement = statement.where(ACCESSES.c.subject == subject)
        return [{"at": moment(at), "user": user, "name": name, "what": what, "subject": about}
                for at, user, name, what, about in self._connection.execute(statement.order_by(ACCESSES.c.seq))]
