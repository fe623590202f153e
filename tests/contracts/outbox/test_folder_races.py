"""Two workers, one name: whoever is faster, what lies there is whole and one, and nothing is replaced."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.outfolder import FolderOutbox
from adapters.outfolder.rename import rename_without_replacing
from gateway.errors import DiskError, OperatorError, TamperError
from gateway.ports import Outgoing

AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
NAME = "P1-received.html"
PACKAGE = Outgoing("J1", "9902001", NAME, b"<p>ours")


def _meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[Path, Path], object]) -> None:
    """Another worker acts right before our part gets its name."""
    def late(source: Path, target: Path) -> None:
        act(source, target)
        rename_without_replacing(source, target)

    monkeypatch.setattr("adapters.outfolder.outbox.rename_without_replacing", late)


@pytest.mark.parametrize("act", [lambda _, target: target.write_bytes(PACKAGE.content),
                                 lambda source, target: source.rename(target)],
                         ids=["it left its own", "it took our part"])
def test_a_faster_worker_with_the_same_bytes_is_success(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, act: Callable[[Path, Path], object]) -> None:
    _meanwhile(monkeypatch, act)
    FolderOutbox(tmp_path).deliver(PACKAGE, AT)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {NAME: PACKAGE.content}


def test_a_faster_one_with_other_bytes_is_an_alarm_and_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _meanwhile(monkeypatch, lambda _, target: target.write_bytes(b"<p>theirs"))
    with pytest.raises(TamperError):
        FolderOutbox(tmp_path).deliver(PACKAGE, AT)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {NAME: b"<p>theirs"}


def test_a_part_that_was_taken_away_and_nothing_left_is_no_success(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    _meanwhile(monkeypatch, lambda source, _: source.unlink())
    with pytest.raises(DiskError):
        FolderOutbox(tmp_path).deliver(PACKAGE, AT)
    assert list(tmp_path.iterdir()) == []


def test_a_share_that_knows_no_rename_without_replacing_gets_a_second_name_and_loses_the_first(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown_here(*_: Path) -> None:
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    monkeypatch.setattr("adapters.outfolder.rename._renameat2", unknown_here)
    FolderOutbox(tmp_path).deliver(PACKAGE, AT)
    assert [path.name for path in tmp_path.iterdir()] == [NAME]
    (tmp_path / "other").write_bytes(b"other")
    with pytest.raises(FileExistsError):
        rename_without_replacing(tmp_path / "other", tmp_path / NAME)
    assert (tmp_path / NAME).read_bytes() == PACKAGE.content


@pytest.mark.parametrize("name", ["", ".", "..", ".hidden", "a/b", "a\\b", "a\nb", "a\0b", "é" * 101])
def test_no_name_leads_out_of_the_folder_or_hides_in_it(tmp_path: Path, name: str) -> None:
    with pytest.raises(OperatorError) as caught:
        FolderOutbox(tmp_path / "out").deliver(Outgoing("J1", "9902001", name, b""), AT)
    assert caught.value.code == "OUTBOX-NAME"
    assert not (tmp_path / "out").exists()
