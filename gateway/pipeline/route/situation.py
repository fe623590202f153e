"""What a leaver's row comes to, in the words of the routing table: its ground and its destination.

1. A ground of the 2006 Regulations, or one that a query stands on, is ``doubtful``.
2. A destination is confirmed only when the row says so.
3. A school is ours when its authority is ours; a closed school counts as its successor.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from gateway.domain.clocks.school_age import begins, ends, year_group
from gateway.domain.policy import Policy
from gateway.domain.register.establishments import Establishment, Register
from gateway.domain.returns.record import DestinationType, PupilRecord

_2024 = re.compile(r"2024:9\(1\)\(([a-o])\)")
DOUBTFUL = "ground_doubtful"    # the detail that matching adds when a query stands on the ground
_AP_TYPES = ("referral unit", "alternative provision")
_BY_TYPE = {DestinationType.EHE: "ehe", DestinationType.CUSTODY: "custody", DestinationType.DECEASED: "died",
            DestinationType.POST_16: "post16"}
TRANSFER_MONTHS = (7, 8, 9)     # July, when the school year ends, to September, when the first returns come
TRANSFER_YEARS = {"6": "primary", "2": "infant", "4": "first", "8": "middle"}


@dataclass(frozen=True, slots=True)
class World:
    """What routing may know besides the row: local choices, the register, the day."""

    policy: Policy
    register: Register
    today: date


@dataclass(frozen=True, slots=True)
class Row:
    """One row to be routed, with the school it speaks for."""

    record: PupilRecord
    school: str


def ground_of(row: Row) -> str:
    """The letter of regulation 9(1), ``none`` or ``doubtful``."""
    text, doubtful = row.record.deletion_ground, bool(row.record.details.get(DOUBTFUL))
    if not text:
        return "doubtful" if doubtful else "none"
    match = None if doubtful else _2024.fullmatch(text)
    return match[1] if match else "doubtful"


def destination_of(record: PupilRecord, world: World) -> str:
    """The column of the routing table."""
    kind, confirmed = record.destination_type, is_confirmed(record)
    if kind in _BY_TYPE:
        return _BY_TYPE[kind]
    if kind is DestinationType.ABROAD:
        return "abroad+" if confirmed and _names_a_school(record) else "abroad"
    if kind in (DestinationType.SCHOOL, DestinationType.INDEPENDENT, DestinationType.AP, DestinationType.OTHER_LA):
        return _place(record, world) + ("+" if confirmed and _place(record, world) in ("own", "other", "indep") else "")
    return "unknown"


def _place(record: PupilRecord, world: World) -> str:
    la = record.destination_laestab[:3] if record.destination_laestab else record.destination_la
    named = bool(record.destination_laestab or record.destination_school)
    if record.destination_type is DestinationType.OTHER_LA and not record.destination_laestab and not _names_a_school(record):
        return "la" if la != world.policy.la else "unknown"
    if record.destination_type is DestinationType.INDEPENDENT:
        return "indep" if named else "named"
    if record.destination_type is DestinationType.AP and la in (None, world.policy.la):
        return "ap"
    if la is None:
        return "named"
    if la != world.policy.la:
        return "other"
    return "own" if record.destination_laestab else "named"


def is_confirmed(record: PupilRecord) -> bool:
    """Whether the row says that the place is confirmed."""
    return record.details.get("destination_confirmed") is True


def _names_a_school(record: PupilRecord) -> bool:
    """Whether the destination cell names a school, and not only a country or an authority."""
    text = (record.destination_school or "").casefold().strip()
    return bool(text) and text != (record.details.get("destination_words") or "").casefold().strip() \
        and text != (record.destination_country or "").casefold().strip()


def own_school(record: PupilRecord, world: World) -> Establishment | None:
    """The named school, or the one that followed it when it closed."""
    school = world.register.establishments.get(record.destination_laestab or "")
    if school is None or school.open:
        return school
    after = [s for s in world.register.establishments.values() if s.predecessor == school.laestab and s.open]
    return after[0] if after else school


def has_feed(record: PupilRecord, world: World) -> bool:
    """Whether the named school is in our area and sends its joiners for the day on which this one should come."""
    school = own_school(record, world)
    if school is None or school.la != world.policy.la:
        return False
    since = world.policy.terms_of(school.laestab).joiner_feed_from
    return since is not None and since <= max(filter(None, (expected_on(record), world.today)))


def expected_on(record: PupilRecord) -> date | None:
    """The day on which the child should start: as the row says, else the day of leaving."""
    text = record.details.get("destination_start_date")
    try:
        return date.fromisoformat(text) if text else record.off_roll_date
    except ValueError:
        return record.off_roll_date


def age_at(record: PupilRecord, today: date) -> str:
    """``under``, ``of`` or ``over`` compulsory school age, by date of birth: on the day of leaving, and today.

    Over it today, a child that left within it is over it; an unknown date of birth leaves a child within it.
    """
    if record.dob is None:
        return "of"
    left = record.off_roll_date or today
    if ends(record.dob) < max(left, today):
        return "over"
    return "under" if begins(record.dob) > max(left, today) else "of"


def at_phase_transfer(row: Row, world: World) -> date | None:
    """The 1 September after which the whole cohort is at its next school, or None for an ordinary leaver."""
    record, left = row.record, row.record.off_roll_date
    if left is None or record.dob is None or left.month not in TRANSFER_MONTHS:
        return None
    group = str(year_group(record.dob, left.year - 1))
    school = world.register.establishments.get(row.school)
    phase = f"{school.phase} {school.name}".casefold() if school else ""
    if TRANSFER_YEARS.get(group, "?") in phase or (group == "6" and record.year_group == "6"):
        return date(left.year, 9, 1)
    return None


def is_alternative(laestab: str, world: World) -> bool:
    """Whether a school is a pupil referral unit or another place of alternative provision."""
    school = world.register.establishments.get(laestab)
    return school is not None and any(words in school.type.casefold() for words in _AP_TYPES)
