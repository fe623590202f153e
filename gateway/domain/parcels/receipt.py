"""What a receipt says, in both stages, and how its parts are bound together.

1. A receipt says what happened to these exact bytes. It prints no value from the file: places, codes and words only.
2. Its signed note binds the list of findings by a digest, and the ledger entry by id and number.
3. ``facts`` are everything that page and data file show beside the note; stored with the receipt, they render it again
   byte for byte, whatever has changed in policy or people since.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from gateway.domain.parcels.kinds import Finding
from gateway.domain.policy import Person, Policy

NOTE_KIND = "cme-gateway-receipt/1"
STATEMENT = ("This is not agreement to remove a name from the register, not a CME referral, "
             "and not a safeguarding referral.")
FINDING_KEYS = ("code", "severity", "sheet", "row", "column", "field", "message", "hint")


@dataclass(frozen=True, slots=True)
class Evidence:
    """That the receipt's entry stands in the ledger: checked offline with the public keys alone."""

    leaf: str                     # the entry's canonical bytes, as text
    index: int
    proof: tuple[bytes, ...]
    checkpoint: str               # signed note

    def to_json(self) -> dict[str, Any]:
        """As the data file holds it."""
        return {"leaf": self.leaf, "index": self.index, "checkpoint": self.checkpoint,
                "proof": [base64.b64encode(step).decode() for step in self.proof]}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read it again; ValueError, KeyError or TypeError when it is not one."""
        proof = tuple(base64.b64decode(step, validate=True) for step in values["proof"])
        if not isinstance(values["leaf"], str) or type(values["index"]) is not int or not isinstance(values["checkpoint"], str):
            raise ValueError("leaf and checkpoint are text, index is a number")
        return cls(values["leaf"], values["index"], proof, values["checkpoint"])


def without_values(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as a receipt lists them: everything but what was found."""
    return [{key: value for key, value in finding.to_json().items() if key in FINDING_KEYS} for finding in findings]


def findings_digest(findings: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 over the findings as listed."""
    plain = json.dumps(list(findings), sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(plain.encode()).hexdigest()


def who_answers(policy: Policy) -> dict[str, Any]:
    """The people a receipt names, and whether it is a rehearsal's."""
    return {"la": policy.la, "name": policy.name, "contact": _person(policy.contact), "deputy": _person(policy.deputy),
            "safeguarding_phone": policy.safeguarding_phone, "rehearsal": policy.rehearsal, "held_row_days": policy.held_row_days}


def _person(person: Person) -> dict[str, str]:
    return {"name": person.name, "email": person.email, "phone": person.phone}
