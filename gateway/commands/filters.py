"""What a list is asked for: a word it does not know is an error, not an empty list, which would read as good news."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from gateway.config.section import nearest
from gateway.errors import UsageError

if TYPE_CHECKING:
    from gateway.bootstrap import Home


def one_of(option: str, given: str | None, known: Iterable[str]) -> str | None:
    """The word, when it is one of those; UsageError otherwise."""
    words = sorted(str(word) for word in known)
    if given is not None and given not in words:
        raise UsageError(f"{option} {given!r} is none of the words it may be{nearest(given, words)}", code="USAGE",
                         hint="One of: " + ", ".join(words))
    return given


def known_sender(option: str, given: str | None, home: Home) -> str | None:
    """The number or id, when the register, the config or a folder knows it; UsageError otherwise."""
    if given is None or given in home.register.establishments or given in home.settings.senders:
        return given
    if any(watched.sender == given for watched in home.settings.watched()):
        return given
    with home.store.reading() as tx:
        if tx.parcels.count(sender=given):
            return given
    raise UsageError(f"{option} {given!r} is no school of the register and no sender", code="USAGE",
                     hint="A school is named by its seven digits, as `gateway parcels` shows them.")
