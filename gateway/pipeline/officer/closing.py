"""Closing by people: one person closes, two close the case of a restricted child.

1. Only evidence closes. *Unresolved* needs a manager, among the two where two are needed.
2. *Over school age* must hold by the date of birth on record; *accepted* by an authority that was asked through the gateway is
   recorded as its answer, which ends that exchange too.
3. A child that died is restricted from then on: no letters, no chasers.
4. What a first person proposed for a restricted case is done word for word when a second agrees.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from gateway.domain.actor import Role, require
from gateway.domain.cases.case import Case
from gateway.domain.cases.evidence import Evidence, Testimony
from gateway.domain.cases.waiting import Agreement, Hold
from gateway.domain.clocks.school_age import ends
from gateway.domain.referrals.exchange import LEFT
from gateway.domain.referrals.referral import Direction
from gateway.errors import NotAllowedError, UsageError
from gateway.pipeline import casework
from gateway.pipeline.desk import Desk
from gateway.pipeline.officer.act import agree, second_person

CLOSE = "close"


def close_on(desk: Desk, case: Case, said: Testimony) -> Case | Hold:
    """Close on what a person brings as evidence; a Hold when a second person must agree first."""
    _holds_true(desk, case, said)
    return close_or_propose(desk, case, said.kind, said.text, {"told_by": said.who, "on": said.on.isoformat()})


def close_or_propose(desk: Desk, case: Case, evidence: Evidence, text: str,
                     details: Mapping[str, Any] | None = None) -> Case | Hold:
    """A person closes; the case of a restricted child waits for a second person, who agrees to exactly this."""
    proposal = {"evidence": evidence.value, "text": text, "details": dict(details or {})}
    if not case.restricted:
        return _closed(desk, case, proposal, None)
    agreed = second_person(desk, CLOSE, case.id, proposal, f"closing of a restricted case on {evidence.value}",
                           child=case.child, case=case.id)
    if isinstance(agreed, Hold):
        desk.event(case.id, "closing-proposed", f"{evidence.value}: {text}")
        desk.leaf("case-closing-proposed", case.id, {"evidence": evidence.value, "hold": agreed.id})
        return agreed
    return _closed(desk, case, proposal, agreed)


def close_as_proposed(desk: Desk, hold: Hold) -> Case:
    """The second person agrees: the case closes on what the first proposed."""
    case = desk.cases.get(hold.about)
    return _closed(desk, case, (hold.details or {})["proposal"], agree(desk, hold))


def _closed(desk: Desk, case: Case, proposal: Mapping[str, Any], agreed: Agreement | None) -> Case:
    evidence = Evidence(proposal["evidence"])
    if evidence is Evidence.UNRESOLVED and (agreed is None or Role.MANAGER not in agreed.roles):
        require(desk.actor, Role.MANAGER)
    if evidence is Evidence.DIED:
        child = desk.children.change(replace(desk.lay_out(case.child), restricted=True))
        desk.leaf("child-restricted", child.id, {"case": case.id})
    return casework.close_case(desk, case, evidence, proposal["text"], proposal["details"], agreed=agreed)


def _holds_true(desk: Desk, case: Case, said: Testimony) -> None:
    born = desk.lay_out(case.child).dob
    if said.kind is Evidence.OVER_AGE and born is not None and desk.today <= ends(born):
        raise NotAllowedError("by the date of birth on record the child is still of compulsory school age", code="STILL-OF-AGE",
                              hint="If the date of birth is wrong, ask the school to send its row again.")
    asked = [r for r in desk.tx.referrals.where(case=case.id, direction=Direction.OUT) if r.state in LEFT]
    if said.kind is Evidence.ACCEPTED and asked:
        raise UsageError(f"authority {asked[0].authority} was asked under {asked[0].id}, its answer was expected there",
                         code="ANSWER-THERE", hint=f"Record what it says, which closes the case: gateway show {asked[0].id}")
