"""Every setting of SQLite is read back on every connection."""

from __future__ import annotations

import sqlite3
import stat
from pathlib import Path

import pytest

from adapters.store.dialects.sqlite import PRAGMAS, SqliteDialect, set_pragma
from gateway.errors import ConfigError
from tests.contracts.store.rooms import opened


@pytest.mark.parametrize(("name", "value", "expected"), PRAGMAS, ids=[name for name, _, _ in PRAGMAS])
def test_a_pragma_holds_for_the_writer_and_for_readers(tmp_path: Path, name: str, value: str, expected: object) -> None:
    store = opened(tmp_path / "gateway.sqlite")
    for engine in (store.dialect.writers(), store.dialect.readers()):
        with engine.connect() as connection:
            assert connection.exec_driver_sql(f"PRAGMA {name}").scalar_one() == expected
    store.close()


def test_the_settings_that_promise_durability_are_on_the_list() -> None:
    assert {("journal_mode", "WAL"), ("synchronous", "FULL"), ("foreign_keys", "ON"), ("trusted_schema", "OFF"),
            ("cell_size_check", "ON"), ("secure_delete", "ON"), ("temp_store", "MEMORY"), ("mmap_size", "0"),
            ("busy_timeout", "10000")} <= {(name, value) for name, value, _ in PRAGMAS}


def test_a_pragma_that_does_not_take_is_a_config_error() -> None:
    raw = sqlite3.connect(":memory:")
    with pytest.raises(ConfigError, match="journal_mode reads 'memory', expected 'wal'"):
        set_pragma(raw, "journal_mode", "WAL", "wal")
    with pytest.raises(ConfigError, match="no_such_pragma reads None"):
        set_pragma(raw, "no_such_pragma", "ON", 1)
    raw.close()


def test_tables_are_strict_and_readable_by_their_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "gateway.sqlite"
    store = opened(path)
    with store.writing() as tx:
        tx.settings.put("a", "b")
    modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in tmp_path.iterdir()}
    assert modes == dict.fromkeys(["gateway.sqlite", "gateway.sqlite-wal", "gateway.sqlite-shm"], 0o600)
    with store.dialect.readers().connect() as connection:
        loose = connection.exec_driver_sql("SELECT name FROM pragma_table_list WHERE schema = 'main' AND NOT strict"
                                           " AND name NOT LIKE 'sqlite_%'").scalars().all()
    store.close()
    assert loose == ["alembic_version"]


def test_an_odd_path_is_a_path_and_not_a_setting(tmp_path: Path) -> None:
    path = tmp_path / "50% off?mode=memory#é.sqlite"
    opened(path).close()
    assert path.stat().st_size > 0
    SqliteDialect(path).close()
