"""``gateway check``: the answer on stdout, the exit code of the worst file, nothing left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from gateway.commands.app import run
from tests.bad_files.make_bad_files import real_workbook
from tests.samples.make_samples import FERNBRIDGE, QUILLMEAD, make_samples


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Samples in the current folder, and no home."""
    make_samples(tmp_path / "files")
    monkeypatch.chdir(tmp_path / "files")
    monkeypatch.delenv("GATEWAY_HOME", raising=False)
    return tmp_path / "files"


def check(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    code = run(["check", *words])
    out, err = capsys.readouterr()
    return code, out, err


def objects(out: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in out.splitlines()]


def test_one_object_for_each_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = check(capsys, "arbor-leavers.csv", "arbor-joiners.csv", "--from", FERNBRIDGE, "--json")
    assert code == 80
    assert err == ""
    first, second = objects(out)
    assert list(first)[:5] == ["file", "kind", "verdict", "sender", "rows"]
    assert (first["file"], first["verdict"], first["rows"]) == (
        "arbor-leavers.csv",
        "part-accepted",
        {"read": 3, "accepted": 2, "held": 1},
    )
    assert second["verdict"] == "accepted"
    assert "records" not in first
    error = next(f for f in first["findings"] if f["severity"] == "error")
    assert {"code", "severity", "sheet", "row", "column", "field", "found", "message", "hint"} <= error.keys()
    assert (error["row"], error["field"]) == (4, "dob")


def test_records_come_when_they_are_asked_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = check(capsys, "arbor-leavers.csv", "--json", "--records")
    [answer] = objects(out)
    assert [r["row"] for r in answer["records"]] == [2, 3, 4]
    assert answer["records"][0]["dob"] == "2017-11-29"
    assert answer["records"][2]["held"] is True
    assert answer["records"][2]["dob"] is None


def test_lines_have_a_head_and_the_summary_last(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = check(capsys, "arbor-leavers.csv", "--jsonl", "--records")
    lines = objects(out)
    assert code == 80
    assert lines[0]["type"] == "head" and lines[0]["file"] == "arbor-leavers.csv"
    assert lines[-1]["type"] == "summary" and lines[-1]["verdict"] == "part-accepted"
    assert sum(1 for line in lines if line["type"] == "record") == 3
    assert any(line["type"] == "finding" for line in lines)


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["arbor-joiners.csv"], 0),
        (["arbor-leavers.csv"], 80),
        (["leavers-none-this-week.csv"], 0),
        (["arbor-joiners.csv", "locked.xlsx", "arbor-leavers.csv"], 65),
    ],
)
def test_the_exit_code_is_the_worst_files(folder: Path, capsys: pytest.CaptureFixture[str], names: list[str], code: int) -> None:
    (folder / "locked.xlsx").write_bytes(real_workbook("unknown"))
    assert check(capsys, *names)[0] == code


def test_people_get_sentences(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "locked.xlsx").write_bytes(real_workbook("unknown"))
    _, out, err = check(capsys, "arbor-leavers.csv", "locked.xlsx", "leavers-none-this-week.csv")
    assert err == ""
    assert "3 rows read, 2 accepted, 1 held until corrected" in out
    assert "row 4" in out and "correct this" in out
    assert "refused" in out and "nothing was read" in out
    assert "a nil return" in out


def test_a_file_that_is_not_there_is_said_before_anything_is_read(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = check(capsys, "arbor-leavers.csv", "gone.csv")
    assert (code, out) == (64, "")
    assert "gone.csv" in err


def test_a_home_gives_register_and_senders(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = tmp_path / "home"
    assert run(["init", "--rehearsal", "--home", str(home), "--schools", str(folder / "register" / "schools.csv")]) == 0
    capsys.readouterr()
    _, out, _ = check(capsys, "arbor-leavers.csv", "--json", "--records", "--home", str(home))
    assert objects(out)[0]["records"][0]["destination_laestab"] == QUILLMEAD
    _, out, _ = check(capsys, "arbor-leavers.csv", "--json", "--records")
    assert objects(out)[0]["records"][0]["destination_laestab"] is None


def test_the_folder_names_the_sender(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    home = tmp_path / "home"
    assert run(["init", "--rehearsal", "--home", str(home), "--schools", str(folder / "register" / "schools.csv")]) == 0
    capsys.readouterr()
    dropped = home / "drop" / FERNBRIDGE / "leavers.csv"
    dropped.write_bytes((folder / "arbor-leavers.csv").read_bytes())
    _, out, _ = check(capsys, str(dropped), "--json", "--home", str(home))
    assert objects(out)[0]["sender"] == FERNBRIDGE


def test_as_says_what_it_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, out, _ = check(capsys, "9902001_CMJ_990LLLL_003.xml", "--as", "cml", "--json")
    assert objects(out)[0]["kind"] == "cml"


def test_nothing_is_left_behind(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = sorted(p.name for p in folder.rglob("*"))
    check(capsys, "arbor-leavers.csv", "movements return.xlsx", "--json")
    assert sorted(p.name for p in folder.rglob("*")) == before


@pytest.mark.skipif(not Path("/usr/bin/strace").exists() and os.environ.get("CI") != "true", reason="strace is not installed")
def test_no_connection_is_opened(folder: Path) -> None:
    traced = subprocess.run(
        [
            "/usr/bin/strace",
            "-f",
            "-e",
            "trace=connect,socket",
            sys.executable,
            "-m",
            "gateway",
            "check",
            "arbor-leavers.csv",
            "--json",
        ],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    assert traced.returncode == 80
    assert "AF_INET" not in traced.stderr


def test_a_sparse_file_of_ten_gigabytes_is_refused_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with (folder / "huge.csv").open("wb") as huge:
        huge.truncate(10 << 30)
    code, out, _ = check(capsys, "huge.csv", "--json")
    assert code == 65
    assert [f["code"] for f in objects(out)[0]["findings"]] == ["FILE-TOO-LARGE"]


def test_a_day_is_for_rehearsals_only(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = check(capsys, "arbor-leavers.csv", "--today", "2026-11-16")
    assert (code, out) == (64, "")
    assert "rehearsal" in err


def test_a_refusal_speaks_of_no_register_and_of_no_nil_return(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "nil of another.csv").write_text("DfE number,990/2003\nNIL\n", encoding="utf-8")
    _, out, _ = check(capsys, "nil of another.csv", "--from", FERNBRIDGE)
    assert "refused – nothing was read" in out
    assert "register" not in out.lower() and "nobody left" not in out


def test_a_readme_with_a_table_in_it_is_no_return(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = "| UPN | Surname | Forename | Date of birth | Leaving date |\n|---|---|---|---|---|\n" \
        "|| Ellery | Musa | 02/03/2018 | 1/9/2026 |\n"
    (folder / "README.md").write_text(f"# Our export\n\nIt looks like this:\n\n{table}", encoding="utf-8")
    code, out, _ = check(capsys, "README.md", "--json")
    assert (code, objects(out)[0]["findings"][0]["code"]) == (65, "FILE-PROSE")
