"""Answering them, and applying what they answer. No code answers for a person.

1. An officer answers what came in; the answer is signed, sealed and sent by the channel the question came by. What can be said
   depends on what was asked.
2. What they answer is applied as they said it: *accepted* to a referral, or *on roll* with a school and a day that fits,
   closes the case with that as its evidence. Everything else leaves the case open and tells a person.
3. *Not on roll* and *not found* to an enquiry draft the referral to the authority where the child lives.
4. An answer that came by telephone or letter is recorded by an officer, with who said it and how; ours may be given so too.
5. A later answer of theirs that takes back the one a case closed on reopens nothing by itself: a person is told, and decides.
6. When we do not take over a child whom they referred, our case that rests on that alone is put before a person for closing.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from gateway.domain.actor import GATEWAY, Actor, Role, require
from gateway.domain.cases.case import Case, CaseState
from gateway.domain.cases.evidence import Evidence
from gateway.domain.cases.waiting import HoldState
from gateway.domain.clocks.london import day_of
from gateway.domain.referrals.exchange import ANSWERS, Event, News, closes_case, ends_exchange, objection
from gateway.domain.referrals.message import answer_id
from gateway.domain.referrals.minimal import LONGEST
from gateway.domain.referrals.referral import Answer, Direction, Referral, ReferralKind, ReferralState
from gateway.domain.returns.record import PupilRecord
from gateway.errors import UsageError
from gateway.pipeline.casework import close_case
from gateway.pipeline.desk import Desk
from gateway.pipeline.exchange import journal
from gateway.pipeline.exchange.about import about
from gateway.pipeline.exchange.by_hand import way
from gateway.pipeline.exchange.drafts import draft
from gateway.pipeline.route.cases import referral_for
from gateway.pipeline.route.situation import Row, World
from gateway.ports import Ports, Transaction

NEEDED: Mapping[Answer, tuple[str, ...]] = {Answer.ON_ROLL: ("school", "since"), Answer.DECLINED: ("reason",),
                                            Answer.REDIRECT: ("redirect_to",)}
_NOT_THERE = (Answer.NOT_ON_ROLL, Answer.NOT_FOUND)
_NOT_OURS = (Answer.DECLINED, Answer.NOT_FOUND, Answer.REDIRECT)


def answer(tx: Transaction, ports: Ports, referral_id: str, said: Answer, actor: Actor, now: datetime, *, how: str = "",
           told_by: str = "", **details: Any) -> Referral:
    """Answer what came in, and enqueue the answer's delivery; with ``how`` it was told by a person, and nothing is sent."""
    require(actor, Role.OFFICER)
    referral = _of(tx, referral_id, Direction.IN)
    given = _details(ports, referral, said, details, now)
    number = tx.settings.next(f"answers:{referral.id}")
    body = {"about": referral.message, "answer": said.value, "answered_at": now.isoformat(), **given,
            "officer": {"name": actor.name, "email": ports.policy.contact.email, "phone": ports.policy.contact.phone}}
    news = News.REDIRECT if said is Answer.REDIRECT else News.ANSWER
    told = {"how": way(how), "told": told_by} if how else {}
    referral = journal.step(tx, referral, Event(news, now, by=actor.user, answer=said, details=given | told))
    journal.clear(tx, referral, actor, now, "answer", state=HoldState.RELEASED, reason=said.value)
    journal.write(tx, ports, referral, "answer-given", actor, now, {"answer": said.value, "how": how or "package"})
    if not how:
        package = answer_id(referral.message, number)
        tx.jobs.enqueue("deliver", f"deliver:{referral.authority}:{package}", now,
                        {"referral": referral.id, "what": "answer", "package": package, "body": body}, line=referral.authority)
    elif ends_exchange(said) and said is not Answer.REDIRECT:
        referral = journal.step(tx, referral, Event(News.CLOSE, now, by=actor.user))
    if said in _NOT_OURS:
        not_taken_over(tx, ports, referral, f"we answered {said.value}", now)
    return referral


