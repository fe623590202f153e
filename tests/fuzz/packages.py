"""Packages between authorities, spoilt at each of their shells: the sealed file, the container inside, the manifest, the payload.

Whoever spoils from inside has the sender's keys: what he changes is signed and sealed again, so that the next check is reached.
"""

from __future__ import annotations

import hashlib
import json
import random
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from typing import Any

from gateway.domain.referrals.message import Envelope, Message, MessageKind, PackageError, begun
from keys.age_files import seal
from schemas.package.container import pack
from schemas.package.courier import MANIFEST_KIND, _lines
from tests.bad_files.naughty import NAUGHTY
from tests.fuzz.mutate import spoilt
from tests.schemas.package.authorities import Authority, acquainted

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
BODY: dict[str, Any] = {
    "asked": "Will you take responsibility?",
    "legal": "s.436A",
    "notice": "This is not a safeguarding referral.",
    "officer": {"name": "Alice Osei", "email": "cme@thornhaven.example", "phone": "01632 960101"},
    "child": {"legal_surname": "D'Souza", "legal_forename": "Zoë", "dob": "2017-10-09", "upn": "A990200124012"},
    "last_address": {"lines": ["4 Mill Lane"], "postcode": "ZY1 6LX", "source": "the school's register"},
    "parents": [{"name": "Mr P D'Souza", "phone": "07700900889", "lives_with": True}],
    "education": {"last_school": "9902001", "off_roll": "2026-11-13", "ground": "2024:9(1)(g)"},
    "needs": {"sen": True},
    "enquiries": [{"on": "2026-11-14", "what": "home visit"}],
}
ODD: tuple[Any, ...] = (
    None,
    True,
    0,
    -1,
    1e400,
    "",
    [],
    {},
    [[[]]],
    "x" * 3000,
    "2017-13-45",
    "\x00",
    "\ud800",
    {"a": {"b": {}}},
)


@cache
def towns() -> dict[str, Authority]:
    """Two that know each other; their keys are made for the run."""
    return acquainted("990", "991")


def case(chance: random.Random) -> tuple[str, bytes]:
    """A sealed package with something wrong at one of its shells."""
    sender, receiver = towns()["990"], towns()["991"]
    message = Message(begun("R01ABC", chance.choice((MessageKind.REFERRAL, MessageKind.ENQUIRY)), "990", "991", NOW), BODY)
    shell = chance.choice(("sealed", "container", "manifest", "payload", "payload", "payload"))
    payload = json.dumps(BODY, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    if shell == "payload":
        payload = _payload_spoilt(payload, chance)
    envelope = replace(message.envelope, sha256=hashlib.sha256(payload).hexdigest(), size=len(payload))
    manifest = sender.signer.sign(MANIFEST_KIND, _manifest(envelope, chance, spoil=shell == "manifest"))
    packed = pack(manifest, payload)
    if shell == "container":
        packed = spoilt(packed, "xml", chance)
    sealed = seal(packed, [receiver.recipient])
    return shell, spoilt(sealed, "csv", chance) if shell == "sealed" else sealed


def refused(sealed: bytes) -> bool:
    """Whether the receiver refuses it; anything but a refusal with its words is raised."""
    try:
        towns()["991"].courier().open(sealed, "990", NOW)
    except PackageError as error:
        assert error.code.startswith("PACKAGE-") and error.message and error.hint
        assert "Souza" not in error.message + error.hint
        return True
    return False


def _manifest(envelope: Envelope, chance: random.Random, *, spoil: bool) -> list[tuple[str, Any]]:
    lines = _lines(envelope)
    if spoil:
        at = chance.randrange(len(lines))
        writable = [value for value in (*ODD, chance.choice(NAUGHTY)[1]) if value != 1e400 and value != "\ud800"]
        lines[at] = (lines[at][0], chance.choice(writable))
        if chance.random() < 0.3:
            lines.insert(chance.randrange(len(lines)), ("more", chance.choice(writable)))
        if chance.random() < 0.3:
            del lines[chance.randrange(len(lines))]
    return lines


def _payload_spoilt(payload: bytes, chance: random.Random) -> bytes:
    if chance.random() < 0.4:
        return spoilt(payload, "csv", chance)
    body = json.loads(payload)
    for _ in range(chance.choice((1, 1, 2, 4))):
        _spoil_value(body, chance)
    return json.dumps(body, ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")


def _spoil_value(body: Any, chance: random.Random) -> None:
    """Somewhere in it, a value is another, or a key too many."""
    while isinstance(body, dict | list) and body:
        key = chance.choice(sorted(body)) if isinstance(body, dict) else chance.randrange(len(body))
        if chance.random() < 0.4 or not isinstance(body[key], dict | list):
            if isinstance(body, dict) and chance.random() < 0.2:
                body[chance.choice(NAUGHTY)[1]] = chance.choice(ODD)
            else:
                body[key] = chance.choice((*ODD, chance.choice(NAUGHTY)[1]))
            return
        body = body[key]
