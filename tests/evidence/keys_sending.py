"""Cells of the key matrix in sending: 990 seals a message for 991."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from functools import partial

from keys.age_files import new_identity
from keys.cards import REVOKED, folder_of, revoke
from keys.private import Purpose
from keys.signing import SignKey, new_seed
from keys.trusted import Trusted
from tests.evidence.two_gateways import TODAY, Act, Pair, all_of
from tests.keys.weak_points import SMALL_SEALING, SMALL_SIGNING, card_with, recipient_text, signing_text

DAY = timedelta(days=1)
SUMMER = date(2027, 6, 30)           # a day of British Summer Time: midnight there is 23:00 UTC
SSH = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHsKLqeplhpW+uObz5dvMgjz1OxfM/XXUB+VHtZ6"
PLUGIN = "age1yubikey1q2w7u3vpya839jxxuq8g0sedh3d740d4xvn639sqhr95ejj8vu3hyfumptt"


def ends(day: date) -> Act:
    """Their card's last day."""
    return lambda pair: pair.here.finds(replace(pair.there.card(), valid_until=day).to_json())


def begins(day: date) -> Act:
    """Their card's first day."""
    return lambda pair: pair.here.finds(replace(pair.there.card(), valid_from=day).to_json())


def clock(day: date, hour: int = 0, minute: int = 0, second: int = 0) -> Act:
    """What the clocks say, in London."""
    return lambda pair: pair.at(day, hour, minute, second)


def given(**changed: object) -> Act:
    """An operator is given a card with other values, whose fingerprint is right."""
    return lambda pair: pair.here.trusts(Trusted.from_json(card_with(pair.there.card(), **changed)))


def found(**changed: object) -> Act:
    """Somebody put such a card among those that are trusted."""
    return lambda pair: pair.here.finds(card_with(pair.there.card(), **changed))


def spoken_of(pair: Pair) -> None:
    """An operator looks at what is known of them."""
    pair.here.courier.contact("991")


def revoked(pair: Pair) -> None:
    revoke(pair.here.home, "991", TODAY)


def revoked_but_left(pair: Pair) -> None:
    """The crash came between revoking and taking the card away."""
    card = folder_of(pair.here.home) / "991.json"
    content = card.read_bytes()
    revoked(pair)
    card.write_bytes(content)


def new_keys(pair: Pair, **kept: str) -> None:
    """They give a card with keys made anew, but for what is kept."""
    fresh = {"recipient": new_identity()[1], "signs": SignKey("991.cme-gateway/receipts", new_seed()).public.text}
    given(**{**fresh, **kept})(pair)


def same_recipient(pair: Pair) -> None:
    new_keys(pair, recipient=pair.there.card().recipient)


def same_signing_key(pair: Pair) -> None:
    new_keys(pair, signs=pair.there.card().signs)


def spoilt_revocation(pair: Pair) -> None:
    next((folder_of(pair.here.home) / REVOKED).iterdir()).write_text("{}")


def card_of_992_as_991(pair: Pair) -> None:
    pair.here.finds(pair.third().card().to_json())


def recipient_of_992(pair: Pair) -> None:
    third = pair.third().card()
    pair.here.trusts(third)
    given(recipient=third.recipient)(pair)


def our_signing_key(pair: Pair) -> None:
    given(signs=pair.here.card().signs)(pair)


def our_old_recipient(pair: Pair) -> None:
    before = pair.here.card().recipient
    pair.here.rotates(Purpose.PACKAGES)
    given(recipient=before)(pair)


def ours_ended(after: int, pair: Pair) -> None:
    pair.at(pair.here.card().valid_until + after * DAY)
    ends(pair.clock.today() + DAY)(pair)


def changed_under_its_fingerprint(name: str, value: str, pair: Pair) -> None:
    given(fingerprint=pair.there.card().fingerprint, **{name: value})(pair)


def card_taken_away(pair: Pair) -> None:
    (folder_of(pair.here.home) / "991.json").unlink()


def nothing(pair: Pair) -> None:
    """All is as it was."""


