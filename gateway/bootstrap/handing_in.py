"""Handing in: a file that a person brings becomes a parcel as one from a folder does."""

from __future__ import annotations

from pathlib import Path

from adapters.folder.handed import HandedFile
from gateway.bootstrap.home import Home
from gateway.domain.actor import Role, require
from gateway.domain.parcels.kinds import Channel
from gateway.domain.parcels.stages import Received
from gateway.domain.register.senders import stranger
from gateway.errors import GatewayError, RetryableError, UsageError
from gateway.pipeline.receive import Arrival, forget, receive


def _expected(home: Home, sender: str) -> None:
    """UsageError when the sender is a school's number, and no school of ours has it."""
    settings = home.settings
    doubt = stranger(sender, home.register, settings.authority.la, home.policy.expected, vouched=True)
    if doubt:
        raise UsageError(f"--from {sender} {doubt}", code="SENDER-NOT-KNOWN",
                         hint=f"Look at the number again. If it is right, renew the register, or write [senders.{sender}] in "
                              "config.toml.")


def hand_in(home: Home, file: Path, sender: str, via: str) -> Received:
    """Take the file. UsageError: it is not there; RefusedError: too large; RetryableError: it changed while it was read."""
    actor = require(home.actor, Role.OFFICER, Role.S2S, Role.MANAGER, Role.OPERATOR)
    if not sender or not sender.replace("-", "").isalnum() or not sender.isascii() or len(sender) > 40:
        raise UsageError(f"--from {sender!r} is no sender", code="BAD-SENDER",
                         hint="A sender is a LAESTAB of seven digits, or an id of letters, digits and hyphens.")
    _expected(home, sender)
    with HandedFile.opened(file, home.ids.new("P"), home.settings.receive.keep_bytes) as handed:
        arrival = Arrival(handed, sender, Channel(via), actor)
        try:
            received = receive([arrival], home.ports, home.clock.now())
        except GatewayError:
            forget(arrival, home.ports)
            raise
    if not received:
        raise RetryableError(f"{file.name} changed while it was read", code="FILE-CHANGED",
                             hint="Wait until it is complete, then hand it in again.")
    return received[0]
