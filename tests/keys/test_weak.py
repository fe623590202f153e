from __future__ import annotations

import pytest

from gateway.errors import ConfigError, TamperError
from keys.age_files import check_recipient, new_identity, seal
from keys.signing import SignKey, VerifyKey, new_seed
from keys.weak import _raw, check_signing_key
from tests.keys.weak_points import SMALL_SEALING, SMALL_SIGNING, recipient_text, signing_text


def test_every_key_that_a_gateway_makes_is_strong() -> None:
    for _ in range(50):
        key = SignKey("990.cme-gateway", new_seed()).public
        assert VerifyKey.parse(key.text) == key
        recipient = new_identity()[1]
        assert check_recipient(recipient) == recipient


@pytest.mark.parametrize("raw", SMALL_SIGNING, ids=lambda raw: raw.hex()[:8])
def test_a_signing_key_of_small_order_is_no_key(raw: bytes) -> None:
    with pytest.raises(ConfigError) as caught:
        VerifyKey.parse(signing_text(raw))
    assert caught.value.code == "WEAK-KEY"


def test_such_a_key_would_take_a_signature_that_nobody_made() -> None:
    forged = SMALL_SIGNING[0] + bytes(32)
    VerifyKey("991.cme-gateway/receipts", SMALL_SIGNING[0]).check(forged, b"whatever an attacker writes")
    with pytest.raises(TamperError):
        SignKey("x", new_seed()).public.check(forged, b"whatever an attacker writes")


@pytest.mark.parametrize("raw", [b"\x02" + bytes(31), b"\xff" * 32, b"\x07" + bytes(31)], ids=["no point", "above p", "no root"])
def test_what_is_no_point_of_the_curve_is_no_key(raw: bytes) -> None:
    with pytest.raises(ConfigError):
        check_signing_key(raw)


@pytest.mark.parametrize("raw", SMALL_SEALING, ids=lambda raw: raw.hex()[:8])
def test_nothing_is_sealed_for_a_key_of_small_order(raw: bytes) -> None:
    for act in (lambda text: check_recipient(text), lambda text: seal(b"x", [text])):
        with pytest.raises(ConfigError) as caught:
            act(recipient_text(raw))
        assert caught.value.code == "WEAK-KEY"


def test_the_spelling_of_the_test_itself_is_ages_own() -> None:
    identity, recipient = new_identity()
    assert identity
    assert recipient_text(_raw(recipient)) == recipient
