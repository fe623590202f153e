"""Every single byte of a receipt changed, in its page and in its data file, to every other value: both verifiers refuse.

    page 0 64 all          of the page's bytes every 64th from the first, to each of the 255 other values
    data 0 8 one           of the data file's, to one other value each: a bit that goes round with the place
"""

from __future__ import annotations

import importlib.util
import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

from gateway.domain.parcels.receipt import without_values
from gateway.errors import RefusedError
from gateway.pipeline.verify.receipt import verify_receipt
from keys.public import public_path
from tests.pipeline.verify.test_receipts import CONTENT, FINDING, Desk

SCRIPT = Path(__file__).parents[2] / "docs" / "verify_receipt.py"
PARTS = 64


@dataclass
class Tried:
    """How many changes were made, and which were not refused."""

    tries: int = 0
    wrong: list[str] = field(default_factory=list)


def trials(chance: random.Random, full: bool) -> Sequence[str]:
    """All of them; or every byte once, in a few changes of many."""
    if full:
        return [f"{what} {part} {PARTS} all" for what in ("page", "data") for part in range(PARTS)]
    return [f"page {chance.randrange(3)} 3 one", f"data {chance.randrange(2)} 2 one"]


def attempt(trial: str, folder: Path) -> Tried:
    """Make a receipt with a finding, change it, and ask both verifiers about each change."""
    what, first, step, how = trial.split()
    desk, script, tried = Desk(folder), second_opinion(), Tried()
    desk.append("C1", "C2", "C3", "C4")
    made = desk.issued(CONTENT, findings=without_values([FINDING]))
    content = made.page if what == "page" else made.data
    public = json.loads(public_path(desk.home).read_bytes())
    assert not refused(desk, content) and not refused_by(script, content, public)
    for place in range(int(first), len(content), int(step)):
        for value in others(content[place], place, every=how == "all"):
            changed = content[:place] + bytes([value]) + content[place + 1:]
            tried.tries += 1
            for who, no in (("gateway", refused(desk, changed)), ("verify_receipt.py", refused_by(script, changed, public))):
                if not no:
                    tried.wrong.append(f"{who} takes the {what} with byte {place} changed from {content[place]} to {value}")
    return tried


def others(byte: int, place: int, *, every: bool) -> Iterator[int]:
    """Other values of a byte."""
    if every:
        yield from (value for value in range(256) if value != byte)
    else:
        yield byte ^ (1 << place % 8)


def refused(desk: Desk, content: bytes) -> bool:
    """What the gateway says."""
    try:
        return not verify_receipt(content, desk.checker, file=CONTENT).ok
    except RefusedError:
        return True


def refused_by(script: ModuleType, content: bytes, public: dict[str, Any]) -> bool:
    """What the single-file verifier says."""
    try:
        script.check(content, json.loads(script.parts(content)[1].decode()), public, CONTENT)
    except script.REFUSALS:
        return True
    return False


def second_opinion() -> ModuleType:
    """The single-file verifier, loaded from where it lies."""
    spec = importlib.util.spec_from_file_location("verify_receipt", SCRIPT)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
