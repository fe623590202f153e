from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.domain.matching.keys import evidence_keys
from gateway.domain.matching.verdicts import Identity, Verdict, compare

MUSA = Identity("Ellery", "Musa", date(2018, 3, 2), "A990200124011", "ZY1 8GD")
LESS = replace(MUSA, upn=None)
OTHER_UPN = "B990200124012"


@pytest.mark.parametrize("other", [MUSA, replace(MUSA, surname="ELLERY"), replace(MUSA, forename=None), replace(MUSA,
                                                                                                                postcode=None),
                                   replace(MUSA, forename="Musa James"), replace(MUSA, surname="Éllery")])
def test_upn_birthday_and_surname_are_certain(other: Identity) -> None:
    assert compare(MUSA, other).verdict is Verdict.CERTAIN


@pytest.mark.parametrize("other", [
    replace(MUSA, dob=date(2018, 2, 3)), replace(MUSA, surname="Okonkwo"), replace(MUSA, dob=None), replace(MUSA,
                                                                                                            forename="Idris"),
    replace(MUSA, surname="", forename=None), LESS, replace(MUSA, upn=OTHER_UPN), replace(LESS, surname="Ellory"),
    replace(LESS, surname="Ellery-Sandhu"), replace(LESS, surname="Okonkwo"), replace(LESS, dob=date(2018, 2, 3)),
    replace(LESS, dob=date(2018, 3, 3)), replace(LESS, forename="Moosa", surname="Ellery"),
], ids=lambda i: f"{i.upn}-{i.surname}-{i.forename}-{i.dob}")
def test_anything_less_is_a_suggestion_with_its_evidence(other: Identity) -> None:
    found = compare(MUSA, other)
    if other.forename == "Moosa":          # two letters of four: another name, as far as a machine can tell
        assert found.verdict is Verdict.NONE
        return
    assert found.verdict is Verdict.SUGGESTED
    assert found.evidence


@pytest.mark.parametrize("other", [
    replace(LESS, forename="Idris"),                                                  # a twin
    replace(MUSA, forename="Idris", upn=OTHER_UPN),
    replace(MUSA, surname="Ellory", upn=OTHER_UPN),                                   # two numbers speak against
    replace(LESS, surname="Okonkwo", postcode=None),                                  # a stranger's birthday
    replace(LESS, dob=date(2015, 9, 9)),                                              # a sibling of the same name, or none
    Identity("Sandhu", "Iris", date(2018, 3, 2), None, "ZY1 8GD"),
])
def test_what_is_no_evidence_is_no_suggestion(other: Identity) -> None:
    assert compare(MUSA, other).verdict is Verdict.NONE


def test_no_evidence_sentence_holds_a_value() -> None:
    for other in (LESS, replace(MUSA, dob=date(2018, 2, 3)), replace(LESS, surname="Ellory")):
        text = " ".join(compare(MUSA, other).evidence)
        assert not any(value in text for value in ("Ellery", "Musa", "2018", "ZY1", "A990"))


NAMES = st.sampled_from(["Ellery", "Ellory", "Sandhu", "Al-Sandhu", "", "Zoë", "Zoe"])
PEOPLE = st.builds(Identity, NAMES, NAMES, st.sampled_from([None, date(2018, 3, 2), date(2018, 2, 3)]),
                   st.sampled_from([None, "A990200124011", OTHER_UPN]), st.sampled_from([None, "ZY1 8GD"]))


@given(PEOPLE, PEOPLE)
def test_a_verdict_is_the_same_both_ways_and_never_certain_without_all_three(one: Identity, other: Identity) -> None:
    found = compare(one, other)
    assert found.verdict is compare(other, one).verdict
    if found.verdict is Verdict.CERTAIN:
        assert one.upn
        assert one.upn == other.upn
        assert one.dob == other.dob


@given(PEOPLE, PEOPLE)
def test_certain_and_suggested_records_share_a_key_by_which_they_are_found(one: Identity, other: Identity) -> None:
    keys = [set(evidence_keys(i.upn, i.surname, i.forename, i.dob, i.postcode)) for i in (one, other)]
    if compare(one, other).verdict is not Verdict.NONE:
        assert keys[0] & keys[1]


@pytest.mark.parametrize(("one", "other"), [
    (LESS, replace(LESS, dob=date(2018, 2, 3), postcode=None)), (LESS, replace(LESS, surname="Ellory", postcode=None)),
    (LESS, replace(LESS, surname="Ellory", forename=None)), (MUSA, replace(MUSA, upn=OTHER_UPN, postcode=None)),
], ids=["a slip in the date of birth", "a slip in the surname", "no forename", "another number"])
def test_what_is_suggested_is_found_without_a_common_number(one: Identity, other: Identity) -> None:
    assert compare(one, other).verdict is Verdict.SUGGESTED
    keys = [set(evidence_keys(i.upn, i.surname, i.forename, i.dob, i.postcode)) for i in (one, other)]
    assert keys[0] & keys[1]
