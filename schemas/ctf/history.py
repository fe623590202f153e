"""``SchoolHistory`` and ``DestSchool``: where the child was, left, and goes.

1. The source school's entry is the last one with the header's number; a file whose header number stands in no entry (an academy
   under its old number) is read by its last entry that has a leaving date (leavers) or else its last entry.
2. Dates as written; the check judges them.
"""

from __future__ import annotations

from typing import Any

from gateway.domain.parcels.kinds import Kind
from schemas.ctf.elements import Element, children, leaves, school_code
from schemas.ctf.names import OUTSIDE, authority_itself, school

Entry = dict[str, Any]


def read_history(history: Element | None, dest: Element | None, kind: Kind, source: str | None, destination: str | None,
                 values: dict[str, Any]) -> None:
    """Put dates, ground, destination and previous school into ``values``."""
    entries = [_entry(s) for tag, s in children(history) if tag == "school"] if history is not None else []
    own = _own(entries, source, kind)
    if kind is Kind.CMJ:
        _joiner(entries, own, values)
    else:
        _leaver(entries, own, values)
        _destination(entries, own, _entry(dest) if dest is not None else None, destination if kind is Kind.CTF else None, values)


def _entry(element: Element) -> Entry:
    texts = leaves(element)
    say = texts.get
    return {
        "code": school_code(texts), "name": say("schoolname"), "entered": say("entrydate"), "left": say("leavingdate"),
        "reason": say("leavingreason"), "ground": say("removalgrounds") or say("removalground"), "last": say("lastschool"),
        "country": say("country"), "confirmed": say("confirmed"),
    }


def _own(entries: list[Entry], source: str | None, kind: Kind) -> Entry | None:
    mine = [e for e in entries if e["code"] == source and source]
    if not mine:
        left = [e for e in entries if e["left"]] if kind is not Kind.CMJ else []
        mine = [e for e in entries if e["ground"]] or left or entries
    return max(mine, key=lambda e: e["entered"] or "") if mine else None


def _leaver(entries: list[Entry], own: Entry | None, values: dict[str, Any]) -> None:
    if own is None:
        return
    _put(values, off_roll_date=own["left"], mis_leaving_reason=own["reason"])
    if own["ground"]:
        values["deletion_ground"] = own["ground"]
    _put(values, admission_date=own["entered"])


def _joiner(entries: list[Entry], own: Entry | None, values: dict[str, Any]) -> None:
    if own is not None:
        _put(values, start_date=own["entered"])
    before = [e for e in entries if e is not own and (e["name"] or school(e["code"]))]
    if before:
        said = [e for e in before if (e["last"] or "").lower() in ("true", "1")]
        previous = max(said or before, key=lambda e: e["left"] or "")
        _put(values, previous_school=previous["name"] or school(previous["code"]), previous_la=_la(previous["code"]))


def _destination(entries: list[Entry], own: Entry | None, dest: Entry | None, header: str | None, values: dict[str, Any]) -> None:
    """The destination's name, number and authority; its seven characters as ``destination_code``."""
    chosen = dest or _entered_later(entries, own) or ({"code": header} if header else None)
    if chosen is None:
        return
    code = chosen["code"]
    _put(values, destination_code=code, destination_school=chosen.get("name"), destination_laestab=school(code),
         destination_start_date=chosen.get("entered"), destination_country=chosen.get("country"),
         destination_confirmed=chosen.get("confirmed"))
    if school(code) is None:
        _put(values, destination_la=authority_itself(code) or (_la(code) if code != OUTSIDE else None))


def _entered_later(entries: list[Entry], own: Entry | None) -> Entry | None:
    if own is None:
        return None
    left = own["left"] or own["entered"] or ""
    later = [e for e in entries if e is not own and e["code"] != own["code"] and (e["entered"] or "") >= left and not e["left"]]
    return min(later, key=lambda e: e["entered"] or "") if later else None


def _la(code: str | None) -> str | None:
    return code[:3] if code and code[:3].isdigit() else None


def _put(values: dict[str, Any], **found: str | None) -> None:
    for field, text in found.items():
        if text is not None:
            values.setdefault(field, text)
