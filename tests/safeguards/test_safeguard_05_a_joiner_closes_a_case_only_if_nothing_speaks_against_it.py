"""Safeguard 5: certain, start reached, not before the last attendance, main or single, no later leaver; else a suggestion."""

from __future__ import annotations

from datetime import date

import pytest

from gateway.domain.cases.case import CaseState, Category
from gateway.domain.returns.record import DestinationType
from gateway.pipeline.officer import accept_match, open_case, reject_match, undo_match
from tests.safeguards.thornhaven import (
    ALL_HALLOWS,
    CAUSEWAY,
    FERNBRIDGE,
    MARLOWICK_GREEN,
    OFFICER,
    QUILLMEAD,
    SALTMARCH_QUAY,
    Pupil,
    Town,
    joiner,
    leaver,
    to_school,
)

CHILD = Pupil(1)
LOST = leaver(CHILD, date(2026, 11, 6))
STARTED = date(2026, 11, 12)


def states(place: Town) -> list[str]:
    return [case.state.value for case in place.cases]


def test_a_certain_joiner_closes_the_case_on_its_own_evidence(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, LOST)
    thornhaven.send(QUILLMEAD, joiner(CHILD, STARTED))
    [case] = thornhaven.cases
    assert case.state is CaseState.CLOSED
    assert case.closing is not None
    assert (case.closing["evidence"], case.closing["school"], case.closing["since"]) == ("on-roll", QUILLMEAD, "2026-11-12")
    assert {m.matched_with for m in thornhaven.movements} == {m.id for m in thornhaven.movements}


def test_the_order_in_which_the_halves_arrive_does_not_matter(thornhaven: Town) -> None:
    thornhaven.send(QUILLMEAD, joiner(CHILD, STARTED))
    thornhaven.send(FERNBRIDGE, LOST)
    assert thornhaven.cases == []
    assert all(m.matched_with for m in thornhaven.movements)


def test_both_halves_in_one_file_open_nothing(thornhaven: Town) -> None:
    from dataclasses import replace
    thornhaven.send(FERNBRIDGE, LOST, replace(joiner(CHILD, STARTED), school=QUILLMEAD))
    assert thornhaven.cases == []


@pytest.mark.parametrize("status", [
    "guest", "subsidiary", "alternative provision", "Guest", "dual", "Dual registered", "fe college", "other provider",
    "part-time", "College", "F", "G", "S", "Visitor", "awaiting a place",
])
def test_a_registration_that_is_not_main_or_single_only_suggests(thornhaven: Town, status: str) -> None:
    thornhaven.send(FERNBRIDGE, LOST)
    thornhaven.send(QUILLMEAD, joiner(CHILD, STARTED, enrolment_status=status))
    assert states(thornhaven) == ["open"]
    [suggestion] = thornhaven.suggestions
    assert suggestion.evidence[-1] == "the registration is not known to be main or single"
    assert len(thornhaven.holds("suggested-match")) == 1


def test_a_pupil_referral_unit_only_suggests(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, LOST)
    thornhaven.send(CAUSEWAY, joiner(CHILD, STARTED))
    assert states(thornhaven) == ["open"]
    assert len(thornhaven.suggestions) == 1


@pytest.mark.parametrize("status", [None, "", "-", "main", "single", "Current - Single Registration", "M", "C", "Dual (Main)"])
def test_main_single_or_unsaid_closes(thornhaven: Town, status: str | None) -> None:
    thornhaven.send(FERNBRIDGE, LOST)
    thornhaven.send(QUILLMEAD, joiner(CHILD, STARTED, enrolment_status=status))
    assert states(thornhaven) == ["closed"]


def test_a_start_before_the_last_attendance_only_suggests(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, LOST)
    thornhaven.send(QUILLMEAD, joiner(CHILD, date(2026, 11, 5)))
    assert states(thornhaven) == ["open"]
    assert len(thornhaven.suggestions) == 1


def test_a_start_on_the_day_of_the_last_attendance_closes(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, LOST)
    thornhaven.send(QUILLMEAD, joiner(CHILD, date(2026, 11, 6)))
    assert states(thornhaven) == ["closed"]


