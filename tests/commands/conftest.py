"""Homes for commands: one that has carried a file, made once for each worker and copied."""

from __future__ import annotations

import contextlib
import io
import shutil
from pathlib import Path

import pytest

from gateway.commands.app import run
from tests.commands.typed import DAY, FERNBRIDGE, LEAVERS, Keyboard


@pytest.fixture(scope="session")
def carried(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A rehearsal home that has taken one return with a good and a held row."""
    home = tmp_path_factory.mktemp("commands") / "990"
    with contextlib.redirect_stderr(io.StringIO()) as said:
        assert run(["init", "--rehearsal", "--la", "990", "--home", str(home)]) == 0, said.getvalue()
        (home / "drop" / FERNBRIDGE / "leavers.part").write_text(LEAVERS, encoding="utf-8")
        (home / "drop" / FERNBRIDGE / "leavers.part").rename(home / "drop" / FERNBRIDGE / "leavers.csv")
        assert run(["run", "--once", "--today", DAY, "--home", str(home)]) == 0, said.getvalue()
    return home


@pytest.fixture
def keyboard(carried: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Keyboard:
    """A copy of the home that carried a file."""
    home = tmp_path / "990"
    shutil.copytree(carried, home)
    return Keyboard(home, capsys)
