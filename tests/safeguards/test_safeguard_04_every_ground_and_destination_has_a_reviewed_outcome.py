"""Safeguard 4: the routing table, one tested row for each ground and destination; and its famous rows from end to end."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from gateway.domain.returns.record import DestinationType
from gateway.pipeline.officer import acknowledge_handover
from gateway.pipeline.route.table import DESTINATIONS, GROUNDS, OUTCOMES, rows
from tests.pipeline.check.grids import checked
from tests.safeguards.thornhaven import (
    ALL_HALLOWS,
    FERNBRIDGE,
    LARKRISE,
    OFFICER,
    QUILLMEAD,
    SALTMARCH_QUAY,
    Pupil,
    Town,
    leaver,
    register,
    to_school,
)

D = DestinationType
DESTINATION_VALUES: dict[str, dict[str, Any]] = {
    "own+": to_school(QUILLMEAD, destination_confirmed=True), "own": to_school(QUILLMEAD),
    "other+": to_school(SALTMARCH_QUAY, destination_confirmed=True), "other": to_school(SALTMARCH_QUAY),
    "la": {"destination": D.OTHER_LA, "destination_la": "991"},
    "indep+": to_school(LARKRISE, destination_confirmed=True), "indep": to_school(LARKRISE),
    "abroad+": {"destination": D.ABROAD, "destination_school": "Szkoła 4", "destination_country": "Poland",
                "destination_confirmed": True},
    "abroad": {"destination": D.ABROAD, "destination_country": "Poland"},
    "ehe": {"destination": D.EHE, "ehe_letter_date": "2026-11-12"}, "custody": {"destination": D.CUSTODY},
    "died": {"destination": D.DECEASED}, "post16": {"destination": D.POST_16}, "ap": {"destination": D.AP},
    "named": {"destination": D.SCHOOL, "destination_school": "Nethercote Free School"},
    "unknown": {"destination": D.UNKNOWN, "ehe_letter_date": "2026-11-12"},
}
GROUND_VALUES = {"none": None, "doubtful": "2006:8(1)(b)"}
# What each outcome must show: a case, an exchange drafted, teams, kinds of holds, a restricted child.
SHOWN = {
    "note": (False, False, [], []), "await": (False, False, [], ["confirm-destination"]), "await+": (False, False, [], []),
    "confirm": (False, False, [], ["confirm-destination"]), "enquire": (True, True, [], ["release"]),
    "refer": (True, True, [], ["release"]), "case": (True, False, [], []), "ehe": (False, False, ["ehe"], []),
    "ehe-case": (True, False, ["ehe"], []), "excluded": (False, False, ["exclusions"], []),
    "custody": (False, False, ["youth-justice"], []), "custody-case": (True, False, ["youth-justice"], []),
    "died": (False, False, ["registrar-k"], []), "died-doubt": (True, False, [], ["confirm-destination"]),
}


@pytest.mark.parametrize(("ground", "destination", "outcome"), [(r.ground, r.destination, r.outcome) for r in rows()])
def test_each_row_of_the_table_is_what_happens(thornhaven: Town, ground: str, destination: str, outcome: str) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground=GROUND_VALUES.get(ground, ground), **DESTINATION_VALUES[destination]))
    case, exchange, teams, holds = SHOWN[outcome]
    if (outcome, destination) == ("enquire", "indep"):      # an independent school in our own area, without a feed
        case, exchange, teams, holds = SHOWN["await"]
    if outcome == "case" and destination == "la":
        exchange, holds = True, ["release"]
    assert bool(thornhaven.open_cases) is case
    assert bool(thornhaven.referrals) is exchange
    assert thornhaven.teams == teams
    assert [hold.what for hold in thornhaven.holds()] == holds
    with thornhaven.store.reading() as tx:
        assert tx.children.where()[0].restricted is outcome.startswith("died")


def test_the_table_is_whole() -> None:
    assert len(list(rows())) == len(GROUNDS) * len(DESTINATIONS) == 17 * 16
    assert {row.outcome for row in rows()} == set(OUTCOMES)


def test_home_education_with_the_parents_letter_is_handed_over_until_acknowledged(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="f", destination=D.EHE, ehe_letter_date="2026-11-12"))
    [handover] = thornhaven.handovers
    assert handover.team == "ehe"
    assert len(thornhaven.jobs("handover")) == 1
    with thornhaven.act() as tx:
        acknowledge_handover(tx, thornhaven.ports, handover.id, OFFICER, thornhaven.now)
    assert thornhaven.handovers == []
    thornhaven.pass_to(date(2027, 1, 31))
    assert thornhaven.cases == []


@pytest.mark.parametrize("letter", ["No", "Not received", "2027-03-01", "2026-11-17", "12/11/2026", "none"])
def test_a_letter_without_a_day_that_has_been_is_no_letter(thornhaven: Town, letter: str) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="f", destination=D.EHE, ehe_letter_date=letter))
    assert len(thornhaven.holds("confirm-destination")) == 1
    thornhaven.pass_to(date(2027, 1, 31))
    assert len(thornhaven.open_cases) == 1


WRITTEN = ("UPN", "Surname", "Forename", "DOB", "Leaving date", "Last attended", "Ground", "Destination", "EHE letter date",
           "Place confirmed", "SLT confirmation")


QUAY = "Saltmarch Quay Primary School"


@pytest.mark.parametrize("cells", [
    ("9(1)(f) - permanently excluded", "Home educated", "12/11/2026", "", ""), ("F / G", "Home educated", "12/11/2026", "", ""),
    ("9(1)(f)", "Home educated", "No", "", ""), ("9(1)(f)", "Home educated", "01/03/2027", "", ""),
    ("9(1)(g)", "Other", "", "", ""), ("", "see notes", "", "", ""), ("9(1)(g)", f"Applied for {QUAY}", "", "", ""),
    ("9(1)(a)", QUAY, "", "Unconfirmed", ""), ("9(1)(a)", QUAY, "", "", "Yes"), ("9(1)(a)", QUAY, "", "On the waiting list", ""),
])
def test_what_is_written_where_a_plain_word_is_asked_for_takes_no_child_out(thornhaven: Town, cells: tuple[str, ...]) -> None:
    row = ("", "Ellery", "Musa", "02/03/2018", "13/11/2026", "13/11/2026", *cells)
    answer = checked([WRITTEN, row], register=register())
    assert answer.rows.held == 0
    thornhaven.take(FERNBRIDGE, answer)
    thornhaven.pass_to(date(2027, 1, 31))
    assert len(thornhaven.open_cases) == 1


def test_home_education_without_the_letter_is_a_case_when_nobody_finds_the_letter(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="f", destination=D.EHE))
    assert thornhaven.cases == []
    assert [hold.what for hold in thornhaven.holds()] == ["confirm-destination"]
    thornhaven.pass_to(date(2027, 1, 11))
    assert len(thornhaven.open_cases) == 1


def test_an_exclusion_is_handed_over_the_same_day_and_its_clock_is_the_sixth_school_day(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), date(2026, 11, 16), "o", D.UNKNOWN))
    [handover] = thornhaven.handovers
    assert handover.team == "exclusions"
    assert handover.since == thornhaven.now
    assert handover.details["due"] == "2026-11-24"
    thornhaven.pass_to(date(2026, 11, 24))
    assert thornhaven.holds("overdue") == []
    thornhaven.pass_to(date(2026, 11, 25))
    assert len(thornhaven.holds("overdue")) == 1
    thornhaven.pass_to(date(2026, 12, 2))
    assert len(thornhaven.open_cases) == 1


def test_a_child_who_died_gets_no_letter_chaser_or_clock(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="i"))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="k", destination=D.DECEASED))
    [case] = thornhaven.cases
    assert case.restricted
    assert thornhaven.referrals == []
    thornhaven.pass_to(date(2027, 1, 31))
    assert thornhaven.holds("overdue", "confirm-destination", "release") == []
    with thornhaven.store.reading() as tx:
        assert {i.state.value for i in tx.instructions.where()} == {"withdrawn"}


def test_a_held_row_of_a_child_who_died_never_becomes_a_case(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), None, "k", D.DECEASED, held=True))
    thornhaven.pass_to(date(2027, 1, 31))
    assert thornhaven.cases == []


def test_abroad_without_a_named_confirmed_school_is_a_case(thornhaven: Town) -> None:
    named: dict[str, Any] = {"destination": D.ABROAD, "destination_school": "Szkoła 4", "destination_country": "Poland"}
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="g", **named))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(2, "Sandhu"), ground="g", destination=D.ABROAD, destination_confirmed=True))
    thornhaven.send(FERNBRIDGE, leaver(Pupil(3, "Begum"), ground="g", **named, destination_confirmed=True))
    assert len(thornhaven.open_cases) == 2


@pytest.mark.parametrize("ground", ["2006:8(1)(d)", "2006:8(1)(i)", None])
@pytest.mark.parametrize("destination", [D.EHE, D.CUSTODY])
def test_a_doubtful_or_old_ground_never_takes_a_child_out(thornhaven: Town, ground: str | None, destination: D) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground=ground, destination=destination, ehe_letter_date="2026-11-12"))
    assert len(thornhaven.open_cases) == 1
    assert len(thornhaven.teams) == 1


def test_a_new_ground_on_which_a_query_stands_is_doubtful(thornhaven: Town) -> None:
    from gateway.domain.parcels.kinds import Finding, Severity
    odd = Finding("GROUND-CONFLICT", Severity.QUERY, "letter and words differ", "say which", row=2, field="deletion_ground")
    row = leaver(Pupil(1), ground="f", destination=D.EHE, ehe_letter_date="2026-11-12")
    thornhaven.send(FERNBRIDGE, row, findings=(odd,))
    assert len(thornhaven.open_cases) == 1


def test_a_school_with_a_feed_is_awaited_even_when_confirmed(thornhaven: Town) -> None:
    thornhaven.send(FERNBRIDGE, leaver(Pupil(1), ground="a", **to_school(ALL_HALLOWS, destination_confirmed=True)))
    assert [m.state.value for m in thornhaven.movements] == ["awaited"]
