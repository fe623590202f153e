"""Packages that arrive from other authorities.

1. Proven first, read after (the courier); only then does anything happen, and all of it in one transaction.
2. A package's id is taken once. The same again gets the original receipt and changes nothing; another under its id is refused.
3. What it speaks about must be ours and with that authority: an answer to a question never asked, by one never asked, for an
   exchange that has ended, is refused, recorded, and answered where its sender is proven.
4. Order does not matter: an answer may overtake its receipt, a withdrawal the referral it withdraws.
5. Receipts are not answered; everything else is, with a signed receipt of the exact bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from gateway.domain.actor import GATEWAY
from gateway.domain.parcels.kinds import Kind, Verdict
from gateway.domain.parcels.parcel import Job, Parcel, ParcelState
from gateway.domain.referrals.exchange import Event, News, WrongTurnError, can
from gateway.domain.referrals.message import Envelope, Message, MessageKind, PackageError, receipt_id
from gateway.domain.referrals.referral import Direction, Referral, ReferralState
from gateway.pipeline.exchange import answers, inbound, journal
from gateway.pipeline.exchange.withdrawals import send_withdrawal
from gateway.pipeline.holding import tell_of
from gateway.pipeline.reading import note_reading
from gateway.ports import Ports, Transaction


def take_package(job: Job, parcel: Parcel, ports: Ports, now: datetime) -> None:
    """Take what a peer's parcel holds; ends the job."""
    try:
        message = ports.courier.open(ports.vault.read(parcel.blob), parcel.sender, now)
    except PackageError as refused:
        with ports.store.writing() as tx:
            _refuse(tx, ports, parcel, refused, refused.proven, now)
            tx.jobs.finish(job)
        return
    with ports.store.writing() as tx:
        try:
            with tx.savepoint():
                _take(tx, ports, parcel, message, now)
        except PackageError as refused:
            _refuse(tx, ports, parcel, refused, message.envelope, now)
        except WrongTurnError as wrong:
            late = PackageError(wrong.message, code="PACKAGE-TOO-LATE", hint=wrong.hint)
            _refuse(tx, ports, parcel, late, message.envelope, now)
        tx.jobs.finish(job)


def _take(tx: Transaction, ports: Ports, parcel: Parcel, message: Message, now: datetime) -> None:
    envelope = message.envelope
    mark = f"package:{envelope.sender}:{envelope.id}"
    before = tx.settings.get(mark)
    if before is None:
        tx.settings.put(mark, f"{envelope.sha256}:{parcel.sha256}")
        TAKES[envelope.kind](tx, ports, parcel, message, now)
        received = parcel.sha256
    else:
        payload, _, received = before.partition(":")
        if payload != envelope.sha256:
            raise PackageError("the package has the id of one that came before, with another content", code="PACKAGE-ID-REUSED",
                               hint="Its sender must give each message an id of its own.")
    facts = {"package": envelope.id, "what": envelope.kind.value, "from": envelope.sender, "sha256": parcel.sha256,
             "again": before is not None}
    tx.leaves.append("package-taken", parcel.id, GATEWAY, now, facts)
    kind = Kind.REFERRAL if envelope.kind.begins else Kind.REPLY
    tx.parcels.save(replace(parcel, kind=kind, state=ParcelState.SETTLED, verdict=Verdict.ACCEPTED, settled_at=now,
                            reading=parcel.reading + 1))
    if envelope.kind is not MessageKind.RECEIPT:
        _send_receipt(tx, parcel, envelope, received, now, "accepted")


def _refuse(tx: Transaction, ports: Ports, parcel: Parcel, refused: PackageError, proven: Envelope | None, now: datetime) -> None:
    kind = Kind.UNKNOWN if proven is None else Kind.REFERRAL if proven.kind.begins else Kind.REPLY
    tx.parcels.save(replace(parcel, kind=kind, state=ParcelState.REFUSED, verdict=Verdict.REFUSED, settled_at=now,
                            reading=parcel.reading + 1))
    note_reading(tx, parcel, ports)
    facts = {"code": refused.code, "from": parcel.sender, "sha256": parcel.sha256, "package": proven.id if proven else None}
    tx.leaves.append("package-refused", parcel.id, GATEWAY, now, facts)
    tell_of(tx, ports, "file", parcel.id, f"package from {parcel.sender} refused: {refused.message}",
            f"file:{parcel.id}:{parcel.reading + 1}")
    if proven is not None and proven.kind is not MessageKind.RECEIPT:
        _send_receipt(tx, parcel, proven, parcel.sha256, now, "refused", refused.code)


def _send_receipt(tx: Transaction, parcel: Parcel, envelope: Envelope, sha256: str, now: datetime, verdict: str,
                  code: str = "") -> None:
    package = receipt_id(envelope.id, sha256)
    body = {"about": envelope.id, "sha256": sha256, "received_at": parcel.received_at.isoformat(), "verdict": verdict}
    tx.jobs.enqueue("deliver", f"deliver:{envelope.sender}:{package}:{parcel.id}", now, {
        "referral": None, "authority": envelope.sender, "what": "receipt", "package": package,
        "body": body | ({"code": code} if code else {})}, line=envelope.sender)