def record_answer_by_person(tx: Transaction, ports: Ports, referral_id: str, said: Answer, actor: Actor, now: datetime, *,
                            how: str, told_by: str, **details: Any) -> Referral:
    """Record what another authority said by telephone or letter about something of ours."""
    require(actor, Role.OFFICER)
    if not how.strip() or not told_by.strip():
        raise UsageError("an answer by telephone or letter without who said it and how, both expected", code="ANSWER-SOURCE",
                         hint='Give --how telephone and --told-by "name, office".')
    referral = _of(tx, referral_id, Direction.OUT)
    given = _details(ports, referral, said, details, now) | {"how": how, "told_by": told_by, "recorded_by": actor.name}
    return apply_answer(tx, ports, referral, said, given, actor, now)


def apply_answer(tx: Transaction, ports: Ports, referral: Referral, said: Answer, details: Mapping[str, Any], actor: Actor,
                 now: datetime) -> Referral:
    """What they said of something of ours, with all that follows. WrongTurnError when it cannot be answered any more."""
    closed_on = referral.state is ReferralState.CLOSED
    news = News.REDIRECT if said is Answer.REDIRECT else News.ANSWER
    referral = journal.step(tx, referral, Event(news, now, by=actor.user, answer=said, details=details))
    journal.clear(tx, referral, actor, now, "silence", "bounced", "answered", "taken-back")
    journal.write(tx, ports, referral, "referral-answered", actor, now, {"answer": said.value},
                  text=f"{referral.authority} says: {said.value}")
    record, today = _record(tx, referral), day_of(now)
    if closes_case(referral.kind, said, details, today, record):
        referral = journal.step(tx, referral, Event(News.CLOSE, now, by=actor.user))
        _close(tx, ports, referral, said, details, actor, now)
        return referral
    if closed_on and _rests_on(tx, referral):
        reason = f"{referral.authority} takes its answer back and says {said.value}: the case closed on what it said before"
        journal.hold(tx, ports, "taken-back", referral, reason, f"taken-back:{referral.id}:{now.isoformat()}", now, tell=True)
    elif follow(tx, ports, referral, now) is None:
        why = objection(referral.kind, said, details, today, record)
        reason = f"{referral.authority} says {said.value}{f', but {why}' if why else ''}: the case stays open"
        journal.hold(tx, ports, "answered", referral, reason, f"answered:{referral.id}:{said.value}", now, tell=True)
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


def follow(tx: Transaction, ports: Ports, referral: Referral, now: datetime) -> Referral | None:
    """The draft that follows from their answer while the case is open, if any."""
    said, details = referral.answer, referral.answer_details
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


def not_taken_over(tx: Transaction, ports: Ports, referral: Referral, why: str, now: datetime) -> None:
    """Put our case that rests on their referral alone before a person: the child stays theirs."""
    case = tx.cases.find(referral.case) if referral.case else None
    if case is None or case.state is CaseState.CLOSED or case.movement or case.told or case.parcel != referral.parcel:
        return
    text = f"{why}: the child stays with {referral.authority}, which referred it"
    _suggest_closing(tx, ports, referral, case, text, now, {
        "evidence": Evidence.RETURNED.value, "text": text, "details": {"referral": referral.id, "authority": referral.authority}})


def _suggest_closing(tx: Transaction, ports: Ports, referral: Referral, case: Case, reason: str, now: datetime,
                     proposal: Mapping[str, Any]) -> None:
    key = f"suggested-closing:{referral.id}"
    journal.hold(tx, ports, "suggested-closing", referral, reason, key, now, about=case.id, tell=True, details=proposal)


def _record(tx: Transaction, referral: Referral) -> PupilRecord | None:
    return about(tx, referral.case)[2] if referral.case else None


def _rests_on(tx: Transaction, referral: Referral) -> bool:
    """Whether the case is closed, on what they said in this exchange."""
    case = tx.cases.find(referral.case) if referral.case else None
    return case is not None and case.state is CaseState.CLOSED and (case.closing or {}).get("referral") == referral.id


