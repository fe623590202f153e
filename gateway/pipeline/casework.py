"""Casework: opening, keeping and closing a child's case, on the desk.

1. A child has at most one case that is not closed; a second reason brings it up to date.
2. A case closes on evidence, which is kept with it. Closing lets what waited for it lapse, and withdraws drafts, referrals and
   S2S files; the desk does that when it settles.
3. A case of a restricted child is restricted: whoever or whatever would close it, two people must have agreed.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gateway.domain.cases.case import Case, CaseState
from gateway.domain.cases.evidence import Evidence
from gateway.domain.cases.waiting import Agreement, HoldState
from gateway.domain.clocks import london
from gateway.domain.matching.child import Child, SuggestionState
from gateway.domain.parcels.orders import InstructSchool, OpenCase
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.returns.record import PupilRecord
from gateway.domain.s2s.batch import Instruction, InstructionState
from gateway.errors import NotAllowedError
from gateway.pipeline.desk import Desk
from gateway.pipeline.suggesting import answered, ask_again

OF_A_CASE = ("confirm-destination", "overdue", "suggested-closing", "second-person", "no-show")


def open_case(desk: Desk, child: Child, movement: Movement | None, order: OpenCase) -> Case:
    """Open the child's case, or bring the open one up to date."""
    state = CaseState.PROVISIONAL if order.provisional else CaseState.OPEN
    values = _values(order, movement)
    known = desk.case_of(child.id)
    if known:
        if order.provisional and known.state is not CaseState.PROVISIONAL:
            return known
        case = desk.cases.change(replace(known, state=state, restricted=known.restricted or child.restricted, **values))
        desk.event(case.id, "brought-up-to-date", order.reason)
        return case
    case = desk.cases.add(Case(id=desk.ports.ids.new("C"), child=child.id, state=state, opened_at=desk.now,
                               restricted=child.restricted, **values))
    desk.event(case.id, "opened", order.reason)
    desk.leaf("case-opened", case.id, {"category": case.category.value, "state": state.value, "parcel": case.parcel,
                                       "movement": case.movement, "responsible_la": case.responsible_la})
    return case


def _values(order: OpenCase, movement: Movement | None) -> dict[str, Any]:
    values: dict[str, Any] = {
        "category": order.category, "reason": order.reason, "responsible_la": order.responsible_la,
        "checklist": order.checklist, "risk_factors": order.risk_factors, "clocks": order.clocks}
    if movement:
        values |= {"movement": movement.id, "parcel": movement.parcel, "last_school": movement.school,
                   "destination": destination_text(movement.record)}
    return values


def destination_text(record: PupilRecord) -> str | None:
    """The destination as the school named it."""
    words: str | None = record.details.get("destination_words")
    return record.destination_school or words or record.destination_country or record.destination_laestab


def close_case(desk: Desk, case: Case, evidence: Evidence, text: str, details: Mapping[str, Any] | None = None, *,
               agreed: Agreement | None = None) -> Case:
    """Close on evidence. ``unresolved`` puts the case on the watched list instead. NotAllowedError: restricted, not agreed."""
    if case.restricted and agreed is None:
        raise NotAllowedError(f"case {case.id} is restricted: two people close it, {desk.actor.user} is one",
                              code="SECOND-PERSON", hint="Propose its closing with `gateway case close`; a second person agrees.")
    if agreed is not None:
        details = {**(details or {}), "agreed_by": [agreed.first, agreed.second]}
    state = CaseState.HELD_UNRESOLVED if evidence is Evidence.UNRESOLVED else CaseState.CLOSED
    closing = {"evidence": evidence.value, "text": text, "by": desk.actor.name, **(details or {})}
    closed_at = desk.now if state is CaseState.CLOSED else None
    case = desk.cases.change(replace(case, state=state, closed_at=closed_at, closing=closing))
    desk.event(case.id, "closed" if state is CaseState.CLOSED else "held-unresolved", f"{evidence.value}: {text}")
    desk.leaf("case-closed" if state is CaseState.CLOSED else "case-held-unresolved", case.id, {"evidence": evidence.value})
    if state is CaseState.CLOSED:
        for of in (case.id, *desk.members(case.child)):
            lapse(desk, of, *OF_A_CASE)
        _moot(desk, case)
        desk.away.withdrawn.append(case)
    return case


