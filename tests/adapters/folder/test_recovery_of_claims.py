from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from adapters.folder import taking
from adapters.folder.claim import fsync_folder
from adapters.folder.linux import file_system, rename_noreplace
from tests.adapters.folder.conftest import Drop


def test_claims_of_a_run_that_died_are_found_under_their_id_and_name(drop: Drop) -> None:
    drop.put("Zoë.csv", b"x")
    before = drop.claim("Zoë.csv")
    [after] = drop.another().abandoned()
    assert (after.claim, after.name, b"".join(after.chunks())) == (before.claim, "Zoë.csv", b"x")
    after.finish()
    assert drop.another().abandoned() == []


def test_the_folder_of_a_claim_is_durable_before_a_file_goes_there(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    happened: list[str] = []

    def synced(fd: int) -> None:
        happened.append(Path(f"/proc/self/fd/{fd}").resolve().name)
        fsync_folder(fd)

    def renamed(*given: Any) -> None:
        happened.append("renamed")
        rename_noreplace(*given)

    monkeypatch.setattr(taking, "fsync_folder", synced)
    monkeypatch.setattr(taking, "rename_noreplace", renamed)
    drop.put("leavers.csv")
    claimed = drop.claim("leavers.csv")
    assert happened == [".taking", "renamed", drop.path.name, claimed.claim]


def test_a_claim_that_was_made_and_not_filled_is_cleared_away(drop: Drop) -> None:
    place = drop.path / ".taking"
    place.mkdir(mode=0o700)
    (place / "P01").mkdir()
    assert drop.inbox.abandoned() == []
    assert list(place.iterdir()) == []


def test_a_link_whose_taking_died_is_found_again_and_still_not_followed(drop: Drop) -> None:
    (drop.path / "leavers.csv").symlink_to("/etc/passwd")
    before = drop.claim("leavers.csv")
    [after] = drop.another().abandoned()
    assert (after.claim, after.refusal and after.refusal.code) == (before.claim, "DROP-LINK")
    assert b"".join(after.chunks()) == b"".join(before.chunks())
    after.finish()
    assert drop.another().abandoned() == []


def test_a_link_on_a_share_without_rename_is_answered_for_where_it_lies(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.folder.taking.Taking._moves", lambda *_: False)
    (drop.path / "leavers.csv").symlink_to("/etc/passwd")
    claimed = drop.claim("leavers.csv")
    assert claimed.refusal is not None
    claimed.finish()
    assert (drop.left(), drop.ready()) == (["leavers.csv"], [])


def test_a_share_without_rename_is_read_in_place_and_deleted_at_the_end(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    def cannot(*_: object) -> None:
        raise OSError(22, "Invalid argument")

    monkeypatch.setattr("adapters.folder.taking.rename_noreplace", cannot)
    path = drop.put("leavers.csv", b"one\n")
    claimed = drop.claim("leavers.csv")
    assert path.exists()
    claimed.recheck(len(b"".join(claimed.chunks())))
    claimed.finish()
    assert drop.left() == []


def test_on_such_a_share_a_newer_file_of_the_same_name_is_not_deleted(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("adapters.folder.taking.Taking._moves", lambda *_: False)
    drop.put("leavers.csv", b"one\n")
    claimed = drop.claim("leavers.csv")
    drop.put("new", b"two\n").rename(drop.path / "leavers.csv")
    claimed.finish()
    assert (drop.path / "leavers.csv").read_bytes() == b"two\n"


def test_the_file_system_of_a_folder_is_told_by_its_mount(tmp_path: Path) -> None:
    assert file_system(Path("/proc")) == "proc"
    assert file_system(tmp_path) not in ("", "proc")