def test_a_joiner_dated_ahead_is_looked_at_again_on_its_day(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, LOST)
    thornhaven.send(QUILLMEAD, joiner(CHILD, date(2026, 11, 24)))
    thornhaven.pass_to(date(2026, 11, 23))
    assert states(thornhaven) == ["open"]
    thornhaven.pass_to(date(2026, 11, 24))
    assert states(thornhaven) == ["closed"]


def test_a_later_leaver_keeps_the_case_open(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, LOST)
    thornhaven.send(QUILLMEAD, leaver(CHILD, date(2026, 11, 13)))
    assert len(thornhaven.cases) == 1
    thornhaven.send(QUILLMEAD, joiner(CHILD, date(2026, 11, 9)))
    assert states(thornhaven) == ["open"]
    assert len(thornhaven.suggestions) == 1


def test_a_child_who_leaves_again_after_a_closing_is_a_new_case(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, LOST)
    thornhaven.send(QUILLMEAD, joiner(CHILD, date(2026, 11, 9)))
    thornhaven.send(QUILLMEAD, leaver(CHILD, date(2026, 11, 13)))
    assert states(thornhaven) == ["closed", "open"]


def test_the_old_schools_own_earlier_enrolment_does_not_close(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, LOST)
    thornhaven.send(FERNBRIDGE, joiner(CHILD, date(2024, 9, 4)))
    assert states(thornhaven) == ["open"]
    assert thornhaven.suggestions == []


@pytest.mark.parametrize("other", [
    Pupil(99), Pupil(1, born=date(2018, 3, 3)), Pupil(1, surname="Okonkwo"), Pupil(1, upn=None), Pupil(1, upn="A990200120001"),
], ids=["another UPN", "another date of birth", "another surname", "no UPN", "a wrong UPN"])
def test_anything_less_than_certain_suggests(thornhaven: Town, other: Pupil) -> None:
    thornhaven.send(FERNBRIDGE, LOST)
    thornhaven.send(QUILLMEAD, joiner(other, STARTED))
    assert states(thornhaven) == ["open"]
    [suggestion] = thornhaven.suggestions
    assert suggestion.evidence
    with thornhaven.act() as tx:
        accept_match(tx, thornhaven.ports, suggestion.id, "the school confirms", OFFICER, thornhaven.now)
    assert states(thornhaven) == ["closed"]
    assert thornhaven.holds() == []
    with thornhaven.act() as tx:
        undo_match(tx, thornhaven.ports, suggestion.id, "a cousin", OFFICER, thornhaven.now)
    assert states(thornhaven) == ["open"]
    assert all(m.matched_with is None for m in thornhaven.movements)


def by_hand(place: Town) -> None:
    """An officer opens a case that rests on no leaver."""
    with place.act() as tx:
        open_case(tx, place.ports, leaver(CHILD, None), Category.NEVER_ACCESSED, "a health visitor met the child", OFFICER,
                  place.now)


def test_a_joiner_answers_its_leaver_and_not_a_case_that_rests_on_no_leaver(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(CHILD, date(2026, 11, 6), "a", **to_school(ALL_HALLOWS)))
    by_hand(thornhaven)
    thornhaven.send(ALL_HALLOWS, joiner(CHILD, date(2026, 11, 9)))
    assert states(thornhaven) == ["open"]
    assert {m.state.value for m in thornhaven.movements} == {"matched"}
    [suggestion] = thornhaven.suggestions
    assert suggestion.evidence[-1] == "the case rests on no leaver"
    with thornhaven.act() as tx:
        accept_match(tx, thornhaven.ports, suggestion.id, "seen there", OFFICER, thornhaven.now)
    assert states(thornhaven) == ["closed"]


def test_the_leaver_of_an_old_joiner_closes_no_case_that_rests_on_no_leaver(thornhaven: Town) -> None:
    thornhaven.send(ALL_HALLOWS, joiner(CHILD, date(2026, 9, 7)))
    by_hand(thornhaven)
    thornhaven.send(FERNBRIDGE, leaver(CHILD, date(2026, 9, 4), "a", **to_school(ALL_HALLOWS)))
    assert states(thornhaven) == ["open"]
    assert len(thornhaven.suggestions) == 1


