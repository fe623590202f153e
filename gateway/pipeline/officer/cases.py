"""Acts on a case: note, enquiry, assign, close, reopen.

1. Only evidence closes (``closing``). A restricted case closes by two people.
2. A recorded enquiry is dated, says which of the four items it was about and how it ended; it may make an instruction ready.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

from gateway.domain.actor import Actor
from gateway.domain.cases.case import Case, CaseState
from gateway.domain.cases.evidence import read_evidence
from gateway.domain.cases.waiting import Hold
from gateway.errors import UsageError
from gateway.pipeline import casework
from gateway.pipeline.desk import Desk
from gateway.pipeline.officer.act import at_desk, with_reason
from gateway.pipeline.officer.closing import close_on
from gateway.ports import Ports, Transaction


def note(tx: Transaction, ports: Ports, case_id: str, text: str, actor: Actor, now: datetime) -> Case:
    """Write a line on the case."""
    desk, case = _case(tx, ports, case_id, actor, now)
    desk.event(case.id, "note", with_reason(text, "--evidence"))
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
    words = [f"{(on or desk.today).isoformat()}: {with_reason(text, '--evidence')}", *more]
    desk.event(case.id, "enquiry", "; ".join(words))
    desk.leaf("case-enquiry", case.id, {"item": item})
    casework.ready_instructions(desk, case)
    desk.settle()
    return case


def assign(tx: Transaction, ports: Ports, case_id: str, owner: str, actor: Actor, now: datetime) -> Case:
    """Give the case an owner: one at a time, who may work on cases."""
    desk, case = _case(tx, ports, case_id, actor, now)
    owner = with_reason(owner, "--to", "NOBODY")
    known = {*ports.policy.caseworkers, actor.user}
    if owner not in known:
        raise UsageError(f"{owner!r} is not one of those who work on cases here", code="UNKNOWN-PERSON",
                         hint=f"One of: {', '.join(sorted(known))}. An operator adds others to [people], with the role officer.")
    case = desk.cases.change(replace(case, owner=owner))
    desk.event(case.id, "assigned", f"to {owner}")
    desk.leaf("case-assigned", case.id)
    desk.settle()
    return case


def close(tx: Transaction, ports: Ports, case_id: str, text: str, actor: Actor, now: datetime) -> Case | Hold:
    """Close on evidence; a Hold when a second person must agree first."""
    desk, case = _case(tx, ports, case_id, actor, now)
    _open(case)
    done = close_on(desk, case, read_evidence(with_reason(text, "--evidence", "NO-EVIDENCE"), desk.today))
    desk.settle()
    return done


def reopen(tx: Transaction, ports: Ports, case_id: str, reason: str, actor: Actor, now: datetime) -> Case:
    """Open a closed or watched case again."""
    desk, case = _case(tx, ports, case_id, actor, now)
    if case.state not in (CaseState.CLOSED, CaseState.HELD_UNRESOLVED):
        raise UsageError(f"case {case.id} is {case.state.value}, expected closed", code="NOT-CLOSED",
                         hint="It needs no reopening.")
    other = desk.case_of(case.child)
    if other is not None and other.id != case.id:
        raise UsageError(f"the child has case {other.id} open, one at a time", code="CASE-OPEN", hint="Work on that case.")
    case = casework.reopen_case(desk, case, with_reason(reason, "--evidence"))
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
