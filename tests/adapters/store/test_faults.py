"""How the store fails: by the right error, with a code and a hint, without anybody's data."""

from __future__ import annotations

import sqlite3
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from adapters.store.dialects import sqlite
from adapters.store.dialects.dialect import Fault
from adapters.store.dialects.postgres import PostgresDialect
from adapters.store.faults import error_of
from gateway.errors import DiskError, RetryableError, SyncFailedError, TamperError
from tests.contracts.store import examples as ex
from tests.contracts.store.rooms import opened


def test_a_full_disk_is_a_disk_error_and_what_was_there_stays(tmp_path: Path) -> None:
    path = tmp_path / "gateway.sqlite"
    store = opened(path)
    with store.writing() as tx:
        ex.add_everything(tx)
        pages = tx.session.connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        tx.session.connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    big = replace(ex.PARCEL, id="P2", sha256="ef" * 32, checked={"findings": ["Quillfeather" * 9_000]})
    with pytest.raises(DiskError) as caught, store.writing() as tx:
        tx.parcels.add(big)
    assert caught.value.code == "STORE-FULL"
    assert "Quillfeather" not in repr(caught.value) + str(caught.value.__cause__)
    with store.reading() as tx:
        assert [parcel.id for parcel in tx.parcels.where()] == ["P1"]
    assert store.check() == []
    store.close()


def test_a_damaged_page_is_told(tmp_path: Path) -> None:
    path = tmp_path / "gateway.sqlite"
    store = opened(path)
    with store.writing() as tx:
        ex.add_everything(tx)
        tx.children.add(*(ex.another(ex.OTHER, n) for n in range(500)))
    store.close()
    content = bytearray(path.read_bytes())
    for start in range(len(content) // 2, len(content), 4096):
        content[start:start + 64] = b"\xff" * 64
    path.write_bytes(content)
    try:
        store = opened(path)
        problems = store.check()
    except TamperError as error:
        problems = [error.code]
    assert problems


def test_a_thread_that_would_wait_for_itself_is_stopped(tmp_path: Path) -> None:
    store = opened(tmp_path / "gateway.sqlite")
    with store.writing(), pytest.raises(RuntimeError, match="inside writing"), store.writing():
        pass
    with store.writing() as tx:
        tx.settings.put("a", "b")
    store.close()


def test_a_reader_inside_its_own_writing_sees_the_state_before(tmp_path: Path) -> None:
    store = opened(tmp_path / "gateway.sqlite")
    with store.writing() as tx:
        tx.settings.put("a", "b")
        with store.reading() as before:
            assert before.settings.get("a") is None
    store.close()


def test_a_thread_that_gets_no_turn_is_to_try_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite, "TURN_SECONDS", 0.05)
    store = opened(tmp_path / "gateway.sqlite")
    caught: list[str] = []

    def wait() -> None:
        try:
            with store.writing():
                pass
        except RetryableError as error:
            caught.append(error.code)

    with store.writing():
        thread = threading.Thread(target=wait)
        thread.start()
        thread.join()
    store.close()
    assert caught == ["STORE-BUSY"]


def test_a_snapshot_is_whole_while_others_write(tmp_path: Path) -> None:
    store = opened(tmp_path / "gateway.sqlite")
    with store.writing() as tx:
        ex.add_everything(tx)
    with store.writing() as tx:
        tx.settings.put("half", "an act")
        store.snapshot(tmp_path / "copy.sqlite")
    copy = opened(tmp_path / "copy.sqlite", create=False)
    with copy.reading() as tx:
        assert tx.movements.get("M1") == ex.MOVEMENT
        assert tx.settings.get("half") is None
    assert copy.check() == []
    copy.close()
    store.close()


def test_a_snapshot_that_cannot_be_written_is_a_disk_error(tmp_path: Path) -> None:
    store = opened(tmp_path / "gateway.sqlite")
    occupied = tmp_path / "copy.sqlite"
    occupied.write_bytes(b"SQLite format 3\x00" + bytes(4080))
    with pytest.raises((DiskError, TamperError)):
        store.snapshot(occupied)
    store.close()


@pytest.mark.parametrize("fault", Fault)
def test_every_fault_has_a_code_a_message_and_a_hint(fault: Fault) -> None:
    error = error_of(fault, "parcels.sender")
    assert error.code.startswith("STORE-")
    assert "parcels.sender" in error.message
    assert error.hint.endswith(".")


class _PostgresError(Exception):
    def __init__(self, sqlstate: str) -> None:
        super().__init__("Key (sender)=(9902001) already exists")
        self.sqlstate = sqlstate


@pytest.mark.parametrize(("state", "fault"), [
    ("23505", Fault.EXISTS), ("23503", Fault.DANGLING), ("40001", Fault.BUSY), ("55P03", Fault.BUSY), ("53100", Fault.FULL),
    ("58030", Fault.FAILING), ("XX001", Fault.DAMAGED), ("57P01", Fault.GONE), ("08006", Fault.GONE), ("42P01", Fault.MISSING)])
def test_postgresqls_states_are_read_without_its_words(state: str, fault: Fault) -> None:
    pytest.importorskip("psycopg")
    dialect = PostgresDialect("postgresql://nobody@localhost/cme")
    assert dialect.fault(_PostgresError(state), None) == (fault, state)
    assert dialect.fault(ValueError("not its own"), None) is None
    dialect.close()


def test_an_error_that_is_not_sqlites_passes_unchanged() -> None:
    dialect = sqlite.SqliteDialect(None)
    assert dialect.fault(ValueError("x"), None) is None
    assert dialect.fault(sqlite3.ProgrammingError("x"), None) is None
    dialect.close()


def test_after_a_failed_fsync_nobody_writes_and_nothing_is_closed(tmp_path: Path) -> None:
    store = opened(tmp_path / "gateway.sqlite")
    failed = sqlite3.OperationalError("disk I/O error")
    failed.sqlite_errorname = "SQLITE_IOERR_FSYNC"
    told = store.dialect.fault(failed, None)
    assert told is not None
    with pytest.raises(SyncFailedError), store.writing():
        raise error_of(*told)
    with pytest.raises(SyncFailedError) as caught, store.writing() as tx:
        tx.settings.put("a", "b")
    assert caught.value.code == "STORE-UNSYNCED"
    store.close()
    with store.reading() as tx:                # what is open may be read, until the process ends
        assert tx.settings.get("a") is None