def _opening(tx: Transaction, ports: Ports, parcel: Parcel, message: Message, now: datetime) -> None:
    if bool(message.body.get("rehearsal")) != ports.policy.rehearsal:
        raise PackageError("a rehearsal's message in a real home, or a real one in a rehearsal", code="PACKAGE-REHEARSAL",
                           hint="Rehearsal homes exchange with rehearsal homes alone.")
    withdrawn = tx.settings.get(_withdrawn_mark(message.envelope)) is not None
    inbound.open_exchange(tx, ports, parcel, message, now, withdrawn=withdrawn)


def _answer(tx: Transaction, ports: Ports, parcel: Parcel, message: Message, now: datetime) -> None:
    referral = _known(tx, message, Direction.OUT)
    if referral.state is ReferralState.WITHDRAWN:
        # Our withdrawal and their answer crossed. Theirs is kept in the ledger; the case was closed on other evidence.
        journal.write(tx, ports, referral, "answer-after-withdrawal", GATEWAY, now, {"answer": message.body["answer"]})
        send_withdrawal(tx, referral, now)
        return
    answers.arrived(tx, ports, referral, message.body, now)


def _withdrawal(tx: Transaction, ports: Ports, parcel: Parcel, message: Message, now: datetime) -> None:
    found = _find(tx, message, Direction.IN)
    if found is None:
        tx.settings.put(_withdrawn_mark(message.envelope), parcel.id)   # it overtook what it withdraws
        return
    if not can(found, News.WITHDRAW):
        journal.write(tx, ports, found, "withdrawal-too-late", GATEWAY, now)
        return
    found = journal.step(tx, found, Event(News.WITHDRAW, now))
    journal.clear(tx, found, GATEWAY, now)
    journal.write(tx, ports, found, "referral-withdrawn", GATEWAY, now)


def _receipt(tx: Transaction, ports: Ports, parcel: Parcel, message: Message, now: datetime) -> None:
    package, body = str(message.body["about"]), message.body
    if package != message.envelope.message:
        _receipt_of_reply(tx, ports, package, message, now)
        return
    referral = _known(tx, message, Direction.OUT)
    if referral.sha256 is not None and body["sha256"] != referral.sha256:
        raise PackageError(f"the receipt is for other bytes ({body['sha256'][:16]}…) than were sent ({referral.sha256[:16]}…)",
                           code="RECEIPT-OTHER-BYTES", hint="Ring them: something else arrived there under our name.")
    if body["verdict"] == "accepted":
        if can(referral, News.DELIVER):
            referral = journal.step(tx, referral, Event(News.DELIVER, now))
        journal.write(tx, ports, referral, "referral-delivered", GATEWAY, now, {"sha256": body["sha256"]})
        return
    if can(referral, News.BOUNCE):
        referral = journal.step(tx, referral, Event(News.BOUNCE, now))
    journal.write(tx, ports, referral, "referral-bounced", GATEWAY, now, {"code": body.get("code", "")})
    journal.hold(tx, ports, "bounced", referral, f"{referral.authority} refused the package: {body.get('code') or 'no code'}",
                 f"bounced:{referral.id}", now)


def _receipt_of_reply(tx: Transaction, ports: Ports, package: str, message: Message, now: datetime) -> None:
    """Of an answer or a withdrawal of ours. A refusal is for a person: they do not know what we said."""
    direction = Direction.OUT if package.endswith("-W1") else Direction.IN
    referral = _known(tx, message, direction)
    refused = message.body["verdict"] != "accepted"
    journal.write(tx, ports, referral, "reply-refused" if refused else "reply-delivered", GATEWAY, now,
                  {"package": package, "code": message.body.get("code", "")})
    if refused:
        journal.hold(tx, ports, "bounced", referral, f"{referral.authority} refused our reply: {message.body.get('code')}",
                     f"bounced:{package}", now)


def _known(tx: Transaction, message: Message, direction: Direction) -> Referral:
    if message.body["about"].split("-")[0] != message.envelope.message:
        raise PackageError("the package speaks about another exchange than its id says", code="PACKAGE-ABOUT",
                           hint="Their gateway writes another version; compare versions.")
    found = _find(tx, message, direction)
    if found is None:
        raise PackageError("the package speaks about an exchange that was never held with its sender", code="PACKAGE-UNKNOWN",
                           hint="It may be meant for another authority. Nothing was changed.")
    return found


def _find(tx: Transaction, message: Message, direction: Direction) -> Referral | None:
    known = tx.referrals.where(message=message.envelope.message, direction=direction, authority=message.envelope.sender)
    return known[0] if known else None


def _withdrawn_mark(envelope: Envelope) -> str:
    return f"withdrawn:{envelope.sender}:{envelope.message}"


TAKES: Mapping[MessageKind, Callable[[Transaction, Ports, Parcel, Message, datetime], Any]] = {
    MessageKind.ENQUIRY: _opening, MessageKind.REFERRAL: _opening, MessageKind.ANSWER: _answer,
    MessageKind.WITHDRAWAL: _withdrawal, MessageKind.RECEIPT: _receipt,
}
