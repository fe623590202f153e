"""Refused without being read: by what it is, where it lay, or its size.

1. A refusal is an answer like any other: nothing read, one error on the whole file, with what to do.
2. What lay where a file was expected (a link, a pipe, a folder) has no bytes that may be read. A *sighting* stands in for them:
   a description, sealed, hashed and answered for as bytes would be.
3. What was refused at the door is never read again: its bytes are not the sender's. Codes of the door begin with ``DROP-``.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from gateway.domain.parcels.kinds import Finding, Kind, Severity, Verdict
from gateway.domain.parcels.parcel import Parcel
from gateway.domain.parcels.stages import Checked, Counts, Offered
from gateway.errors import RefusedError

AT_THE_DOOR = "DROP-"
SENDER_NOT_KNOWN = "SENDER-NOT-KNOWN"      # not refused: kept until a person has looked at who sent it
SIGHTING = "cme-gateway-sighting/1"
LARGEST_READ = 256 << 20    # bytes: what a reader's memory is made for; a million rows take half of it


def refused(offered: Offered, refusal: RefusedError) -> Checked:
    """The answer to a file that cannot be taken."""
    return refused_as(offered.name, offered.kind or Kind.UNKNOWN, offered.sender, refusal)


def refused_as(name: str, kind: Kind, sender: str | None, refusal: RefusedError) -> Checked:
    """The same where there was nothing to offer: a package that may not be believed."""
    reason = Finding(code=refusal.code, severity=Severity.ERROR, message=refusal.message, hint=refusal.hint)
    return Checked(file=name, kind=kind, verdict=Verdict.REFUSED, sender=sender, rows=Counts(), findings=(reason,))


def answered_alike(parcel: Parcel, checked: Checked) -> bool:
    """Whether a parcel that waits is read again with the same outcome: its sender has heard it, and a person has it already."""
    if parcel.reading == 0 or (parcel.verdict, parcel.kind) != (checked.verdict, checked.kind):
        return False
    before = [Finding.from_json(finding) for finding in parcel.checked.get("findings", ())]
    return _decisive(before) == _decisive(checked.findings)


def _decisive(findings: Iterable[Finding]) -> set[tuple[str, str]]:
    """What in a file's findings made it wait."""
    return {(f.code, f.message) for f in findings if f.severity is Severity.ERROR or f.code == SENDER_NOT_KNOWN}


def refused_at_the_door(parcel: Parcel) -> Checked | None:
    """The answer that was given when it came; None: it has bytes to read."""
    codes = [finding["code"] for finding in parcel.checked.get("findings", ())]
    if not any(code.startswith(AT_THE_DOOR) for code in codes):
        return None
    return Checked.from_json(parcel.checked)


def too_large(size: int, largest: int) -> RefusedError:
    """It was kept, and is not read."""
    return RefusedError(f"The file has {size:,} bytes. The largest that is read has {largest:,}.", code="FILE-TOO-LARGE",
                        hint="Send one file for each week or term. If it holds pictures, take them out.")


@dataclass(frozen=True, slots=True)
class Sighting:
    """What was seen. ``what``: link, pipe, folder, …; ``size``: bytes, as the file system says; ``target``: a link's text."""

    what: str
    name: str
    size: int = 0
    target: str | None = None

    def content(self) -> bytes:
        """The description, the same for the same thing."""
        said = {"format": SIGHTING, "what": self.what, "name": self.name, "size": self.size, "target": self.target}
        return json.dumps(said, ensure_ascii=True, sort_keys=True).encode()
