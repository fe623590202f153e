"""Cells of the key matrix in receiving: 990 opens what came by the channel of 991."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pyrage

from gateway.domain.referrals.message import Envelope
from keys.age_files import new_identity, seal, unseal
from keys.cards import OVERLAP
from keys.notes import attach, write_text
from keys.private import Purpose
from keys.signing import SignKey, new_seed
from schemas.package.bodies import write_body
from schemas.package.container import MANIFEST, PAYLOAD, pack, unpack
from schemas.package.courier import MANIFEST_KIND, _lines
from tests.evidence.keys_sending import (
    DAY,
    begins,
    card_of_992_as_991,
    card_taken_away,
    clock,
    ends,
    new_keys,
    nothing,
    revoked,
    revoked_but_left,
)
from tests.evidence.two_gateways import BODY, TODAY, Act, Pair, all_of
from tests.keys.weak_points import SMALL_SIGNING, card_with, signing_text

Made = Callable[[Pair], bytes]


def sent(pair: Pair) -> bytes:
    """As 991 sends it."""
    return pair.there.courier.seal(pair.there.message("990"))


def then(*acts: Act) -> Made:
    """Sent, and something is done to the keys before it arrives."""
    def made(pair: Pair) -> bytes:
        sealed = sent(pair)
        all_of(*acts)(pair)
        return sealed

    return made


def first(*acts: Act) -> Made:
    """Something was done to the keys before it was sent."""
    def made(pair: Pair) -> bytes:
        all_of(*acts)(pair)
        return sent(pair)

    return made


def replaced(days_ago: int, pair: Pair) -> None:
    """991 rotated what it signs and is sealed for; its new card was trusted so many days ago."""
    pair.there.rotates(Purpose.RECEIPTS, Purpose.PACKAGES)
    pair.here.trusts(pair.there.card(), TODAY - days_ago * DAY)


def they_rotated(days_ago: int, pair: Pair) -> None:
    pair.there.rotates(Purpose.RECEIPTS, days_ago=days_ago)


def their_key(pair: Pair, purpose: Purpose = Purpose.RECEIPTS) -> SignKey:
    return SignKey("991.cme-gateway/receipts", bytes.fromhex(pair.there.live.ring.private[purpose][-1].secret))


def for_us(pair: Pair, packed: bytes) -> bytes:
    return seal(packed, [pair.here.card().recipient])


def inner(pair: Pair) -> tuple[str, bytes]:
    """Manifest and payload as 991 writes them."""
    return unpack(unseal(sent(pair), pair.here.live.ring.package_identities))


def manifest(change: Callable[[str], str]) -> Made:
    """Its manifest changed, and sealed for us again: anyone can seal."""
    def made(pair: Pair) -> bytes:
        note, payload = inner(pair)
        return for_us(pair, pack(change(note), payload))

    return made


def unsigned(note: str) -> str:
    """The text of a note, with its last newline."""
    return note.rpartition("\n\n")[0] + "\n"


def signed(envelope: Envelope, key: SignKey, kind: str = MANIFEST_KIND) -> bytes:
    payload = write_body(envelope.kind, BODY)
    whole = replace(envelope, sha256=hashlib.sha256(payload).hexdigest(), size=len(payload))
    return pack(attach(write_text(kind, _lines(whole)), key), payload)


def of_another_kind(kind: str, pair: Pair) -> bytes:
    return for_us(pair, signed(pair.there.message("990").envelope, their_key(pair), kind))


def by_a_stranger(pair: Pair) -> bytes:
    return for_us(pair, signed(pair.there.message("990").envelope, SignKey("991.cme-gateway/receipts", new_seed())))


def by_their_checkpoints_key(pair: Pair) -> bytes:
    return for_us(pair, signed(pair.there.message("990").envelope, their_key(pair, Purpose.CHECKPOINTS)))


def to_another(pair: Pair) -> bytes:
    return for_us(pair, signed(pair.there.message("995").envelope, their_key(pair)))


def from_another(pair: Pair) -> bytes:
    return for_us(pair, signed(pair.there.message("990", sender="992").envelope, their_key(pair)))


def ours_reflected(pair: Pair) -> bytes:
    ours = pair.here.courier.seal(pair.here.message("991"))
    return for_us(pair, unseal(ours, pair.there.live.ring.package_identities))


def forged_for_small_order(pair: Pair) -> bytes:
    """Anyone can sign for such a key; its card was put there by hand."""
    pair.here.finds(card_with(pair.there.card(), signs=signing_text(SMALL_SIGNING[0])))
    name, id, _ = signing_text(SMALL_SIGNING[0]).split("+", 2)
    note, payload = inner(pair)
    signature = base64.b64encode(bytes.fromhex(id) + SMALL_SIGNING[0] + bytes(32)).decode()
    return for_us(pair, pack(f"{unsigned(note)}\n— {name} {signature}\n", payload))


def members(*names: str) -> Made:
    """A zip with these members alone."""
    def made(pair: Pair) -> bytes:
        note, payload = inner(pair)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            for name in names:
                archive.writestr(name, {MANIFEST: note.encode(), PAYLOAD: payload}[name])
        return for_us(pair, packed.getvalue())

    return made


def empty_payload(pair: Pair) -> bytes:
    return for_us(pair, pack(inner(pair)[0], b""))


def armoured(pair: Pair) -> bytes:
    recipient = pyrage.x25519.Recipient.from_str(pair.here.card().recipient)
    sealed: bytes = pyrage.encrypt(pack(*inner(pair)), [recipient], armored=True)
    return sealed


def under_a_passphrase(pair: Pair) -> bytes:
    sealed: bytes = pyrage.passphrase.encrypt(pack(*inner(pair)), "correct horse battery staple")
    return sealed


RECEIVING: tuple[tuple[str, Made, str | None], ...] = (
    ("nothing is done", then(nothing), None),
    # expired
    ("their card ended yesterday", then(ends(TODAY - DAY)), "PACKAGE-KEY-EXPIRED"),
    ("their card ends today", then(ends(TODAY)), None),
    ("a second before the card's end", then(ends(TODAY + DAY), clock(TODAY + DAY, 23, 59, 59)), None),
    ("at the second of the card's end", then(ends(TODAY + DAY), clock(TODAY + 2 * DAY)), "PACKAGE-KEY-EXPIRED"),
    ("thirty days under way", then(clock(TODAY + 30 * DAY, 9)), None),
    ("a second more", then(clock(TODAY + 30 * DAY, 9, 0, 1)), "PACKAGE-EXPIRED"),
    ("signed by the card before, replaced today", then(partial(replaced, 0)), None),
    ("signed by the card before, on the last day of the overlap", then(partial(replaced, OVERLAP.days)), None),
    ("signed by the card before, a day later", then(partial(replaced, OVERLAP.days + 1)), "PACKAGE-SIGNATURE"),
    ("they rotated, and we have their old card yet", first(partial(they_rotated, 0)), None),
    ("they rotated on the last day of the overlap", first(partial(they_rotated, OVERLAP.days - 1)), None),
    ("they rotated longer ago than the overlap", first(partial(they_rotated, OVERLAP.days)), "PACKAGE-SIGNATURE"),
    ("sealed for our key of before", then(lambda pair: pair.here.rotates(Purpose.PACKAGES)), None),
    # not yet valid
    ("their card begins tomorrow", then(begins(TODAY + DAY)), "PACKAGE-KEY-NOT-YET"),
    ("their card begins today", then(begins(TODAY)), None),
    ("written an hour ahead of our clock", then(clock(TODAY, 8)), None),
    ("a second more ahead", then(clock(TODAY, 7, 59, 59)), "PACKAGE-EXPIRED"),
    # revoked
    ("their card was revoked", then(revoked), "PACKAGE-KEY-REVOKED"),
    ("revoked, and left lying by a crash", then(revoked_but_left), "PACKAGE-KEY-REVOKED"),
    ("signed by the card before, and then all were revoked", then(partial(replaced, 0), revoked), "PACKAGE-KEY-REVOKED"),
    ("signed by a revoked key, and their new card is trusted", then(revoked, new_keys), "PACKAGE-SIGNATURE"),
    ("they revoked what they signed with, and we have their old card",
     first(lambda pair: pair.there.revokes(Purpose.RECEIPTS)), "PACKAGE-SIGNATURE"),
    ("sealed for a key of ours that was revoked", then(lambda pair: pair.here.revokes(Purpose.PACKAGES)), "PACKAGE-SEALED"),
    # wrong authority
    ("signed by another than the channel's", by_a_stranger, "PACKAGE-SIGNATURE"),
    ("our own package sent back", lambda pair: pair.here.courier.seal(pair.here.message("991")), "PACKAGE-SEALED"),
    ("our own package sealed anew for us", ours_reflected, "PACKAGE-SIGNATURE"),
    ("sealed for another", lambda pair: seal(b"x", [new_identity()[1]]), "PACKAGE-SEALED"),
    ("addressed to another, sealed for us", to_another, "PACKAGE-NOT-FOR-US"),
    ("from another, signed by 991", from_another, "PACKAGE-NOT-FOR-US"),
    ("992's card stands under their name", then(card_of_992_as_991), "WRONG-KEY-CARD"),
    # weak
    ("forged for a key of small order on their card", forged_for_small_order, "WEAK-KEY"),
    ("a signature of nothing", manifest(lambda note: note[:note.rindex(" ") + 1] + "A" * 90 + "==\n"), "PACKAGE-SIGNATURE"),
    # stripped
    ("a manifest without its signature", manifest(lambda note: unsigned(note) + "\n"), "PACKAGE-SIGNATURE"),
    ("a manifest without the lines below", manifest(unsigned), "PACKAGE-SIGNATURE"),
    ("a manifest with a stranger's signature alone",
     manifest(lambda note: attach(unsigned(note), SignKey("witness", new_seed()))), "PACKAGE-SIGNATURE"),
    ("without a manifest", members(PAYLOAD), "PACKAGE-SHAPE"),
    ("without a payload", members(MANIFEST), "PACKAGE-SHAPE"),
    ("an empty payload", empty_payload, "PACKAGE-PAYLOAD-HASH"),
    ("nothing at all", lambda pair: b"", "PACKAGE-SEALED"),
    ("the seal taken off", lambda pair: pack(*inner(pair)), "PACKAGE-SEALED"),
    ("no card of theirs is left", then(card_taken_away), "PACKAGE-NO-CONTACT"),
    # downgraded
    ("sealed under a passphrase", under_a_passphrase, "PACKAGE-SEALED"),
    ("armoured", armoured, "PACKAGE-SEALED"),
    ("a manifest of another version, well signed", partial(of_another_kind, "cme-gateway-manifest/2"), "PACKAGE-SIGNATURE"),
    ("a receipt's note for a manifest, well signed", partial(of_another_kind, "cme-gateway-receipt/1"), "PACKAGE-SIGNATURE"),
    ("signed by their checkpoints key", by_their_checkpoints_key, "PACKAGE-SIGNATURE"),
    ("another format's header", lambda pair: b"age-encryption.org/v2" + sent(pair)[21:], "PACKAGE-SEALED"),
)
