"""Each way a disk says no to a folder vault: a DiskError that says what to do, and nothing is kept that is not whole."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from adapters.vault.folder import FolderBlob, FolderVault
from gateway.errors import DiskError, SyncFailedError
from keys.age_files import HELD_BYTES, AgeFiles, new_identity

OURS, OURS_PUBLIC = new_identity()
SEALER = AgeFiles([OURS_PUBLIC], [OURS])


@pytest.fixture
def vault(tmp_path: Path) -> FolderVault:
    return FolderVault(tmp_path, SEALER)


def blob_on(vault: FolderVault, path: str) -> FolderBlob:
    """A blob whose bytes go to a device."""
    sink = open(path, "wb", buffering=0)  # noqa: SIM115, PTH123 - the blob closes it
    return FolderBlob(vault, sink, SEALER.sealing(sink))


def test_a_folder_that_is_not_there_is_explained(tmp_path: Path) -> None:
    with pytest.raises(DiskError, match="cannot be written") as caught:
        FolderVault(tmp_path / "nowhere", SEALER).begin()
    assert "gateway doctor" in caught.value.hint


def test_what_is_no_file_cannot_be_read_or_deleted(vault: FolderVault) -> None:
    vault.path_of("parcel/P1").mkdir(parents=True)
    with pytest.raises(DiskError, match="cannot be read at parcel/P1"):
        vault.read("parcel/P1")
    with pytest.raises(DiskError, match="cannot delete parcel/P1"):
        vault.remove("parcel/P1")


def test_what_is_no_sealed_file_is_no_blob(vault: FolderVault) -> None:
    (vault.path_of("parcel/P1").parent).mkdir(parents=True)
    (vault.path_of("parcel/P1").parent / "notes.txt").write_text("x")
    assert list(vault.keys()) == []


def test_a_blob_larger_than_memory_holds_is_refused_when_the_disk_is_full(vault: FolderVault) -> None:
    blob = blob_on(vault, "/dev/full")
    with pytest.raises(DiskError):
        for _ in range(64):
            blob.write(bytes(HELD_BYTES // 4))
    with pytest.raises(DiskError, match="ended before"):
        blob.publish("parcel/P1")


def test_a_small_blob_is_refused_when_the_disk_is_full(vault: FolderVault) -> None:
    blob = blob_on(vault, "/dev/full")
    blob.write(b"x")
    with pytest.raises(DiskError):
        blob.publish("parcel/P1")
    assert not vault.exists("parcel/P1")


def test_a_disk_that_has_fewer_bytes_than_it_took_is_noticed(vault: FolderVault) -> None:
    blob = blob_on(vault, "/dev/null")
    blob.write(b"x")
    with pytest.raises(DiskError) as caught:
        blob.publish("parcel/P1")
    assert caught.value.code == "VAULT-SHORT"
    assert not vault.exists("parcel/P1")


def test_a_name_that_cannot_be_given_is_explained(vault: FolderVault, tmp_path: Path) -> None:
    (tmp_path / "parcel").write_text("a file in the way")
    blob = vault.begin()
    blob.write(b"x")
    with pytest.raises(DiskError, match="cannot keep parcel/P1"):
        blob.publish("parcel/P1")


@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC, errno.EDQUOT])
def test_a_name_that_is_not_durable_is_taken_back(vault: FolderVault, monkeypatch: pytest.MonkeyPatch, number: int) -> None:
    """The real call fails under strace in test_faults; here each answer of it."""
    real, folders = os.fsync, []

    def fails_on_the_last_folder(fd: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{fd}"):  # noqa: PTH112
            folders.append(fd)
            if len(folders) == 3:
                raise OSError(number, os.strerror(number))
        real(fd)

    blob = vault.begin()
    blob.write(b"x")
    monkeypatch.setattr(os, "fsync", fails_on_the_last_folder)
    with pytest.raises(SyncFailedError):
        blob.publish("parcel/P1")
    assert not vault.exists("parcel/P1")
