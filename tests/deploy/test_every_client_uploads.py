"""The real sshd with the shipped configuration, the gateway's unit behind it, and every client that Debian and PyPI offer."""

from __future__ import annotations

import hashlib
import shutil
import time
from pathlib import Path

import pytest

from tests.conftest import in_ci
from tests.deploy.clients import CLIENTS, Client, Program
from tests.deploy.machine import until
from tests.deploy.town import FERNBRIDGE, SETTLE, Town, leavers, said_by

SMALL, LONG = 2_000, 150_000


def _file(folder: Path, client: type[Client], way: str, size: int = SMALL, mode: int = 0o644) -> tuple[Path, str, bytes]:
    content = leavers(f"{client.name} {way}", size)
    path = folder / f"{way}.csv"
    path.write_bytes(content)
    path.chmod(mode)
    return path, f"{client.name} {way}.csv", content


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("program", CLIENTS, ids=[client.name for client in CLIENTS])
def test_what_a_client_finishes_is_taken_once_and_answered_and_what_breaks_off_is_not_taken_for_whole(
        town: Town, program: type[Client], tmp_path: Path) -> None:
    if issubclass(program, Program) and shutil.which(program.program) is None and not in_ci():
        pytest.skip(f"{program.program} is not installed")
    client = program(town.schools[FERNBRIDGE], tmp_path / "client")
    drop = town.drop(FERNBRIDGE)
    sent = []

    slow_path, slow_name, slow = _file(tmp_path, program, "slow", LONG)
    slow_upload = client.slowly(slow_path, slow_name)

    for way, put in (("plain", client.put), ("renamed", client.put_and_rename), ("kept", client.put_keeping_time_and_mode)):
        path, name, content = _file(tmp_path, program, way, mode=0o600 if way == "plain" else 0o644)
        put(path, name)
        sent.append(content)

    cut_path, cut_name, whole = _file(tmp_path, program, "cut", LONG)
    cut_upload = client.slowly(cut_path, cut_name)
    until(lambda: (drop / cut_name).is_file() and (drop / cut_name).stat().st_size >= 20_000)
    cut_upload.cut()
    slow_upload.wait()
    sent.append(slow)

    time.sleep(3 * SETTLE)                      # long enough to be taken, were it whole
    assert (drop / cut_name).is_file()
    assert 0 < (drop / cut_name).stat().st_size < len(whole)
    client.resume(cut_path, cut_name)
    sent.append(whole)

    until(lambda: all(town.answered(FERNBRIDGE, content) for content in sent), seconds=120)
    expected = {f"{_digest(content)} {stage}" for content in sent for stage in ("received", "processed")}
    receipts = town.receipts(FERNBRIDGE)
    assert {receipt: receipts[receipt] for receipt in expected} == dict.fromkeys(expected, 1)
    mine = [parcel for parcel in town.parcels() if parcel["name"].startswith(f"{program.name} ")]
    assert sorted(parcel["sha256"] for parcel in mine) == sorted(map(_digest, sent))
    assert {parcel["verdict"] for parcel in mine} == {"accepted"}
    assert [path.name for path in drop.iterdir() if path.name.startswith(program.name)] == []

    parcel = mine[0]
    assert said_by(client.fetch(f"receipts/{parcel['id']}-received.json"))["sha256"] == parcel["sha256"]