def _close(tx: Transaction, ports: Ports, referral: Referral, said: Answer, details: Mapping[str, Any], actor: Actor,
           now: datetime) -> None:
    case = tx.cases.find(referral.case) if referral.case else None
    if case is None or case.state is CaseState.CLOSED:
        return
    evidence = Evidence.ACCEPTED if said is Answer.ACCEPTED else Evidence.ON_ROLL
    text, more = f"{said.value} by {referral.authority}", {"referral": referral.id, "authority": referral.authority, **details}
    if case.restricted:      # two people close it: the answer is what they agree to
        _suggest_closing(tx, ports, referral, case, f"{text}: a restricted case closes by two people", now,
                         {"evidence": evidence.value, "text": text, "details": more})
        return
    desk = Desk(tx, ports, now, actor)
    desk.lay_out(case.child)
    close_case(desk, desk.cases.get(case.id), evidence, text, more)
    desk.settle()


def _of(tx: Transaction, referral_id: str, direction: Direction) -> Referral:
    referral = tx.referrals.get(referral_id)
    if referral.direction is not direction:
        raise UsageError(f"exchange {referral.id} goes {referral.direction}, expected one that goes {direction}",
                         code="WRONG-DIRECTION", hint="We answer what came in; what went out is answered by the other authority.")
    return referral


def _details(ports: Ports, referral: Referral, said: Answer, details: Mapping[str, Any], now: datetime) -> dict[str, Any]:
    if said not in ANSWERS[referral.kind]:
        raise UsageError(f"{referral.id} is {_a(referral.kind)}, to which {said.value} is no answer", code="ANSWER-NOT-FOR-KIND",
                         hint="One of: " + ", ".join(ANSWERS[referral.kind]) + ".")
    given = {name: value for name, value in details.items() if value not in (None, "")}
    too_long = [name for name, value in given.items() if len(str(value)) > LONGEST]
    if too_long:
        raise UsageError(f"{', '.join(too_long)} has more than {LONGEST} characters", code="ANSWER-LONG", hint="Say it shorter.")
    missing = [name for name in NEEDED.get(said, ()) if name not in given]
    if missing:
        raise UsageError(f"the answer {said.value} lacks {', '.join(missing)}", code="ANSWER-LACKS",
                         hint="Give " + " and ".join(f"--{name.replace('_', '-')}" for name in missing) + ".")
    if said is Answer.ON_ROLL and date.fromisoformat(given["since"]) > day_of(now):
        raise UsageError(f"--since {given['since']} has not come, today is {day_of(now)}", code="DATED-AHEAD",
                         hint=f"Until the child has started say {Answer.ALREADY_KNOWN.value}; say {said.value} on that day.")
    if said is Answer.REDIRECT:
        _goes_on(ports, referral, given["redirect_to"])
    return given


def _goes_on(ports: Ports, referral: Referral, to: str) -> None:
    known = ports.register.authorities
    asked = ports.policy.la if referral.direction is Direction.IN else referral.authority
    asks = referral.authority if referral.direction is Direction.IN else None   # ours may be sent back to us: the child returned
    if to in (asked, asks) or (known and to not in known):
        raise UsageError(f"{to!r} is no other authority to redirect to", code="NO-SUCH-AUTHORITY",
                         hint="Three digits, as in register/authorities.csv: neither who asks nor who is asked.")


def _a(kind: ReferralKind) -> str:
    return f"{'an' if kind is ReferralKind.ENQUIRY else 'a'} {kind.value}"


def arrived(tx: Transaction, ports: Ports, referral: Referral, body: Mapping[str, Any], now: datetime) -> Referral:
    """An answer that came as a package from the authority that was asked."""
    rest = {name: value for name, value in body.items() if name not in ("about", "answer")}
    said = Answer(body["answer"])
    if said is Answer.REDIRECT and not rest.get("redirect_to"):
        said = Answer.MORE_NEEDED   # a redirect to nowhere: a person asks where
    return apply_answer(tx, ports, referral, said, rest, GATEWAY, now)
