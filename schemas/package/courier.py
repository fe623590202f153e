"""Seals and opens packages. The order in which a package is believed:

1. it opens with our key, whole to its last byte;
2. it is the one canonical zip of a manifest and a payload;
3. its sender is a contact with a pinned key, and it is whose channel it came by;
4. the manifest is a note of the manifest's type, signed by that key;
5. what is signed says: from that contact, to us, not yet expired, these exact payload bytes;
6. only then is the payload parsed, strictly.

From step 5 on the sender is proven, and a refusal can be told to them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from gateway.domain.referrals.contact import Contact, KeyStanding
from gateway.domain.referrals.message import Envelope, Message, MessageKind, PackageError, is_id_of
from gateway.errors import ConfigError, OperatorError, TamperError
from gateway.ports import Notary
from schemas.package.bodies import BadBodyError, read_body, write_body
from schemas.package.container import pack, unpack

MANIFEST_KIND = "cme-gateway-manifest/1"
NO_KEY_TO_SEAL = {
    KeyStanding.TRUSTED: "NO-CONTACT", KeyStanding.NONE: "NO-CONTACT", KeyStanding.NOT_YET: "KEY-NOT-YET",
    KeyStanding.EXPIRED: "KEY-EXPIRED", KeyStanding.REVOKED: "KEY-REVOKED",
}
NO_KEY_TO_PROVE = {standing: f"PACKAGE-{code}" for standing, code in NO_KEY_TO_SEAL.items()}
CLOCKS_DIFFER = timedelta(hours=1)   # a package from the future by more than that was not written when it says


class PackageCourier:
    """Implements ``ports.Courier``. ``seal_for`` takes bytes and one recipient, ``unseal`` opens with our key."""

    def __init__(self, la: str, notary: Notary, contacts: Mapping[str, Contact], *,
                 seal_for: Callable[[bytes, str], bytes], unseal: Callable[[bytes], bytes], rehearsal: bool = False,
                 ours: Callable[[], KeyStanding] = lambda: KeyStanding.TRUSTED) -> None:
        """``ours``: how our own card stands, which others prove us by."""
        self._la = la
        self._notary = notary
        self._contacts = contacts     # looked up each time: a key may be trusted, or expire, while the daemon runs
        self._seal_for = seal_for
        self._unseal = unseal
        self._ours = ours
        # Each rehearsal home has a clock of its own that a person sets: its neighbour's may be days ahead.
        self._ahead = timedelta(days=3650) if rehearsal else CLOCKS_DIFFER

    def contact(self, authority: str) -> Contact | None:
        """The contact of an authority, when there is one."""
        return self._contacts.get(authority)

    def contacts(self) -> Sequence[Contact]:
        """All of them, by code."""
        return [self._contacts[la] for la in sorted(self._contacts)]

    def seal(self, message: Message) -> bytes:
        """Sign and seal it for the authority its envelope names: the key is found by the code that the manifest prints."""
        recipient = self._recipient(message.envelope.recipient)
        if self._ours() is not KeyStanding.TRUSTED:
            raise ConfigError(f"our own key card stands as {self._ours()}, expected trusted: nobody would take what we send",
                              code="OUR-KEY-EXPIRED", hint="gateway keys rotate receipts, and packages; then export our card.")
        if message.envelope.sender != self._la:
            raise ConfigError(f"a package from {message.envelope.sender} in the gateway of {self._la}", code="NOT-OUR-NAME",
                              hint="We sign for ourselves alone.")
        try:
            payload = write_body(message.envelope.kind, dict(message.body))
        except BadBodyError as error:
            raise OperatorError(f"our {message.envelope.kind} is none that others would take: {error}", code="PACKAGE-BODY",
                                hint="Look at these fields with `gateway refer --dry-run`.") from error
        envelope = replace(message.envelope, sha256=hashlib.sha256(payload).hexdigest(), size=len(payload))
        return self._seal_for(pack(self._notary.sign(MANIFEST_KIND, _lines(envelope)), payload), recipient)

    def open(self, sealed: bytes, sender: str, at: datetime) -> Message:
        """Prove and read a package that came by the channel of ``sender``, or PackageError."""
        try:
            packed = self._unseal(sealed)  # (1)
        except TamperError as error:
            raise PackageError("the package does not open with our key", code="PACKAGE-SEALED",
                               hint="It was cut off, changed, or sealed for someone else. Ask for it again.") from error
        manifest, payload = unpack(packed)  # (2)
        envelope = self._proven(manifest, sender)  # (3) (4)
        self._check(envelope, sender, payload, at)  # (5)
        try:
            return Message(envelope, read_body(envelope.kind, payload))  # (6)
        except BadBodyError as error:
            raise PackageError(f"the payload is no {envelope.kind}: {error}", code="PACKAGE-PAYLOAD", proven=envelope,
                               hint="Their gateway and ours understand different things by it; compare versions.") from error

    def _recipient(self, la: str) -> str:
        contact = self._contacts.get(la)
        if contact is None or contact.recipient is None:
            standing = contact.standing if contact else KeyStanding.NONE
            raise ConfigError(f"nothing can be sealed for authority {la}: {standing.lacks}, one expected",
                              code=NO_KEY_TO_SEAL[standing],
                              hint=f"Add [contacts.{la}] to config.toml and trust its card: gateway contacts trust {la} CARD.")
        return contact.recipient

    def _proven(self, manifest: str, sender: str) -> Envelope:
        contact = self._contacts.get(sender)
        if contact is None or contact.signs_with is None:
            standing = contact.standing if contact else KeyStanding.NONE
            raise PackageError(f"a package by the channel of {sender}: {standing.lacks} for it", code=NO_KEY_TO_PROVE[standing],
                               hint=f"Trust their card, as they read it: gateway contacts trust {sender} CARD. It is then read.")
        try:
            return _envelope(self._notary.verify(MANIFEST_KIND, manifest, keys=[contact.signs_with, *contact.signed_with]))
        except TamperError as error:
            raise PackageError(f"the manifest is not signed by the key that is trusted for {sender}", code="PACKAGE-SIGNATURE",
                               hint="Ring them on a known number: it is forged, or their key has changed.") from error
        except (KeyError, ValueError, TypeError) as error:
            raise PackageError("the manifest lacks a line or holds another than expected", code="PACKAGE-MANIFEST",
                               hint="Their gateway writes another version; compare versions.") from error

    def _check(self, envelope: Envelope, channel: str, payload: bytes, at: datetime) -> None:
        if envelope.sender != channel or envelope.recipient != self._la:
            raise PackageError(f"the manifest says {envelope.sender} to {envelope.recipient}, expected {channel} to {self._la}",
                               code="PACKAGE-NOT-FOR-US", hint="It went astray or was sent back. Nothing in it was read.")
        if hashlib.sha256(payload).hexdigest() != envelope.sha256 or len(payload) != envelope.size:
            raise PackageError("the payload is not the one the manifest was signed for", code="PACKAGE-PAYLOAD-HASH",
                               hint="Ask the sender to send it again.", proven=envelope)
        if not envelope.created - self._ahead <= at <= envelope.expires:
            raise PackageError(f"the package is good from {envelope.created.isoformat()} to {envelope.expires.isoformat()}, "
                               f"now it is {at.isoformat()}", code="PACKAGE-EXPIRED", proven=envelope,
                               hint="Ask the sender to release it again, or look at both clocks.")


def _lines(envelope: Envelope) -> list[tuple[str, Any]]:
    return [("from", envelope.sender), ("to", envelope.recipient), ("id", envelope.id), ("kind", envelope.kind.value),
            ("sha256", envelope.sha256), ("size", envelope.size),
            ("created", envelope.created.isoformat()), ("expires", envelope.expires.isoformat())]


def _envelope(lines: Mapping[str, Any]) -> Envelope:
    if type(lines["size"]) is not int or not all(type(lines[name]) is str for name in lines if name != "size"):
        raise ValueError("not the values of a manifest")
    envelope = Envelope(
        id=lines["id"], kind=MessageKind(lines["kind"]), sender=lines["from"], recipient=lines["to"],
        created=datetime.fromisoformat(lines["created"]), expires=datetime.fromisoformat(lines["expires"]),
        sha256=lines["sha256"], size=lines["size"])
    dated = envelope.created.tzinfo is not None and envelope.expires.tzinfo is not None
    if not dated or not is_id_of(envelope.kind, envelope.id) or dict(_lines(envelope)) != dict(lines):
        raise ValueError("not the lines of a manifest")
    return envelope