STRIPPED = ("recipient", "signs", "valid_from", "valid_until", "fingerprint", "la", "rehearsal", "version")
SENDING: tuple[tuple[str, Act, str | None], ...] = (
    ("nothing is done", nothing, None),
    # expired
    ("their card ended yesterday", ends(TODAY - DAY), "KEY-EXPIRED"),
    ("their card ends today", ends(TODAY), None),
    ("a second before its end", all_of(ends(SUMMER), clock(SUMMER, 23, 59, 59)), None),
    ("at the second of its end", all_of(ends(SUMMER), clock(SUMMER + DAY)), "KEY-EXPIRED"),
    ("our own card ended yesterday", partial(ours_ended, 1), "OUR-KEY-EXPIRED"),
    ("our own card ends today", partial(ours_ended, 0), None),
    # not yet valid
    ("their card begins tomorrow", begins(TODAY + DAY), "KEY-NOT-YET"),
    ("their card begins today", begins(TODAY), None),
    ("a second before its beginning", all_of(begins(SUMMER), clock(SUMMER - DAY, 23, 59, 59)), "KEY-NOT-YET"),
    ("at the second of its beginning", all_of(begins(SUMMER), clock(SUMMER)), None),
    # revoked
    ("their card was revoked", revoked, "KEY-REVOKED"),
    ("revoked, and left lying by a crash", revoked_but_left, "KEY-REVOKED"),
    ("revoked, and a card with its recipient given", all_of(revoked, same_recipient), "KEY-REVOKED"),
    ("revoked, and a card with its signing key given", all_of(revoked, same_signing_key), "KEY-REVOKED"),
    ("revoked, and a card with new keys given", all_of(revoked, new_keys), None),
    ("a kept revocation is spoilt", all_of(revoked, spoilt_revocation, spoken_of), "BAD-KEY-CARD"),
    # wrong authority
    ("another authority's card under their name", card_of_992_as_991, "WRONG-KEY-CARD"),
    ("a card of theirs with 992's recipient", recipient_of_992, "KEY-NOT-THEIRS"),
    ("a card of theirs with our own signing key", our_signing_key, "KEY-NOT-THEIRS"),
    ("a card of theirs with a recipient we had", our_old_recipient, "KEY-NOT-THEIRS"),
    ("a rehearsal's card", found(rehearsal=True), "WRONG-KEY-CARD"),
    ("a card whose authority was changed", partial(changed_under_its_fingerprint, "la", "992"), "BAD-KEY-CARD"),
    ("a card whose recipient was changed", partial(changed_under_its_fingerprint, "recipient", recipient_text(b"7" * 32)),
     "BAD-KEY-CARD"),
    # weak
    *((f"a recipient of small order, {raw.hex()}", given(recipient=recipient_text(raw)), "WEAK-KEY") for raw in SMALL_SEALING),
    *((f"a signing key of small order, {raw.hex()}", given(signs=signing_text(raw)), "WEAK-KEY") for raw in SMALL_SIGNING[:4]),
    ("a weak card that somebody put there", found(recipient=recipient_text(bytes(32))), "WEAK-KEY"),
    # stripped
    *((f"a card without {name}", given(**{name: None}), "BAD-KEY-CARD") for name in STRIPPED),
    ("no card at all: never in the clear", card_taken_away, "NO-CONTACT"),
    ("an empty card", lambda pair: pair.here.finds(b""), "BAD-KEY-CARD"),
    # downgraded
    ("a card of version 0", given(version=0), "BAD-KEY-CARD"),
    ("an SSH recipient", given(recipient=SSH), "BAD-RECIPIENT"),
    ("a plug-in's recipient", given(recipient=PLUGIN), "BAD-RECIPIENT"),
    ("a passphrase for a recipient", given(recipient="correct horse battery staple"), "BAD-RECIPIENT"),
    ("a signing key of another algorithm", given(signs=signing_text(bytes(32), algorithm=b"\x02")), "BAD-PUBLIC-KEY"),
    ("a signing key without its algorithm", given(signs=signing_text(bytes(32), algorithm=b"")), "BAD-PUBLIC-KEY"),
)
GUARD = {"KEY-EXPIRED": "GUARD-KEY-EXPIRED", "KEY-NOT-YET": "GUARD-KEY-NOT-YET", "NO-CONTACT": "GUARD-NO-KEY",
         "KEY-REVOKED": "GUARD-KEY-REVOKED"}
