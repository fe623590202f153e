"""What every vault promises."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from adapters.vault.folder import FolderVault
from adapters.vault.memory import MemoryVault
from gateway.errors import DiskError, TamperError, UsageError
from gateway.ports import Vault
from keys.age_files import AgeFiles, new_identity

OURS, OURS_PUBLIC = new_identity()
LARGE = bytes(range(251)) * 20_000


def _folder(tmp_path: Path) -> Vault:
    return FolderVault(tmp_path, AgeFiles([OURS_PUBLIC], [OURS]))


def _memory(_: Path) -> Vault:
    return MemoryVault(AgeFiles([OURS_PUBLIC], [OURS]))


@pytest.fixture(params=[_folder, _memory], ids=["folder", "memory"])
def vault(request: pytest.FixtureRequest, tmp_path: Path) -> Vault:
    make: Callable[[Path], Vault] = request.param
    return make(tmp_path)


def put(vault: Vault, key: str, plain: bytes) -> None:
    blob = vault.begin()
    for start in range(0, len(plain), 100_000):
        blob.write(plain[start:start + 100_000])
    blob.publish(key)


@pytest.mark.parametrize("plain", [b"", b"Surname\n", LARGE], ids=["empty", "small", "large"])
def test_what_was_published_is_read_back_whole(vault: Vault, plain: bytes) -> None:
    put(vault, "parcel/P01", plain)
    assert vault.exists("parcel/P01")
    assert vault.read("parcel/P01") == plain


def test_nothing_is_visible_before_it_is_published(vault: Vault) -> None:
    blob = vault.begin()
    blob.write(LARGE)
    assert list(vault.keys()) == []
    assert not vault.exists("parcel/P01")
    blob.publish("parcel/P01")
    assert dict(vault.keys()).keys() == {"parcel/P01"}


def test_the_same_key_again_is_success_and_keeps_the_first(vault: Vault) -> None:
    put(vault, "parcel/P01", b"first")
    put(vault, "parcel/P01", b"second")
    assert vault.read("parcel/P01") == b"first"


def test_what_was_discarded_never_appears(vault: Vault) -> None:
    blob = vault.begin()
    blob.write(LARGE)
    blob.discard()
    blob.discard()
    assert list(vault.keys()) == []


def test_a_blob_that_ended_is_never_continued(vault: Vault) -> None:
    blob = vault.begin()
    blob.publish("parcel/P01")
    with pytest.raises(DiskError):
        blob.write(b"more")
    with pytest.raises(DiskError):
        blob.publish("parcel/P02")
    assert not vault.exists("parcel/P02")


def test_a_missing_blob_is_tampering(vault: Vault) -> None:
    with pytest.raises(TamperError):
        vault.read("parcel/P09")


def test_removing_is_safe_to_repeat(vault: Vault) -> None:
    put(vault, "s2s/F01", b"x")
    vault.remove("s2s/F01")
    vault.remove("s2s/F01")
    assert not vault.exists("s2s/F01")


def test_keys_come_back_with_the_size_of_what_is_stored(vault: Vault) -> None:
    for number in range(30):
        put(vault, f"parcel/P{number:02}", b"x" * number)
    put(vault, "package/R01", b"x")
    put(vault, "package/R01/answer-2", b"x")
    listed = dict(vault.keys())
    assert set(listed) == {f"parcel/P{n:02}" for n in range(30)} | {"package/R01", "package/R01/answer-2"}
    assert all(size > 150 for size in listed.values())


@pytest.mark.parametrize("key", ["", "parcel", "../etc/passwd", "parcel/..", "parcel/../x", "/parcel/x", "parcel/a b", "parcel/é",
                                 "Parcel/x", "parcel//x", "parcel/x\n", "parcel/" + "x" * 300])
def test_a_key_that_could_leave_the_vault_is_refused(vault: Vault, key: str) -> None:
    with pytest.raises(UsageError):
        vault.read(key)
