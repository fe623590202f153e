"""One row of a return, or one pupil of a CTF, with every value parsed once.

Core values are typed attributes. Everything else that regulation 13 and the policy's four items ask for (address lines,
parents, siblings, flags, previous school) is kept in ``details`` under the names of ``DETAIL_FIELDS``; all are text as the
sender wrote it, trimmed and in Unicode NFC, except where the table says otherwise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from operator import attrgetter
from types import MappingProxyType
from typing import Any, Self


class MovementKind(StrEnum):
    """Which way a child moves."""

    LEAVER = "leaver"
    JOINER = "joiner"


class DestinationType(StrEnum):
    """Where a leaver is said to go."""

    SCHOOL = "school"
    EHE = "ehe"
    INDEPENDENT = "independent"
    ABROAD = "abroad"
    OTHER_LA = "other-la"
    CUSTODY = "custody"
    DECEASED = "deceased"
    POST_16 = "post-16"
    AP = "ap"
    UNKNOWN = "unknown"


DETAIL_FIELDS: tuple[str, ...] = (
    "former_upn", "uln", "middle_names", "preferred_surname", "preferred_forename", "former_surname", "ethnicity",
    "first_language", "nationality",
    "address_lines",            # list[str]
    "new_address_lines",        # list[str]
    "new_postcode", "new_address_from",     # ISO date
    "parents",                  # list[dict]: name, relationship, address, postcode, phone, email, lives_with
    "siblings", "phone", "email", "emergency_contact",
    "previous_school", "previous_la", "previous_laestab", "previous_school_leaving_date", "arrived_from_country",
    "uk_arrival_date", "enrolment_status", "boarder", "uprn", "registration_group",
    "destination_words",        # the destination cell where it names no school: "Home educated", "Abroad - Poland"
    "destination_sources",      # dict: name, number, authority → the authority that this cell names by itself
    "destination_start_date",   # ISO date when it reads as one
    "destination_confirmed",    # bool
    "destination_confirmed_by", "moving_with_parent",
    "sen_status", "ehcp", "looked_after", "looked_after_la", "child_protection", "child_in_need", "social_worker",
    "youth_justice", "private_fostering", "service_child", "traveller", "ehe_letter_date", "cme_referral_made",
    "ctf_sent_date", "home_visit_date", "mis_leaving_reason",
    "ground_words",             # the ground cell where it is no ground of either list: "Other"
    "admission_date",           # when a leaver had joined, from a CTF
    "row_id", "school_number", "hours_in_school",
    "ap_provider", "monitoring_confirmed", "unauthorised_absence", "notes", "slt_approver", "unmapped",
    # unmapped: dict heading → text, a date's too that is none
)


GROUND_DOUBTFUL = "ground_doubtful"     # a detail of our own: a query stands on the ground, or rows contradict each other


@dataclass(frozen=True, slots=True)
class PupilRecord:
    """One row or pupil as read. ``row`` is the number the sender sees; dates are real dates; a value not given is None."""

    row: int
    sheet: str | None
    movement: MovementKind
    upn: str | None = None
    legal_surname: str | None = None
    legal_forename: str | None = None
    dob: date | None = None
    sex: str | None = None                       # M or F
    year_group: str | None = None                # N1, N2, R, 1 to 14
    home_postcode: str | None = None             # capitals, one space
    off_roll_date: date | None = None
    last_attendance_date: date | None = None
    start_date: date | None = None
    deletion_ground: str | None = None           # "2024:9(1)(a)", "2006:8(1)(d)"
    destination_type: DestinationType | None = None
    destination_school: str | None = None        # the cell's text
    destination_laestab: str | None = None       # from the register
    destination_la: str | None = None            # three digits
    destination_country: str | None = None
    urgent: bool = False                         # an urgent or safeguarding flag stands in the row
    address_protected: bool = False
    restricted: bool = False
    school: str | None = None                    # LAESTAB for which the row speaks; None: the sender's own
    held: bool = False                           # an error finding stands on the row
    details: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def movement_date(self) -> date | None:
        """The day of the movement: off roll for a leaver, start for a joiner."""
        return self.off_roll_date if self.movement is MovementKind.LEAVER else self.start_date

    def to_json(self) -> dict[str, Any]:
        """The record as ``gateway check --records`` prints it: ISO dates, details as further keys."""
        core: dict[str, Any] = dict(zip(_CORE, _values(self), strict=True))
        for name in _DATES:
            if core[name] is not None:
                core[name] = core[name].isoformat()
        for name in _WORDS:
            if core[name] is not None:
                core[name] = str(core[name])      # of a StrEnum its value, in a third of the time
        for name, value in self.details.items():
            core.setdefault(name, value)
        return core

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Build a record again from ``to_json``; KeyError or ValueError when it is not one."""
        core: dict[str, Any] = {name: values.get(name) for name in _CORE}
        for name in _DATES:
            core[name] = date.fromisoformat(core[name]) if core[name] else None
        core["movement"] = MovementKind(core["movement"])
        core["destination_type"] = DestinationType(core["destination_type"]) if core["destination_type"] else None
        for name in _FLAGS:
            core[name] = bool(core[name])
        details = {k: v for k, v in values.items() if k not in core}
        return cls(**core, details=MappingProxyType(details))


_DATES = ("dob", "off_roll_date", "last_attendance_date", "start_date")
_FLAGS = ("urgent", "address_protected", "restricted", "held")
_WORDS = ("movement", "destination_type")
_CORE = tuple(name for name in PupilRecord.__dataclass_fields__ if name != "details")
_values = attrgetter(*_CORE)
