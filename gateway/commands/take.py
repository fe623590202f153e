"""``gateway take``: hands in a file that came by secure mail, from S2S, from an agency or by hand."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

import typer

from gateway.commands.call import call
from gateway.commands.present import told


class Via(StrEnum):
    """How it came."""

    EGRESS = "egress"
    S2S = "s2s"
    AGENCY = "agency"
    HAND = "hand"


FILE = typer.Argument(..., help="The file. It is copied, not moved.", show_default=False)
SENDER = typer.Option(..., "--from", help="Who sent it: a school's LAESTAB, an authority, an agency's id.", show_default=False)
VIA = typer.Option(..., "--via", help="How it came.", show_default=False)


def take(file: Path = FILE, sender: str = SENDER, via: Via = VIA) -> int:
    """Take responsibility for a file. The next run, or the running daemon, reads it; receipts go to HOME/receipts/SENDER."""
    from gateway.bootstrap.handing_in import hand_in

    with call().open() as home:
        received = hand_in(home, file, sender, via.value)
    words = "was taken before: same parcel" if received.duplicate else "taken"
    told({"parcel": received.parcel, "sha256": received.sha256, "sender": received.sender, "channel": received.channel.value,
          "duplicate": received.duplicate, "received_at": received.received_at.isoformat()},
         f"{received.parcel} {words}; {received.size} bytes, SHA-256 {received.sha256}")
    return 0
