"""What is left in a folder can be read by whom it is for, whatever umask the service runs with."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.noticefolder import NoticeFolder
from adapters.outfolder import FolderOutbox
from gateway.ports import Notice, Outgoing

AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def strict_umask() -> Iterator[None]:
    before = os.umask(0o077)
    yield
    os.umask(before)


def test_a_receipt_is_readable_by_the_group_of_its_folder_and_by_nobody_else(tmp_path: Path) -> None:
    FolderOutbox(tmp_path).deliver(Outgoing("J1", "9902001", "P1-received.html", b"<p>"), AT)
    assert stat.S_IMODE((tmp_path / "P1-received.html").stat().st_mode) == 0o640


def test_a_notice_is_too(tmp_path: Path) -> None:
    NoticeFolder(tmp_path).tell(Notice(("cme@thornhaven.example",), "It waits", "See it.", "notice:H1"))
    assert stat.S_IMODE((tmp_path / "notice-H1.txt").stat().st_mode) == 0o640
