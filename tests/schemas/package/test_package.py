"""The package between authorities: what is believed, in which order, and what is refused with nothing read."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.domain.referrals.message import Envelope, Message, MessageKind, PackageError, begun, wire_name
from gateway.errors import ConfigError, OperatorError
from keys.age_files import seal
from schemas.package.bodies import write_body
from schemas.package.container import pack, unpack
from schemas.package.courier import MANIFEST_KIND, _lines
from tests.schemas.package.authorities import Authority

NOW = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
BODY: dict[str, Any] = {
    "asked": "Will you take responsibility?", "legal": "s.436A", "notice": "This is not a safeguarding referral.",
    "officer": {"name": "Alice Osei", "email": "cme@thornhaven.example", "phone": "01632 960101"},
    "child": {"legal_surname": "D'Souza", "legal_forename": "Zoë", "dob": "2017-10-09", "upn": "A990200124012"},
    "last_address": {"lines": ["4 Mill Lane"], "postcode": "ZY1 6LX", "source": "the school's register"},
    "parents": [{"name": "Mr P D'Souza", "phone": "07700900889", "lives_with": True}],
    "education": {"last_school": "9902001", "off_roll": "2026-11-13", "ground": "2024:9(1)(g)"},
    "needs": {"sen": True}, "enquiries": [{"on": "2026-11-14", "what": "home visit"}],
}
REFERRAL = Message(begun("R01ABC", MessageKind.REFERRAL, "990", "991", NOW), BODY)


def _refused(receiver: Authority, sealed: bytes, sender: str = "990", at: datetime = NOW) -> PackageError:
    with pytest.raises(PackageError) as caught:
        receiver.courier().open(sealed, sender, at)
    assert "Souza" not in f"{caught.value.message}{caught.value.hint}"
    return caught.value


def test_a_sealed_referral_opens_at_its_recipient_with_every_field(towns: dict[str, Authority]) -> None:
    sealed = towns["990"].courier().seal(REFERRAL)
    opened = towns["991"].courier().open(sealed, "990", NOW + timedelta(hours=3))
    assert opened.body == BODY
    assert (opened.envelope.id, opened.envelope.kind, opened.envelope.sender) == ("R01ABC", MessageKind.REFERRAL, "990")
    assert wire_name(opened.envelope, "0123456789") == "990-991-R01ABC-01234567.age"


def test_nothing_of_the_child_can_be_read_on_the_wire(towns: dict[str, Authority]) -> None:
    sealed = towns["990"].courier().seal(REFERRAL)
    assert sealed.startswith(b"age-encryption.org/v1\n")
    assert not any(word in sealed for word in (b"Souza", b"A990200124012", b"ZY1", b"manifest", b"990"))


def test_we_sign_for_ourselves_alone(towns: dict[str, Authority]) -> None:
    with pytest.raises(ConfigError) as caught:
        towns["990"].courier().seal(Message(replace(REFERRAL.envelope, sender="992"), BODY))
    assert caught.value.code == "NOT-OUR-NAME"


@pytest.mark.parametrize("wrong", [("size", "812"), ("size", True), ("id", 7)], ids=["a text", "a truth", "a number"])
def test_a_well_signed_manifest_with_values_of_another_sort_is_refused(
        towns: dict[str, Authority], wrong: tuple[str, Any]) -> None:
    payload = write_body(MessageKind.REFERRAL, BODY)
    envelope = replace(REFERRAL.envelope, sha256=hashlib.sha256(payload).hexdigest(), size=len(payload))
    lines = [wrong if name == wrong[0] else (name, value) for name, value in _lines(envelope)]
    packed = pack(towns["990"].signer.sign(MANIFEST_KIND, lines), payload)
    assert _refused(towns["991"], seal(packed, [towns["991"].recipient])).code == "PACKAGE-MANIFEST"


def test_contacts_are_listed_by_their_code(towns: dict[str, Authority]) -> None:
    assert [contact.la for contact in towns["991"].courier().contacts()] == ["990", "992"]


def test_a_package_that_went_astray_cannot_be_opened_there(towns: dict[str, Authority]) -> None:
    sealed = towns["990"].courier().seal(REFERRAL)
    assert _refused(towns["992"], sealed).code == "PACKAGE-SEALED"


def test_a_package_sealed_anew_for_someone_else_is_refused_by_its_inner_recipient(towns: dict[str, Authority]) -> None:
    packed = _inner(towns["990"], REFERRAL)
    refused = _refused(towns["992"], seal(packed, [towns["992"].recipient]))
    assert refused.code == "PACKAGE-NOT-FOR-US"
    assert refused.proven is None


def test_our_own_package_sent_back_to_us_is_refused(towns: dict[str, Authority]) -> None:
    packed = _inner(towns["990"], REFERRAL)
    assert _refused(towns["990"], seal(packed, [towns["990"].recipient]), sender="991").code == "PACKAGE-SIGNATURE"


def test_a_package_signed_by_another_than_the_channel_says_is_refused(towns: dict[str, Authority]) -> None:
    forged = Message(replace(REFERRAL.envelope, sender="990"), BODY)
    packed = _inner(towns["992"], forged)
    assert _refused(towns["991"], seal(packed, [towns["991"].recipient])).code == "PACKAGE-SIGNATURE"


def test_a_package_of_a_third_authority_under_its_own_name_by_this_channel_is_refused(towns: dict[str, Authority]) -> None:
    sealed = towns["992"].courier().seal(Message(replace(REFERRAL.envelope, sender="992"), BODY))
    assert _refused(towns["991"], sealed, sender="990").code == "PACKAGE-SIGNATURE"


def test_a_stranger_is_refused(towns: dict[str, Authority]) -> None:
    sealed = towns["990"].courier().seal(REFERRAL)
    assert _refused(towns["991"], sealed, sender="993").code == "PACKAGE-NO-CONTACT"


@pytest.mark.parametrize("at", [NOW + timedelta(days=31), NOW - timedelta(hours=2)], ids=["too late", "before it was written"])
def test_a_package_outside_its_time_is_refused_and_its_sender_can_be_told(towns: dict[str, Authority], at: datetime) -> None:
    refused = _refused(towns["991"], towns["990"].courier().seal(REFERRAL), at=at)
    assert refused.code == "PACKAGE-EXPIRED"
    assert refused.proven is not None and refused.proven.id == "R01ABC"


def test_every_single_changed_byte_of_the_sealed_package_is_refused(towns: dict[str, Authority]) -> None:
    sealed = towns["990"].courier().seal(REFERRAL)
    receiver = towns["991"]
    for place in range(0, len(sealed), 7):
        assert _refused(receiver, _flip(sealed, place)).code == "PACKAGE-SEALED"
    for end in (0, 1, 100, len(sealed) - 1):
        assert _refused(receiver, sealed[:end]).code == "PACKAGE-SEALED"


def test_every_single_changed_byte_inside_is_refused(towns: dict[str, Authority]) -> None:
    packed = _inner(towns["990"], REFERRAL)
    receiver = towns["991"]
    for place in range(len(packed)):
        _refused(receiver, seal(_flip(packed, place), [receiver.recipient]))


def _add_member(packed: bytes) -> bytes:
    out = io.BytesIO(packed)
    with zipfile.ZipFile(out, "a") as archive:
        archive.writestr("../evil.sh", b"x")
    return out.getvalue()


def _deflated(packed: bytes) -> bytes:
    manifest, payload = unpack(packed)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.note", manifest)
        archive.writestr("payload.json", payload)
    return out.getvalue()


@pytest.mark.parametrize("spoil", [
    _add_member, _deflated, lambda p: p + b"more", lambda p: b"more" + p, lambda p: b"", lambda p: b"x" * (2 << 20),
], ids=["a third member", "deflated", "bytes behind", "bytes before", "nothing", "too large"])
def test_a_container_of_another_shape_is_refused(towns: dict[str, Authority], spoil: Callable[[bytes], bytes]) -> None:
    packed = _inner(towns["990"], REFERRAL)
    refused = _refused(towns["991"], seal(spoil(packed), [towns["991"].recipient]))
    assert refused.code == "PACKAGE-SHAPE"


def test_another_payload_under_a_good_manifest_is_refused(towns: dict[str, Authority]) -> None:
    manifest, payload = unpack(_inner(towns["990"], REFERRAL))
    swapped = pack(manifest, payload.replace(b"ZY1 6LX", b"ZY9 6LX"))
    assert _refused(towns["991"], seal(swapped, [towns["991"].recipient])).code == "PACKAGE-PAYLOAD-HASH"


@pytest.mark.parametrize("payload", [
    b"{}", b"[]", b"null", b"\xff", b'{"child": {"legal_surname": 5}}', b'{"__proto__": 1}', b"[" * 100_000,
], ids=["empty", "list", "null", "not text", "wrong type", "unknown field", "deep"])
def test_a_payload_that_is_not_its_kind_is_refused_and_can_be_answered(towns: dict[str, Authority], payload: bytes) -> None:
    refused = _refused(towns["991"], _signed(towns["990"], towns["991"], REFERRAL.envelope, payload))
    assert refused.code == "PACKAGE-PAYLOAD"
    assert refused.proven is not None


@pytest.mark.parametrize("name", ["../../etc/x", "R1/..", "", "R1-A1", "R1-R00000000", "R 1", "R1\n", "Ｒ1", "R" * 41])
def test_an_id_that_is_no_plain_id_of_its_kind_is_refused(towns: dict[str, Authority], name: str) -> None:
    sealed = _signed(towns["990"], towns["991"], replace(REFERRAL.envelope, id=name), b"{}")
    assert _refused(towns["991"], sealed).code == "PACKAGE-MANIFEST"


def test_a_receipt_note_is_never_taken_for_a_manifest(towns: dict[str, Authority]) -> None:
    note = towns["990"].signer.sign("cme-gateway-receipt/1", _lines(REFERRAL.envelope))
    sealed = seal(pack(note, b"{}"), [towns["991"].recipient])
    assert _refused(towns["991"], sealed).code == "PACKAGE-SIGNATURE"


def test_nothing_is_sealed_for_an_authority_without_a_key(towns: dict[str, Authority]) -> None:
    with pytest.raises(ConfigError):
        towns["990"].courier().seal(Message(replace(REFERRAL.envelope, recipient="995"), BODY))


def test_what_others_would_refuse_is_not_sealed_either(towns: dict[str, Authority]) -> None:
    with pytest.raises(OperatorError) as caught:
        towns["990"].courier().seal(Message(REFERRAL.envelope, BODY | {"narrative": "long story"}))
    assert caught.value.code == "PACKAGE-BODY" and "long story" not in caught.value.message


def _inner(town: Authority, message: Message) -> bytes:
    return _packed(town, message.envelope, write_body(message.envelope.kind, dict(message.body)))


def _signed(sender: Authority, receiver: Authority, envelope: Envelope, payload: bytes) -> bytes:
    return seal(_packed(sender, envelope, payload), [receiver.recipient])


def _packed(signer: Authority, envelope: Envelope, payload: bytes) -> bytes:
    lines = _lines(replace(envelope, sha256=hashlib.sha256(payload).hexdigest(), size=len(payload)))
    return pack(signer.signer.sign(MANIFEST_KIND, lines), payload)


def _flip(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 0x01]) + content[place + 1:]
