"""Answering them, and applying what they answer. No code answers for a person.

1. An officer answers what came in; the answer is signed, sealed and sent by the channel the question came by.
2. What they answer is applied as they said it: *accepted*, or *on roll* with school and date, closes the case with that as
   its evidence. Everything else leaves the case open and tells a person.
3. *Not on roll* and *not found* to an enquiry draft the referral to the authority where the child lives.
4. An answer that came by telephone or letter is recorded by an officer, with who said it and how.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from gateway.domain.actor import GATEWAY, Actor, Role, require
from gateway.domain.cases.case import CaseState
from gateway.domain.cases.evidence import Evidence
from gateway.domain.cases.waiting import HoldState
from gateway.domain.clocks.london import day_of
from gateway.domain.referrals.exchange import Event, News, closes_case
from gateway.domain.referrals.message import answer_id
from gateway.domain.referrals.minimal import LONGEST
from gateway.domain.referrals.referral import Answer, Direction, Referral, ReferralKind
from gateway.errors import UsageError
from gateway.pipeline.casework import close_case
from gateway.pipeline.desk import Desk
from gateway.pipeline.exchange import journal
from gateway.pipeline.exchange.drafts import about, draft
from gateway.pipeline.route.cases import referral_for
from gateway.pipeline.route.situation import Row, World
from gateway.ports import Ports, Transaction

NEEDED: Mapping[Answer, tuple[str, ...]] = {Answer.ON_ROLL: ("school", "since"), Answer.DECLINED: ("reason",),
                                            Answer.REDIRECT: ("redirect_to",)}
_NOT_THERE = (Answer.NOT_ON_ROLL, Answer.NOT_FOUND)


def answer(tx: Transaction, ports: Ports, referral_id: str, said: Answer, actor: Actor, now: datetime,
           **details: Any) -> Referral:
    """Answer an enquiry or a referral that came in, and enqueue the answer's delivery."""
    require(actor, Role.OFFICER)
    referral = _of(tx, referral_id, Direction.IN)
    given = _details(said, details)
    number = tx.settings.next(f"answers:{referral.id}")
    body = {"about": referral.message, "answer": said.value, "answered_at": now.isoformat(), **given,
            "officer": {"name": actor.name, "email": ports.policy.contact.email, "phone": ports.policy.contact.phone}}
    news = News.REDIRECT if said is Answer.REDIRECT else News.ANSWER
    referral = journal.step(tx, referral, Event(news, now, by=actor.user, answer=said, details=given))
    journal.clear(tx, referral, actor, now, "answer", state=HoldState.RELEASED, reason=said.value)
    journal.write(tx, ports, referral, "answer-given", actor, now, {"answer": said.value})
    package = answer_id(referral.message, number)
    tx.jobs.enqueue("deliver", f"deliver:{referral.authority}:{package}", now,
                    {"referral": referral.id, "what": "answer", "package": package, "body": body}, line=referral.authority)
    return referral


def record_answer_by_person(tx: Transaction, ports: Ports, referral_id: str, said: Answer, actor: Actor, now: datetime, *,
                            how: str, told_by: str, **details: Any) -> Referral:
    """Record what another authority said by telephone or letter about something of ours."""
    require(actor, Role.OFFICER)
    if not how.strip() or not told_by.strip():
        raise UsageError("an answer by telephone or letter without who said it and how, both expected", code="ANSWER-SOURCE",
                         hint='Give --how telephone and --told-by "name, office".')
    referral = _of(tx, referral_id, Direction.OUT)
    given = _details(said, details) | {"how": how, "told_by": told_by, "recorded_by": actor.name}
    return apply_answer(tx, ports, referral, said, given, actor, now)


def apply_answer(tx: Transaction, ports: Ports, referral: Referral, said: Answer, details: Mapping[str, Any], actor: Actor,
                 now: datetime) -> Referral:
    """What they said of something of ours, with all that follows. WrongTurnError when it cannot be answered any more."""
    news = News.REDIRECT if said is Answer.REDIRECT else News.ANSWER
    referral = journal.step(tx, referral, Event(news, now, by=actor.user, answer=said, details=details))
    journal.clear(tx, referral, actor, now, "silence", "bounced")
    journal.write(tx, ports, referral, "referral-answered", actor, now, {"answer": said.value},
                  text=f"{referral.authority} says: {said.value}")
    if closes_case(said, details):
        referral = journal.step(tx, referral, Event(News.CLOSE, now, by=actor.user))
        _close(tx, ports, referral, said, details, actor, now)
        return referral
    followed = _follow(tx, ports, referral, said, details, now)
    if followed is None:
        journal.hold(tx, ports, "answered", referral, f"{referral.authority} says {said.value}: the case stays open",
                     f"answered:{referral.id}:{said.value}", now)
    return referral


