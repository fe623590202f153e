"""The same movement sent again, and corrections: one movement and one case for a child, always undoable."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from gateway.domain.matching.child import Suggestion, SuggestionState
from gateway.domain.parcels.kinds import Finding, Kind, Severity
from gateway.domain.returns.record import PupilRecord
from gateway.pipeline.officer import accept_match, close, reject_match, undo_match
from tests.safeguards.thornhaven import (
    FERNBRIDGE,
    OFFICER,
    QUILLMEAD,
    SALTMARCH_QUAY,
    Pupil,
    Town,
    joiner,
    leaver,
    to_school,
    town,
)

OTHERS = [leaver(Pupil(50 + n, f"Other{n}", f"Child{n}", date(2017, 1, 1 + n), upn=None), date(2026, 11, 9 + n))
          for n in range(3)]
FILE = (date(2026, 11, 1), date(2026, 11, 30))


@pytest.fixture
def thornhaven() -> Town:
    return town()


def decided(place: Town) -> list[Suggestion]:
    with place.store.reading() as tx:
        return tx.suggestions.where(state=SuggestionState.ACCEPTED)


def undo(place: Town) -> None:
    [suggestion] = decided(place)
    with place.act() as tx:
        undo_match(tx, place.ports, suggestion.id, "two children", OFFICER, place.now)


def names(place: Town) -> list[str]:
    return sorted(name for m in place.movements if "Other" not in (name := str(m.record.legal_surname)))


def test_four_weeks_running_is_one_movement_and_one_case(thornhaven: Town) -> None:
    for week in range(4):
        thornhaven.today = date(2026, 11, 16) + timedelta(days=7 * week)
        thornhaven.send(FERNBRIDGE, leaver(Pupil(1)), *OTHERS)
    assert len(thornhaven.movements) == 4
    assert len(thornhaven.cases) == 4


@pytest.mark.parametrize("typed", ["ELLERY", "Éllery", " Ellery ", "El-lery", "el'lery"])
def test_a_name_typed_otherwise_is_the_same_movement(thornhaven: Town, typed: str) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, upn=None)))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, typed, upn=None)))
    assert len(thornhaven.movements) == 1
    assert len(thornhaven.cases) == 1


CORRECTED: dict[str, tuple[PupilRecord, PupilRecord]] = {
    "surname": (leaver(Pupil(1, "Ellory")), leaver(Pupil(1))),
    "forename": (leaver(Pupil(1, forename="Mussa")), leaver(Pupil(1))),
    "date of birth": (leaver(Pupil(1, born=date(2018, 2, 3))), leaver(Pupil(1))),
    "off-roll date": (leaver(Pupil(1), date(2026, 11, 6)), leaver(Pupil(1))),
}


@pytest.mark.parametrize(("wrong", "right"), CORRECTED.values(), ids=list(CORRECTED))
def test_a_correction_by_upn_is_automatic_and_undoable(thornhaven: Town, wrong: PupilRecord, right: PupilRecord) -> None:
    thornhaven.send(FERNBRIDGE, wrong)
    thornhaven.send(FERNBRIDGE, right)
    assert len(thornhaven.movements) == 1
    [case] = thornhaven.cases
    with thornhaven.store.reading() as tx:
        child = tx.children.get(case.child)
    assert (child.legal_surname, child.legal_forename, child.dob) == ("Ellery", "Musa", date(2018, 3, 2))
    assert thornhaven.suggestions == []
    undo(thornhaven)
    assert len(thornhaven.movements) == 2
    assert len(thornhaven.open_cases) == 2
    with thornhaven.store.reading() as tx:
        first = tx.children.get(case.child)
    assert (first.legal_surname, first.legal_forename, first.dob) == (wrong.legal_surname, wrong.legal_forename, wrong.dob)


@pytest.mark.parametrize(("wrong", "right"), [
    (Pupil(1, "Ellory", upn=None), Pupil(1, upn=None)), (Pupil(1, forename="Mussa", upn=None), Pupil(1, upn=None)),
    (Pupil(1, born=date(2018, 2, 3), upn=None), Pupil(1, upn=None)),
    (Pupil(1, "Harrington", upn=None), Pupil(1, upn=None)),
], ids=["surname", "forename", "date of birth", "another surname altogether"])
@pytest.mark.parametrize("period", [FILE, None], ids=["period stated", "earlier rows repeated"])
def test_a_cumulative_return_corrects_by_itself(thornhaven: Town, wrong: Pupil, right: Pupil,
                                                period: tuple[date, date] | None) -> None:
    thornhaven.send(FERNBRIDGE, leaver(wrong), *OTHERS, period=period)
    thornhaven.send(FERNBRIDGE, leaver(right), *OTHERS, period=period)
    assert names(thornhaven) == ["Ellery"]
    assert len(thornhaven.cases) == 4
    undo(thornhaven)
    assert len(names(thornhaven)) == 2
    assert len(thornhaven.open_cases) == 5


def test_a_return_that_does_not_cover_the_date_only_suggests(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, "Ellory", upn=None)))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, upn=None)))
    assert len(thornhaven.cases) == 1                 # no second case while it waits
    [suggestion] = thornhaven.suggestions
    assert len(thornhaven.holds("suggested-match")) == 1
    with thornhaven.act() as tx:
        accept_match(tx, thornhaven.ports, suggestion.id, "the school retyped it", OFFICER, thornhaven.now)
    assert names(thornhaven) == ["Ellery"]
    assert len(thornhaven.cases) == 1
    with thornhaven.act() as tx:
        undo_match(tx, thornhaven.ports, suggestion.id, "sisters", OFFICER, thornhaven.now)
    assert len(thornhaven.open_cases) == 2


def test_a_rejected_correction_is_a_child_of_its_own(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, "Ellory", upn=None)))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, upn=None)))
    [suggestion] = thornhaven.suggestions
    with thornhaven.act() as tx:
        reject_match(tx, thornhaven.ports, suggestion.id, "sisters", OFFICER, thornhaven.now)
    assert len(thornhaven.open_cases) == 2


def test_twins_in_two_returns_of_one_week_stay_two(thornhaven: Town) -> None:
    for n, name in ((1, "Amelia"), (2, "Oliver")):
        thornhaven.send(FERNBRIDGE, leaver(Pupil(n, forename=name, upn=None)), period=FILE)
    assert len(thornhaven.movements) == 2
    assert decided(thornhaven) == []


def test_a_trusts_file_is_cumulative_only_for_the_school_whose_rows_it_repeats(thornhaven: Town) -> None:
    def of(school: str, row: PupilRecord) -> PupilRecord:
        return replace(row, school=school)
    early, late = (leaver(Pupil(90 + n, f"Border{n}", f"Edge{n}", date(2016, 1, 1 + n), upn=None), date(2026, 11, 2 + n))
                   for n in (0, 20))
    thornhaven.send(FERNBRIDGE, *OTHERS, of(QUILLMEAD, leaver(Pupil(1, "Ellory", upn=None))))
    thornhaven.send(FERNBRIDGE, *OTHERS, *(of(QUILLMEAD, row) for row in (early, late, leaver(Pupil(1, upn=None)))))
    assert decided(thornhaven) == []                     # Quillmead repeated nothing: its first row may stand for another child
    assert len(thornhaven.suggestions) == 1


@pytest.mark.parametrize("other", [
    Pupil(2, "Sandhu", "Iris", date(2017, 7, 7), upn=None), Pupil(2, "Sandhu", "Iris", date(2017, 7, 7)),
    Pupil(1, forename="Idris", upn=None), Pupil(2),
], ids=["everything else", "everything else and another number", "a twin", "another number"])
def test_a_row_of_the_senders_workbook_that_holds_another_child_now_is_a_question(thornhaven: Town, other: Pupil) -> None:
    first = Pupil(1, upn=None) if other.upn is None else Pupil(1)
    fault = Finding("UPN-MISSING", Severity.QUERY, "no UPN", "give it", row=2, field="upn")
    thornhaven.send(FERNBRIDGE, leaver(first, row_id="r1"), findings=(fault,))
    thornhaven.send(FERNBRIDGE, leaver(other, row_id="r1"))
    assert len(thornhaven.movements) == 2
    assert decided(thornhaven) == []
    assert len(thornhaven.suggestions) == 1


def test_two_candidates_are_no_correction(thornhaven: Town) -> None:
    first, second = Pupil(1, "Ellory", upn=None), Pupil(2, "Ellary", upn=None)
    thornhaven.send(FERNBRIDGE, leaver(first), leaver(second), *OTHERS, period=FILE)
    thornhaven.send(FERNBRIDGE, leaver(Pupil(3, upn=None)), *OTHERS, period=FILE)
    assert decided(thornhaven) == []
    assert len(names(thornhaven)) == 3


TWINS = (Pupil(1, forename="Musa", upn=None), Pupil(2, forename="Idris", upn=None))


@pytest.mark.parametrize("with_number", [True, False])
def test_twins_stay_two(thornhaven: Town, with_number: bool) -> None:
    twins = (Pupil(1, forename="Musa"), Pupil(2, forename="Idris")) if with_number else TWINS
    thornhaven.send(FERNBRIDGE, *map(leaver, twins))
    assert len(thornhaven.open_cases) == 2
    assert thornhaven.suggestions == []
    thornhaven.send(FERNBRIDGE, *map(leaver, twins), period=FILE)
    assert len(thornhaven.open_cases) == 2


def test_a_twin_reported_a_week_later_is_another_child(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(TWINS[0]))
    thornhaven.send(FERNBRIDGE, leaver(TWINS[1]))
    assert len(thornhaven.open_cases) == 2
    thornhaven.send(FERNBRIDGE, *map(leaver, TWINS), period=FILE)
    assert len(thornhaven.open_cases) == 2


def test_twins_with_names_alike_in_one_file_stay_two(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, forename="Amelia", upn=None)), leaver(Pupil(2, forename="Amelie", upn=None)))
    assert len(thornhaven.open_cases) == 2
    assert thornhaven.suggestions == []


def test_one_twins_joiner_closes_one_twins_case(thornhaven: Town) -> None:
    twins = (Pupil(1, forename="Musa"), Pupil(2, forename="Idris"))
    thornhaven.send(FERNBRIDGE, *map(leaver, twins))
    thornhaven.send(QUILLMEAD, joiner(twins[1], date(2026, 11, 16)))
    [case] = thornhaven.open_cases
    with thornhaven.store.reading() as tx:
        assert tx.children.get(case.child).legal_forename == "Musa"


def test_twins_given_one_number_are_a_question_and_not_one_child(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, forename="Musa")))
    thornhaven.send(QUILLMEAD, joiner(Pupil(1, forename="Idris"), date(2026, 11, 16)))
    assert len(thornhaven.open_cases) == 1
    assert len(thornhaven.suggestions) == 1


def test_the_same_child_twice_in_one_file_is_one_movement(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)), leaver(Pupil(1)))
    assert len(thornhaven.movements) == 1
    assert len(thornhaven.cases) == 1


def test_the_same_name_and_birthday_with_two_numbers_in_one_file_are_two_children(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)), leaver(Pupil(2)))
    assert len(thornhaven.movements) == 2
    assert len(thornhaven.open_cases) == 2


def test_later_news_of_the_same_movement_is_routed_again(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(SALTMARCH_QUAY, destination_confirmed=True)))
    assert thornhaven.cases == []
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    assert len(thornhaven.open_cases) == 1
    assert len(thornhaven.movements) == 1


def test_a_schools_word_alone_does_not_close_an_open_case(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(SALTMARCH_QUAY, destination_confirmed=True)))
    assert len(thornhaven.open_cases) == 1
    assert [hold.what for hold in thornhaven.holds()] == ["suggested-closing"]


def test_a_correction_after_the_joiner_came_keeps_the_match(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, "Ellory"), date(2026, 11, 6)))
    thornhaven.send(QUILLMEAD, joiner(Pupil(1, "Ellory"), date(2026, 11, 9)))
    assert thornhaven.open_cases == []
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), date(2026, 11, 6)))
    assert thornhaven.open_cases == []
    assert all(m.matched_with for m in thornhaven.movements)


def test_a_child_who_left_came_back_and_left_again_is_two_movements(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), date(2026, 10, 2)))
    thornhaven.send(FERNBRIDGE, joiner(Pupil(1), date(2026, 10, 12)))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), date(2026, 11, 13)))
    assert len(thornhaven.movements) == 3
    assert [case.state.value for case in thornhaven.cases] == ["closed", "open"]


def test_an_old_version_sent_again_changes_nothing(thornhaven: Town) -> None:
    for surname in ("Ellory", "Ellery", "Ellory", "Ellery"):
        thornhaven.send(FERNBRIDGE, leaver(Pupil(1, surname)))
    assert names(thornhaven) == ["Ellery"]
    assert len(thornhaven.cases) == 1


def test_a_workbook_sent_back_supersedes_row_by_row(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, "Ellory", "Moosa", date(2018, 3, 3), upn=None), row_id="r1"))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, upn=None), row_id="r1"))
    assert names(thornhaven) == ["Ellery"]
    assert len(thornhaven.cases) == 1


def test_another_schools_leaver_of_the_same_child_is_no_second_case(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), date(2026, 11, 6)))
    thornhaven.send(QUILLMEAD, leaver(Pupil(1), date(2026, 11, 13)))
    [case] = thornhaven.cases
    assert case.last_school == QUILLMEAD


def test_a_file_that_says_less_takes_nothing_back(thornhaven: Town) -> None:
    moved = leaver(Pupil(1), new_postcode="ZY3 1QP", new_address_lines=["4 Tanyard Row"])
    thornhaven.send(FERNBRIDGE, moved)
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, sex=None, year=None)), kind=Kind.CTF)
    [movement] = thornhaven.movements
    assert movement.record.details["new_postcode"] == "ZY3 1QP"
    assert [case.responsible_la for case in thornhaven.cases] == ["991"]
    with thornhaven.store.reading() as tx:
        assert tx.movements.count() == 1               # the lesser file is the same movement, sent again


def test_not_known_is_a_word_and_no_silence(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(SALTMARCH_QUAY, destination_confirmed=True)))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="i"))
    [movement] = thornhaven.movements
    assert movement.record.destination_laestab is None
    assert "destination_confirmed" not in movement.record.details
    assert len(thornhaven.open_cases) == 1


def test_a_correction_is_a_query_in_the_senders_receipt(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1, "Ellory")))
    parcel = thornhaven.send(FERNBRIDGE, leaver(Pupil(1)))
    with thornhaven.store.reading() as tx:
        [receipt] = tx.receipts.where(parcel=parcel)
    assert [(f["code"], f["severity"], f["row"]) for f in receipt.body["findings"]] == [("CORRECTS-EARLIER-ROW", "query", 2)]


def test_a_rejection_that_is_undone_asks_again(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), date(2026, 11, 6)))
    thornhaven.send(QUILLMEAD, joiner(Pupil(1, upn=None), date(2026, 11, 9)))
    [suggestion] = thornhaven.suggestions
    for act in (reject_match, undo_match, accept_match):
        with thornhaven.act() as tx:
            act(tx, thornhaven.ports, suggestion.id, "", OFFICER, thornhaven.now)
    assert thornhaven.open_cases == []
    assert thornhaven.holds() == []


def test_accepting_that_two_open_cases_are_one_child_leaves_one_and_undoing_brings_it_back(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), date(2026, 11, 6)), joiner(Pupil(2), date(2026, 11, 9)))
    thornhaven.send(QUILLMEAD, leaver(Pupil(2, forename="Idris"), date(2026, 11, 13)))
    first, second = thornhaven.open_cases
    with thornhaven.act() as tx:
        made = Suggestion("S-by-hand", second.child, first.child, ("an officer asks",), thornhaven.now)
        tx.suggestions.add(made)
    with thornhaven.act() as tx:
        accept_match(tx, thornhaven.ports, made.id, "one boy, two names", OFFICER, thornhaven.now)
    assert [case.id for case in thornhaven.open_cases] == [first.id]
    with thornhaven.act() as tx:
        undo_match(tx, thornhaven.ports, made.id, "two boys", OFFICER, thornhaven.now)
    assert [case.id for case in thornhaven.open_cases] == [first.id, second.id]


def test_undoing_a_match_does_not_open_what_an_officer_closed(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), date(2026, 10, 2)))
    [case] = thornhaven.cases
    with thornhaven.act() as tx:
        registered = "home-education-registered: our EHE team, 2026-11-16, registered"
        close(tx, thornhaven.ports, case.id, registered, OFFICER, thornhaven.now)
    thornhaven.send(QUILLMEAD, joiner(Pupil(1, upn=None), date(2026, 11, 9)))
    [suggestion] = thornhaven.suggestions
    for act in (accept_match, undo_match):
        with thornhaven.act() as tx:
            act(tx, thornhaven.ports, suggestion.id, "", OFFICER, thornhaven.now)
    assert thornhaven.open_cases == []


def test_a_joiner_that_may_be_a_correction_is_routed_once_decided(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), date(2026, 11, 6)))
    thornhaven.send(QUILLMEAD, joiner(Pupil(1, "Ellory", upn=None), date(2026, 11, 9)))
    thornhaven.send(QUILLMEAD, joiner(Pupil(1, upn=None), date(2026, 11, 9)))
    assert len(thornhaven.open_cases) == 1
    for _ in range(4):
        for suggestion in thornhaven.suggestions[:1]:
            with thornhaven.act() as tx:
                accept_match(tx, thornhaven.ports, suggestion.id, "", OFFICER, thornhaven.now)
    assert thornhaven.open_cases == []
    assert thornhaven.holds() == []
