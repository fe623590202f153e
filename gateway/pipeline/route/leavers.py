"""What becomes of a leaver: the steps before the routing table, the table, and the orders of its outcomes.

(1) A held row waits; a provisional case follows when it is not corrected in ``held_row_days`` school days.
(2) A child that died: restricted, at any age, in any row.
(3) A joiner that is there already answers it.
(4) A whole cohort at phase transfer is looked at once, in autumn.
(5) Compulsory school age, by date of birth.
(6) The table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from gateway.domain.cases.case import Category
from gateway.domain.cases.risk import four_items, risk_factors
from gateway.domain.clocks import deadlines
from gateway.domain.identifiers.laestab import is_laestab
from gateway.domain.parcels.orders import (
    AwaitJoiner,
    ConfirmDestination,
    DraftEnquiry,
    DraftReferral,
    ExpectAtTransfer,
    HandOver,
    HoldRow,
    InstructSchool,
    MatchHalves,
    NoteMovement,
    OpenCase,
    Order,
    Restrict,
    SuggestClosing,
)
from gateway.domain.returns.dates import day_reached
from gateway.domain.returns.movement import Movement
from gateway.pipeline.route import responsibility as where
from gateway.pipeline.route.halves import answered_by, left_on, lesser_registration
from gateway.pipeline.route.situation import (
    Row,
    World,
    age_at,
    at_phase_transfer,
    destination_of,
    expected_on,
    ground_of,
    has_feed,
    is_confirmed,
)
from gateway.pipeline.route.table import DESTINATIONS, outcome

EHE, EXCLUSIONS, YOUTH_JUSTICE, PARTICIPATION, REGISTRAR = "ehe", "exclusions", "youth-justice", "participation", "registrar-k"
TEAMS = (EHE, EXCLUSIONS, YOUTH_JUSTICE, PARTICIPATION, REGISTRAR)
TRANSFER_PLACES = ("own+", "own", "other", "indep", "named")
PLACES = ("own+", "own", "other+", "other", "indep+", "indep", "abroad+")
NO_SHOW_SCHOOL_DAYS = 20        # schools settle their September rolls in about four weeks


@dataclass(frozen=True, slots=True)
class Leaver:
    """A leaver's row with everything its orders are made of."""

    row: Row
    world: World
    days: deadlines.SchoolDays
    ground: str
    destination: str

    @property
    def why(self) -> str:
        """The reason that every order gives: the table's row in words, without the child's data."""
        ground = {"none": "no ground given", "doubtful": "a doubtful ground"}.get(self.ground, f"ground 9(1)({self.ground})")
        return f"{ground}; destination: {DESTINATIONS[self.destination]}"


def route_leaver(row: Row, leaver: Movement, movements: Sequence[Movement], days: deadlines.SchoolDays,
                 world: World) -> tuple[Order, ...]:
    """The orders for one leaver; ``movements`` are all of the child's."""
    it = Leaver(row, world, days, ground_of(row), destination_of(row.record, world))
    if row.record.held:                                                                     # (1)
        return _held(it)
    if it.ground == "k" or it.destination == "died":                                        # (2)
        return _died(it)
    joiners = answered_by(leaver, movements, world.today)                                   # (3)
    plain = [j for j in joiners if not lesser_registration(j, world)]
    if plain:
        met = MatchHalves("the joiner was there already", plain[0].id)
        return (HandOver(it.why, EXCLUSIONS), met) if it.ground == "o" else (met,)
    doubts: tuple[Order, ...] = tuple(SuggestClosing("a joiner that may answer the leaver", j.id, lesser_registration(j, world))
                                      for j in joiners[-1:])
    return (*_by_cohort_age_or_table(it), *doubts)


def _by_cohort_age_or_table(it: Leaver) -> tuple[Order, ...]:
    if _is_theirs(it):
        return (NoteMovement("left a school of another authority and lives elsewhere: nothing of it is ours"),)
    autumn = at_phase_transfer(it.row, it.world)
    if autumn and it.destination in TRANSFER_PLACES and it.ground not in ("h", "i", "j", "o"):      # (4)
        due = it.days.after(max(autumn, it.world.today), NO_SHOW_SCHOOL_DAYS)
        return (ExpectAtTransfer("a whole cohort changes school: the autumn no-show list follows it", due),)
    age = age_at(it.row.record, it.world.today)                                             # (5)
    if age == "under":
        return _under(it)
    if age == "over":
        return _over(it)
    return OUTCOME_ORDERS[outcome(it.ground, it.destination)](it)                           # (6)


def _is_theirs(it: Leaver) -> bool:
    """A download from S2S may hold a child of another authority's school who lives elsewhere and comes to no school of ours."""
    school, us = it.world.register.establishments.get(it.row.school), it.world.policy.la
    named = school.la if school else it.row.school[:3] if is_laestab(it.row.school) else us
    return named != us and it.destination not in ("own", "own+") and where.responsible(it.row.record, it.world.register, us) != us


def _held(it: Leaver) -> tuple[Order, ...]:
    if it.ground == "k" or it.destination == "died":
        return (Restrict("a held row says that the child died"), HoldRow("the row has an error", None))
    due = it.days.after(it.world.today, it.world.policy.held_row_days, it.row.school)
    outside = it.row.record.dob is not None and age_at(it.row.record, it.world.today) != "of"
    return (HoldRow("the row has an error", None if outside else due),)


def _died(it: Leaver) -> tuple[Order, ...]:
    if outcome(it.ground, it.destination) == "died":
        return (Restrict(it.why), HandOver(it.why, REGISTRAR))
    if age_at(it.row.record, it.world.today) != "of":
        return (Restrict(it.why), ConfirmDestination(it.why))
    return (Restrict(it.why), _case(it), ConfirmDestination(it.why))


