"""The verifier that shares no line with the gateway agrees with the gateway."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from gateway.domain.parcels.receipt import without_values
from keys.public import public_path
from tests.pipeline.verify.test_receipts import CONTENT, FINDING, Desk

SCRIPT = Path(__file__).parents[3] / "docs" / "verify_receipt.py"


def run(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, SCRIPT, *arguments], capture_output=True, text=True, check=False, cwd="/")


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    desk.append("C1", "C2", "C3")
    return desk


def test_page_and_data_verify_and_say_what_was_signed(desk: Desk, tmp_path: Path) -> None:
    made = desk.issued(findings=without_values([FINDING]))
    (tmp_path / "file.csv").write_bytes(CONTENT)
    for name, content in (("r.html", made.page), ("r.json", made.data)):
        (tmp_path / name).write_bytes(content)
        done = run(tmp_path / name, public_path(desk.home), tmp_path / "file.csv")
        assert done.returncode == 0, done.stderr
        assert f"sha256: {made.receipt.body['sha256']}" in done.stdout


CHANGES: dict[str, tuple[str, str]] = {
    "verdict": ('verdict: \\"accepted\\"', 'verdict: \\"refused\\"'),
    "finding": ("UPN check letter is K", "UPN check letter is L"),
    "size of the tree": ("cme-gateway\\n5\\n", "cme-gateway\\n6\\n"),
    "entry": ("parcel-processed", "parcel-received"),
    "sender": ("9902001", "9902002"),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_receipt_does_not_verify(desk: Desk, tmp_path: Path, change: str) -> None:
    old, new = CHANGES[change]
    text = desk.issued(findings=without_values([FINDING])).data.decode()
    assert old in text
    (tmp_path / "r.json").write_text(text.replace(old, new))
    done = run(tmp_path / "r.json", public_path(desk.home))
    assert done.returncode == 1
    assert "DOES NOT VERIFY" in done.stderr


def test_another_gateways_keys_do_not_verify_it(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "r.json").write_bytes(desk.issued().data)
    assert run(tmp_path / "r.json", public_path(Desk(tmp_path / "other").home)).returncode == 1


def test_what_is_no_receipt_cannot_be_checked(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text("hello")
    assert run(tmp_path / "r.json", public_path(desk.home)).returncode == 2
    assert run().returncode == 2
