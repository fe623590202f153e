"""The job "handover": what a team needs, in its folder, until it acknowledges.

1. A page to read and the same as data; names are ids. The same hand-over gives the same files.
2. Nothing more than routing put into the hand-over: a protected address is not in it, and not here. When it is protected only
   later, the files are written again without it.
3. Plaintext has a lifetime: acknowledged, the files are taken away; the hand-over itself stays on record.
4. Acknowledged before they were written, they are not written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from gateway.domain.actor import GATEWAY
from gateway.domain.cases.waiting import Handover
from gateway.domain.parcels.parcel import Job
from gateway.ports import Outgoing, Ports

ENDINGS = (".html", ".json")


def handover(job: Job, ports: Ports) -> None:
    """Write the files of one hand-over, or take them away when it was acknowledged."""
    now = ports.clock.now()
    with ports.store.reading() as tx:
        waiting = tx.handovers.get(job.payload["handover"])
    outbox = ports.outboxes(f"handover:{waiting.team}")
    if waiting.acknowledged_at is not None:
        for ending in ENDINGS:
            outbox.withdraw(waiting.id + ending)
        _record(ports, job, waiting, "handover-removed", None, now)
        return
    if job.payload.get("again"):     # what may be in it has become less: the files that lie there are taken away first
        for ending in ENDINGS:
            outbox.withdraw(waiting.id + ending)
    facts = _facts(waiting, ports)
    data = (json.dumps({**facts, "child": dict(facts["child"])}, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
    left = [outbox.deliver(Outgoing(job.id, waiting.team, waiting.id + ending, content), now)
            for ending, content in zip(ENDINGS, (ports.pages.page("handover", facts), data), strict=True)]
    _record(ports, job, waiting, "handover-left", left[0].where, now)


def _facts(waiting: Handover, ports: Ports) -> dict[str, Any]:
    policy = ports.policy
    child = [(name, _text(value)) for name, value in waiting.details.items() if name != "due" and value]
    return {
        "authority": {"la": policy.la, "name": policy.name, "rehearsal": policy.rehearsal},
        "handover": waiting.id, "team": waiting.team, "reason": waiting.reason, "since": waiting.since.isoformat(),
        "case": waiting.case, "due": waiting.details.get("due"), "child": child,
    }


def _text(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return ", ".join(_text(part) for part in value if part)
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_text(part)}" for name, part in value.items() if part)
    return str(value)


def _record(ports: Ports, job: Job, waiting: Handover, kind: str, where: str | None, now: datetime) -> None:
    with ports.store.writing() as tx:
        current = tx.handovers.get(waiting.id)
        tx.handovers.save(replace(current, path=where))
        tx.leaves.append(kind, waiting.id, GATEWAY, now, {"team": waiting.team})
        tx.jobs.finish(job)
