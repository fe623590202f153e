"""A return from a sender from whom nothing is expected: a folder that somebody made, or another authority's school.

1. It is kept, sealed and answered like any other, and waits for a person under a hold ``sender``. Nothing is recorded from it.
2. An urgent flag in it does not wait.
3. Once a person has released the hold it is read again, as a return of whoever the folder's name says.
4. When register or config know the sender by then, it is read again by itself (``reading``), and the hold lapses.
5. Only drop folders: what a person hands in was asked about when it was typed, other ways in stand in config.toml, and a refusal
   is one whoever sent it.
"""

from __future__ import annotations

from dataclasses import replace

from gateway.domain.cases.waiting import HoldState
from gateway.domain.parcels.kinds import Channel, Finding, Severity, Verdict
from gateway.domain.parcels.parcel import Parcel
from gateway.domain.parcels.refused import SENDER_NOT_KNOWN
from gateway.domain.parcels.stages import Checked, Counts
from gateway.domain.register.senders import stranger
from gateway.domain.rules import urgent_flag
from gateway.pipeline.casework import lapse
from gateway.pipeline.desk import Desk

STRANGER = "sender"


def doubt_about(desk: Desk, parcel: Parcel) -> str | None:
    """Why a parcel's sender is not expected, in words that follow its id; None: it is, or a person has released this parcel."""
    policy = desk.ports.policy
    doubt = stranger(parcel.sender, desk.ports.register, policy.la, policy.expected) if parcel.channel is Channel.DROP else None
    before = desk.tx.holds.where(about=parcel.id, what=STRANGER) if parcel.reading else []
    if doubt is None:
        desk.holds.know(before)
        lapse(desk, parcel.id, STRANGER)
    return None if any(hold.state is HoldState.RELEASED for hold in before) else doubt


def from_a_stranger(checked: Checked, doubt: str) -> Checked:
    """The answer meanwhile: nothing of it was recorded; what is urgent in it was heard."""
    heard = tuple(finding for finding in checked.findings if finding.code == urgent_flag.RULE.code)
    asked = Finding(SENDER_NOT_KNOWN, Severity.QUERY, f"Nothing was expected from this folder: its name {doubt}.",
                    "Nothing of the file is recorded before an officer has looked at it. If you are a school of this authority, "
                    "ring the named contact.")
    return replace(checked, verdict=Verdict.ACCEPTED, rows=Counts(), findings=(asked, *heard), records=())
