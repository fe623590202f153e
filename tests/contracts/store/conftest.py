"""One suite, three stores: a file, memory, and a real PostgreSQL where one can be run."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import create_engine, text

from adapters.store import SqlStore
from tests.contracts.store.rooms import opened
from tests.servers import postgres

_SCHEMAS = itertools.count(1)


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A server for the whole session."""
    if why := postgres.missing():
        pytest.skip(f"the store was not tested on PostgreSQL: {why}")
    with postgres.postgres() as url:
        yield url


@pytest.fixture(params=["file", "memory", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a new store is to be made."""
    if request.param == "memory":
        return ":memory:"
    if request.param == "file":
        return str(tmp_path / "gateway.sqlite")
    url: str = request.getfixturevalue("postgres_url")
    schema = f"test_{next(_SCHEMAS)}"
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    engine.dispose()
    return f"{url}&options={quote(f'-csearch_path={schema}')}"


@pytest.fixture
def store(where: str) -> Iterator[SqlStore]:
    """A new store."""
    made = opened(where)
    yield made
    made.close()
