from __future__ import annotations

import pytest

from gateway.domain.cases.evidence import Evidence, read_evidence
from gateway.errors import UsageError


@pytest.mark.parametrize(("text", "evidence"), [
    ("on-roll: confirmed by the office", Evidence.ON_ROLL), ("On roll at Quillmead since Monday", Evidence.ON_ROLL),
    ("seen attending Quillmead", Evidence.ON_ROLL), ("enrolled at Quillmead", Evidence.ON_ROLL),
    ("accepted by Marlowick, their reference 17", Evidence.ACCEPTED), ("EHE registered", Evidence.EHE),
    ("home-education-registered: letter seen", Evidence.EHE), ("admissions tracking from today", Evidence.ADMISSIONS),
    ("over school age", Evidence.OVER_AGE), ("abroad, the school in Lisbon wrote", Evidence.ABROAD),
    ("died", Evidence.DIED), ("unresolved, all enquiries made", Evidence.UNRESOLVED), ("wrong child", Evidence.CORRECTED),
])
def test_evidence_is_read_by_the_words_of_the_field(text: str, evidence: Evidence) -> None:
    assert read_evidence(text) is evidence


@pytest.mark.parametrize("text", [
    "referral sent", "referred to Marlowick", "not on roll", "no longer attending", "awaiting answer: accepted?", "fine",
    "will be on roll next week", "mother says all is well",
])
def test_hope_intention_and_sending_are_no_evidence(text: str) -> None:
    with pytest.raises(UsageError) as caught:
        read_evidence(text)
    assert caught.value.code == "NO-EVIDENCE"
    assert text not in caught.value.message
