"""Keys and records: the ring loads, the store opens, the vault seals and gives back, the ledger keeps up."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from datetime import timedelta

from gateway.bootstrap.doctor.diagnosis import Diagnosis, fault, note, ok
from gateway.bootstrap.doctor.ending import ending
from gateway.bootstrap.home import Home
from gateway.bootstrap.proving import standing
from gateway.bootstrap.rotating import left_under_older_keys
from gateway.domain.parcels.parcel import JobState
from gateway.errors import GatewayError
from keys.cards import OVERLAP
from keys.private import Purpose

LEAVES_MAY_WAIT = timedelta(minutes=10)
MOST = 1000


def check_keys(home: Home) -> Iterator[Diagnosis]:
    """The ring is this home's, whole, and not inside it."""
    try:
        ring = home.keys
    except GatewayError as error:
        yield fault("keys", error.message, error.hint)
        return
    private = home.settings.private_keys()
    inside = private is not None and private.resolve().is_relative_to(home.path.resolve())
    if inside and not home.settings.rehearsal:
        yield fault(
            "keys",
            f"the private keys lie inside the home, in {private}: one copy of the home opens everything",
            "move them and write [keys] private =",
        )
    recovery = home.path.with_name(home.path.name + ".recovery.age-identity")
    if recovery.exists() and not home.settings.rehearsal:
        yield note(
            "keys", f"the recovery identity is still on this machine: {recovery}", "move it to two safes, then remove it here"
        )
    yield from ending("keys", "our own key card", ring.card(), home.clock.today(),
                      "gateway keys rotate receipts; gateway keys rotate packages; then gateway keys export for others")
    past = [key.id for key in ring.private[Purpose.RECEIPTS] if key.retired and home.clock.now() >= key.retired + OVERLAP]
    if past:
        yield note("keys", f"retired signing keys are past their time: {', '.join(past)}", "gateway keys reseal")
    yield ok("keys", f"all {len(ring.private)} purposes have their keys; our card is {ring.card().fingerprint}")


def check_store(home: Home) -> Iterator[Diagnosis]:
    """The store opens and agrees with itself; nothing is stuck in it."""
    try:
        store = home.store
    except GatewayError as error:
        yield fault("store", error.message, error.hint)
        return
    for trouble in store.check():
        yield fault("store", trouble, "gateway restore from the last backup; keep this file for whoever looks into it")
    now = home.clock.now()
    with store.reading() as tx:
        held = tx.jobs.where(state=JobState.HELD, limit=MOST)
        waiting = [leaf for leaf in tx.leaves.unsequenced(MOST) if now - leaf.at > LEAVES_MAY_WAIT]
    if held:
        kinds = ", ".join(sorted({job.kind for job in held}))
        yield fault("jobs", f"{len(held)} jobs were tried as often as allowed: {kinds}", "gateway holds")
    if waiting:
        yield note(
            "ledger",
            f"{len(waiting)} entries have waited more than ten minutes for a number, and receipts with them",
            f"gateway run --home {home.path}",
        )
    if left_under_older_keys(home):
        yield note("store", "a key was rotated since; records written before stand under an older one", "gateway keys reseal")
    yield ok("store", "the store opens, agrees with itself and is of this version")


def check_ledger(home: Home) -> Iterator[Diagnosis]:
    """The store goes on from what was published of its ledger."""
    found = standing(home)
    if found["problem"]:
        yield fault("ledger", found["problem"], found["hint"])
    else:
        yield ok("ledger", f"{found['entries']} entries, {found['published'] or 0} of them published, and the store goes on")


def check_vault(home: Home) -> Iterator[Diagnosis]:
    """Seal something, read it back, remove it."""
    key, content = f"doctor/{secrets.token_hex(8)}", secrets.token_bytes(64)
    try:
        blob = home.vault.begin()
        blob.write(content)
        blob.publish(key)
        same = home.vault.read(key) == content
        home.vault.remove(key)
    except GatewayError as error:
        yield fault("vault", error.message, error.hint)
        return
    if same:
        yield ok("vault", "what was sealed now came back the same; gateway verify opens everything that was sealed before")
    else:
        yield fault("vault", "what was sealed came back different", "stop the daemon and look at the disk")
