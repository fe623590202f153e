"""Acts on a case: note, enquiry, assign, close, reopen, open by hand.

1. Only evidence closes. *Unresolved* needs a manager's sign-off and goes on the watched list.
2. A restricted case closes by two people.
3. A recorded enquiry is dated, says which of the four items it was about and how it ended; it may make an instruction ready.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from gateway.domain.actor import Actor, Role, require
from gateway.domain.cases.case import Case, CaseState, Category
from gateway.domain.cases.evidence import Evidence, read_evidence
from gateway.domain.cases.waiting import Hold
from gateway.domain.matching.child import Child
from gateway.domain.parcels.orders import OpenCase
from gateway.errors import UsageError
from gateway.pipeline import casework
from gateway.pipeline.desk import Desk
from gateway.pipeline.officer.act import at_desk, second_person, with_reason
from gateway.ports import Ports, Transaction


def note(tx: Transaction, ports: Ports, case_id: str, text: str, actor: Actor, now: datetime) -> Case:
    """Write a line on the case."""
    desk, case = _case(tx, ports, case_id, actor, now)
    desk.event(case.id, "note", with_reason(text))
    desk.leaf("case-note", case.id)
    desk.settle()
    return case


def enquiry(tx: Transaction, ports: Ports, case_id: str, text: str, actor: Actor, now: datetime, *,
            item: str | None = None, outcome: str | None = None, on: date | None = None) -> Case:
    """Record an enquiry: what was asked, when, about which of the four items, and how it ended."""
    desk, case = _case(tx, ports, case_id, actor, now)
    _open(case)
    if item is not None and item not in case.checklist:
        raise UsageError(f"{item!r} is none of the four items", code="NO-SUCH-ITEM",
                         hint=f"One of: {', '.join(case.checklist)}.")
    if on is not None and on > desk.today:
        raise UsageError(f"the enquiry is dated {on}, today is {desk.today}", code="DATED-AHEAD",
                         hint="Record it when it is made.")
    more = (f"{name}: {value}" for name, value in (("item", item), ("outcome", outcome)) if value)
    words = [f"{(on or desk.today).isoformat()}: {with_reason(text)}", *more]
    desk.event(case.id, "enquiry", "; ".join(words))
    desk.leaf("case-enquiry", case.id, {"item": item})
    casework.ready_instructions(desk, case)
    desk.settle()
    return case


def assign(tx: Transaction, ports: Ports, case_id: str, owner: str, actor: Actor, now: datetime) -> Case:
    """Give the case an owner: one at a time."""
    desk, case = _case(tx, ports, case_id, actor, now)
    case = desk.cases.change(replace(case, owner=with_reason(owner)))
    desk.event(case.id, "assigned", f"to {owner}")
    desk.leaf("case-assigned", case.id)
    desk.settle()
    return case


def close(tx: Transaction, ports: Ports, case_id: str, text: str, actor: Actor, now: datetime) -> Case | Hold:
    """Close on evidence; a Hold when a second person must agree first."""
    evidence = read_evidence(with_reason(text))
    if evidence is Evidence.UNRESOLVED:
        require(actor, Role.MANAGER)
    desk, case = _case(tx, ports, case_id, actor, now)
    _open(case)
    if case.restricted:
        waiting = second_person(desk, "close", case.id, "closing of a restricted case", child=case.child, case=case.id)
        if waiting:
            desk.event(case.id, "closing-proposed", text)
            desk.leaf("case-closing-proposed", case.id, {"evidence": evidence.value})
            desk.settle()
            return waiting
    case = casework.close_case(desk, case, evidence, text)
    desk.settle()
    return case


def reopen(tx: Transaction, ports: Ports, case_id: str, reason: str, actor: Actor, now: datetime) -> Case:
    """Open a closed or watched case again."""
    desk, case = _case(tx, ports, case_id, actor, now)
    if case.state not in (CaseState.CLOSED, CaseState.HELD_UNRESOLVED):
        raise UsageError(f"case {case.id} is {case.state.value}, expected closed", code="NOT-CLOSED",
                         hint="It needs no reopening.")
    other = desk.case_of(case.child)
    if other is not None and other.id != case.id:
        raise UsageError(f"the child has case {other.id} open, one at a time", code="CASE-OPEN", hint="Work on that case.")
    case = casework.reopen_case(desk, case, with_reason(reason))
    desk.settle()
    return case


def close_on_evidence(tx: Transaction, ports: Ports, case_id: str, evidence: Evidence, text: str, now: datetime, actor: Actor,
                      details: Mapping[str, Any] | None = None) -> Case:
    """Close on evidence that came as a message, such as another authority's acceptance."""
    desk = Desk(tx, ports, now, actor)
    case = desk.cases.get(case_id)
    desk.lay_out(case.child)
    if case.state is not CaseState.CLOSED:
        case = casework.close_case(desk, case, evidence, text, details)
        desk.settle()
    return case


def open_case(tx: Transaction, ports: Ports, child: Child, category: Category, reason: str, actor: Actor, now: datetime, *,
              last_school: str | None = None) -> Case:
    """Open a case by hand, for what no return says: an agency's word, a place not taken up, home education not engaged."""
    desk = at_desk(tx, ports, actor, now)
    if tx.children.find(child.id) is None:
        desk.children.add(child)
    order = OpenCase(with_reason(reason), category, ports.policy.la)
    case = casework.open_case(desk, desk.lay_out(child.id), None, order)
    if last_school:
        case = desk.cases.change(replace(case, last_school=last_school))
    desk.settle()
    return case


def _case(tx: Transaction, ports: Ports, case_id: str, actor: Actor, now: datetime) -> tuple[Desk, Case]:
    desk = at_desk(tx, ports, actor, now)
    case = desk.cases.get(case_id)
    desk.lay_out(case.child)
    return desk, case


def _open(case: Case) -> None:
    if case.state is CaseState.CLOSED:
        raise UsageError(f"case {case.id} is closed", code="CASE-CLOSED", hint="Reopen it first with `gateway case reopen`.")
