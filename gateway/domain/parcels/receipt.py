"""What a receipt says, in both stages, and how its parts are bound together.

1. A receipt says what happened to these exact bytes. It prints no value from the file: places, codes and words only.
2. Its signed note binds the list of findings by a digest, the ledger entry by id and number, what stands beside it in the data
   file (people, keys, the statement) by a digest, and the page that a person reads by a digest: no letter of a receipt is free.
3. Data file and page are written in one way only; whoever checks writes them again and compares.
4. ``facts`` are everything that page and data file show beside the note; stored with the receipt, they render it again
   byte for byte, whatever has changed in policy or people since.
"""

from __future__ import annotations

import base64
import hashlib
import html
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from gateway.domain.exact import compact, exact_base64
from gateway.domain.parcels.kinds import Finding
from gateway.domain.policy import Person, Policy

NOTE_KIND = "cme-gateway-receipt/1"
STATEMENT = ("This is not agreement to remove a name from the register, not a CME referral, "
             "and not a safeguarding referral.")
BOUND = ("format", "note", "evidence", "findings")     # of the data file: fixed, signed, proven, digested
NOTE_PLACE = (b'<pre tabindex="0" id="note">', b"</pre>")
DATA_PLACE = (b'<script type="application/json" id="receipt-data">\n', b"</script>")
_PAGE_LINE = re.compile(r'^page: "([0-9a-f]{64})"$', re.MULTILINE)
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
        proof = tuple(exact_base64(step) for step in values["proof"])
        if not isinstance(values["leaf"], str) or type(values["index"]) is not int or not isinstance(values["checkpoint"], str):
            raise ValueError("leaf and checkpoint are text, index is a number")
        return cls(values["leaf"], values["index"], proof, values["checkpoint"])


def without_values(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as a receipt lists them: everything but what was found."""
    return [{key: value for key, value in finding.to_json().items() if key in FINDING_KEYS} for finding in findings]


def findings_digest(findings: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 over the findings as listed."""
    return hashlib.sha256(compact(list(findings))).hexdigest()


def beside(facts: Mapping[str, Any]) -> dict[str, Any]:
    """What stands beside note, evidence and findings in the data file."""
    authority = facts["authority"]
    said = {"rehearsal": authority["rehearsal"], "statement": facts["statement"], "authority": authority, "keys": facts["keys"]}
    return said | {name: facts[name] for name in ("file",) if name in facts}


def page_said(note: str) -> str | None:
    """The digest of the bare page that a note of ours was signed over."""
    found = _PAGE_LINE.search(note)
    return found[1] if found else None


def beside_digest(data: Mapping[str, Any]) -> str:
    """SHA-256 over what stands in the data file beside the note: everything that is bound in no other way."""
    return hashlib.sha256(compact({name: value for name, value in data.items() if name not in BOUND})).hexdigest()


def written(data: Mapping[str, Any]) -> bytes:
    """The data file. Sorted: the store keeps what facts say, not their order."""
    return (json.dumps(data, ensure_ascii=True, indent=1, sort_keys=True) + "\n").encode()


def inside_script(data: bytes) -> bytes:
    """The data file as the page holds it: without these three letters it can neither end the element nor begin a comment."""
    return data.replace(b"<", b"\\u003c").replace(b">", b"\\u003e").replace(b"&", b"\\u0026")


def shown(note: str) -> bytes:
    """The note as the page shows it."""
    return html.escape(note).encode()


def who_answers(policy: Policy) -> dict[str, Any]:
    """The people a receipt names, and whether it is a rehearsal's."""
    return {"la": policy.la, "name": policy.name, "contact": _person(policy.contact), "deputy": _person(policy.deputy),
            "safeguarding_phone": policy.safeguarding_phone, "rehearsal": policy.rehearsal, "held_row_days": policy.held_row_days}


def _person(person: Person) -> dict[str, str]:
    return {"name": person.name, "email": person.email, "phone": person.phone}
