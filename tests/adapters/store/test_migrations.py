"""Migrations lead to the tables as declared, and a store of another age is not touched."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from adapters.store import migrate_store
from adapters.store.dialects.sqlite import SqliteDialect
from adapters.store.opening import dialect_for
from adapters.store.schema import MIGRATIONS, REVISIONS, create_schema, migrate
from adapters.store.shape import METADATA
from gateway.errors import ConfigError, TamperError
from tests.contracts.store import examples as ex
from tests.contracts.store.rooms import opened


def _schema(dialect: SqliteDialect) -> set[str]:
    with dialect.readers().connect() as connection:
        rows = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'")
        return {" ".join(sql.split()) for sql in rows.scalars()}


def test_the_migrations_and_the_declared_tables_make_the_same_schema_word_for_word() -> None:
    migrated, declared = SqliteDialect(None), SqliteDialect(None)
    assert migrate(migrated) == (None, REVISIONS[-1])
    create_schema(declared)
    assert _schema(migrated) == _schema(declared)
    with migrated.readers().connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []
    migrated.close()
    declared.close()


def test_the_revisions_named_are_those_that_are_there_in_one_line() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    script = ScriptDirectory.from_config(config)
    assert tuple(reversed([step.revision for step in script.walk_revisions()])) == REVISIONS
    assert len(script.get_heads()) == 1


def test_a_migrated_store_works(tmp_path: Path) -> None:
    path = tmp_path / "gateway.sqlite"
    SqliteDialect.create_file(path)
    assert migrate_store(path) == (None, REVISIONS[-1])
    assert migrate_store(path) == (REVISIONS[-1], REVISIONS[-1])
    store = opened(path, create=False)
    with store.writing() as tx:
        ex.add_everything(tx)
    assert store.check() == []
    store.close()


def test_a_store_that_is_not_there_is_not_made_by_mistake(tmp_path: Path) -> None:
    for open_it in (lambda path: opened(path, create=False), migrate_store):
        with pytest.raises(ConfigError) as caught:
            open_it(tmp_path / "gateway.sqlite")
        assert caught.value.code == "NO-STORE"
    assert list(tmp_path.iterdir()) == []


def test_an_empty_file_is_no_store(tmp_path: Path) -> None:
    path = tmp_path / "gateway.sqlite"
    path.touch()
    with pytest.raises(ConfigError) as caught:
        opened(path, create=False)
    assert caught.value.code == "NO-STORE"


@pytest.mark.parametrize("create", [True, False], ids=["to be made", "to be opened"])
def test_a_store_of_a_newer_gateway_is_refused_and_left_alone(tmp_path: Path, create: bool) -> None:
    path = tmp_path / "gateway.sqlite"
    opened(path).close()
    raw = sqlite3.connect(path)
    raw.execute("UPDATE alembic_version SET version_num = '9999'")
    raw.commit()
    raw.close()
    before = path.read_bytes()
    with pytest.raises(ConfigError, match="schema 9999") as caught:
        opened(path, create=create)
    assert caught.value.code == "STORE-NEWER"
    assert path.read_bytes() == before
    with pytest.raises(ConfigError) as caught:
        migrate_store(path)
    assert caught.value.code == "STORE-NEWER"


def test_a_file_that_is_no_database_is_told_as_damaged(tmp_path: Path) -> None:
    path = tmp_path / "gateway.sqlite"
    path.write_bytes(b"Surname,Forename\n" * 500)
    with pytest.raises(TamperError) as caught:
        opened(path)
    assert caught.value.code == "STORE-DAMAGED"


def test_postgresql_is_only_another_setting() -> None:
    pytest.importorskip("psycopg")
    dialect = dialect_for("postgresql://nobody@localhost/cme", create=False)
    assert dialect.writers().url.drivername == "postgresql+psycopg"
    dialect.close()
