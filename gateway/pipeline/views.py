"""The lists that people and scripts read: one JSON object for each row. Keys may be added, never renamed.

1. Reading a list of children's records, or one record, writes an access entry, in the caller's transaction.
2. Of a restricted child no former name or number is shown: superseded rows are listed without them.
3. ``holds``, ``match`` and ``handovers`` give what waits; with ``past`` also what was.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from gateway.domain.actor import Actor
from gateway.domain.cases.case import Case, CaseState
from gateway.domain.cases.waiting import Handover, Hold, HoldState
from gateway.domain.clocks.london import day_of
from gateway.domain.matching.child import Child, Suggestion, SuggestionState, root_of
from gateway.domain.returns.movement import Movement
from gateway.ports import Transaction

Rows = list[dict[str, Any]]


def cases(tx: Transaction, actor: Actor, now: datetime) -> Rows:
    """Every case, closed ones included."""
    tx.access.note(actor, now, "listed cases", "cases")
    found = tx.cases.where()
    children = _children(tx, (case.child for case in found))
    return [_case(case, children.get(case.child), day_of(now)) for case in found]


def case(tx: Transaction, id: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """One case with its whole story: events, checklist, movement, referrals, holds, hand-overs."""
    found = tx.cases.get(id)
    tx.access.note(actor, now, "read case", found.id)
    tx.access.note(actor, now, "read child", found.child)
    children = _children(tx, [found.child])
    movement = tx.movements.find(found.movement) if found.movement else None
    return _case(found, children.get(found.child), day_of(now)) | {
        "reason": found.reason, "owner": found.owner, "checklist": dict(found.checklist), "movement": found.movement,
        "record": movement.record.to_json() if movement else None,
        "events": [{"at": _moment(e.at), "by": e.actor, "what": e.what, "text": e.text} for e in tx.events.where(case=id)],
        "holds": [hold_row(h) for h in tx.holds.where(case=id)],
        "handovers": [_handover(h) for h in tx.handovers.where(case=id)],
        "referrals": [{"id": r.id, "kind": r.kind.value, "direction": r.direction.value, "authority": r.authority,
                       "state": r.state.value} for r in tx.referrals.where(case=id)],
    }


def movements(tx: Transaction, actor: Actor, now: datetime) -> Rows:
    """Every movement, superseded ones included."""
    tx.access.note(actor, now, "listed movements", "movements")
    found = tx.movements.where()
    children = _children(tx, (m.child for m in found))
    return [_movement(m, children.get(m.child)) for m in found]


def holds(tx: Transaction, *, past: bool = False) -> Rows:
    """What waits for a person."""
    found = tx.holds.where() if past else tx.holds.where(state=HoldState.OPEN)
    return [hold_row(hold) | ({"state": hold.state.value} if past else {}) for hold in found]


def matches(tx: Transaction, *, past: bool = False) -> Rows:
    """Suggested matches."""
    found = tx.suggestions.where() if past else tx.suggestions.where(state=SuggestionState.OPEN)
    return [_match(suggestion) for suggestion in found]


def side_by_side(tx: Transaction, id: str, actor: Actor, now: datetime) -> dict[str, Any]:
    """One suggestion with both records, as an officer compares them."""
    suggestion = tx.suggestions.get(id)
    sides = {}
    for side, child_id in (("child_record", suggestion.child), ("candidate_record", suggestion.candidate)):
        child = tx.children.get(child_id)
        tx.access.note(actor, now, "compared", child.id)
        sides[side] = {"id": child.id, "legal_surname": child.legal_surname, "legal_forename": child.legal_forename,
                       "dob": _day(child.dob), "upn": child.upn, "postcode": child.postcode}
    return _match(suggestion) | sides


def handovers(tx: Transaction, *, past: bool = False) -> Rows:
    """Children handed to teams."""
    found = tx.handovers.where() if past else tx.handovers.where(acknowledged_at=None)
    return [_handover(handover) for handover in found]


def _children(tx: Transaction, ids: Iterable[str]) -> Mapping[str, Child]:
    """Each id's child as known today: the record to which it was joined."""
    found = {child.id: child for child in tx.children.where(id=set(ids))}
    while missing := {c.same_as for c in found.values() if c.same_as} - set(found):
        found |= {child.id: child for child in tx.children.where(id=missing)}
    return {id: root_of(child, found.__getitem__) for id, child in found.items()}


def _case(case: Case, child: Child | None, today: date) -> dict[str, Any]:
    closed = case.state is CaseState.CLOSED
    return {
        "id": case.id, "state": case.state.value, "category": case.category.value, "opened_at": _moment(case.opened_at),
        "closed_at": _moment(case.closed_at), "closing": dict(case.closing) if case.closing else None,
        **_who(child), "last_school": case.last_school,
        "destination": case.destination,
        "clocks": [{"name": name, "due": due.isoformat(), "overdue": not closed and today > due} for name, due in case.clocks],
        "risk_factors": list(case.risk_factors), "responsible_la": case.responsible_la, "restricted": case.restricted,
        "parcel": case.parcel, "child": case.child,
    }


def _movement(movement: Movement, child: Child | None) -> dict[str, Any]:
    record, restricted = movement.record, bool(child and child.restricted)
    hidden = restricted and movement.superseded_by is not None
    return {
        "id": movement.id, "movement": movement.kind.value, "upn": None if hidden else record.upn,
        "legal_surname": None if hidden else record.legal_surname,
        "legal_forename": None if hidden else record.legal_forename, "dob": _day(record.dob),
        "school": movement.school, "date": _day(movement.moved_on),
        "destination_type": record.destination_type.value if record.destination_type else None,
        "destination_laestab": record.destination_laestab, "matched_with": movement.matched_with,
        "superseded_by": movement.superseded_by, "restricted": restricted, "parcel": movement.parcel,
        "state": movement.state.value, "held": movement.held, "due": _day(movement.due), "child": movement.child,
    }


def _who(child: Child | None) -> dict[str, Any]:
    if child is None:
        return {"upn": None, "legal_surname": None, "legal_forename": None, "dob": None}
    return {"upn": child.upn, "legal_surname": child.legal_surname or None, "legal_forename": child.legal_forename,
            "dob": _day(child.dob)}


def hold_row(hold: Hold) -> dict[str, Any]:
    """One hold."""
    return {"id": hold.id, "what": hold.what, "reason": hold.reason, "since": _moment(hold.since),
            "clears_with": hold.clears_with, "about": hold.about, "child": hold.child, "case": hold.case}


def _match(suggestion: Suggestion) -> dict[str, Any]:
    return {"id": suggestion.id, "child": suggestion.child, "candidate": suggestion.candidate,
            "evidence": list(suggestion.evidence), "since": _moment(suggestion.since), "state": suggestion.state.value,
            "movement": suggestion.movement, "case": suggestion.case, "decided_by": suggestion.decided_by}


def _handover(handover: Handover) -> dict[str, Any]:
    return {"id": handover.id, "team": handover.team, "child": handover.child, "reason": handover.reason,
            "since": _moment(handover.since), "acknowledged_at": _moment(handover.acknowledged_at),
            "due": handover.details.get("due"), "case": handover.case}


def _moment(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
