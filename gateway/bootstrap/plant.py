"""The daemon of a home: its inboxes, its lanes of workers, who handles which job, and its calendar.

1. Lanes keep what is slow away from what is urgent: an alert never waits for a partner's server, a receipt never for a reader.
2. The weekly basket is due at the configured day and hour, in London; a firing that was missed is made up for at the start.
3. Plaintext outside the vault expires each night.
4. At the start and at the end the store's log is put back into its file. After a failed fsync the log may hold what only the
   machine's memory has: what is copied is written, and synced, anew. And SQLite, left to do it when it closes, would not say that
   it failed.
5. A parcel that was refused, or wholly held, is read again at the start when rules, register, headings or passwords changed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial

from adapters.clock import wall_seconds
from adapters.disk import free_bytes
from adapters.logs import JsonLog
from adapters.schedule import firing, last_due
from gateway.bootstrap.expiry import expire
from gateway.bootstrap.home import Home
from gateway.config import Settings
from gateway.daemon import Lane, Plant
from gateway.daemon.plant import Allowance, Handler
from gateway.domain.actor import GATEWAY
from gateway.domain.parcels.parcel import Job
from gateway.pipeline import timers
from gateway.pipeline.acknowledge import give_receipts, give_workbook
from gateway.pipeline.alerts import alert, notice
from gateway.pipeline.basket.build import s2s_job
from gateway.pipeline.basket.instruct import instruct
from gateway.pipeline.exchange.deliver import deliver
from gateway.pipeline.handover import handover
from gateway.pipeline.journey import process
from gateway.pipeline.mirror import mirror
from gateway.pipeline.reading import read_again_what_may_change
from gateway.pipeline.sequence import sequence
from gateway.ports import Ports

READ_SECONDS = 900.0     # a lease for reading: the largest return takes minutes
RECEIPTS = 10            # given in one go; who comes meanwhile waits for no more than that
LARGE = 1 << 20          # bytes; a larger return is read alone
HANDLERS: Mapping[str, Handler] = {
    "workbook": give_workbook, "timer": timers.handle, "alert": alert, "notice": notice, "deliver": deliver, "handover": handover,
    "instruct": instruct, "s2s-build": s2s_job,
}
LEAVING = ("handover", "instruct", "s2s-build")
PARTNERS = 4             # authorities that are delivered to at the same time: one that is slow delays itself alone


def plant_of(home: Home) -> Plant:
    """What ``run`` and ``run_once`` run."""
    ports, settings = home.ports, home.settings
    calendar = _calendar(settings)

    def due_by_calendar(now: datetime) -> Sequence[tuple[str, str, datetime]]:
        found = ((kind, last_due(spec, now)) for kind, spec in calendar.items())
        return [(kind, f"{kind}:{due.isoformat()}", due) for kind, due in found if due is not None]

    return Plant(
        ports=ports, inboxes=home.places.inboxes(), lanes=_lanes(settings),
        handlers={**HANDLERS, "retention": partial(_expire, home)},
        number_leaves=lambda ports, now: _number_leaves(home, ports, now),
        due_by_calendar=due_by_calendar, firing=lambda fire: firing(calendar, lambda _: fire()), wall=wall_seconds, log=JsonLog(),
        room=lambda: free_bytes((home.path, home.path / "vault")), reserve=settings.receive.reserve_bytes,
        allowed=Allowance(settings.receive.sender_files_per_day, settings.receive.sender_bytes_per_day),
        settle_seconds=settings.receive.settle_seconds,
        on_start=(home.store.tidy, lambda: _read_again(home)), on_end=(home.store.tidy,),
    )


def _lanes(settings: Settings) -> tuple[Lane, ...]:
    return (
        Lane("receipts", ("receipt",), batch=RECEIPTS, many=give_receipts),
        Lane("reading", ("process",), threads=settings.sandbox.workers, batch=8, lease_seconds=READ_SECONDS, many=process,
             alone=lambda job: int(job.payload.get("size", 0)) > LARGE),
        Lane("workbooks", ("workbook",), lease_seconds=READ_SECONDS),
        Lane("clocks", ("timer", "retention")),
        Lane("people", ("alert", "notice")),
        Lane("leaving", LEAVING),
        Lane("partners", ("deliver",), threads=PARTNERS),
    )


def _calendar(settings: Settings) -> Mapping[str, str]:
    """Kind of job → when, as a crontab line."""
    basket = {"s2s-build": f"0 {settings.s2s.hour} * * {settings.s2s.day.value[:3]}"}
    # A rehearsal's clock leaps, while its files are as old as the machine says: there, retention is typed.
    return basket if settings.rehearsal else basket | {"retention": "30 3 * * *"}


def _expire(home: Home, job: Job, ports: Ports) -> None:
    """The job kind ``retention``: plaintext that is older than its lifetime."""
    expire(home, GATEWAY)
    with ports.store.writing() as tx:
        tx.jobs.finish(job)


def _number_leaves(home: Home, ports: Ports, now: datetime) -> int:
    """Number what waits, then bring the copy in files up to it; before and after, so that no second history is ever signed."""
    mirror(ports, home.ledger_files)
    numbered = sequence(ports, now)
    if numbered:
        mirror(ports, home.ledger_files)
    return numbered


def _read_again(home: Home) -> None:
    read_again_what_may_change(home.ports, home.clock.now())
