"""The job "deliver": seal a message for its authority and leave it there, once.

1. What was released goes, what was withdrawn meanwhile does not; the guard looks once more before a referral leaves.
2. A package is sealed once and kept in the vault: a repeat after a crash sends the same bytes under the same name, and the
   outbox knows them again.
3. The state changes, the ledger's leaf and the end of the job are one transaction, after the outbox gave its proof. A crash
   between the two repeats the delivery, which changes nothing at the other end.
4. That a package may have left is written down before it leaves: when it is withdrawn while the proof of its delivery is lost,
   the withdrawal is sent after it.
5. Their receipt may come before our proof. The answer is awaited all the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.domain.actor import GATEWAY
from gateway.domain.clocks.london import after, day_of
from gateway.domain.parcels.parcel import Job
from gateway.domain.parcels.stages import Delivered
from gateway.domain.referrals.contact import KeyStanding
from gateway.domain.referrals.exchange import Event, News, can, ends_exchange
from gateway.domain.referrals.guard import NO_KEY
from gateway.domain.referrals.message import Envelope, Message, MessageKind, begun, wire_name
from gateway.domain.referrals.referral import Direction, Referral, ReferralState
from gateway.errors import OperatorError
from gateway.pipeline.exchange import journal
from gateway.pipeline.exchange.release import guard, held
from gateway.pipeline.exchange.withdrawals import may_have_left, send_withdrawal
from gateway.pipeline.keep import keep
from gateway.ports import Outgoing, Ports, Transaction


@dataclass(frozen=True, slots=True)
class _Post:
    """One package to be: its envelope, its body, and the referral it is about, when there is one."""

    envelope: Envelope
    body: Mapping[str, Any]
    referral: Referral | None


def deliver(job: Job, ports: Ports) -> None:
    """Carry out one delivery job."""
    now = ports.clock.now()
    post = _prepare(job, ports, now)
    if post is None:
        return
    sealed = _sealed(post, job, ports)
    name = wire_name(post.envelope, hashlib.sha256(sealed).hexdigest())
    to = post.envelope.recipient
    proof = ports.outboxes(f"peer:{to}").deliver(Outgoing(job.id, to, name, sealed), now)
    with ports.store.writing() as tx:
        _record(tx, ports, post, proof, now)
        tx.jobs.finish(job)


def _prepare(job: Job, ports: Ports, now: datetime) -> _Post | None:
    """What is to be sent; None when there is nothing to send any more, and the job is done."""
    payload = job.payload
    with ports.store.writing() as tx:
        referral = tx.referrals.get(payload["referral"]) if payload.get("referral") else None
        if payload["what"] != "referral":
            return _reply(payload, referral, ports, now)
        if referral is None or referral.sent_how or referral.state not in (ReferralState.RELEASED, ReferralState.SENT):
            if referral is not None and not referral.sent_how and referral.state is ReferralState.DELIVERED:
                answer_due(tx, ports, referral, now)
            tx.jobs.finish(job)   # withdrawn, held, told by a person, or received there since
            return None
        found = guard(tx, ports, referral, now) if referral.state is ReferralState.RELEASED else ()
        if found:
            held(tx, ports, referral, found, GATEWAY, now)
            tx.jobs.finish(job)
            return None
        may_have_left(tx, referral, now)
    envelope = begun(referral.message, MessageKind(referral.kind.value), ports.policy.la, referral.authority, now)
    return _Post(envelope, referral.payload, referral)


def _reply(payload: Mapping[str, Any], referral: Referral | None, ports: Ports, now: datetime) -> _Post:
    authority = referral.authority if referral else payload["authority"]
    contact = ports.courier.contact(authority)
    if contact is None or not contact.trusted():
        standing = contact.standing if contact else KeyStanding.NONE
        raise OperatorError(f"nothing can be sent to authority {authority}: {standing.lacks}, one expected",
                            code=NO_KEY[standing] if contact else "GUARD-NO-CONTACT",
                            hint="`gateway contacts` shows what is known of it. A person may tell an answer: --how telephone")
    envelope = begun(payload["package"], MessageKind(payload["what"]), ports.policy.la, authority, now)
    return _Post(envelope, payload["body"], referral)


def _sealed(post: _Post, job: Job, ports: Ports) -> bytes:
    """The sealed package of this job: the one from the vault, or a new one that is in the vault before it leaves."""
    key = package_key(post.envelope.recipient, post.envelope.id, job.payload.get("label", "1"))
    if not ports.vault.exists(key):
        keep(ports.vault, key, ports.courier.seal(Message(post.envelope, post.body)))
    return ports.vault.read(key)      # another worker's, when it was faster: no two sealings are alike, and one may leave


def package_key(authority: str, package: str, label: str) -> str:
    """The vault's key of a sealed package: one for each time it was released."""
    return f"package/{authority}/{package}/{label}"


def _record(tx: Transaction, ports: Ports, post: _Post, proof: Delivered, now: datetime) -> None:
    facts = {"package": post.envelope.id, "what": post.envelope.kind.value, "sha256": proof.sha256, "to": post.envelope.recipient}
    if post.referral is None:
        tx.leaves.append("package-sent", post.envelope.id, GATEWAY, now, facts)
        return
    referral = tx.referrals.get(post.referral.id)
    journal.write(tx, ports, referral, "package-sent", GATEWAY, now, facts,
                  text=f"{post.envelope.kind.value} sent to {referral.authority}")
    if post.envelope.kind.begins:
        _sent(tx, ports, referral, proof, now)
    elif post.envelope.kind is MessageKind.ANSWER and referral.direction is Direction.IN and referral.answer \
            and ends_exchange(referral.answer) and can(referral, News.CLOSE):
        journal.step(tx, referral, Event(News.CLOSE, now))


def _sent(tx: Transaction, ports: Ports, referral: Referral, proof: Delivered, now: datetime) -> None:
    if referral.state is ReferralState.WITHDRAWN:
        send_withdrawal(tx, referral, now)
        return
    if can(referral, News.SEND):
        journal.step(tx, referral, Event(News.SEND, now, sha256=proof.sha256))
    answer_due(tx, ports, referral, now)


def answer_due(tx: Transaction, ports: Ports, referral: Referral, now: datetime) -> None:
    """Silence is visible: the answer is due after the configured school days, and a person hears of it then."""
    day = ports.calendar.after(day_of(now), ports.policy.answer_days)
    tx.jobs.enqueue("timer", f"timer:answer-due:{referral.id}:{day.isoformat()}", after(day),
                    {"what": "answer-due", "about": referral.id})
