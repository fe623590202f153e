"""Keys made anew: rotated, revoked, and what the old ones left brought under the new.

1. Each is an act of an operator and an entry of the ledger; the entry is written first, so that nothing changes without a trace.
2. A running daemon takes a new key up by itself. The index key alone needs the home to itself: a daemon that did not know it yet
   would not find what was written under it.
3. A checkpoints key is revoked with the home to itself too. The newest tree head is signed by the new key and published before
   the old one is revoked, so that at every moment something vouches for what was published.
"""

from __future__ import annotations

from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

from adapters.lock import held_lock
from adapters.store.resealing import Keys, is_resealed, reseal
from gateway.bootstrap.home import Home
from gateway.bootstrap.upkeep import LOCK
from gateway.domain.actor import Role, require
from gateway.errors import UsageError
from gateway.pipeline.mirror import mirror
from gateway.pipeline.officer.act import note_reason, with_reason
from gateway.pipeline.sequence import sequence
from keys.private import Purpose, find_private
from keys.ring import KeyRing
from keys.rotation import check_revocable, forget, revoke_retired, rotate


def rotate_key(home: Home, purpose: str) -> dict[str, Any]:
    """A new key for a purpose, in the ledger."""
    actor, which = require(home.actor, Role.OPERATOR), _purpose(purpose)
    now = home.clock.now()
    with _to_itself(home, which is Purpose.INDEX):
        before = home.keys.public.newest(which).id
        with home.store.writing() as tx:
            tx.leaves.append("key-rotated", which.value, actor, now, {"purpose": which.value, "before": before})
        return _rotated(home, which, now).public.newest(which).to_json()


def revoke_key(home: Home, purpose: str, reason: str) -> dict[str, Any]:
    """A new key for a purpose; the old ones prove and open nothing from now on. UsageError: nobody else relies on that key."""
    actor, which, reason = require(home.actor, Role.OPERATOR), _purpose(purpose), with_reason(reason)
    check_revocable(which)
    now, private = home.clock.now(), find_private(home.settings.private_keys())
    with _to_itself(home, which is Purpose.CHECKPOINTS):
        before = home.keys.public.newest(which).id
        said = f"our {which} key {before} was revoked"
        with home.store.writing() as tx:
            hold = note_reason(tx, home.ports, "key-revoked", which.value, said, reason, actor, now)
            tx.leaves.append("key-revoked", which.value, actor, now, {"purpose": which.value, "id": before, "hold": hold.id})
        _rotated(home, which, now)
        if which is Purpose.CHECKPOINTS:
            _sign_anew(home, now)
        ring = revoke_retired(home.path, private_dir=private, purpose=which, now=now)
    return ring.public.newest(which).to_json()


def reseal_home(home: Home) -> dict[str, Any]:
    """Finish what rotations began: rows under older keys are written anew, secrets past their time are destroyed."""
    actor, now = require(home.actor, Role.OPERATOR), home.clock.now()
    home.store.prove()
    keys = cell_keys(home.keys)
    rows = reseal(home.store.unproven, keys)
    gone = forget(home.path, private_dir=find_private(home.settings.private_keys()), now=now)
    facts = {"rows": rows, "fields": keys.fields, "index": keys.index, "destroyed": gone}
    if rows or gone:
        with home.store.writing() as tx:
            tx.leaves.append("store-resealed", keys.fields, actor, now, facts)
    return facts


def left_under_older_keys(home: Home) -> bool:
    """Whether rows may stand under a key that was rotated: nobody has resealed since."""
    keys = cell_keys(home.keys)
    several = len(home.keys.public.of(Purpose.FIELDS)) > 1 or keys.several_indexes
    return several and not is_resealed(home.store.unproven, keys)


def cell_keys(ring: KeyRing) -> Keys:
    """By which keys the store's rows are to be."""
    public = ring.public
    return Keys(public.newest(Purpose.FIELDS).id, public.newest(Purpose.INDEX).id, len(public.of(Purpose.INDEX)) > 1)


def _rotated(home: Home, which: Purpose, now: datetime) -> KeyRing:
    return rotate(home.path, private_dir=find_private(home.settings.private_keys()), purpose=which, now=now)


def _sign_anew(home: Home, now: datetime) -> None:
    """All that waits is numbered and published; if nothing waits, the newest tree head is signed once more."""
    ports, files = home.ports, home.ledger_files
    if not sequence(ports, now):
        with ports.store.writing() as tx:
            head = tx.leaves.last_checkpoint()
            if head is not None:
                tx.leaves.put_checkpoint(ports.notary.checkpoint(head.size, head.root, now))
    mirror(ports, files)


def _to_itself(home: Home, alone: bool) -> AbstractContextManager[None]:
    return held_lock(home.path / LOCK) if alone else nullcontext()


def _purpose(word: str) -> Purpose:
    try:
        return Purpose(word)
    except ValueError:
        raise UsageError(f"{word!r} is no purpose of a key", code="USAGE", hint="One of: " + ", ".join(Purpose)) from None
