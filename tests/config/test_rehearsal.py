from __future__ import annotations

from pathlib import Path

import pytest

from gateway.config import load
from gateway.errors import ConfigError
from tests.config.written import home_with

TO_MARLOWICK = '[contacts.991]\nname = "Marlowick"\nchannel = "folder"\npath = "../991/peers/990/in"\n'
OVER_SFTP = (
    '[contacts.991]\nname = "Marlowick"\nchannel = "sftp"\n'
    'host = "{host}"\nuser = "u"\nkey_file = "k"\nhost_key = "ssh-ed25519 A"\n'
)


def test_a_rehearsal_may_write_to_another_rehearsal(tmp_path: Path) -> None:
    home_with(tmp_path / "991", rehearsal=True)
    assert "991" in load(home_with(tmp_path / "990", TO_MARLOWICK, rehearsal=True), {}).contacts


def test_a_rehearsal_may_not_write_to_a_live_home_or_to_a_folder_of_no_home(tmp_path: Path) -> None:
    home = home_with(tmp_path / "990", TO_MARLOWICK, rehearsal=True)
    with pytest.raises(ConfigError, match="no rehearsal home"):
        load(home, {})
    home_with(tmp_path / "991")
    with pytest.raises(ConfigError, match="no rehearsal home"):
        load(home, {})


def test_a_live_home_may_not_write_to_a_rehearsal(tmp_path: Path) -> None:
    home_with(tmp_path / "991", rehearsal=True)
    with pytest.raises(ConfigError, match="this home is live"):
        load(home_with(tmp_path / "990", TO_MARLOWICK), {})


def test_a_rehearsal_dials_only_this_machine(tmp_path: Path) -> None:
    assert load(home_with(tmp_path / "a", OVER_SFTP.format(host="127.0.0.1"), rehearsal=True), {}).rehearsal
    with pytest.raises(ConfigError, match=r"sftp\.marlowick\.example"):
        load(home_with(tmp_path / "b", OVER_SFTP.format(host="sftp.marlowick.example"), rehearsal=True), {})
