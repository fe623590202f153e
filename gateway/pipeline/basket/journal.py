"""What the basket's acts share: enquiries counted, the case's timeline, a batch found by its id or its week."""

from __future__ import annotations

from datetime import date, datetime

from gateway.domain.actor import Actor
from gateway.domain.cases.case import CaseEvent
from gateway.domain.s2s.batch import Batch, BatchState
from gateway.errors import UsageError
from gateway.ports import Ports, Transaction


def enquiries(tx: Transaction, case: str) -> int:
    """Enquiries on record."""
    return tx.events.count(case=case, what="enquiry")


def note(tx: Transaction, ports: Ports, case: str | None, what: str, text: str, actor: Actor, now: datetime) -> None:
    """One line on a case's timeline."""
    if case:
        tx.events.add(CaseEvent(ports.ids.new("E"), case, now, actor.user, what, text))


def batch_of(tx: Transaction, which: str | None, *states: BatchState) -> Batch:
    """A batch by its id or the Monday of its week; without either the newest in one of the states."""
    if which:
        try:
            by_week = tx.batches.where(week=date.fromisoformat(which))
        except ValueError:
            return tx.batches.get(which)
        if by_week:
            return by_week[0]
        return tx.batches.get(which)
    fit = [batch for batch in tx.batches.where() if batch.state in states]
    if not fit:
        raise UsageError(f"no batch is {' or '.join(states)}", code="NO-SUCH-BATCH",
                         hint="`gateway s2s list` shows what there is.")
    return fit[-1]
