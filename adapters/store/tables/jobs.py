"""Jobs, settings, sequences."""

from sqlalchemy import Column, Table

from adapters.store.columns import TEXT, WHOLE
from adapters.store.shape import METADATA, shape
from gateway.domain.parcels.parcel import Job

JOBS = shape(
    "jobs", Job, noun="job",
    # (sealed) payload
    plain="kind key due_at dated_at turn line state attempts fence lease_owner lease_until last_error",
    unique=("key",),
    indexed=("kind state turn id", "line kind state turn", "state lease_until"),
)

SETTINGS = Table(
    "settings", METADATA,
    Column("key", TEXT, primary_key=True),
    Column("value", TEXT, nullable=False),
    sqlite_strict=True, sqlite_with_rowid=False,
)

SEQUENCES = Table(
    "sequences", METADATA,
    Column("name", TEXT, primary_key=True),
    Column("last", WHOLE, nullable=False),
    sqlite_strict=True, sqlite_with_rowid=False,
)
