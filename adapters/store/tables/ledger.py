"""The ledger's entries, tree nodes and checkpoints, and the access log. Nothing here is ever deleted."""

from sqlalchemy import Column, Table

from adapters.store.columns import BYTES, TEXT, WHOLE
from adapters.store.shape import METADATA

LEAVES = Table(
    "leaves", METADATA,
    Column("seq", WHOLE, primary_key=True, autoincrement=True),      # the order of appending, never given twice
    Column("id", TEXT, nullable=False, unique=True),
    Column("kind", TEXT, nullable=False),
    Column("subject", TEXT, nullable=False, index=True),
    Column("at", WHOLE, nullable=False),
    Column("actor", TEXT, nullable=False),
    Column("facts", TEXT, nullable=False),
    Column("index", WHOLE, unique=True),                             # null until sequenced: its index finds those too
    Column("hash", BYTES),
    sqlite_strict=True, sqlite_autoincrement=True,
)

NODES = Table(
    "ledger_nodes", METADATA,
    Column("level", WHOLE, primary_key=True, autoincrement=False),
    Column("index", WHOLE, primary_key=True, autoincrement=False),
    Column("hash", BYTES, nullable=False),
    sqlite_strict=True, sqlite_with_rowid=False,
)

CHECKPOINTS = Table(
    "checkpoints", METADATA,
    Column("seq", WHOLE, primary_key=True, autoincrement=True),
    Column("size", WHOLE, nullable=False),
    Column("root", BYTES, nullable=False),
    Column("at", WHOLE, nullable=False),
    Column("note", TEXT, nullable=False),
    sqlite_strict=True, sqlite_autoincrement=True,
)

ACCESSES = Table(
    "accesses", METADATA,
    Column("seq", WHOLE, primary_key=True, autoincrement=True),
    Column("at", WHOLE, nullable=False),
    Column("user", TEXT, nullable=False),
    Column("name", TEXT, nullable=False),
    Column("what", TEXT, nullable=False),
    Column("subject", TEXT, nullable=False, index=True),
    sqlite_strict=True, sqlite_autoincrement=True,
)
