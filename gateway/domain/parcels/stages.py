"""What each stage of the journey gives to the next.

    Offered → Screened → Sheets → Checked        recomputed from the sealed bytes, in the sandbox
    Received → Matched → Routed → Settled        durable

A stage takes the type before it, so that calling stages out of order does not type-check. Only stages construct these.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Self

from gateway.domain.parcels.kinds import Channel, Finding, Kind, Verdict
from gateway.domain.returns.record import PupilRecord


@dataclass(frozen=True, slots=True)
class Offered:
    """Bytes and who is said to send them, before anything is believed."""

    name: str                     # as given; never used to build a path
    content: bytes
    sender: str | None = None     # LAESTAB, LA code or partner id; the channel's word outranks the file's
    kind: Kind | None = None      # from ``--as``


class Format(StrEnum):
    """What the bytes really are."""

    CSV = "csv"
    XLSX = "xlsx"
    CTF = "ctf"                   # any file of the Common Transfer File family


@dataclass(frozen=True, slots=True)
class Screened:
    """Bytes whose real format is known and whose hazards were looked for. For a locked workbook: already opened."""

    offered: Offered
    format: Format
    content: bytes
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class RawRow:
    """One row as read: the number the sender sees, and cells left to right (text, date, datetime, number, bool or None)."""

    number: int
    cells: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """One sheet of cells. ``rows`` may be called more than once; each call reads again from the start."""

    title: str | None             # None for CSV
    rows: Callable[[], Iterable[RawRow]]
    hidden: bool = False
    typed: bool = False           # True when cells carry types (XLSX); False when all are text (CSV)
    date1904: bool = False        # numbers that stand for dates count from 1904, not 1900


@dataclass(frozen=True, slots=True)
class Pupil:
    """One pupil of a CTF-family file: what it says, as text, by field name of ``PupilRecord`` or ``DETAIL_FIELDS``.

    Lists and dicts as the table of details has them. ``destination_code`` is the destination's seven characters: a school,
    ``990LLLL`` an authority, ``XXXXXXX`` not known, ``MMMMMMM`` outside the maintained sector.
    """

    number: int                   # ordinal from 1
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Transfer:
    """A file of the CTF family. ``pupils`` may be called more than once."""

    kind: Kind                    # ctf, cml or cmj, from header, name and content
    version: str                  # "25.0"
    source: str | None            # 7 characters: LA + establishment
    destination: str | None       # 7 characters: "990LLLL", "XXXXXXX", "MMMMMMM" or a school
    written: datetime | None
    pupils: Callable[[], Iterable[Pupil]]
    header: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheets:
    """What was read, not yet understood."""

    screened: Screened
    grids: tuple[Grid, ...] = ()
    transfer: Transfer | None = None
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Counts:
    """Rows read, accepted and held; read = accepted + held."""

    read: int = 0
    accepted: int = 0
    held: int = 0


@dataclass(frozen=True, slots=True)
class Checked:
    """A parcel understood: verdict, findings in the sender's own rows, and every record, held ones included."""

    file: str
    kind: Kind
    verdict: Verdict
    sender: str | None
    rows: Counts
    findings: tuple[Finding, ...] = ()
    records: tuple[PupilRecord, ...] = ()
    period: tuple[date, date] | None = None   # what a cumulative return covers, when it says so
    headings: Mapping[str, str] = field(default_factory=dict)   # heading as typed → field, for the annotated workbook

    def to_json(self, *, records: bool = True) -> dict[str, Any]:
        """One object, as ``gateway check --json`` prints it."""
        plain: dict[str, Any] = {
            "file": self.file, "kind": self.kind.value, "verdict": self.verdict.value, "sender": self.sender,
            "rows": {"read": self.rows.read, "accepted": self.rows.accepted, "held": self.rows.held},
            "findings": [f.to_json() for f in self.findings],
        }
        if self.period:
            plain["period"] = [d.isoformat() for d in self.period]
        if records:
            plain["records"] = [r.to_json() for r in self.records]
        return plain

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Build again from ``to_json``: what the parent does with the sandbox's frames."""
        period = values.get("period")
        return cls(
            file=values["file"], kind=Kind(values["kind"]), verdict=Verdict(values["verdict"]), sender=values["sender"],
            rows=Counts(**values["rows"]),
            findings=tuple(Finding.from_json(f) for f in values["findings"]),
            records=tuple(PupilRecord.from_json(r) for r in values.get("records", ())),
            period=(date.fromisoformat(period[0]), date.fromisoformat(period[1])) if period else None,
        )


@dataclass(frozen=True, slots=True)
class Received:
    """A parcel the gateway has taken responsibility for: its bytes are durable and its row is committed."""

    parcel: str                   # id
    sender: str
    channel: Channel
    sha256: str                   # hex
    size: int
    received_at: datetime
    week: date                    # Monday of the reporting week
    duplicate: bool = False       # the same bytes again: the same parcel, the same receipt


@dataclass(frozen=True, slots=True)
class Delivered:
    """Proof that a sealed thing reached its recipient's side."""

    job: str
    to: str
    where: str                    # never a child's data: an id or a conventional name
    sha256: str
    at: datetime
