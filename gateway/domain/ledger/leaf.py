"""A ledger entry: what happened to what, by whom, without personal data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Leaf:
    """One entry. ``index`` is None until the sequencer has numbered it."""

    id: str
    kind: str                     # "parcel-received", "parcel-settled", "parcel-effects", "case-opened", "referral-released", …
    subject: str                  # an id
    at: datetime
    actor: str
    facts: Mapping[str, Any]      # hashes, counts, codes, ids: never a name, number or date of a child
    index: int | None = None

    def canonical(self) -> bytes:
        """The exact bytes that are hashed into the tree: sorted, compact JSON in UTF-8."""
        entry = {"v": 1, "id": self.id, "kind": self.kind, "subject": self.subject,
                 "at": self.at.isoformat(), "actor": self.actor, "facts": dict(self.facts)}
        return json.dumps(entry, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A signed tree head: C2SP-style signed note with origin, size and root."""

    size: int
    root: bytes                   # 32
    at: datetime
    note: str
