from __future__ import annotations

from datetime import date

import pytest

from gateway.domain.cases.evidence import EXAMPLES, Evidence, read_evidence
from gateway.errors import UsageError

TODAY = date(2026, 11, 16)


@pytest.mark.parametrize("kind", list(Evidence))
def test_every_kind_has_an_example_that_reads(kind: Evidence) -> None:
    said = read_evidence(f"{kind.value}: {EXAMPLES[kind]}", TODAY)
    assert (said.kind, said.on) == (kind, TODAY)
    assert said.who and said.what


def test_who_and_what_may_hold_commas_and_the_day_stands_between_them() -> None:
    said = read_evidence("On-Roll: Mrs Park, office, Ropewalk School, 16/11/2026, started on Monday, in year 4", TODAY)
    assert (said.kind, said.who, said.on, said.what) == (
        Evidence.ON_ROLL, "Mrs Park, office, Ropewalk School", TODAY, "started on Monday, in year 4")


@pytest.mark.parametrize("text", [
    "St Anne's say she isn't on roll", "the school denies that she attends", "family believed to be abroad",
    "asked the admissions team whether they know her", "on-roll: no, the school has no such child",
    "on-roll", "on-roll:", "on-roll: confirmed by the office", "on roll: the office, 2026-11-16, started", "referral sent",
    "accepted by Marlowick, their reference 17", "EHE registered", "died", "died:", "awaiting answer: accepted?", "",
    "on-roll: 2026-11-16, started", "on-roll: the office, 2026-11-16", "on-roll: the office, 2026-11-16, ",
    "on-roll: the office, 31/02/2026, started", "on-roll: the office, 46342, started", "on-roll: the office, yesterday, started",
])
def test_what_lacks_a_part_closes_nothing_whatever_words_stand_in_it(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_evidence(text, TODAY)
    assert caught.value.code == "NO-EVIDENCE"
    assert "who said it, when, what" in caught.value.hint
    assert all(kind.value in caught.value.hint for kind in Evidence)
    assert not text or text not in caught.value.message


def test_nobody_has_said_it_tomorrow() -> None:
    with pytest.raises(UsageError) as caught:
        read_evidence("on-roll: the office, 2026-11-17, started", TODAY)
    assert caught.value.code == "DATED-AHEAD"
