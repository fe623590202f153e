"""What an arrival is, where it stands, and what a finding says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Self


class Kind(StrEnum):
    """What a parcel is. A kind not yet handled is held for a person, never guessed."""

    LEAVERS = "leavers"
    JOINERS = "joiners"
    MOVEMENTS = "movements"
    CTF = "ctf"
    CML = "cml"
    CMJ = "cmj"
    PART_TIME = "part-time"
    ENQUIRY = "enquiry"
    NIL = "nil"
    REFERRAL = "referral"
    REPLY = "reply"
    S2S_DOWNLOAD = "s2s-download"
    UNKNOWN = "unknown"


OF_PUPILS = frozenset({Kind.CTF, Kind.CML, Kind.CMJ})
"""Files that have pupils and elements, no rows and columns."""


class Verdict(StrEnum):
    """The answer to a parcel."""

    ACCEPTED = "accepted"
    PART_ACCEPTED = "part-accepted"
    REFUSED = "refused"


class Severity(StrEnum):
    """The weight of a finding: error holds the row, query asks, note tells."""

    ERROR = "error"
    QUERY = "query"
    NOTE = "note"


class Channel(StrEnum):
    """How a parcel came."""

    DROP = "drop"
    SFTP = "sftp"
    PEER = "peer"
    S2S = "s2s"
    EGRESS = "egress"
    AGENCY = "agency"
    HAND = "hand"


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule's word on one place. ``row`` None: on the file. ``found`` is the sender's own value, shown only to the sender."""

    code: str
    severity: Severity
    message: str
    hint: str
    sheet: str | None = None
    row: int | None = None
    column: str | None = None    # the heading as typed
    field: str | None = None     # the gateway's name
    found: str | None = None

    def to_json(self) -> dict[str, Any]:
        """As ``gateway check --json`` prints it."""
        return {
            "code": self.code, "severity": str(self.severity), "message": self.message, "hint": self.hint, "sheet": self.sheet,
            "row": self.row, "column": self.column, "field": self.field, "found": self.found,
        }

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Build a finding again from ``to_json``."""
        return cls(**{**values, "severity": Severity(values["severity"])})
