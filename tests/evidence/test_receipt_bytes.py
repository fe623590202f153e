"""A receipt with one byte changed, and the verifier that shares no line with the gateway, alone with Python and cryptography."""

from __future__ import annotations

import json
import random
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import cryptography
import pytest

from gateway.domain.parcels.receipt import without_values
from gateway.pipeline.verify.receipt import verify_receipt
from gateway.ports import Ports
from keys.public import public_path
from schemas.receipts.press import ReceiptPages
from tests.evidence.receipt_bytes import SCRIPT, attempt, second_opinion, trials
from tests.pipeline.verify.test_receipts import CONTENT, FINDING, Desk
from tests.seed import seed_of_the_run


def test_every_changed_byte_is_refused_by_both_verifiers(tmp_path: Path) -> None:
    seed = seed_of_the_run()
    for number, trial in enumerate(trials(random.Random(seed), False)):  # noqa: S311 - it must be possible to do it again
        tried = attempt(trial, tmp_path / str(number))
        assert tried.wrong == [], trial
        assert tried.tries > 1_000


@pytest.fixture
def bare(tmp_path: Path) -> Path:
    """A folder with cryptography and what it needs itself, and nothing else of this environment."""
    folder = tmp_path / "alone"
    folder.mkdir()
    packages = Path(cryptography.__file__).parents[1]
    for name in ("cryptography", "cffi", "pycparser", *(path.name for path in packages.glob("_cffi_backend*"))):
        if (packages / name).exists():
            (folder / name).symlink_to(packages / name)
    return folder


def alone(bare: Path, code: str) -> subprocess.CompletedProcess[str]:
    """Python without site-packages, without this folder, without an environment; ``bare`` is all it has."""
    command = [sys.executable, "-I", "-S", "-c", f"import sys; sys.path.append({str(bare)!r}); {code}"]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/", env={})


def test_the_single_file_verifier_needs_python_and_cryptography_and_nothing_else(tmp_path: Path, bare: Path) -> None:
    desk = Desk(tmp_path / "home")
    desk.append("C1", "C2")
    made = desk.issued(findings=without_values([FINDING]))
    (tmp_path / "file.csv").write_bytes(CONTENT)
    assert alone(bare, "import gateway").returncode == 1
    assert alone(bare, "import keys").returncode == 1
    for name, content, code in (("r.html", made.page, 0), ("r.json", made.data, 0), ("x.json", made.data[:-1] + b" \n", 1)):
        (tmp_path / name).write_bytes(content)
        arguments = [str(tmp_path / name), str(public_path(desk.home)), str(tmp_path / "file.csv")]
        done = alone(bare, f"import runpy; sys.argv[1:] = {arguments!r}; runpy.run_path({str(SCRIPT)!r}, run_name='__main__')")
        assert done.returncode == code, done.stderr
        assert ("verified: given by this gateway" in done.stdout) is (code == 0)


class LaidOutAnew(ReceiptPages):
    """The press of a later version."""

    def bare(self, facts: Mapping[str, Any]) -> bytes:
        return super().bare(facts).replace(b"<h1>", b'<h1 lang="en">')


def test_a_page_laid_out_anew_is_signed_anew_and_both_verify(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    first = desk.issued(findings=without_values([FINDING]))
    desk.ports = cast(Ports, SimpleNamespace(**vars(desk.ports) | {"press": LaidOutAnew()}))
    again = desk.issue(first.receipt)
    assert again.receipt.note != first.receipt.note
    assert b'<h1 lang="en">' in again.page
    assert desk.issue(again.receipt) == again
    for page in (first.page, again.page):
        assert verify_receipt(page, desk.checker, file=CONTENT).problems == ()


def test_the_single_file_verifier_says_why_in_words(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "home")
    made, script = desk.issued(), second_opinion()
    content = json.loads(made.data)
    faults = {
        "a signature is wrong": {**content, "note": content["note"].replace('gateway: "990"', 'gateway: "991"')},
        "it is not as the gateway writes a receipt": {key: value for key, value in content.items() if key != "evidence"},
    }
    public = json.loads(public_path(desk.home).read_bytes())
    for words, changed in faults.items():
        with pytest.raises(script.REFUSALS) as caught:
            script.check(script.as_written(changed), changed, public)
        assert script.reason(caught.value) == words