def _moot(desk: Desk, case: Case) -> None:
    """Suggestions that asked no more than whether this case closes."""
    for suggestion in desk.suggestions.of(desk.lay_out(case.child).id):
        if suggestion.state is SuggestionState.OPEN and suggestion.case == case.id and suggestion.of_closing:
            answered(desk, suggestion, SuggestionState.REJECTED, HoldState.LAPSED)


def reopen_case(desk: Desk, case: Case, why: str) -> Case:
    """Open a closed case again, as it was, with the questions that its closing had made idle; provisional while its row waits."""
    for suggestion in desk.suggestions.of(desk.lay_out(case.child).id):
        idle = suggestion.state is SuggestionState.REJECTED and suggestion.decided_at == case.closed_at
        if idle and suggestion.of_closing and suggestion.case == case.id:
            ask_again(desk, suggestion)
    ground = desk.movements.find(case.movement)
    state = CaseState.PROVISIONAL if ground is not None and ground.state is MovementState.HELD else CaseState.OPEN
    case = desk.cases.change(replace(case, state=state, closed_at=None, closing=None))
    desk.event(case.id, "reopened", why)
    desk.leaf("case-reopened", case.id)
    desk.away.withdrawn = [other for other in desk.away.withdrawn if other.id != case.id]
    for instruction in desk.instructions.of(case.id):
        if instruction.state is InstructionState.WITHDRAWN:
            instruct(desk, case, InstructSchool(why, instruction.destination))
            ready_instructions(desk, case)
    return case


def lapse(desk: Desk, of: str, *what: str) -> None:
    """What a hold waited for happened by itself."""
    for hold in desk.open_holds(of, *what):
        desk.clear(hold, HoldState.LAPSED)


def instruct(desk: Desk, case: Case, order: InstructSchool) -> None:
    """An instruction to a school of ours, once for a case: it waits for recorded enquiries and the configured days.

    One that was withdrawn when the case closed is given again when the case needs it again.
    """
    known = desk.instructions.of(case.id)
    if case.restricted or not _is_ours(desk, case.last_school) or any(i.state is not InstructionState.WITHDRAWN for i in known):
        return
    policy = desk.ports.policy
    ready = policy.enquiries_before_s2s == 0 and policy.s2s_days == 0
    wanted = Instruction(known[0].id if known else desk.ports.ids.new("I"), case.last_school or "", case.id,
                         InstructionState.READY if ready else InstructionState.WAITING, desk.now, order.destination)
    instruction = desk.instructions.change(wanted) if known else desk.instructions.add(wanted)
    if policy.s2s_days:
        due = desk.ports.calendar.after(desk.today, policy.s2s_days, case.last_school)
        desk.timer("instruction", instruction.id, london.after(due))


def _is_ours(desk: Desk, school: str | None) -> bool:
    """Whether a school is one that we may instruct: another authority's is that authority's matter."""
    if school is None or len(school) != 7 or not school.isdecimal():
        return False
    known = desk.ports.register.establishments.get(school)
    return (known.la if known else school[:3]) == desk.ports.policy.la


def ready_instructions(desk: Desk, case: Case) -> None:
    """Instructions whose enquiries are recorded and whose days are over may go with the next batch."""
    policy = desk.ports.policy
    since = london.day_of(case.opened_at)
    due = desk.ports.calendar.after(since, policy.s2s_days, case.last_school) if policy.s2s_days else None
    if due and desk.today <= due:
        return
    enquiries = desk.tx.events.count(case=case.id, what="enquiry") + sum(
        e.what == "enquiry" and desk.tx.events.find(e.id) is None for e in desk.events.of(case.id))
    for instruction in desk.instructions.of(case.id):
        if instruction.state is InstructionState.WAITING and enquiries >= policy.enquiries_before_s2s:
            desk.instructions.change(replace(instruction, state=InstructionState.READY))
            desk.event(case.id, "instruction-ready", "goes with the next batch")