def test_a_joiner_of_september_does_not_close_the_provisional_case_of_a_later_undated_leaver(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(CHILD, date(2026, 9, 4), "a", **to_school(ALL_HALLOWS)))
    thornhaven.send(ALL_HALLOWS, leaver(CHILD, None, held=True))
    thornhaven.pass_to(date(2026, 11, 20))
    assert states(thornhaven) == ["provisional"]
    thornhaven.send(ALL_HALLOWS, joiner(CHILD, date(2026, 9, 7)))
    assert states(thornhaven) == ["provisional"]
    [suggestion] = thornhaven.suggestions
    assert "the child left again later" in suggestion.evidence


def test_an_undated_leaver_is_answered_by_itself_only_from_the_day_it_was_reported(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(CHILD, None, held=True))
    thornhaven.pass_to(date(2026, 11, 20))
    thornhaven.send(QUILLMEAD, joiner(CHILD, date(2026, 11, 9)))
    assert states(thornhaven) == ["provisional"]
    [suggestion] = thornhaven.suggestions
    assert suggestion.evidence[-1] == "the leaver's row gives no date"
    thornhaven.send(ALL_HALLOWS, joiner(CHILD, date(2026, 11, 16)))
    assert states(thornhaven) == ["closed"]


def test_a_joiner_that_answers_a_later_leaver_closes_the_case_of_the_earlier_one(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, LOST)
    thornhaven.send(QUILLMEAD, leaver(CHILD, date(2026, 11, 13), "a", **to_school(ALL_HALLOWS)))
    thornhaven.send(ALL_HALLOWS, joiner(CHILD, date(2026, 11, 16)))
    assert states(thornhaven) == ["closed"]


def test_a_rejected_suggestion_leaves_the_case_open_and_is_not_asked_again(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, LOST)
    for _ in range(2):
        thornhaven.send(QUILLMEAD, joiner(Pupil(99), STARTED))
        for suggestion in thornhaven.suggestions:
            with thornhaven.act() as tx:
                reject_match(tx, thornhaven.ports, suggestion.id, "another child", OFFICER, thornhaven.now)
    assert states(thornhaven) == ["open"]
    assert thornhaven.suggestions == []
    assert thornhaven.holds() == []


def test_a_suggested_closing_can_be_accepted_and_undone(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, LOST)
    thornhaven.send(QUILLMEAD, joiner(CHILD, STARTED, enrolment_status="guest"))
    [suggestion] = thornhaven.suggestions
    with thornhaven.act() as tx:
        accept_match(tx, thornhaven.ports, suggestion.id, "main since Monday", OFFICER, thornhaven.now)
    assert states(thornhaven) == ["closed"]
    with thornhaven.act() as tx:
        undo_match(tx, thornhaven.ports, suggestion.id, "guest after all", OFFICER, thornhaven.now)
    assert states(thornhaven) == ["open"]


def test_closing_withdraws_drafts_and_lets_holds_lapse(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(CHILD, date(2026, 11, 6), "a", **to_school(SALTMARCH_QUAY)))
    assert len(thornhaven.holds("release")) == 1
    thornhaven.send(QUILLMEAD, joiner(CHILD, STARTED))
    assert states(thornhaven) == ["closed"]
    assert [r.state.value for r in thornhaven.referrals] == ["withdrawn"]
    assert thornhaven.holds() == []


def test_closing_withdraws_the_instruction_to_the_school(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, LOST)
    thornhaven.send(QUILLMEAD, joiner(CHILD, STARTED))
    with thornhaven.store.reading() as tx:
        assert [i.state.value for i in tx.instructions.where()] == ["withdrawn"]


def test_a_restricted_child_is_linked_to_nothing(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(CHILD, date(2026, 11, 6), restricted=True))
    thornhaven.send(QUILLMEAD, joiner(CHILD, STARTED))
    assert states(thornhaven) == ["open"]
    assert thornhaven.suggestions == []


def test_a_joiner_from_another_authoritys_school_closes_too(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(CHILD, date(2026, 11, 6), destination=DestinationType.UNKNOWN))
    thornhaven.send(MARLOWICK_GREEN, joiner(CHILD, STARTED))
    assert states(thornhaven) == ["closed"]


def test_a_joiner_in_time_ends_the_waiting(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(CHILD, date(2026, 11, 6), "a", **to_school(ALL_HALLOWS)))
    thornhaven.send(ALL_HALLOWS, joiner(CHILD, STARTED))
    thornhaven.pass_to(date(2027, 1, 10))
    assert thornhaven.cases == []
    assert thornhaven.holds() == []
