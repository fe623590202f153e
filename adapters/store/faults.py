"""Errors of the database, told as the gateway's own, once, at the edge.

1. Every statement and commit passes here, by SQLAlchemy's ``handle_error`` event.
2. No message repeats a parameter; the name of a constraint is all that is told.
3. A row that exists is a ConflictError; a lock that was not given in time is a RetryableError; a disk that is full or
   failing is a DiskError, and a SyncFailedError when it was an fsync; a file that is damaged is a TamperError.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Engine, event
from sqlalchemy.engine.interfaces import ExceptionContext

from adapters.store.dialects.dialect import Dialect, Fault
from gateway.errors import ConflictError, DiskError, GatewayError, OperatorError, RetryableError, SyncFailedError, TamperError


def translate_errors(engine: Engine, dialect: Dialect) -> None:
    """Let no database error leave this engine untranslated."""

    def handle(context: ExceptionContext) -> None:
        original = context.original_exception
        raw = context.connection.connection.driver_connection if context.connection is not None else None
        found = dialect.fault(original, raw)
        if found is None:
            return
        # Chained for SQLite, whose messages name columns only; PostgreSQL repeats the values, and of damaged text SQLite too.
        silent = dialect.speaks_no_values and found[0] is not Fault.DAMAGED
        raise error_of(*found) from (original if silent else None)

    event.listen(engine, "handle_error", handle)


@contextmanager
def translated(dialect: Dialect) -> Iterator[None]:
    """The same for what speaks to the driver itself. SQLite's own words may hold what a damaged page held: no text at all."""
    try:
        yield
    except UnicodeDecodeError as error:
        raise error_of(Fault.DAMAGED, "text") from error
    except dialect.raises as error:
        raise error_of(*(dialect.fault(error, None) or (Fault.FAILING, type(error).__name__))) from error


def error_of(fault: Fault, where: str) -> GatewayError:
    """The gateway's error for a fault of the database."""
    kind, code, message, hint = _TELL[fault]
    return kind(message.format(where=where), code=code, hint=hint)


_TELL: dict[Fault, tuple[type[GatewayError], str, str, str]] = {
    Fault.EXISTS: (
        ConflictError, "STORE-CONFLICT", "the store holds a row with the same key, and another was to be added ({where})",
        "The act was done before. Nothing was changed; look at what is there."),
    Fault.DANGLING: (
        OperatorError, "STORE-DANGLING", "a row names another that is not in the store ({where})",
        "Nothing was changed. This is a fault of the gateway: keep the log and report it."),
    Fault.BUSY: (
        RetryableError, "STORE-BUSY", "the store is locked by another writer and was not free in time ({where})",
        "Try again. If it stays so, look for a command or a backup program that keeps the store open."),
    Fault.FULL: (
        DiskError, "STORE-FULL", "the disk that holds the store is full ({where})",
        "Free space on that disk; what was not committed will be done again."),
    Fault.FAILING: (
        DiskError, "STORE-DISK", "the disk that holds the store cannot be read or written ({where})",
        "Check the disk, its mount and its permissions before starting again."),
    Fault.UNSYNCED: (
        SyncFailedError, "STORE-UNSYNCED", "the disk that holds the store did not make a commit durable ({where})",
        "Look at the disk, then start the gateway again: it begins from what is durable, and does the rest again."),
    Fault.DAMAGED: (
        TamperError, "STORE-DAMAGED", "the store's file is damaged or no database ({where})",
        "Stop the gateway, keep a copy, and run `gateway restore`."),
    Fault.GONE: (
        RetryableError, "STORE-GONE", "the connection to the database was lost ({where})",
        "Whether the last act was committed is unknown; doing it again is safe."),
    Fault.MISSING: (
        OperatorError, "STORE-SCHEMA", "a table or column of the store is missing ({where})",
        "Run `gateway migrate`."),
}
