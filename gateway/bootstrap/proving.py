"""Proving a home: against itself, against its ``ledger/``, and against what others have kept of it.

1. ``ledger/`` and what was brought along are read first: the store may be ahead of them, never behind.
2. A receipt that was brought along is proven on its own first; then its checkpoint and its entry are looked for in the store.
3. Accepting that an older store was put back needs the home to itself: no daemon, and the one store that may not be written to.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from adapters.lock import held_lock
from gateway.bootstrap.home import Home
from gateway.bootstrap.upkeep import LOCK
from gateway.domain.actor import Role, require
from gateway.domain.ledger.tree import leaf_hash
from gateway.domain.parcels.receipt import Evidence
from gateway.errors import GatewayError, RefusedError, TamperError
from gateway.pipeline.mirror import mirror
from gateway.pipeline.put_back import accept
from gateway.pipeline.sequence import sequence
from gateway.pipeline.standing import facts_of, prove_standing, published
from gateway.pipeline.verify import HomeReport, Witness, read_receipt, verify_home, verify_receipt
from gateway.ports import NoteChecker

UNDONE = "what it tells of was not done here; whether the file is here shows by its received receipt"


def prove_home(home: Home, *, read_data: bool = True, witnessed: Sequence[bytes] = ()) -> HomeReport:
    """Check everything. ``witnessed``: receipts and checkpoints that others kept, as their files hold them."""
    note = home.ledger_files.checkpoint()
    own = [Witness(note, "checkpoint published in ledger/")] if note else []
    brought = [_witness(content, place, home.ports.notary) for place, content in enumerate(witnessed, start=1)]
    problems = [one for one in brought if isinstance(one, str)]
    return verify_home(home.ports, home.clock.now(), read_data=read_data, also=[*problems, *home.store.check()],
                       witnessed=[*own, *(one for one in brought if isinstance(one, Witness))], files=home.ledger_files)


def standing(home: Home) -> dict[str, Any]:
    """Where the store stands to what was published: for ``gateway ledger`` and doctor."""
    notary, files = home.ports.notary, home.ledger_files
    problem: GatewayError | None = None
    try:
        done = published(notary, files)
        prove_standing(home.store, notary, files)
    except TamperError as error:
        done, problem = None, error
    with home.store.reading() as tx:
        head = tx.leaves.last_checkpoint()
    return {
        "entries": head.size if head else 0,
        "root": head.root.hex() if head else None,
        "signed_at": head.at.isoformat() if head else None,
        "published": done.size if done else None,
        "problem": problem.message if problem else None,
        "code": problem.code if problem else None,
        "hint": problem.hint if problem else None,
    }


def accept_put_back(home: Home, reason: str) -> dict[str, Any]:
    """Accept that an older store was put back, number the entry that says so, and publish. RetryableError: a daemon runs."""
    actor = require(home.actor, Role.OPERATOR)
    with held_lock(home.path / LOCK):
        ports, now = replace(home.ports, store=home.store.unproven), home.clock.now()
        leaf = accept(ports, home.ledger_files, actor, reason, now)
        sequence(ports, now)
        mirror(ports, home.ledger_files)
        with ports.store.reading() as tx:
            return facts_of(tx.leaves.get(leaf.id))


def _witness(content: bytes, place: int, checker: NoteChecker) -> Witness | str:
    """What a file can be held against the ledger for; or why it cannot."""
    try:
        values = read_receipt(content)
    except RefusedError:
        return Witness(content.decode("utf-8", "replace"), f"checkpoint {place} of those brought along")
    report = verify_receipt(content, checker)
    if not report.ok:
        return f"receipt {place} of those brought along does not verify: {'; '.join(report.problems)}"
    evidence = Evidence.from_json(values["evidence"])
    stage, entry = report.values.get("stage"), (evidence.index, leaf_hash(evidence.leaf.encode()))
    what = f"checkpoint in the {stage} receipt of parcel {report.values.get('parcel')}"
    return Witness(evidence.checkpoint, what, entry) if stage == "received" else Witness(evidence.checkpoint, what, entry, UNDONE)
