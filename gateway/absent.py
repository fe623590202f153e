"""What a home has that has no other authority and prints no pages: stand-ins that refuse and say what is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from gateway.domain.referrals.contact import Contact
from gateway.domain.referrals.message import Message, PackageError
from gateway.domain.s2s.own_file import OwnFile
from gateway.errors import ConfigError


class NoPages:
    """No pages and no files of ours: for a pipeline that writes none."""

    def page(self, name: str, facts: Mapping[str, Any]) -> bytes:
        """Refuse."""
        raise _no_pages(name)

    def transfer(self, file: OwnFile) -> bytes:
        """Refuse."""
        raise _no_pages("transfer")


class NoCourier:
    """The courier of a home that has no other authority to write to."""

    def contact(self, authority: str) -> Contact | None:
        """Nobody."""
        return None

    def contacts(self) -> Sequence[Contact]:
        """Nobody."""
        return ()

    def seal(self, message: Message) -> bytes:
        """Refuse: there is no key to seal under."""
        raise ConfigError(f"no contact for authority {message.envelope.recipient}, one expected", code="NO-CONTACT",
                          hint=f"Add [contacts.{message.envelope.recipient}] to config.toml and its key to keys/trusted/.")

    def open(self, sealed: bytes, sender: str, at: datetime) -> Message:
        """Refuse: nobody is trusted."""
        raise PackageError(f"package from {sender}, no contact is trusted", code="PACKAGE-NO-CONTACT",
                           hint=f"Add [contacts.{sender}] to config.toml and its key to keys/trusted/.")


def _no_pages(name: str) -> ConfigError:
    return ConfigError(f"nothing called {name} can be written here", code="NO-PAGES", hint="Hand `pages` to Ports in bootstrap.")
