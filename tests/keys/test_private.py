"""Private key files: whose they must be, and what is said when they are not there or cannot be written."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.errors import ConfigError, DiskError
from keys.making import make_key
from keys.private import Purpose, file_of, make_private, read_private, write_private
from keys.public import PublicRing, read_public

NOW = datetime(2026, 9, 1, 8, 0, tzinfo=UTC)
NOBODY = 65_534


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "keys"
    make_private(folder)
    write_private(folder, Purpose.VAULT, [make_key(Purpose.VAULT, NOW)])
    return folder


def test_keys_that_another_user_keeps_are_not_read(folder: Path) -> None:
    path = file_of(folder, Purpose.VAULT)
    if os.geteuid() != 0:
        path.chmod(0)
        with pytest.raises(ConfigError, match="cannot be read by user"):
            read_private(folder, Purpose.VAULT)
        return
    os.seteuid(NOBODY)
    try:
        with pytest.raises(ConfigError, match=f"cannot be read by user {NOBODY}"):
            read_private(folder, Purpose.VAULT)
    finally:
        os.seteuid(0)


def test_keys_that_belong_to_somebody_else_are_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if os.geteuid() == 0:
        os.chown(file_of(folder, Purpose.VAULT), NOBODY, NOBODY)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: NOBODY)
    with pytest.raises(ConfigError, match="belongs to user"):
        read_private(folder, Purpose.VAULT)


def test_a_folder_that_others_may_enter_is_refused(tmp_path: Path) -> None:
    tmp_path.chmod(0o755)
    with pytest.raises(ConfigError) as caught:
        make_private(tmp_path)
    assert f"chmod 700 {tmp_path}" in caught.value.hint


def test_keys_that_cannot_be_written_are_the_disks_fault(tmp_path: Path) -> None:
    with pytest.raises(DiskError) as caught:
        write_private(tmp_path / "nowhere", Purpose.VAULT, [make_key(Purpose.VAULT, NOW)])
    assert caught.value.code == "KEYS-NOT-WRITTEN"


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"la": "990", "keys": [1]}'])
def test_what_is_no_file_of_public_keys_is_explained(content: bytes) -> None:
    with pytest.raises(ConfigError) as caught:
        PublicRing.from_json(content)
    assert caught.value.code == "BAD-PUBLIC-KEYS"


def test_a_home_without_public_keys_is_told_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(ConfigError) as caught:
        read_public(tmp_path)
    assert "gateway init" in caught.value.hint