def follow_up(tx: Transaction, ports: Ports, referral: Referral, why: str, now: datetime) -> Referral | None:
    """After an enquiry without success: the referral to the authority where the child lives; None when that is ours."""
    if referral.kind is not ReferralKind.ENQUIRY or referral.case is None:
        return None
    case, child, record = about(tx, referral.case)
    if record is None or case.state is CaseState.CLOSED:
        return None
    order = referral_for(Row(record, case.last_school or ports.policy.la), World(ports.policy, ports.register, day_of(now)), why)
    if order is None:
        return None
    return draft(tx, ports, kind=ReferralKind.REFERRAL, authority=order.authority, case=case, child=child, record=record,
                 reason=order.reason, derivations=order.derivations, now=now)


def _follow(tx: Transaction, ports: Ports, referral: Referral, said: Answer, details: Mapping[str, Any],
            now: datetime) -> Referral | None:
    if said in _NOT_THERE:
        return follow_up(tx, ports, referral, f"{referral.authority} says: {said.value}", now)
    if said is not Answer.REDIRECT or referral.case is None:
        return None
    to = str(details["redirect_to"])
    case, child, record = about(tx, referral.case)
    if to == ports.policy.la or case.state is CaseState.CLOSED:
        return None
    # What named the authority that now names another is answered; the other sources still speak, for or against.
    sources = {source: la for source, la in referral.derivations.items() if la != referral.authority}
    sources[f"answer of {referral.authority}"] = to
    return draft(tx, ports, kind=referral.kind, authority=to, case=case, child=child, record=record,
                 reason=f"{referral.authority} redirects to {to}", derivations=sources, now=now)


def _close(tx: Transaction, ports: Ports, referral: Referral, said: Answer, details: Mapping[str, Any], actor: Actor,
           now: datetime) -> None:
    case = tx.cases.find(referral.case) if referral.case else None
    if case is None or case.state is CaseState.CLOSED:
        return
    desk = Desk(tx, ports, now, actor)
    desk.lay_out(case.child)
    evidence = Evidence.ACCEPTED if said is Answer.ACCEPTED else Evidence.ON_ROLL
    close_case(desk, desk.cases.get(case.id), evidence, f"{said.value} by {referral.authority}",
               {"referral": referral.id, "authority": referral.authority, **details})
    desk.settle()


def _of(tx: Transaction, referral_id: str, direction: Direction) -> Referral:
    referral = tx.referrals.get(referral_id)
    if referral.direction is not direction:
        raise UsageError(f"exchange {referral.id} goes {referral.direction}, expected one that goes {direction}",
                         code="WRONG-DIRECTION", hint="We answer what came in; what went out is answered by the other authority.")
    return referral


def _details(said: Answer, details: Mapping[str, Any]) -> dict[str, Any]:
    given = {name: value for name, value in details.items() if value not in (None, "")}
    too_long = [name for name, value in given.items() if len(str(value)) > LONGEST]
    if too_long:
        raise UsageError(f"{', '.join(too_long)} has more than {LONGEST} characters", code="ANSWER-LONG", hint="Say it shorter.")
    missing = [name for name in NEEDED.get(said, ()) if name not in given]
    if missing:
        raise UsageError(f"the answer {said.value} lacks {', '.join(missing)}", code="ANSWER-LACKS",
                         hint="Give " + " and ".join(f"--{name.replace('_', '-')}" for name in missing) + ".")
    return given


def arrived(tx: Transaction, ports: Ports, referral: Referral, body: Mapping[str, Any], now: datetime) -> Referral:
    """An answer that came as a package from the authority that was asked."""
    rest = {name: value for name, value in body.items() if name not in ("about", "answer")}
    said = Answer(body["answer"])
    if said is Answer.REDIRECT and not rest.get("redirect_to"):
        said = Answer.MORE_NEEDED   # a redirect to nowhere: a person asks where
    return apply_answer(tx, ports, referral, said, rest, GATEWAY, now)
