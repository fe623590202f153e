"""What a leaver's row comes to, in the words of the routing table: its ground and its destination.

1. A ground of the 2006 Regulations, or one that a query stands on, is ``doubtful``.
2. A destination is confirmed only when the row says so.
3. A school is ours when its authority is ours; a closed school counts as its successor.
4. A joiner is awaited only from a school of ours whose feed had begun by the day on which the child should come.
5. A whole cohort changes school after the last year of its phase: by the school's phase in the register, and where that does not
   tell an infant or first school from a primary school, by whole words of its name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from gateway.domain.clocks.school_age import age_on, year_group
from gateway.domain.policy import Policy
from gateway.domain.register.establishments import Establishment, Register
from gateway.domain.returns.record import GROUND_DOUBTFUL, DestinationType, PupilRecord

_2024 = re.compile(r"2024:9\(1\)\(([a-o])\)")
_UNTOLD = ("", "not applicable")      # the register does not tell a phase
_AP_TYPES = ("referral unit", "alternative provision")
_BY_TYPE = {DestinationType.EHE: "ehe", DestinationType.CUSTODY: "custody", DestinationType.DECEASED: "died",
            DestinationType.POST_16: "post16"}
TRANSFER_MONTHS = (7, 8, 9)     # July, when the school year ends, to September, when the first returns come
LAST_YEARS = {"infant": 2, "first": 4, "primary": 6, "middle": 8}
TRANSFER_PLACES = ("own+", "own", "other", "indep", "named")


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
    text, doubtful = row.record.deletion_ground, bool(row.record.details.get(GROUND_DOUBTFUL))
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


def says_died(row: Row, world: World) -> bool:
    """Whether the row says, by ground or destination, that the child died."""
    return ground_of(row) == "k" or destination_of(row.record, world) == "died"


def has_feed(record: PupilRecord, world: World, on: date | None = None) -> bool:
    """Whether the named school is in our area and sends its joiners for the day on which this one should come."""
    school = world.register.as_it_is_today(record.destination_laestab)
    if school is None or school.la != world.policy.la:
        return False
    since = world.policy.terms_of(school.laestab).joiner_feed_from
    return since is not None and since <= (on or expected_on(record) or world.today)


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
    return age_on(record.dob, max(record.off_roll_date or today, today))


def at_phase_transfer(row: Row, world: World) -> date | None:
    """The 1 September after which the whole cohort is at its next school, or None for an ordinary leaver."""
    record, left = row.record, row.record.off_roll_date
    if left is None or record.dob is None or left.month not in TRANSFER_MONTHS:
        return None
    phase = _phase(world.register.establishments.get(row.school))
    group = year_group(record.dob, left.year - 1)
    last = LAST_YEARS.get(phase) == group or (phase != "middle" and group == 6 and record.year_group == "6")
    return date(left.year, 9, 1) if last else None


def expected_in_autumn(row: Row, world: World) -> date | None:
    """The same, for a leaver whom the autumn no-show list follows: bound for a school, by a ground that asks for nothing else."""
    autumn = at_phase_transfer(row, world)
    follows = autumn and destination_of(row.record, world) in TRANSFER_PLACES and ground_of(row) not in ("h", "i", "j", "o")
    return autumn if follows else None


def _phase(school: Establishment | None) -> str:
    """The phase after which a school's children all leave; empty when they do so at no age that we follow."""
    if school is None:
        return ""
    phase, words = school.phase.casefold(), set(re.findall(r"[a-z]+", school.name.casefold()))
    if phase.startswith("middle"):
        return "middle"
    if not phase.startswith("primary") and phase not in _UNTOLD:
        return ""
    if words & {"infant", "infants"} and not words & {"junior", "juniors"}:
        return "infant"
    if "first" in words:
        return "first"
    if "middle" in words and phase in _UNTOLD:
        return "middle"
    return "primary" if phase.startswith("primary") or "primary" in words else ""


def is_alternative(laestab: str, world: World) -> bool:
    """Whether a school is a pupil referral unit or another place of alternative provision."""
    school = world.register.establishments.get(laestab)
    return school is not None and any(words in school.type.casefold() for words in _AP_TYPES)
