"""The journey of a parcel, on one screen.

    arrive → receive → screen → read → check → match → route → settle → deliver → acknowledge

arrive, receive          the daemon's intake claims a file; ``receive`` makes it durable and enqueues ``process``
screen, read, check      ``understand``: in the sandbox, recomputed from the sealed bytes, nothing kept on the way
match, route, settle     ``settle_parcel``: what follows from it, in one transaction with the end of the job
deliver                  jobs that settling enqueued: referrals, hand-overs, instructions, alerts
acknowledge              the jobs ``receipt`` and ``workbook``

Another gateway's parcel is a sealed package: it is proven and taken by the exchange, and answered in kind.
"""

from __future__ import annotations

from collections.abc import Sequence

from gateway.domain.parcels.kinds import Channel, Severity, Verdict
from gateway.domain.parcels.parcel import Job, Parcel
from gateway.domain.parcels.refused import refused, refused_at_the_door, too_large
from gateway.domain.parcels.stages import Checked, Offered
from gateway.pipeline.carry import settle_parcel
from gateway.pipeline.exchange.arrivals import take_package
from gateway.ports import Ports


def process(jobs: Sequence[Job], ports: Ports) -> None:
    """The job kind ``process``, for several parcels at once: each is read by itself, their effects share a transaction."""
    now = ports.clock.now()
    with ports.store.reading() as tx:
        parcels = [(job, tx.parcels.get(str(job.payload["parcel"]))) for job in jobs]
    # A reader serves one sender: fewer of them are needed. Of a sender's files each has its turn, whatever clock named them.
    parcels.sort(key=lambda pair: (pair[1].sender, pair[0].turn, pair[0].id))
    packages = [(job, parcel) for job, parcel in parcels if _is_package(parcel)]
    for job, parcel in packages:
        take_package(job, parcel, ports, now)
    understood = [(job, parcel, understand(parcel, ports)) for job, parcel in parcels if not _is_package(parcel)]
    if not understood:
        return
    with ports.store.writing() as tx:
        for job, parcel, checked in understood:
            settled = settle_parcel(tx, parcel.id, parcel.reading, checked, ports, now)
            if settled is not None and _says_something(checked):
                tx.jobs.enqueue("workbook", f"workbook:{settled.receipt}", now, {"receipt": settled.receipt}, turn=job.turn)
            tx.jobs.finish(job)


def understand(parcel: Parcel, ports: Ports) -> Checked:
    """Screen, read and check: whatever the bytes do to their reader, the answer is a verdict with a reason."""
    at_the_door = refused_at_the_door(parcel)
    if at_the_door is not None:
        return at_the_door
    if parcel.size > ports.policy.largest_file:  # known before a byte is opened
        return refused(Offered(parcel.name, b"", parcel.sender), too_large(parcel.size, ports.policy.largest_file))
    return ports.examiner.examine(Offered(parcel.name, ports.vault.read(parcel.blob), parcel.sender))


def _is_package(parcel: Parcel) -> bool:
    return parcel.channel is Channel.PEER and refused_at_the_door(parcel) is None


def _says_something(checked: Checked) -> bool:
    """Whether the sender's own workbook is worth marking."""
    worth = any(finding.row is not None and finding.severity is not Severity.NOTE for finding in checked.findings)
    return worth and checked.verdict is not Verdict.REFUSED
