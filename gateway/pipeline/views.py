"""The lists that people and scripts read: one JSON object for each row. Keys may be added, never renamed.

1. Reading a list of children's records, or one record, writes an access entry, in the caller's transaction.
2. Of a restricted child no former name or number is shown (``shown``).
3. ``holds``, ``match`` and ``handovers`` give what waits, and whom and what it is about; with ``past`` also what was.
4. What an urgent flag is about comes first.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from gateway.domain.actor import Actor
from gateway.domain.cases.case import Case, CaseState
from gateway.domain.cases.waiting import Handover, Hold, HoldState
from gateway.domain.clocks.london import day_of
from gateway.domain.counting import counted
from gateway.domain.matching.child import Child, Suggestion, SuggestionState
from gateway.domain.returns.movement import Movement, MovementState
from gateway.pipeline.shown import day, is_former, moment, reader, reads_records, roots, who
from gateway.ports import Transaction

Rows = list[dict[str, Any]]


def cases(tx: Transaction, actor: Actor, now: datetime) -> Rows:
    """Every case, closed ones included."""
    reader(tx, actor, now, "listed cases", "cases")
    found = tx.cases.where()
    children = roots(tx, (case.child for case in found))
    return [case_row(case, children.get(case.child), day_of(now)) for case in found]


def movements(tx: Transaction, actor: Actor, now: datetime) -> Rows:
    """Every movement, superseded ones included."""
    reader(tx, actor, now, "listed movements", "movements")
    found = tx.movements.where()
    children = roots(tx, (m.child for m in found))
    not_closed = [state for state in CaseState if state is not CaseState.CLOSED]
    cases = {case.child: case.id for case in tx.cases.where(state=not_closed)}
    return [movement_row(m, child := children.get(m.child)) | {"case": cases.get(child.id) if child else None} for m in found]


def holds(tx: Transaction, actor: Actor, now: datetime, *, past: bool = False) -> Rows:
    """What waits for a person, urgent flags first. Who may not read records sees it without names."""
    found = tx.holds.where() if past else tx.holds.where(state=HoldState.OPEN)
    if found and reads_records(actor):
        tx.access.note(actor, now, "listed holds", "holds")
    rows = hold_rows(tx, found, actor)
    return sorted(rows, key=lambda row: (row["state"] != HoldState.OPEN, row["what"] != "urgent"))


def matches(tx: Transaction, actor: Actor, now: datetime, *, past: bool = False) -> Rows:
    """Suggested matches, with the names on both sides."""
    found = tx.suggestions.where() if past else tx.suggestions.where(state=SuggestionState.OPEN)
    named = reads_records(actor)
    if found and named:
        tx.access.note(actor, now, "listed matches", "matches")
    records = {child.id: child for child in tx.children.where(id={id for s in found for id in (s.child, s.candidate)})}
    known = roots(tx, records)
    names = {id: _name(record, known[id]) for id, record in records.items()} if named else {}
    return [match_row(s) | {"child_name": names.get(s.child), "candidate_name": names.get(s.candidate)} for s in found]


def handovers(tx: Transaction, actor: Actor, now: datetime, *, past: bool = False) -> Rows:
    """Children handed to teams."""
    found = tx.handovers.where() if past else tx.handovers.where(acknowledged_at=None)
    named = reads_records(actor)
    if found and named:
        tx.access.note(actor, now, "listed hand-overs", "handovers")
    children = roots(tx, (handover.child for handover in found)) if named else {}
    return [handover_row(handover) | who(children.get(handover.child)) for handover in found]


def hold_rows(tx: Transaction, found: list[Hold], actor: Actor) -> Rows:
    """Holds, each with whom and what it is about."""
    children = roots(tx, (hold.child for hold in found)) if reads_records(actor) else {}
    places = _places(tx, found, named=reads_records(actor))
    return [_hold(tx, hold) | who(children.get(hold.child or "")) | places.get(hold.id, _NOWHERE) for hold in found]


_NOWHERE: dict[str, Any] = {"parcel": None, "sender": None, "file": None, "row": None, "authority": None}


def _places(tx: Transaction, found: list[Hold], *, named: bool) -> Mapping[str, dict[str, Any]]:
    """Where each came from: a sender's file and row, or another authority. ``named``: a file's name may be shown."""
    about = {hold.about for hold in found}
    rows = {m.id: m for m in tx.movements.where(id=[id for id in about if id[:1] == "M"])}
    waiting = {s.id: s.movement for s in tx.suggestions.where(id=[id for id in about if id[:1] == "S"]) if s.movement}
    rows |= {m.id: m for m in tx.movements.where(id=list(waiting.values()))}
    arrived = {*(id for id in about if id[:1] == "P"), *(m.parcel for m in rows.values())}
    parcels = {p.id: p for p in tx.parcels.where(id=arrived)}
    asked = {r.id: r.authority for r in tx.referrals.where(id=[id for id in about if id[:1] == "R"])}
    places = {}
    for hold in found:
        row = rows.get(waiting.get(hold.about, hold.about) or "")
        parcel = parcels.get(row.parcel if row else hold.about)
        places[hold.id] = {"parcel": parcel.id if parcel else None, "sender": parcel.sender if parcel else None,
                           "file": parcel.name if parcel and named else None, "row": row.record.row if row else None,
                           "authority": asked.get(hold.about)}
    return places


def _hold(tx: Transaction, hold: Hold) -> dict[str, Any]:
    waits = hold.state is HoldState.OPEN
    reason = hold.reason
    if hold.what == "rows" and waits:     # some may have been put right since
        count = tx.movements.count(parcel=hold.about, state=MovementState.HELD)
        reason = f"{counted(count, 'row waits', 'rows wait')} for correction by the school"
    return {"id": hold.id, "what": hold.what, "reason": reason, "since": moment(hold.since),
            "clears_with": hold.clears_with if waits else None, "about": hold.about, "child": hold.child, "case": hold.case,
            "state": hold.state.value, "cleared_by": hold.cleared_by, "cleared_at": moment(hold.cleared_at)}


def case_row(case: Case, child: Child | None, today: date) -> dict[str, Any]:
    """One case."""
    closed = case.state is CaseState.CLOSED
    return {
        "id": case.id, "state": case.state.value, "category": case.category.value, "opened_at": moment(case.opened_at),
        "closed_at": moment(case.closed_at), "closing": dict(case.closing) if case.closing else None,
        **who(child), "last_school": case.last_school,
        "destination": case.destination,
        "clocks": [{"name": name, "due": due.isoformat(), "overdue": not closed and today > due} for name, due in case.clocks],
        "risk_factors": list(case.risk_factors), "responsible_la": case.responsible_la, "restricted": case.restricted,
        "address_protected": bool(child and child.address_protected), "owner": case.owner,
        "parcel": case.parcel, "child": case.child,
    }


def movement_row(movement: Movement, child: Child | None) -> dict[str, Any]:
    """One movement."""
    record, restricted = movement.record, bool(child and child.restricted)
    hidden = is_former(record, child, superseded=movement.superseded_by is not None)
    return {
        "id": movement.id, "movement": movement.kind.value, "upn": None if hidden else record.upn,
        "legal_surname": None if hidden else record.legal_surname,
        "legal_forename": None if hidden else record.legal_forename, "dob": day(record.dob),
        "school": movement.school, "date": day(movement.moved_on),
        "destination_type": record.destination_type.value if record.destination_type else None,
        "destination_laestab": record.destination_laestab, "matched_with": movement.matched_with,
        "superseded_by": movement.superseded_by, "restricted": restricted, "parcel": movement.parcel,
        "state": movement.state.value, "held": movement.held, "due": day(movement.due), "child": movement.child,
    }


def match_row(suggestion: Suggestion) -> dict[str, Any]:
    """One suggested match."""
    return {"id": suggestion.id, "child": suggestion.child, "candidate": suggestion.candidate,
            "evidence": list(suggestion.evidence), "since": moment(suggestion.since), "state": suggestion.state.value,
            "movement": suggestion.movement, "case": suggestion.case, "decided_by": suggestion.decided_by}


def handover_row(handover: Handover) -> dict[str, Any]:
    """One hand-over."""
    return {"id": handover.id, "team": handover.team, "child": handover.child, "reason": handover.reason,
            "since": moment(handover.since), "acknowledged_at": moment(handover.acknowledged_at),
            "acknowledged_by": handover.acknowledged_by, "due": handover.details.get("due"), "case": handover.case,
            "school": handover.details.get("school")}


def _name(record: Child, root: Child) -> str | None:
    if root.restricted and root.id != record.id:
        return None
    parts = (record.legal_surname, record.legal_forename, f"born {day(record.dob)}" if record.dob else None)
    return ", ".join(part for part in parts if part) or None
