"""What doctor says of core files, swap and permissions, asked of real homes and a real daemon."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.bootstrap import open_home
from gateway.bootstrap.doctor.diagnosis import State
from gateway.bootstrap.doctor.secrecy import check_secrecy, daemon_of, swaps_in
from tests.deploy.machine import until
from tests.journeys.borough import Borough


@pytest.fixture(scope="module")
def borough(tmp_path_factory: pytest.TempPathFactory) -> Borough:
    return Borough.found(tmp_path_factory.mktemp("doctor") / "990")


@pytest.fixture
def daemon(borough: Borough) -> Iterator[int]:
    command = [sys.executable, "-m", "gateway", "run", "--today", "2026-11-16", "--home", str(borough.home)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as running:
        until(lambda: daemon_of(borough.home) == running.pid)
        yield running.pid
        running.terminate()
        running.wait(30)


def _said(home: Path, state: State) -> list[str]:
    with open_home(home) as opened:
        return [diagnosis.says for diagnosis in check_secrecy(opened) if diagnosis.state is state]


def test_a_home_as_it_is_made_is_for_its_user_alone(borough: Borough) -> None:
    assert _said(borough.home, State.FAULT) == []
    assert any("for the gateway's user alone" in said for said in _said(borough.home, State.OK))


@pytest.mark.parametrize("name", ["gateway.sqlite", "config.toml", "vault", "keys"])
def test_what_others_may_read_is_named_with_the_command_that_closes_it(borough: Borough, name: str) -> None:
    path = borough.home / name
    before = path.stat().st_mode
    path.chmod(0o755)
    try:
        with open_home(borough.home) as home:
            [found] = [diagnosis for diagnosis in check_secrecy(home) if diagnosis.state is State.FAULT]
    finally:
        path.chmod(before)
    assert f"{name} is open to others (mode 0755)" in found.says
    assert found.type == f"chmod go= {path}"


def test_a_running_daemon_is_seen_to_leave_no_core_file(borough: Borough, daemon: int) -> None:
    assert "the daemon leaves no core file" in _said(borough.home, State.OK)
    assert f"{daemon}" not in " ".join(_said(borough.home, State.FAULT))


def test_without_a_daemon_nobody_holds_the_lock(borough: Borough) -> None:
    assert daemon_of(borough.home) is None


def test_swap_is_named_and_what_cannot_be_known_is_said_to_be_unknown() -> None:
    table = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/dm-1                               partition\t999420\t0\t-2\n"
    assert swaps_in(table) == ["/dev/dm-1"]
    assert swaps_in("Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n") == []


def test_a_folder_that_nobody_listens_to_is_a_fault(borough: Borough, daemon: int, tmp_path: Path) -> None:
    config = borough.home / "config.toml"
    before = config.read_text(encoding="utf-8")
    config.write_text(before + f'\n[[folders]]\npath = "{tmp_path}/in"\nsender = "9902001"\nchannel = "sftp"\n'
                      f'sftp_log = "{tmp_path}/dev/log"\n', encoding="utf-8")
    try:
        assert any(f"nobody listens at {tmp_path}/dev/log" in said for said in _said(borough.home, State.FAULT))
    finally:
        config.write_text(before, encoding="utf-8")
