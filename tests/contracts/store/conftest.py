"""One suite, three stores: a file, memory, and a real PostgreSQL where one can be run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from adapters.store import SqlStore
from adapters.store.shape import METADATA
from tests.contracts.store.rooms import opened
from tests.servers import postgres


@pytest.fixture(scope="session")
def server() -> Iterator[str]:
    """A PostgreSQL for the whole session, with the store's tables."""
    if why := postgres.missing():
        missing = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        missing(f"the store was not tested on PostgreSQL: {why}")
    with postgres.postgres() as url:
        opened(url).close()
        yield url


@pytest.fixture
def emptied(server: str) -> str:
    """The server's store with nothing in it: quicker than new tables for each test."""
    import psycopg
    tables = reversed(METADATA.sorted_tables)
    with psycopg.connect(server) as connection:
        connection.execute("; ".join(str(table.delete()) for table in tables).encode())
    return server


@pytest.fixture(params=["file", "memory", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store without contents is, or is to be made."""
    if request.param == "memory":
        return ":memory:"
    if request.param == "file":
        return str(tmp_path / "gateway.sqlite")
    url: str = request.getfixturevalue("emptied")
    return url


@pytest.fixture(params=["file", "postgresql"])
def lasting(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a store without contents is that outlives its process."""
    if request.param == "file":
        return str(tmp_path / "gateway.sqlite")
    url: str = request.getfixturevalue("emptied")
    return url


@pytest.fixture
def store(where: str) -> Iterator[SqlStore]:
    """A store without contents."""
    made = opened(where)
    yield made
    made.close()
