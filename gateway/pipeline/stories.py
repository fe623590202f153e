"""The whole story of one thing, by its id: what it is, what came of it, what waits, and what a person can do now.

1. A parcel's story names its movements and cases by id only; whose record was read stands in the access log.
2. A hold is told with what it is about, so that whoever clears it needs no second command.
3. Of an exchange everything is told that was asked or that would leave: that is what an officer decides on.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from gateway.domain.actor import Actor, require
from gateway.domain.cases.choices import Choice, choices_of, choices_of_exchange
from gateway.domain.cases.waiting import Hold, HoldState
from gateway.domain.clocks.london import day_of
from gateway.domain.matching.child import Child
from gateway.domain.parcels.kinds import Severity
from gateway.domain.parcels.parcel import Job, Parcel
from gateway.domain.referrals.referral import Direction, Referral, ReferralState
from gateway.errors import UsageError
from gateway.pipeline import exchange, views
from gateway.pipeline.desk import Desk
from gateway.pipeline.exchange.about import about
from gateway.pipeline.officer.whose import child_of
from gateway.pipeline.parcel_views import parcel_row
from gateway.pipeline.shown import READERS, joined, reader, reads_records, record_of, roots, who
from gateway.ports import Ports, Transaction

Told = dict[str, Any]


def story(tx: Transaction, ports: Ports, id: str, actor: Actor) -> Told:
    """Everything about one thing by its id, which says by its first letter what it is."""
    teller = _STORIES.get(id[:1])
    if teller is None:
        raise UsageError(f"{id!r} is no id of this gateway", code="NO-SUCH-ID",
                         hint="Ids begin with P parcel, C case, K child, M movement, H hold, V hand-over, R referral or enquiry, "
                              "S suggested match; the lists show them.")
    return teller(tx, ports, id, actor)


def case(tx: Transaction, ports: Ports, id: str, actor: Actor) -> Told:
    """One case: child, particulars, checklist, clocks, events, what is out about it, what waits."""
    found, now = tx.cases.get(id), ports.clock.now()
    child = _child(tx, ports, found.child, actor, "read case", found.id)
    record = about(tx, id)[2]
    waiting = tx.holds.where(case=id)
    return views.case_row(found, child, day_of(now)) | {
        "reason": found.reason, "checklist": dict(found.checklist), "movement": found.movement,
        "record": record_of(record, child) if record else None, "waits": _waits(waiting),
        "events": [{"at": e.at.isoformat(), "by": e.actor, "what": e.what, "text": e.text} for e in tx.events.where(case=id)],
        "holds": views.hold_rows(tx, waiting, actor),
        "handovers": [views.handover_row(h) for h in tx.handovers.where(case=id)],
        "referrals": [_exchange(r) for r in tx.referrals.where(case=id)],
    }


def child(tx: Transaction, ports: Ports, about_id: str, actor: Actor) -> Told:
    """The child that an id is about, whatever it names."""
    root, _ = child_of(Desk(tx, ports, ports.clock.now(), actor), about_id)
    return _of_child(tx, ports, root.id, actor)


def side_by_side(tx: Transaction, ports: Ports, id: str, actor: Actor) -> Told:
    """One suggestion with both records, as an officer compares them."""
    suggestion, now = tx.suggestions.get(id), ports.clock.now()
    reader(tx, actor, now, "compared", suggestion.id)
    known = roots(tx, (suggestion.child, suggestion.candidate))
    for root in {known[i].id for i in (suggestion.child, suggestion.candidate)}:
        tx.access.note(actor, now, "read child", root)
    sides = {name: joined(tx.children.get(i), known[i])
             for name, i in (("child_record", suggestion.child), ("candidate_record", suggestion.candidate))}
    movement = tx.movements.find(suggestion.movement) if suggestion.movement else None
    row = views.movement_row(movement, known.get(movement.child)) if movement else None
    waiting = tx.holds.where(about=id, state=HoldState.OPEN)
    return views.match_row(suggestion) | sides | {"row": row, "choices": _said(choices_of(waiting[0])) if waiting else []}


def _of_parcel(tx: Transaction, ports: Ports, id: str, actor: Actor) -> Told:
    parcel = tx.parcels.get(id)
    require(actor, *READERS)
    tx.access.note(actor, ports.clock.now(), "read parcel", id)
    waiting = tx.holds.where(about=id)
    return parcel_row(tx, parcel, tx.receipts.where(parcel=id)) | {
        "findings": list(parcel.checked.get("findings", ())),
        "movements": [{"id": m.id, "movement": m.kind.value, "state": m.state.value, "row": m.record.row, "held": m.held}
                      for m in tx.movements.where(parcel=id)],
        "cases": [{"id": c.id, "state": c.state.value, "reason": c.reason} for c in tx.cases.where(parcel=id)],
        "waits": _waits(waiting),
        "holds": views.hold_rows(tx, waiting, actor),
        "jobs": [{"kind": j.kind, "state": j.state.value, "attempts": j.attempts, "due_at": j.due_at.isoformat(),
                  "last_error": j.last_error} for j in tx.jobs.where() if j.payload.get("parcel") == id],
    }


def _of_child(tx: Transaction, ports: Ports, id: str, actor: Actor) -> Told:
    root = _child(tx, ports, id, actor, "read child", id)
    members, frontier = [root], [root.id]
    while frontier:
        near = [row for row in tx.children.where(same_as=frontier) if row not in members]
        members, frontier = members + near, [row.id for row in near]
    ids, now = [row.id for row in members], ports.clock.now()
    return joined(root, root) | {
        "records": [joined(row, root) for row in members[1:]],
        "movements": [views.movement_row(m, root) for m in tx.movements.where(child=ids)],
        "cases": [views.case_row(c, root, day_of(now)) for c in tx.cases.where(child=ids)],
        "handovers": [views.handover_row(h) for h in tx.handovers.where(child=ids)],
        "referrals": [_exchange(r) for r in tx.referrals.where(child=ids)],
        "waits": _waits(tx.holds.where(child=ids)),
    }


def _of_movement(tx: Transaction, ports: Ports, id: str, actor: Actor) -> Told:
    movement = tx.movements.get(id)
    child = _child(tx, ports, movement.child, actor, "read movement", id)
    return views.movement_row(movement, child) | {
        "record": record_of(movement.record, child, superseded=movement.superseded_by is not None),
        "cases": [{"id": c.id, "state": c.state.value, "reason": c.reason} for c in tx.cases.where(movement=id)],
        "waits": _waits(tx.holds.where(about=id)),
    }


def _of_hold(tx: Transaction, ports: Ports, id: str, actor: Actor) -> Told:
    hold = tx.holds.get(id)
    [row] = views.hold_rows(tx, [hold], actor)
    told: Told = row | {"choices": _said(choices_of(hold))}
    if hold.cleared_reason and reads_records(actor):
        told["cleared_reason"] = hold.cleared_reason
    if not reads_records(actor):
        return told
    if hold.what == "second-person" and hold.details:
        told |= {"proposed_by": hold.details["by"], "proposal": dict(hold.details["proposal"])}
    return told | _what_it_is_about(tx, ports, hold, actor)


def _what_it_is_about(tx: Transaction, ports: Ports, hold: Hold, actor: Actor) -> Told:
    """The thing itself, told in the hold's story: a row, two records, an exchange, a parcel's faults, a job."""
    sort = hold.about[:1]
    if sort == "P" and tx.parcels.find(hold.about):
        return _faults(tx, ports, tx.parcels.get(hold.about), actor)
    if sort == "M" and tx.movements.find(hold.about):
        told = _of_movement(tx, ports, hold.about, actor)
        return {"row": told["record"]["row"], "record": told["record"]}
    if sort == "S" and tx.suggestions.find(hold.about):
        told = side_by_side(tx, ports, hold.about, actor)
        return {name: told[name] for name in ("evidence", "child_record", "candidate_record", "row")}
    if sort == "R" and tx.referrals.find(hold.about):
        told = _of_referral(tx, ports, hold.about, actor)
        untold = hold.what == "tell-by-hand" and told["state"] == ReferralState.RELEASED
        stopped = untold or (hold.what == "guard" and told.get("stopped", False))
        choices = _said(choices_of(hold, stopped=stopped)) + told.pop("choices")
        return {"exchange": told, "choices": choices}
    if sort == "C" and tx.cases.find(hold.about):
        found = case(tx, ports, hold.about, actor)
        return {"case_state": found["state"], "case_reason": found["reason"], "record": found["record"]}
    jobs = tx.jobs.where(id=hold.about)
    return {"job": _job(jobs[0])} if jobs else {}


def _job(job: Job) -> Told:
    """A job that cannot go on, with the ids of what it was to do something about."""
    about_what = {name: id for name, id in job.payload.items() if name in _SUBJECTS and isinstance(id, str)}
    return {"kind": job.kind, "state": job.state.value, "attempts": job.attempts, "last_error": job.last_error, **about_what}


def _faults(tx: Transaction, ports: Ports, parcel: Parcel, actor: Actor) -> Told:
    tx.access.note(actor, ports.clock.now(), "read parcel", parcel.id)
    errors = [f for f in parcel.checked.get("findings", ()) if f["severity"] == Severity.ERROR.value]
    return {"received_at": parcel.received_at.isoformat(),
            "faults": [{name: f[name] for name in ("sheet", "row", "column", "message", "hint")} for f in errors]}


def _of_handover(tx: Transaction, ports: Ports, id: str, actor: Actor) -> Told:
    handover = tx.handovers.get(id)
    child = _child(tx, ports, handover.child, actor, "read hand-over", id)
    told = views.handover_row(handover) | who(child) | {"path": handover.path, "details": dict(handover.details)}
    if handover.acknowledged_at is None:
        told["choices"] = _said((Choice(f"gateway handovers ack {id}", "the team has taken the child; its files go"),))
    return told


def _of_referral(tx: Transaction, ports: Ports, id: str, actor: Actor) -> Told:
    referral, now = tx.referrals.get(id), ports.clock.now()
    child = _child(tx, ports, referral.child, actor, "read referral", id) if referral.child else None
    if child is None:
        reader(tx, actor, now, "read referral", id)
    told = exchange.referral_json(referral) | who(child) | {"answer_details": dict(referral.answer_details)}
    if referral.direction is Direction.OUT:
        seen = exchange.preview(tx, ports, referral, now)
        told |= {"contact": seen.contact, "where": seen.where,
                 "speaks_against": [doubt.reason for doubt in seen.doubts] if referral.sent_at is None else [],
                 "stopped": any(not doubt.settled_by_person for doubt in seen.doubts) and referral.sent_at is None,
                 "fields": seen.fields}
    else:
        told["fields"] = dict(referral.payload)
    return told | {"choices": _said(choices_of_exchange(referral))}


def _waits(holds: list[Hold]) -> list[Told]:
    return [{"id": h.id, "what": h.what, "reason": h.reason, "clears_with": h.clears_with}
            for h in holds if h.state is HoldState.OPEN]


def _exchange(referral: Referral) -> Told:
    return {"id": referral.id, "kind": referral.kind.value, "direction": referral.direction.value,
            "authority": referral.authority, "state": referral.state.value,
            "answer": referral.answer.value if referral.answer else None}


def _child(tx: Transaction, ports: Ports, id: str, actor: Actor, what: str, subject: str) -> Child:
    """The child as known today; that its record was read is written down, under the id that was asked for and its own."""
    reader(tx, actor, ports.clock.now(), what, subject)
    root = roots(tx, [tx.children.get(id).id])[id]
    if subject != root.id:
        tx.access.note(actor, ports.clock.now(), "read child", root.id)
    return root


def _said(choices: tuple[Choice, ...]) -> list[dict[str, str]]:
    return [{"does": choice.does, "command": choice.command} for choice in choices]


_SUBJECTS = ("parcel", "referral", "authority", "what", "handover", "instruction", "batch", "hold", "receipt")
_STORIES: Mapping[str, Callable[[Transaction, Ports, str, Actor], Told]] = {
    "P": _of_parcel, "C": case, "K": _of_child, "M": _of_movement, "H": _of_hold, "V": _of_handover, "R": _of_referral,
    "S": side_by_side,
}

