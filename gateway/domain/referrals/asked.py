"""What another authority asked, as a row of ours: so that the same matching judges it and the same drafts can be written."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from gateway.domain.returns.record import MovementKind, PupilRecord

PROTECTIONS = ("address_protected", "restricted")   # they travel with the child: who takes it over protects it too
OTHER_NAMES = ("middle_names", "preferred_surname", "preferred_forename", "former_surname", "former_upn")


def record_of(body: Mapping[str, Any]) -> PupilRecord:
    """The record of the child in an enquiry or a referral that came in."""
    child, education = body["child"], body.get("education", {})
    last, believed = body.get("last_address", {}), body.get("believed_address", {})
    details: dict[str, Any] = {name: child[name] for name in OTHER_NAMES if name in child}
    needs = dict(body.get("needs", {}))
    protected, restricted = (bool(needs.pop(name, False)) for name in PROTECTIONS)
    details |= {"address_lines": last.get("lines"), "new_address_lines": believed.get("lines"),
                "new_postcode": believed.get("postcode"), "new_address_from": believed.get("since"),
                "parents": body.get("parents"), "siblings": body.get("siblings"), **_needs(needs)}
    return PupilRecord(
        row=1, sheet=None, movement=MovementKind.LEAVER, upn=child.get("upn"), legal_surname=child.get("legal_surname"),
        legal_forename=child.get("legal_forename"), dob=_day(child.get("dob")), sex=child.get("sex"),
        year_group=child.get("year_group"), home_postcode=last.get("postcode"), off_roll_date=_day(education.get("off_roll")),
        last_attendance_date=_day(education.get("last_attendance")), deletion_ground=education.get("ground"),
        urgent=bool(body.get("urgent")), school=education.get("last_school"), address_protected=protected,
        restricted=restricted,
        details={name: value for name, value in details.items() if value not in (None, "", [])})


def _needs(needs: Mapping[str, bool]) -> dict[str, Any]:
    known = {"sen": "sen_status"}
    return {known.get(name, name): value for name, value in needs.items()}


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
