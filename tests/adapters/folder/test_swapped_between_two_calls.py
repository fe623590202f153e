"""What a sender does between two system calls of a claim, at the very place where it could do harm; each once, and for certain.

``test_hostile_senders`` races; here the sender's act stands right before the call that must not fall for it.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from adapters.folder.claim import READ_ONLY
from adapters.folder.linux import rename_noreplace
from gateway.errors import GatewayError
from tests.adapters.folder.conftest import Drop


@pytest.fixture
def secret(tmp_path: Path) -> Path:
    path = tmp_path / "another sender's.csv"
    path.write_bytes(b"what another sender sent")
    return path


def _before_reading(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """The sender acts after the file was looked at and before it is opened to be read, once."""
    acts, opened = [act], os.open

    def late(path: Any, flags: int, *given: Any, **named: Any) -> int:
        if flags == READ_ONLY and acts:
            acts.pop()()
        return opened(path, flags, *given, **named)

    monkeypatch.setattr("adapters.folder.inbox.os.open", late)


def _before_the_rename(monkeypatch: pytest.MonkeyPatch, act: Callable[[], None]) -> None:
    """The sender acts after everything was looked at and before the name is taken."""
    acts = [act]

    def late(*given: Any) -> None:
        if acts:
            acts.pop()()
        rename_noreplace(*given)

    monkeypatch.setattr("adapters.folder.taking.rename_noreplace", late)


def _refused_as_changed(drop: Drop, name: str = "leavers.csv") -> None:
    with pytest.raises(GatewayError) as caught:
        drop.inbox.claim(name)
    assert caught.value.code == "FILE-CHANGED"
    assert list((drop.path / ".taking").glob("*")) == []


def test_a_link_put_there_before_the_file_is_opened_is_not_followed(
        drop: Drop, secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drop.put("leavers.csv")
    assert drop.ready() == ["leavers.csv"]

    def swap() -> None:
        path.unlink()
        path.symlink_to(secret)

    _before_reading(monkeypatch, swap)
    _refused_as_changed(drop)


def test_a_second_name_of_anothers_file_put_there_before_it_is_opened_is_not_read(
        drop: Drop, secret: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drop.put("leavers.csv")
    assert drop.ready() == ["leavers.csv"]

    def swap() -> None:
        path.unlink()
        path.hardlink_to(secret)

    _before_reading(monkeypatch, swap)
    _refused_as_changed(drop)


def test_a_pipe_put_there_before_the_file_is_opened_is_not_read_and_nobody_waits_for_it(
        drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drop.put("leavers.csv")
    assert drop.ready() == ["leavers.csv"]

    def swap() -> None:
        path.unlink()
        os.mkfifo(path)

    _before_reading(monkeypatch, swap)
    _refused_as_changed(drop)


def test_a_file_gone_before_anyone_could_ask_who_writes_it_is_no_failure_of_the_folder(
        drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    _before_reading(monkeypatch, drop.put("leavers.csv").unlink)
    assert drop.ready() == ["leavers.csv"]
    with pytest.raises(GatewayError) as caught:
        drop.inbox.claim("leavers.csv")
    assert caught.value.code == "FILE-GONE"


def test_a_file_gone_before_its_name_is_taken_is_no_failure_of_the_disk(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drop.put("leavers.csv")
    assert drop.ready() == ["leavers.csv"]
    _before_the_rename(monkeypatch, path.unlink)
    _refused_as_changed(drop)


def test_a_link_that_becomes_a_file_before_it_is_taken_away_goes_back_unread(drop: Drop, monkeypatch: pytest.MonkeyPatch) -> None:
    path = drop.path / "leavers.csv"
    path.symlink_to("nowhere")
    assert drop.ready() == ["leavers.csv"]

    def swap() -> None:
        path.unlink()
        path.write_bytes(b"a file by now")

    _before_the_rename(monkeypatch, swap)
    _refused_as_changed(drop)
    assert path.read_bytes() == b"a file by now"


def test_a_file_with_a_second_name_is_not_claimed_while_that_may_be_a_rename_under_way(drop: Drop, secret: Path) -> None:
    (drop.path / "leavers.csv").hardlink_to(secret)
    assert drop.ready() == []
    _refused_as_changed(drop)
    assert drop.left() == ["leavers.csv"]