def _under(it: Leaver) -> tuple[Order, ...]:
    why = "below compulsory school age: no case opens"
    return (HandOver(why, EXCLUSIONS), NoteMovement(why)) if it.ground == "o" else (NoteMovement(why),)


def _over(it: Leaver) -> tuple[Order, ...]:
    if it.ground == "j":
        return (HandOver(it.why, YOUTH_JUSTICE), NoteMovement(it.why))
    if it.destination in PLACES:
        return (NoteMovement("over compulsory school age, with a place"),)
    why = "over compulsory school age by date of birth: to the participation team"
    return (HandOver(why, PARTICIPATION), NoteMovement(why))


def _note(it: Leaver) -> tuple[Order, ...]:
    return (NoteMovement(it.why),)


def _confirm(it: Leaver) -> tuple[Order, ...]:
    return (ConfirmDestination(f"{it.why}: is the child there?"),)


def _await(it: Leaver) -> tuple[Order, ...]:
    if has_feed(it.row.record, it.world):
        start = max(it.world.today, expected_on(it.row.record) or it.world.today)
        due = it.days.after(start, it.world.policy.awaited_school_days, it.row.record.destination_laestab)
        return (AwaitJoiner(it.why, due),)
    return _note(it) if is_confirmed(it.row.record) else _confirm(it)


def _enquire(it: Leaver) -> tuple[Order, ...]:
    sources = where.of_school(it.row.record, it.world.register)
    la = where.asked_about(it.row.record, it.world.register)
    if la is None:
        return _confirm(it)
    if la == it.world.policy.la:
        return _await(it)
    by = it.days.after(it.world.today, it.world.policy.answer_days)
    return (_case(it), DraftEnquiry(f"{it.why}: is the child on roll?", la, sources, by))


def _refer(it: Leaver) -> tuple[Order, ...]:
    return (_case(it), *draft) if (draft := _referral(it)) else _open(it)


def _open(it: Leaver) -> tuple[Order, ...]:
    outside = it.destination in ("abroad", "abroad+", "indep")
    return (_case(it), *_referral(it), InstructSchool(it.why, "MMMMMMM" if outside else "XXXXXXX"))


def _ehe(it: Leaver) -> tuple[Order, ...]:
    if day_reached(it.row.record.details.get("ehe_letter_date"), it.world.today):
        return (HandOver(it.why, EHE), NoteMovement(it.why))
    why = "home education without the date of the parent's letter: ask the school for it"
    due = it.days.after(it.world.today, it.world.policy.awaited_school_days, it.row.school)
    return (HandOver(it.why, EHE), AwaitJoiner(why, due), ConfirmDestination(why))


def _ehe_case(it: Leaver) -> tuple[Order, ...]:
    return (_case(it, Category.WITHDRAWN), *_referral(it), HandOver(it.why, EHE))


def _excluded(it: Leaver) -> tuple[Order, ...]:
    excluded = it.row.record.off_roll_date or it.world.today
    due = deadlines.sixth_day(excluded, it.days, it.row.school)
    handed = HandOver(it.why, EXCLUSIONS, due)
    return (handed, NoteMovement(it.why)) if is_confirmed(it.row.record) else (handed, AwaitJoiner(it.why, due))


def _custody(it: Leaver) -> tuple[Order, ...]:
    return (HandOver(it.why, YOUTH_JUSTICE), NoteMovement(it.why))


def _custody_case(it: Leaver) -> tuple[Order, ...]:
    return (_case(it), HandOver(it.why, YOUTH_JUSTICE))


OUTCOME_ORDERS: Mapping[str, Callable[[Leaver], tuple[Order, ...]]] = {
    "note": _note, "await": _await, "await+": _await, "confirm": _confirm, "enquire": _enquire, "refer": _refer, "case": _open,
    "ehe": _ehe, "ehe-case": _ehe_case, "excluded": _excluded, "custody": _custody, "custody-case": _custody_case,
    "died": _died, "died-doubt": _died,
}


def _case(it: Leaver, category: Category = Category.NO_DESTINATION) -> OpenCase:
    return case_for(it.row, it.days, it.world, it.why, category)


def case_for(row: Row, days: deadlines.SchoolDays, world: World, why: str,
             category: Category = Category.NO_DESTINATION) -> OpenCase:
    """The order to open a case for this row, with its clocks, factors and checklist."""
    record, us = row.record, world.policy.la
    clocks = []
    if left := left_on(record):
        clocks.append((deadlines.CLOCK_REFERRAL, deadlines.referral_due(left, days, row.school)))
    if record.off_roll_date:
        clocks.append((deadlines.CLOCK_CTF, deadlines.ctf_due(record.off_roll_date, days, row.school)))
        if ground_of(row) == "o":
            clocks.append((deadlines.CLOCK_EXCLUSION, deadlines.sixth_day(record.off_roll_date, days, row.school)))
    lives_in = where.responsible(record, world.register, us)
    return OpenCase(why, category, lives_in, four_items(record), risk_factors(record), tuple(clocks))


def referral_for(row: Row, world: World, why: str) -> DraftReferral | None:
    """The draft to the authority where the child lives; None when that is ours, or nothing tells."""
    record, us = row.record, world.policy.la
    home = where.responsible(record, world.register, us)
    named = record.destination_la if not record.destination_laestab else None
    moved = bool(record.details.get("new_postcode"))
    la = home if home != us or moved or named is None else where.current(named, world.register)
    return DraftReferral(why, la, where.of_home(record, world.register)) if la != us else None


def _referral(it: Leaver) -> tuple[Order, ...]:
    draft = referral_for(it.row, it.world, f"{it.why}: the child is said to live there")
    return (draft,) if draft else ()
