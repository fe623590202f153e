"""The orders that open a case: the case itself, who is to be told of it, and what the school is to do.

1. A case has its clocks, risk factors and the checklist of four items from the row it rests on.
2. When the child lives in another authority, it is referred there, however the case came about.
3. The school is told to upload its own lost-pupil file; not while a case is provisional.
"""

from __future__ import annotations

from gateway.domain.cases.case import Category
from gateway.domain.cases.risk import four_items, risk_factors
from gateway.domain.clocks import deadlines
from gateway.domain.parcels.orders import DraftReferral, InstructSchool, OpenCase, Order
from gateway.domain.s2s.names import LOST, OUTSIDE
from gateway.pipeline.route import responsibility as where
from gateway.pipeline.route.halves import left_on
from gateway.pipeline.route.situation import Row, World, destination_of, ground_of

_OUTSIDE = ("abroad", "abroad+", "indep", "indep+")


def orders_of_a_case(row: Row, days: deadlines.SchoolDays, world: World, why: str,
                     category: Category = Category.NO_DESTINATION, *, provisional: bool = False) -> tuple[Order, ...]:
    """A case, its referral when the child lives elsewhere, and the instruction to the school."""
    orders: list[Order] = [case_for(row, days, world, why, category, provisional=provisional)]
    referral = referral_for(row, world, f"{why}: the child is said to live there")
    if referral:
        orders.append(referral)
    if not provisional:
        orders.append(InstructSchool(why, OUTSIDE if destination_of(row.record, world) in _OUTSIDE else LOST))
    return tuple(orders)


def case_for(row: Row, days: deadlines.SchoolDays, world: World, why: str, category: Category = Category.NO_DESTINATION, *,
             provisional: bool = False) -> OpenCase:
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
    return OpenCase(why, category, lives_in, four_items(record), risk_factors(record), tuple(clocks), provisional)


def referral_for(row: Row, world: World, why: str) -> DraftReferral | None:
    """The draft to the authority where the child lives; None when that is ours, or nothing tells."""
    record, us = row.record, world.policy.la
    home = where.responsible(record, world.register, us)
    named = record.destination_la if not record.destination_laestab else None
    moved = bool(record.details.get("new_postcode"))
    la = home if home != us or moved or named is None else where.current(named, world.register)
    return DraftReferral(why, la, where.of_home(record, world.register)) if la != us else None
