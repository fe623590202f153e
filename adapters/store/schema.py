"""The schema's versions: where a store stands, making a new one, and bringing an old one up to date.

1. A new store is made from the tables as declared, and stamped with the newest revision; a test proves that the
   migrations lead to the same schema.
2. Revisions are a straight line, named here in order: a start needs no migration library to know where it stands.
"""

from __future__ import annotations

from enum import Enum
from pathlib import Path

from sqlalchemy import Connection, inspect, text

from adapters.store import tables
from adapters.store.dialects.dialect import Dialect
from adapters.store.shape import METADATA

REVISIONS = ("0001", "0002")
MIGRATIONS = Path(__file__).parent / "migrations"
_VERSIONS = ("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "      # as Alembic itself would make it
             "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))")

assert tables.__all__     # noqa: S101  importing the package declares every table


class Standing(Enum):
    """How a store's schema stands to this program."""

    EMPTY = "empty"
    OLDER = "older"
    CURRENT = "current"
    UNKNOWN = "unknown"


def standing(dialect: Dialect) -> tuple[Standing, str | None]:
    """Where a store stands, and its revision."""
    with dialect.readers().connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return Standing.EMPTY, None
        revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if revision == REVISIONS[-1]:
        return Standing.CURRENT, revision
    return (Standing.OLDER if revision in REVISIONS else Standing.UNKNOWN), revision


def create_schema(dialect: Dialect) -> None:
    """Make every table, in one transaction."""
    with dialect.writers().begin() as connection:
        METADATA.create_all(connection)
        connection.execute(text(_VERSIONS))
        connection.execute(text("INSERT INTO alembic_version VALUES (:revision)"), {"revision": REVISIONS[-1]})


def migrate(dialect: Dialect, to: str = "head") -> tuple[str | None, str]:
    """Run the migrations a store lacks, in one transaction; the revision before and after."""
    before = standing(dialect)[1]
    with dialect.writers().begin() as connection:
        run_migrations(connection, to)
    after = standing(dialect)[1]
    return before, after or ""


def run_migrations(connection: Connection, to: str) -> None:
    """Let Alembic work on this connection. Imported here: a start does without it."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, to)
