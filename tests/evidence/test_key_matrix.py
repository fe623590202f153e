"""Keys that are expired, not yet valid, revoked, another's, weak, stripped or downgraded, in sending and in receiving.

A cell is what was done to the keys, and the code it ends with; None where it must still work, so that the cell beside it means
something. Nothing is ever sealed for a key that may not be used, or believed of one; every refusal says what to do.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from gateway.domain.referrals.message import PackageError
from gateway.errors import ConfigError, GatewayError
from tests.evidence.keys_receiving import RECEIVING, Made
from tests.evidence.keys_sending import GUARD, SENDING
from tests.evidence.two_gateways import BODY, Act, Pair


@pytest.mark.parametrize(("done", "code"), [cell[1:] for cell in SENDING], ids=[cell[0] for cell in SENDING])
def test_nothing_is_sealed_for_a_key_that_may_not_be_used(tmp_path: Path, done: Act, code: str | None) -> None:
    pair = Pair.met(tmp_path)
    message = pair.here.message("991")
    if code is None:
        done(pair)
        sealed = pair.here.courier.seal(message)
        assert sealed.startswith(b"age-encryption.org/v1\n-> X25519 ")
        assert sealed.partition(b"\n---")[0].count(b"-> X25519 ") == 1
        assert pair.here.guard_says("991") == []
        return
    trusted = False
    with pytest.raises(ConfigError) as caught:
        done(pair)
        trusted = True
        pair.here.courier.seal(message)
    assert (caught.value.code, bool(caught.value.hint)) == (code, True)
    if trusted and code in GUARD:
        assert pair.here.guard_says("991") == [GUARD[code]]


@pytest.mark.parametrize(("made", "code"), [cell[1:] for cell in RECEIVING], ids=[cell[0] for cell in RECEIVING])
def test_nothing_is_believed_of_a_key_that_may_not_be_used(tmp_path: Path, made: Made, code: str | None) -> None:
    pair = Pair.met(tmp_path)
    sealed = made(pair)
    if code is None:
        assert pair.here.courier.open(sealed, "991", pair.clock.now()).body == BODY
        return
    with pytest.raises(GatewayError) as caught:
        pair.here.courier.open(sealed, "991", pair.clock.now())
    assert (caught.value.code, bool(caught.value.hint)) == (code, True)
    assert isinstance(caught.value, PackageError | ConfigError)
    assert "Souza" not in caught.value.message + caught.value.hint


def test_the_matrix_has_a_cell_of_every_sort_and_each_once() -> None:
    for cells in (SENDING, RECEIVING):
        assert len({name for name, _, _ in cells}) == len(cells)
    assert sum(code is not None for _, _, code in (*SENDING, *RECEIVING)) >= 48
