"""The five risk factors of the council's policy, and the four items that every leaver must have, from what a row says.

1. A factor that no value speaks of has not fired; absence of data is never evidence of safety.
2. The fifth factor rests on special category data: it is kept sealed, and shown only with the case itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from gateway.domain.returns.record import DestinationType, PupilRecord

UNAUTHORISED_ABSENCE = "unauthorised absence of 10% or more"
PROVIDER_UNKNOWN = "provider not known and monitoring not confirmed"
OPEN_TO_SERVICES = "open to social care or youth justice"
SEN_WITHOUT_PROVISION = "part-time or no provision with special educational needs"
GRT = "Gypsy, Roma or Traveller community"

ABSENCE_PERCENT = 10.0
_GRT_CODES = ("wrom", "wirt", "wiru", "gypsy", "roma", "traveller")
_NOTHING = ("", "n", "no", "none", "false", "0", "nil", "not known", "n/a")


def risk_factors(record: PupilRecord) -> tuple[str, ...]:
    """The factors that fire, in the policy's order."""
    details = record.details
    fired = (
        (UNAUTHORISED_ABSENCE, _percent(details.get("unauthorised_absence")) >= ABSENCE_PERCENT),
        (PROVIDER_UNKNOWN, record.destination_type is DestinationType.AP and record.destination_laestab is None
         and not _yes(details.get("monitoring_confirmed"))),
        (OPEN_TO_SERVICES, any(_yes(details.get(flag)) for flag in (
            "child_protection", "child_in_need", "social_worker", "youth_justice", "looked_after"))),
        (SEN_WITHOUT_PROVISION, _yes(details.get("ehcp")) or _text(details.get("sen_status")) in ("e", "ehcp", "ehc")),
        (GRT, _yes(details.get("traveller")) or any(code in _text(details.get("ethnicity")) for code in _GRT_CODES)),
    )
    return tuple(name for name, fires in fired if fires)


def four_items(record: PupilRecord) -> Mapping[str, bool]:
    """Ealing's checklist: what is known of each, and what is still to be enquired."""
    details: Mapping[str, Any] = record.details
    parents = details.get("parents") or ()
    reachable = any(isinstance(p, Mapping) and (p.get("phone") or p.get("email")) for p in parents)
    return {
        "new address": bool(details.get("new_postcode") or details.get("new_address_lines")),
        "contact of the parent the child will live with": reachable or bool(details.get("phone") or details.get("email")),
        "new school": bool(record.destination_laestab or record.destination_school),
        "admission confirmed": details.get("destination_confirmed") is True,
    }


def _text(value: object) -> str:
    return str(value or "").strip().casefold()


def _yes(value: object) -> bool:
    return value is True or (isinstance(value, str) and value.strip().casefold() not in _NOTHING)


def _percent(value: object) -> float:
    match = re.search(r"\d+(?:\.\d+)?", str(value or ""))
    return float(match[0]) if match else 0.0
