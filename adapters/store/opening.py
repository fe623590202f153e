"""Opening the case store: a path, ``:memory:``, or a ``postgresql://`` URL.

1. A store is made only when asked to; a missing one is never made by mistake.
2. A store whose schema this program does not know is not touched: newer ones need a newer program, older ones
   `gateway migrate`.
"""

from __future__ import annotations

from pathlib import Path

from adapters.store.dialects.dialect import Dialect
from adapters.store.dialects.sqlite import SqliteDialect
from adapters.store.faults import translated
from adapters.store.schema import Standing, create_schema, migrate, standing
from adapters.store.sealing import Renewed, Seals
from adapters.store.store import SqlStore
from gateway.errors import ConfigError
from gateway.ports import Blinder, FieldSealer, Ids

IN_MEMORY = ":memory:"


def open_store(where: str | Path, *, sealer: FieldSealer, blinder: Blinder, ids: Ids, create: bool = False,
               renewed: Renewed | None = None) -> SqlStore:
    """Open the case store at a path or URL; with ``create`` make it when it is not there. ConfigError when it cannot be used.

    ``renewed``: gives sealer and blinder anew for each transaction, where keys may be rotated meanwhile.
    """
    dialect = dialect_for(where, create=create)
    store = SqlStore(dialect, Seals(sealer, blinder, renewed), ids)
    try:
        with translated(dialect):
            stands, revision = standing(dialect)
        if stands is Standing.EMPTY and create:
            create_schema(dialect)
        elif stands is not Standing.CURRENT:
            raise _unusable(stands, revision)
    except BaseException:
        store.close()
        raise
    return store


def migrate_store(where: str | Path) -> tuple[str | None, str]:
    """Bring the schema of a store up to date; the revision before and after. Needs no keys: no cell is opened."""
    dialect = dialect_for(where, create=False)
    try:
        stands, revision = standing(dialect)
        if stands is Standing.UNKNOWN:
            raise _unusable(stands, revision)
        return migrate(dialect)
    finally:
        dialect.close()


def dialect_for(where: str | Path, *, create: bool) -> Dialect:
    """The engine behind a path or URL. PostgreSQL's driver is loaded only when it is asked for."""
    text = str(where)
    if text.startswith(("postgresql://", "postgres://", "postgresql+psycopg://")):
        from adapters.store.dialects.postgres import PostgresDialect
        return PostgresDialect(text)
    if text == IN_MEMORY:
        return SqliteDialect(None)
    path = Path(text.removeprefix("sqlite:///"))
    if not path.exists():
        if not create:
            raise ConfigError(f"the store {path} is not there, and was not to be made", code="NO-STORE",
                              hint="Give the right --home, or make one with `gateway init`.")
        SqliteDialect.create_file(path)
    return SqliteDialect(path)


def _unusable(stands: Standing, revision: str | None) -> ConfigError:
    if stands is Standing.EMPTY:
        return ConfigError("the store has no tables, expected those of a gateway", code="NO-STORE",
                           hint="Make one with `gateway init`, or restore a backup with `gateway restore`.")
    if stands is Standing.OLDER:
        return ConfigError(f"the store has schema {revision}, this program needs a newer one", code="STORE-OLD",
                           hint="Stop the daemon, make a backup, then run `gateway migrate`.")
    return ConfigError(f"the store has schema {revision}, which this program does not know", code="STORE-NEWER",
                       hint="A newer gateway wrote it. Install that version again, or restore the backup made before it.")
