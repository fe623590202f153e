"""The fewest fields that another authority needs, and what a flag on a child takes out of them.

1. An enquiry asks whether a child is on roll: who, and nothing of where or with whom.
2. A referral asks to take responsibility: who, where from and to, with whom, last school, needs as yes or no.
3. ``address_protected`` stops every address, the parents' included, and what leads to one: telephone, e-mail, siblings.
4. ``restricted`` stops former names and every UPN. That a child is protected is said, so that the other side protects it too.
5. A child that died sends nothing: ``says_died`` reads it from the ground or the destination, and drafts and guard ask.
6. Free text of a return never leaves: notes, narrative and headings we do not know stay here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from gateway.domain.cases.case import Case
from gateway.domain.matching.child import Child
from gateway.domain.policy import Policy
from gateway.domain.referrals.referral import ReferralKind
from gateway.domain.returns.record import DestinationType, PupilRecord

ASKED = {
    ReferralKind.ENQUIRY: "Is this child on roll with you, at which school, and since when?",
    ReferralKind.REFERRAL: "Will you take responsibility for this child, who now lives in your area?",
}
LEGAL = "Education Act 1996 s.436A; Children Act 2004 ss.10 and 11"
NOTICE = "This is not a safeguarding referral. For a child at risk of harm use the safeguarding route of the authority at once."
NEEDS = {"sen_status": "sen", "ehcp": "ehcp", "looked_after": "looked_after", "child_protection": "child_protection",
         "child_in_need": "child_in_need", "youth_justice": "youth_justice", "private_fostering": "private_fostering",
         "traveller": "traveller", "service_child": "service_child"}
LONGEST = 300                 # characters of one field
DIED = frozenset({"2024:9(1)(k)", "2006:8(1)(j)"})
_NO = {"", "n", "no", "false", "0", "none", "not known", "unknown"}
_PARENT_FIELDS = ("name", "relationship", "address", "postcode", "phone", "email", "lives_with")
_FORMER = ("former_surname", "former_upn", "upn")


def says_died(record: PupilRecord | None) -> bool:
    """Whether a row says that the child died, by its ground or its destination: no letters, no chasers."""
    return record is not None and (record.deletion_ground in DIED or record.destination_type is DestinationType.DECEASED)


def forbidden(fields: Mapping[str, Any], *, protected: bool, restricted: bool) -> tuple[str, ...]:
    """What stands in a message that was written and that the child's flags take out of it now."""
    addresses = [name for name in ("last_address", "believed_address", "siblings") if fields.get(name)]
    addresses += ["parents" for parent in fields.get("parents") or () if set(parent) - {"name"}][:1]
    former = [name for name in _FORMER if fields.get("child", {}).get(name)]
    return (*(addresses if protected else ()), *(former if restricted else ()))


def payload(kind: ReferralKind, case: Case, child: Child, record: PupilRecord | None, policy: Policy, *,
            enquiries: Sequence[tuple[date, str]] = (), school_names: Mapping[str, str] | None = None) -> dict[str, Any]:
    """The fields that travel, as plain values."""
    protected = child.address_protected or (record is not None and record.address_protected)
    restricted = child.restricted or case.restricted or (record is not None and record.restricted)
    fields: dict[str, Any] = {
        "asked": ASKED[kind], "legal": LEGAL, "notice": NOTICE,
        "officer": {"name": policy.contact.name, "email": policy.contact.email, "phone": policy.contact.phone},
        "urgent": record.urgent if record is not None else False,
        "child": _child(child, record, restricted=restricted),
        "education": _education(case, record, school_names or {}),
        "enquiries": [{"on": day.isoformat(), "what": what} for day, what in enquiries],
    }
    if policy.rehearsal:
        fields["rehearsal"] = True
    if kind is ReferralKind.REFERRAL and record is not None:
        said = ((name, record.details.get(key)) for key, name in NEEDS.items())
        fields["needs"] = {name: _yes(value) for name, value in said if value is not None} | {
            name: True for name, raised in (("address_protected", protected), ("restricted", restricted)) if raised}
        fields |= _family(record, protected=protected)
    return {name: _fitting(value) for name, value in fields.items()}


def _child(child: Child, record: PupilRecord | None, *, restricted: bool) -> dict[str, Any]:
    found: dict[str, Any] = {"legal_surname": child.legal_surname, "legal_forename": child.legal_forename,
                             "dob": child.dob.isoformat() if child.dob else None, "upn": child.upn}
    if record is not None:
        found |= {"sex": record.sex, "year_group": record.year_group}
        found |= {name: record.details.get(name) for name in
                  ("middle_names", "preferred_surname", "preferred_forename", "former_surname", "former_upn")}
    return {name: value for name, value in found.items()
            if value not in (None, "") and not (restricted and name in _FORMER)}


def _education(case: Case, record: PupilRecord | None, names: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {"last_school": case.last_school, "last_school_name": names.get(case.last_school or "")}
    if record is not None:
        found |= {
            "last_attendance": record.last_attendance_date.isoformat() if record.last_attendance_date else None,
            "off_roll": record.off_roll_date.isoformat() if record.off_roll_date else None,
            "ground": record.deletion_ground, "named_school": record.destination_laestab,
            "named_school_name": names.get(record.destination_laestab or "") or record.destination_school,
        }
    return {name: value for name, value in found.items() if value}


def _family(record: PupilRecord, *, protected: bool) -> dict[str, Any]:
    if protected:
        parents = [{"name": p["name"]} for p in _parents(record) if p.get("name")]
        return {"parents": parents} if parents else {}
    details = record.details
    last = _address(details.get("address_lines"), record.home_postcode, None, "the school's register")
    believed = _address(details.get("new_address_lines"), details.get("new_postcode"), details.get("new_address_from"),
                        "the parent, to the school")
    siblings = details.get("siblings")
    return {name: value for name, value in {
        "last_address": last, "believed_address": believed, "parents": _parents(record),
        "siblings": [str(s) for s in (siblings if isinstance(siblings, (list, tuple)) else [siblings]) if s][:20],
    }.items() if value}


def _address(lines: Any, postcode: Any, since: Any, source: str) -> dict[str, Any] | None:
    found = {"lines": [str(line) for line in lines or () if line][:10], "postcode": postcode, "since": since}
    found = {name: value for name, value in found.items() if value}
    return found | {"source": source} if found else None


def _parents(record: PupilRecord) -> list[dict[str, Any]]:
    parents = record.details.get("parents") or ()
    return [{name: _plain(parent[name]) for name in _PARENT_FIELDS if parent.get(name)} for parent in parents
            if isinstance(parent, Mapping)][:20]


def _fitting(value: Any) -> Any:
    """Every text within what a package takes: no control characters, never longer than a line of a form."""
    if isinstance(value, dict):
        return {name: _fitting(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_fitting(part) for part in value]
    if not isinstance(value, str):
        return value
    text = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    return text if len(text) <= LONGEST else text[:LONGEST - 1] + "…"


def _plain(value: Any) -> Any:
    if isinstance(value, (list, tuple)):
        return ", ".join(str(part) for part in value if part)
    return value if isinstance(value, bool) else str(value)


def _yes(value: Any) -> bool:
    return value if isinstance(value, bool) else str(value).strip().lower() not in _NO
