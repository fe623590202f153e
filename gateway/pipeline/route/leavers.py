"""What becomes of a leaver: the steps before the routing table, the table, and the orders of its outcomes.

(1) A held row waits; a provisional case follows when it is not corrected in ``held_row_days`` school days.
(2) A child that died: restricted, at any age, in any row.
(3) A joiner that is there already answers it.
(4) A whole cohort at phase transfer is looked at once, in autumn.
(5) Compulsory school age, by date of birth.
(6) The table.

Clocks run from the day on which the row was first reported: one that is changed while it waits keeps its day.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gateway.domain.cases.case import Case, Category
from gateway.domain.clocks import deadlines
from gateway.domain.clocks.london import day_of
from gateway.domain.identifiers.laestab import is_laestab
from gateway.domain.parcels.orders import (
    AwaitJoiner,
    ConfirmDestination,
    DraftEnquiry,
    ExpectAtTransfer,
    HandOver,
    HoldRow,
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
from gateway.pipeline.route.cases import case_for, orders_of_a_case, referral_for
from gateway.pipeline.route.halves import RESTS_ON_NONE, answered_by, lesser_registration
from gateway.pipeline.route.situation import (
    Row,
    World,
    age_at,
    destination_of,
    expected_in_autumn,
    expected_on,
    ground_of,
    has_feed,
    is_confirmed,
)
from gateway.pipeline.route.table import DESTINATIONS, outcome

EHE, EXCLUSIONS, YOUTH_JUSTICE, PARTICIPATION, REGISTRAR = "ehe", "exclusions", "youth-justice", "participation", "registrar-k"
TEAMS = (EHE, EXCLUSIONS, YOUTH_JUSTICE, PARTICIPATION, REGISTRAR)
PLACES = ("own+", "own", "other+", "other", "indep+", "indep", "abroad+")
NO_SHOW_SCHOOL_DAYS = 20        # schools settle their September rolls in about four weeks


@dataclass(frozen=True, slots=True)
class Leaver:
    """A leaver's row with everything its orders are made of. ``since``: the day from which its clocks run."""

    row: Row
    world: World
    days: deadlines.SchoolDays
    since: date
    ground: str
    destination: str

    @property
    def why(self) -> str:
        """The reason that every order gives: the table's row in words, without the child's data."""
        ground = {"none": "no ground given", "doubtful": "a doubtful ground"}.get(self.ground, f"ground 9(1)({self.ground})")
        return f"{ground}; destination: {DESTINATIONS[self.destination]}"


def route_leaver(row: Row, leaver: Movement, movements: Sequence[Movement], case: Case | None, days: deadlines.SchoolDays,
                 world: World) -> tuple[Order, ...]:
    """The orders for one leaver; ``movements`` are all of the child's, ``case`` is its open one."""
    since = day_of(leaver.noted_at) if leaver.noted_at else world.today
    it = Leaver(row, world, days, since, ground_of(row), destination_of(row.record, world))
    if row.record.held:                                                                     # (1)
        return _held(it)
    if it.ground == "k" or it.destination == "died":                                        # (2)
        return _died(it)
    joiners = answered_by(leaver, movements, world.today)                                   # (3)
    plain = [j for j in joiners if not lesser_registration(j, world)]
    if plain:
        return _answered(it, plain[0], case)
    doubts: tuple[Order, ...] = tuple(SuggestClosing("a joiner that may answer the leaver", j.id, lesser_registration(j, world))
                                      for j in joiners[-1:])
    return (*_by_cohort_age_or_table(it), *doubts)


def _answered(it: Leaver, joiner: Movement, case: Case | None) -> tuple[Order, ...]:
    orders: list[Order] = [HandOver(it.why, EXCLUSIONS)] if it.ground == "o" else []
    orders.append(MatchHalves("the joiner was there already", joiner.id))
    if case is not None and case.movement is None:
        orders.append(SuggestClosing("a joiner for a case that rests on no leaver", joiner.id, (RESTS_ON_NONE,)))
    return tuple(orders)


def _by_cohort_age_or_table(it: Leaver) -> tuple[Order, ...]:
    if _is_theirs(it):
        return (NoteMovement("left a school of another authority and lives elsewhere: nothing of it is ours"),)
    autumn = expected_in_autumn(it.row, it.world)
    if autumn:                                                                              # (4)
        due = it.days.after(max(autumn, it.since), NO_SHOW_SCHOOL_DAYS)
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
    due = it.days.after(it.since, it.world.policy.held_row_days, it.row.school)
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
        start = max(it.since, expected_on(it.row.record) or it.since)
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
    return orders_of_a_case(it.row, it.days, it.world, it.why)


def _ehe(it: Leaver) -> tuple[Order, ...]:
    if day_reached(it.row.record.details.get("ehe_letter_date"), it.world.today):
        return (HandOver(it.why, EHE), NoteMovement(it.why))
    why = "home education without the date of the parent's letter: ask the school for it"
    due = it.days.after(it.since, it.world.policy.awaited_school_days, it.row.school)
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


def _referral(it: Leaver) -> tuple[Order, ...]:
    draft = referral_for(it.row, it.world, f"{it.why}: the child is said to live there")
    return (draft,) if draft else ()
