"""Backups made while everything moves, and restores that go wrong: whole or nothing, and never over something."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from gateway.bootstrap import archive, open_home, restoring
from gateway.bootstrap.archive import backup
from gateway.bootstrap.proving import prove_home
from gateway.bootstrap.restoring import restore
from gateway.errors import DiskError, GatewayError, UsageError
from keys.private import Purpose
from keys.rotation import rotate
from tests.adapters.vault.test_faults import needed


@pytest.fixture
def home(carried: Path, tmp_path: Path) -> Path:
    shutil.copytree(carried, tmp_path / "990")
    shutil.move(tmp_path / "990" / "keys" / "recovery.age-identity", tmp_path / "recovery")
    return tmp_path / "990"


def made(home: Path, target: Path) -> Path:
    with open_home(home) as opened:
        return backup(opened, target).path


def restored(target: Path, home: Path, **more: Any) -> dict[str, Any]:
    return restore(target, home, target.parent / "recovery", **more)


def problems(home: Path) -> list[str]:
    with open_home(home) as opened:
        return prove_home(opened).problems


def keep(home: Path, key: str, content: bytes) -> None:
    with open_home(home) as opened:
        blob = opened.vault.begin()
        blob.write(content)
        blob.publish(key)


def meanwhile(monkeypatch: pytest.MonkeyPatch, act: Callable[[], object]) -> None:
    """Something happens once the first file is in the backup."""
    real = archive._add
    done: list[object] = []

    def add(*arguments: Any) -> None:
        real(*arguments)
        if not done:
            done.append(act())

    monkeypatch.setattr(archive, "_add", add)


def test_what_is_taken_away_meanwhile_is_left_out(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        keep(home, f"return/T{number}", b"a workbook")

    def take_away() -> None:
        with open_home(home) as opened:
            opened.vault.remove("return/T1")

    listed: list[str] = []
    monkeypatch.setattr(archive, "_files", _listed_first(archive._files, listed))
    meanwhile(monkeypatch, take_away)
    contents = restored(made(home, tmp_path / "b.age"), tmp_path / "new")
    assert len([name for name in listed if name.startswith("vault/return/")]) == 3
    assert len([name for name in contents["files"] if name.startswith("vault/return/")]) == 2
    assert problems(tmp_path / "new") == []


def _listed_first(files: Callable[..., Any], listed: list[str]) -> Callable[..., Any]:
    """The files as they were when the backup began."""
    def frozen(*arguments: Any) -> list[tuple[str, Path]]:
        found = list(files(*arguments))
        listed.extend(name for name, _ in found)
        return found

    return frozen


def test_a_vault_key_rotated_meanwhile_comes_back_too(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def rotate_and_seal() -> None:
        with open_home(home) as opened:
            rotate(home, private_dir=home / "keys" / "private", purpose=Purpose.VAULT, now=opened.clock.now())
        keep(home, "package/R1", b"sealed under the new key")

    meanwhile(monkeypatch, rotate_and_seal)
    contents = restored(made(home, tmp_path / "b.age"), tmp_path / "new")
    assert any(name.startswith("vault/package/") for name in contents["files"])
    assert problems(tmp_path / "new") == []


def test_what_a_killed_backup_left_is_taken_away_and_another_running_one_is_left_alone(home: Path, tmp_path: Path) -> None:
    for name in (".backup-dead", ".backup-alive"):
        (home / name).mkdir()
        (home / name / "gateway.sqlite").write_bytes(b"a snapshot")
    (tmp_path / "b.age.part").write_bytes(b"half")
    with archive._locked(home / ".backup-alive"):
        made(home, tmp_path / "b.age")
    assert [path.name for path in home.glob(".backup-*")] == [".backup-alive"]
    assert not (tmp_path / "b.age.part").exists()


def test_a_disk_that_fills_leaves_no_backup_and_no_part_of_one(home: Path, tmp_path: Path) -> None:
    needed(["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", str(tmp_path)], "mount a tmpfs of its own")
    disk = tmp_path / "disk"
    disk.mkdir()
    typed = f"{sys.executable} -m gateway backup {disk}/b.age --home {home}; echo $?; ls -A {disk}"
    done = subprocess.run(["unshare", "-m", "sh", "-c", f"mount -t tmpfs -o size=64k tmpfs {disk} && {typed}"],
                          capture_output=True, text=True, check=False, env=dict(os.environ))
    assert done.stdout.split() == ["74"], done.stderr


def test_nothing_is_restored_over_keys_that_are_there(home: Path, tmp_path: Path) -> None:
    target = made(home, tmp_path / "b.age")
    (tmp_path / "others").mkdir(mode=0o700)
    (tmp_path / "others" / "cme-gateway-vault.json").write_text("another home's")
    with pytest.raises(UsageError) as caught:
        restored(target, tmp_path / "new", private=tmp_path / "others")
    assert caught.value.code == "KEYS-EXIST"
    assert (tmp_path / "others" / "cme-gateway-vault.json").read_text() == "another home's"
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("there", [True, False])
def test_a_restore_that_fails_leaves_neither_home_nor_keys(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: bool
) -> None:
    def fails(where: Path) -> None:
        raise DiskError("the disk is full", code="STORE-FULL", hint="")

    target, private = made(home, tmp_path / "b.age"), tmp_path / "keys"
    if there:
        private.mkdir(mode=0o700)
    monkeypatch.setattr(restoring, "migrate_store", fails)
    with pytest.raises(DiskError):
        restored(target, tmp_path / "new", private=private)
    assert private.exists() is there
    assert not (tmp_path / "new").exists()
    assert list(tmp_path.glob(".restore-*")) == []


def test_a_restored_home_is_closed_to_others(home: Path, tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        restored(made(home, tmp_path / "b.age"), tmp_path / "new", private=tmp_path / "keys")
    finally:
        os.umask(before)
    modes = {name: (tmp_path / "new" / name).stat().st_mode & 0o777 for name in ("vault", "keys", "register", "gateway.sqlite")}
    assert modes == {"vault": 0o700, "keys": 0o700, "register": 0o700, "gateway.sqlite": 0o600}
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700


def test_restoring_into_an_empty_folder_that_is_there_works(home: Path, tmp_path: Path) -> None:
    target = made(home, tmp_path / "b.age")
    (tmp_path / "new").mkdir()
    restored(target, tmp_path / "new")
    assert problems(tmp_path / "new") == []


@pytest.mark.parametrize("content", [b"", b"AGE-SECRET-KEY-1\xff", b"not an identity\n"])
def test_what_is_no_recovery_identity_is_explained(home: Path, tmp_path: Path, content: bytes) -> None:
    target = made(home, tmp_path / "b.age")
    (tmp_path / "recovery").write_bytes(content)
    with pytest.raises(GatewayError) as caught:
        restored(target, tmp_path / "new")
    assert caught.value.hint
    assert not (tmp_path / "new").exists()
