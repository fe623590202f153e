"""Telling people: urgent flags at once and again until one acknowledges; everything else that waits, the same day.

1. A message names holds, parcels and rows, never a child: its reader looks in the gateway.
2. An urgent one goes to the contact, the deputy and whoever config names, and is repeated every ``alert_repeat_minutes`` until
   the hold is cleared. Each repeat is a message of its own, so that no mail system folds it away.
3. A failure to tell never ends the repeating: it is noted in the ledger and the next try comes sooner.
"""

from __future__ import annotations

from datetime import timedelta

from gateway.domain.actor import GATEWAY
from gateway.domain.cases.waiting import Hold, HoldState
from gateway.domain.parcels.parcel import Job
from gateway.errors import GatewayError
from gateway.ports import Notice, Ports

URGENT = """{again}An urgent or safeguarding flag stands in a row that a sender gave us.

Nothing about the child is in this message. See it now:

    gateway show {hold}

To acknowledge, so that this is not repeated every {minutes} minutes (it asks for a reason):

    gateway holds release {hold}

If a child may be in danger do not wait: ring {phone}, in an emergency 999.
"""
WAITS = """{reason}.

It waits since {since}. Nothing about a child is in this message. See it, and what you can do about it:

    {clears}

Everything that waits: gateway holds
"""
SOONER = timedelta(minutes=2)      # after a failure: a mail server that restarts is back by then


def alert(job: Job, ports: Ports) -> None:
    """Tell the duty contact and the deputy of an urgent flag, and see to the next time."""
    now = ports.clock.now()
    hold = _hold(job, ports)
    if hold is None:
        return
    number = int(job.payload.get("number", 1))
    text = _urgent_text(hold, ports, number)
    subject = f"URGENT: a flag waits for you ({hold.id})"
    failure = _told(ports, Notice(_addresses(ports), subject, text, f"alert:{hold.id}:{number}"))
    pause = SOONER if failure else timedelta(minutes=ports.policy.alert_repeat_minutes)
    with ports.store.writing() as tx:
        facts = {"number": number, "told": failure is None, "code": failure or ""}
        tx.leaves.append("alert-sent" if failure is None else "alert-failed", hold.id, GATEWAY, now, facts)
        tx.jobs.enqueue("alert", f"alert:{hold.id}:{number + 1}", now, {"hold": hold.id, "number": number + 1},
                        due_at=now + pause)
        tx.jobs.finish(job)


def notice(job: Job, ports: Ports) -> None:
    """Tell the contact of something that waits. RetryableError and OperatorError go on to the worker."""
    now = ports.clock.now()
    hold = _hold(job, ports)
    if hold is None:
        return
    subject = f"Something waits for a person: {hold.what.replace('-', ' ')} ({hold.id})"
    ports.notifier.tell(Notice((ports.policy.contact.email,), subject, _text(hold), f"notice:{hold.id}"))
    with ports.store.writing() as tx:
        tx.leaves.append("notice-sent", hold.id, GATEWAY, now, {"what": hold.what})
        tx.jobs.finish(job)


def _hold(job: Job, ports: Ports) -> Hold | None:
    """The hold, while it waits; else the job is done."""
    with ports.store.writing() as tx:
        hold = tx.holds.find(job.payload["hold"])
        if hold is not None and hold.state is HoldState.OPEN:
            return hold
        tx.jobs.finish(job)
        return None


def _told(ports: Ports, message: Notice) -> str | None:
    """None when it was told, else the code of the failure."""
    try:
        ports.notifier.tell(message)
    except GatewayError as error:
        return error.code
    return None


def _addresses(ports: Ports) -> tuple[str, ...]:
    policy = ports.policy
    return tuple(dict.fromkeys((policy.contact.email, policy.deputy.email, *policy.alert_to)))


def _urgent_text(hold: Hold, ports: Ports, number: int) -> str:
    policy = ports.policy
    return URGENT.format(again="" if number == 1 else f"This is message {number} about it. ", hold=hold.id, about=hold.about,
                         minutes=policy.alert_repeat_minutes, phone=policy.safeguarding_phone)


def _text(hold: Hold) -> str:
    reason = hold.reason[:1].upper() + hold.reason[1:]
    return WAITS.format(reason=reason, since=f"{hold.since:%d %B %Y, %H:%M} UTC", clears=hold.clears_with)
