"""Disks that fill, fail and lose power under a vault: a published blob is whole, or it is not there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from adapters.vault.folder import FolderVault
from gateway.errors import TamperError
from keys.age_files import AgeFiles, new_identity, recipient_of

WRITER = [sys.executable, "-m", "tests.adapters.vault.fill_the_disk"]
ROOT = Path(__file__).parents[3]


@pytest.fixture
def identity(tmp_path: Path) -> Path:
    path = tmp_path / "identity"
    path.write_text(new_identity()[0])
    return path


def run(*command: str) -> tuple[int, list[list[str]]]:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=60)
    return done.returncode, [line.split() for line in done.stdout.splitlines()]


def needed(command: list[str], what: str) -> None:
    """Skip where the machine cannot do it; fail where it must."""
    if shutil.which(command[0]) and subprocess.run(command, capture_output=True, check=False).returncode == 0:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"this machine cannot {what}")
    pytest.skip(f"this machine cannot {what}")


@pytest.mark.parametrize("limit", ["size=64k", "size=2m", "size=6m,nr_inodes=6"])
def test_on_a_full_disk_nothing_is_published_that_is_not_whole(tmp_path: Path, identity: Path, limit: str) -> None:
    needed(["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", str(tmp_path)], "mount a tmpfs of its own")
    disk = tmp_path / "disk"
    disk.mkdir()
    sizes = ["100", "20000", "0", "50000", "1500000", "300", "1200000", "65000", "4000000", "10", "3", "70000"]
    mount = f"mount -t tmpfs -o {limit} tmpfs {disk} && exec " + " ".join([*WRITER, str(disk), str(identity), *sizes])
    code, lines = run("unshare", "-m", "sh", "-c", mount)
    assert code == 0
    published = {key: size for word, key, size in lines if word == "published"}
    whole = {key: size for word, key, size in lines if word == "whole"}
    assert published
    assert any(word == "refused" for word, *_ in lines)
    assert published == whole


def test_killed_or_failed_at_any_sync_or_link_a_blob_is_whole_or_absent(tmp_path: Path, identity: Path) -> None:
    needed(["strace", "-o", "/dev/null", "-e", "inject=fsync:error=EIO:when=1", "true"], "inject faults with strace")
    faults = [f"{call}:{what}:when={n}" for call, times in (("fsync", 4), ("linkat", 2)) for n in range(1, times + 1)
              for what in ("error=EIO", "signal=KILL")]
    vault_sealer = AgeFiles([recipient_of(identity.read_text())], [identity.read_text()])
    for fault in faults:
        root = tmp_path / fault.replace(":", "-")
        root.mkdir()
        code, lines = run("strace", "-f", "-qq", "--seccomp-bpf", "-e", "trace=fsync,linkat", "-o", "/dev/null",
                          "-e", f"inject={fault}", *WRITER, str(root), str(identity), "5000", "6000")
        vault = FolderVault(root, vault_sealer)
        found = {key: str(len(vault.read(key))) for key, _ in sorted(vault.keys())}
        answered = {key: size for word, key, size in lines if word == "published"}
        assert answered.items() <= found.items(), fault
        assert set(found.values()) <= {"5000", "6000"}, fault
        if "error" in fault:
            assert code == 0
            assert found == answered, fault
            assert len(answered) == 1, fault


def test_a_blob_changed_on_disk_does_not_open(tmp_path: Path, identity: Path) -> None:
    sealer = AgeFiles([recipient_of(identity.read_text())], [identity.read_text()])
    vault = FolderVault(tmp_path, sealer)
    blob = vault.begin()
    blob.write(b"Surname")
    blob.publish("parcel/P01")
    path = vault.path_of("parcel/P01")
    assert path.stat().st_mode & 0o777 == 0o600
    path.write_bytes(path.read_bytes()[:-1])
    with pytest.raises(TamperError):
        vault.read("parcel/P01")
