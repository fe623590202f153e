from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from gateway.commands import app, doctor
from gateway.commands.table import ENTRIES
from tests.commands.typed import REGISTER, Keyboard
from tests.config.written import home_with


def _gateway(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "gateway", *words], capture_output=True, text=True, check=False, env=os.environ | environ
    )


def test_help_names_every_command_at_once_and_imports_none() -> None:
    code = (
        "import sys; from gateway.commands.app import run; run(['--help'])\n"
        "assert not {'typer', 'rich', 'pydantic', 'sqlalchemy'} & set(sys.modules), sys.modules.keys()"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert all(f"\n  {name} " in done.stdout for name in ENTRIES)


def test_help_is_there_in_a_blink() -> None:
    assert min(_processor_seconds() for _ in range(3)) < 0.3


def _processor_seconds() -> float:
    """Of one ``gateway --help``; not seconds by the clock, which tests running beside it take as well."""
    before = os.times()
    assert _gateway("--help").returncode == 0
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


@pytest.mark.parametrize("name", sorted(ENTRIES))
def test_every_command_has_a_help_page_that_ends_with_the_shared_options(name: str) -> None:
    for page in app.help_pages(name):
        assert page.startswith(f"Usage: gateway {name}")
        assert "--home DIR" in page


def test_a_mistyped_command_is_answered_with_the_nearest(keyboard: Keyboard) -> None:
    typed = keyboard.type("movment")
    assert typed.code == 64
    assert "gateway movements" in typed.err
    assert typed.out == ""


def test_an_option_nobody_knows_is_usage(keyboard: Keyboard) -> None:
    assert keyboard.type("cases", "--sate", "open").code == 64
    assert keyboard.type("--sate").code == 64


def test_with_json_an_error_is_one_object_on_stderr(keyboard: Keyboard) -> None:
    typed = keyboard.type("show", "X1", "--json")
    assert typed.error == {"code": "NO-SUCH-ID", "message": typed.error["message"], "hint": typed.error["hint"], "exit_code": 64}
    assert typed.out == ""


def test_shared_options_stand_wherever_they_like(keyboard: Keyboard) -> None:
    home = str(keyboard.home)
    for words in (
        ["--home", home, "holds", "--json"],
        ["holds", "--json", f"--home={home}"],
        ["holds", "list", "--home", home, "--json"],
        ["holds", "--home", home, "list", "--json"],
        ["--json", "holds", "--what", "rows", "--home", home],
    ):
        assert app.run(words) == 0
        assert '"what": "rows"' in keyboard.capsys.readouterr().out


def test_the_home_comes_from_the_environment_too(keyboard: Keyboard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATEWAY_HOME", str(keyboard.home))
    assert app.run(["holds"]) == 0


def test_a_day_is_set_in_rehearsals_only(keyboard: Keyboard, tmp_path: Path) -> None:
    assert keyboard.type("cases", "--today", "2026-11-20").code == 0
    assert keyboard.type("cases", "--today", "20/11/2026").code == 64
    live = Keyboard(home_with(tmp_path / "live"), keyboard.capsys)
    typed = live.type("cases", "--today", "2026-11-20", "--json")
    assert (typed.code, typed.error["code"]) == (64, "TODAY-NOT-REHEARSAL")


def test_a_fault_in_config_ends_with_78(keyboard: Keyboard) -> None:
    with (keyboard.home / "config.toml").open("a", encoding="utf-8") as config:
        config.write("\n[clocks]\nheld_row_day = 1\n")
    typed = keyboard.type("cases", "--json")
    assert (typed.code, typed.error["code"]) == (78, "CONFIG")


@pytest.fixture
def live(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Keyboard:
    """A live home, whose founder is the only person and has the role operator."""
    keyboard = Keyboard(tmp_path / "live" / "990", capsys)
    person = "Alice Osei <cme@thornhaven.example>"
    named = ("--contact", person, "--deputy", person, "--safeguarding-phone", "01632 960100")
    assert keyboard.type("init", "--la", "990", "--name", "Thornhaven", "--schools", REGISTER, *named).code == 0
    return keyboard


def test_a_user_whom_people_does_not_know_is_not_allowed(live: Keyboard) -> None:
    config = live.home / "config.toml"
    config.write_text(config.read_text(encoding="utf-8").replace("[people.", "[people.not-"), encoding="utf-8")
    typed = live.type("holds", "--json")
    assert (typed.code, typed.error["code"]) == (77, "UNKNOWN-PERSON")


def test_a_missing_role_is_not_allowed(live: Keyboard) -> None:
    config = live.home / "config.toml"
    config.write_text(config.read_text(encoding="utf-8").replace('roles = ["operator"]', 'roles = ["viewer"]'), encoding="utf-8")
    assert live.type("backup", str(live.home.parent / "b.age"), "--json").error["code"] == "ROLE-NEEDED"


@pytest.mark.parametrize("act", [("cases", "--today", "2026-01-05"), ("run", "--once"), ("config", "check")])
def test_one_line_of_text_makes_no_rehearsal_of_a_live_home(live: Keyboard, act: tuple[str, ...]) -> None:
    config = live.home / "config.toml"
    config.write_text("rehearsal = true\n" + config.read_text(encoding="utf-8"), encoding="utf-8")
    typed = live.type(*act, "--json")
    assert (typed.code, typed.error["code"]) == (78, "REHEARSAL-MISMATCH")


def test_and_none_makes_a_live_home_of_a_rehearsal_or_of_another_authoritys(keyboard: Keyboard) -> None:
    config = keyboard.home / "config.toml"
    text = config.read_text(encoding="utf-8")
    config.write_text(text.replace("rehearsal = true", "rehearsal = false"), encoding="utf-8")
    assert keyboard.type("cases", "--json").error["code"] == "REHEARSAL-MISMATCH"
    config.write_text(text.replace('la = "990"', 'la = "991"'), encoding="utf-8")
    assert keyboard.type("cases", "--json").error["code"] == "HOME-OF-ANOTHER"


def test_an_unknown_fault_is_70_with_a_reference_and_its_text_is_kept_nowhere(
    keyboard: Keyboard, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails() -> None:
        raise RuntimeError("Musa Ellery")

    monkeypatch.setattr(doctor, "call", lambda: SimpleNamespace(open=fails))
    typed = keyboard.type("doctor")
    assert typed.code == 70
    assert "Traceback" not in typed.err
    assert "Musa" not in typed.err
    log = (keyboard.home / "faults.jsonl").read_text(encoding="utf-8")
    assert "RuntimeError" in log
    assert "Musa" not in log
    reference = log.split('"reference": "')[1][:8]
    assert reference in typed.err


def test_a_reader_that_goes_away_is_no_fault(keyboard: Keyboard) -> None:
    command = f"{sys.executable} -m gateway movements --json --home {keyboard.home} | true"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert done.stderr == ""


def test_version() -> None:
    assert _gateway("--version").stdout.startswith("gateway ")


def test_a_mistyped_subcommand_is_answered_with_the_nearest(keyboard: Keyboard) -> None:
    typed = keyboard.type("match", "acept", "S01", "--json")
    assert (typed.code, typed.error["code"]) == (64, "USAGE")
    assert typed.error["hint"] == "Did you mean: gateway match accept"
    assert keyboard.type("case", "clsoe", "C01", "--json").error["hint"] == "Did you mean: gateway case close"


@pytest.mark.parametrize("name", list(ENTRIES))
def test_help_shows_arguments_in_capitals_and_no_programmers_braces(name: str) -> None:
    for page in app.help_pages(name):
        assert not set("{}%") & set(page) and "[[" not in page, page


def test_an_option_without_its_value_is_told_what_to_write(keyboard: Keyboard) -> None:
    assert "--today 2026-11-23" in keyboard.type("cases", "--today", "").err
    assert "--home --home" not in app_error("cases", "--home") and "2026" not in app_error("cases", "--home")


def app_error(*words: str) -> str:
    said = subprocess.run([sys.executable, "-m", "gateway", *words], capture_output=True, text=True, timeout=60, check=False)
    assert said.returncode == 64
    return said.stderr
