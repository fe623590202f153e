"""The officer's how-to names everything that an officer can meet."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from gateway.commands.app import load_command
from gateway.commands.table import ENTRIES
from gateway.domain.cases.case import Category
from gateway.domain.cases.choices import WHATS
from gateway.domain.cases.evidence import Evidence, read_evidence
from gateway.domain.clocks.london import day_of
from gateway.domain.referrals.referral import Answer
from tests.contracts.store.examples import LATER

PAGE = (Path(__file__).parents[2] / "docs" / "how-to" / "officer.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("word", [*WHATS, *(kind.value for kind in Evidence), *(c.value for c in Category), *Answer])
def test_every_sort_of_hold_evidence_category_and_answer_is_explained(word: str) -> None:
    assert word in PAGE


@pytest.mark.parametrize("line", re.findall(r"(?m)^gateway [^\n]*", PAGE))
def test_every_command_on_the_page_is_one(line: str) -> None:
    words = line.split()
    command = load_command(ENTRIES[words[1]])
    subcommands = getattr(command, "commands", {})
    target = subcommands.get(words[2] if len(words) > 2 else "", subcommands.get(ENTRIES[words[1]].default or "", command))
    known = {name for one in (command, target) for parameter in one.params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} - {"--json"} <= known


@pytest.mark.parametrize("text", re.findall(r"(?m)^\| `[a-z-]+` \| `([a-z-]+: [^`]+)`", PAGE))
def test_every_example_of_evidence_reads(text: str) -> None:
    assert read_evidence(text, day_of(LATER)).kind.value == text.partition(":")[0]
