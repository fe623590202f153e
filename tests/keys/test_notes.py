from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import ConfigError, TamperError, UsageError
from keys.notes import NoteChecker, NoteSigner, attach, detach, write_text
from keys.signing import SignKey, VerifyKey, new_seed

ORIGIN = "990.cme-gateway"
CHECKPOINTS, RECEIPTS = SignKey(ORIGIN, new_seed()), SignKey(f"{ORIGIN}/receipts", new_seed())
NOTARY = NoteSigner(CHECKPOINTS, RECEIPTS)
KIND = "cme-gateway-receipt/1"
LINES = [("parcel", "P01"), ("size", 4123), ("rows", {"read": 3, "held": 1}), ("when", None), ("name", "Zoë — \n\n— x y")]
AT = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
values = st.recursive(st.none() | st.booleans() | st.integers(-10**9, 10**9) | st.text(max_size=30),
                      lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3))


def test_a_signed_note_gives_its_values_back() -> None:
    assert NOTARY.verify(KIND, NOTARY.sign(KIND, LINES)) == dict(LINES)


@given(st.dictionaries(st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True), values, max_size=6))
def test_any_values_survive_a_note(given_values: dict[str, object]) -> None:
    assert NOTARY.verify(KIND, NOTARY.sign(KIND, list(given_values.items()))) == given_values


def test_the_same_values_give_the_same_note() -> None:
    assert NOTARY.sign(KIND, LINES) == NOTARY.sign(KIND, LINES)


def test_a_note_is_ascii_but_for_the_dash_before_a_signature() -> None:
    text, _, below = NOTARY.sign(KIND, LINES).rpartition("\n\n")
    assert text.isascii()
    assert below.startswith("— 990.cme-gateway/receipts ")


def test_a_verifier_demands_the_type() -> None:
    with pytest.raises(TamperError, match="expected 'cme-gateway-package/1'"):
        NOTARY.verify("cme-gateway-package/1", NOTARY.sign(KIND, LINES))


def test_a_changed_character_anywhere_is_refused() -> None:
    note = NOTARY.sign(KIND, LINES)
    for place in range(len(note)):
        for other in ("x", "\n", ""):
            bent = note[:place] + other + note[place + 1:]
            if bent != note:
                with pytest.raises(TamperError):
                    NOTARY.verify(KIND, bent)


def test_another_gateways_note_is_refused_and_verifies_under_its_own_key() -> None:
    peer_key = SignKey("991.cme-gateway/receipts", new_seed())
    peer = NoteSigner(SignKey("991.cme-gateway", new_seed()), peer_key)
    note = peer.sign(KIND, LINES)
    with pytest.raises(TamperError):
        NOTARY.verify(KIND, note)
    assert NOTARY.verify(KIND, note, keys=[peer_key.public.raw]) == dict(LINES)
    with pytest.raises(TamperError):
        NOTARY.verify(KIND, note, keys=[RECEIPTS.public.raw])


def test_a_note_is_not_accepted_for_a_checkpoint_nor_a_checkpoint_for_a_note() -> None:
    with pytest.raises(TamperError):
        NOTARY.open_checkpoint(NOTARY.sign(KIND, LINES))
    with pytest.raises(TamperError):
        NOTARY.verify(KIND, NOTARY.checkpoint(3, bytes(32), AT).note)


def test_a_checkpoint_is_origin_size_root_and_time() -> None:
    made = NOTARY.checkpoint(12, bytes(range(32)), AT)
    root = base64.b64encode(bytes(range(32))).decode()
    assert made.note.split("\n")[:5] == [ORIGIN, "12", root, "time 2026-11-16T09:00:00+00:00", ""]
    assert NOTARY.open_checkpoint(made.note) == made
    with pytest.raises(TamperError):
        NOTARY.open_checkpoint(made.note.replace("\n12\n", "\n11\n"))


def test_after_a_rotation_old_notes_still_verify() -> None:
    old = NOTARY.sign(KIND, LINES)
    fresh = NoteSigner(CHECKPOINTS, SignKey(RECEIPTS.public.name, new_seed()), retired_receipts=[RECEIPTS.public])
    assert fresh.verify(KIND, old) == dict(LINES)
    with pytest.raises(TamperError):
        NOTARY.verify(KIND, fresh.sign(KIND, LINES))


def test_a_witness_may_sign_below_and_its_line_alone_is_not_enough() -> None:
    note = NOTARY.sign(KIND, LINES)
    text, _, ours = note.rpartition("\n\n")
    witness = SignKey("school.example", new_seed())
    line = f"— school.example {base64.b64encode(witness.public.id + witness.sign((text + chr(10)).encode())).decode()}\n"
    assert NOTARY.verify(KIND, f"{text}\n\n{ours}{line}") == dict(LINES)
    with pytest.raises(TamperError):
        NOTARY.verify(KIND, f"{text}\n\n{line}")


def test_public_keys_alone_verify() -> None:
    keys = NOTARY.public_keys()
    checker = NoteChecker(checkpoints=[VerifyKey.parse(keys["checkpoints"])], receipts=[VerifyKey.parse(keys["receipts"])])
    assert checker.verify(KIND, NOTARY.sign(KIND, LINES)) == dict(LINES)


def test_the_published_example_of_the_format_verifies() -> None:
    # golang.org/x/mod/sumdb/note, the example in its documentation.
    key = VerifyKey.parse("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
    text = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
    line = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
    assert detach(f"{text}\n— PeterNeumann {line}\n", [key]) == text
    assert key.text.startswith("PeterNeumann+c74f20a3+")


BENT = {"empty": "", "no key": "a+b+c", "short": "x+00000000+AQ==", "other key": RECEIPTS.public.text[:-3] + "AA=",
        "other name": "y" + RECEIPTS.public.text}


@pytest.mark.parametrize("text", BENT.values(), ids=BENT)   # named: keys are new in each worker
def test_a_bent_key_line_is_refused(text: str) -> None:
    with pytest.raises(ConfigError):
        VerifyKey.parse(text)


@pytest.mark.parametrize("lines", [[("a", 1), ("a", 2)], [("A", 1)], [("a b", 1)], [("", 1)], [("a\n", 1)]])
def test_names_that_could_confuse_are_refused(lines: list[tuple[str, object]]) -> None:
    with pytest.raises(UsageError):
        NOTARY.sign(KIND, lines)


def test_a_secret_is_not_shown() -> None:
    assert "seed" not in repr(RECEIPTS)


@pytest.mark.parametrize("text", [f"{KIND}\nparcel\n", f"{KIND}\nparcel: {{\n", f"{KIND}\nUPPER: 1\n", f"{KIND}\na: 1\na: 1\n",
                                  f"{KIND}\na: {'[' * 100_000}\n", f"{KIND}\na:  1\n", f"{KIND}\na: \"Zo\u00eb\"\n"])
def test_a_text_that_is_no_canonical_note_is_refused_whoever_signed_it(text: str) -> None:
    with pytest.raises(TamperError):
        NOTARY.verify(KIND, attach(text, RECEIPTS))


@pytest.mark.parametrize("text", [
    f"{ORIGIN}\n1\nAAAA\n", f"{ORIGIN}\nx\nAAAA\ntime {AT.isoformat()}\n", f"{ORIGIN}\n1\nA===\ntime {AT.isoformat()}\n",
    f"{ORIGIN}\n1\n{base64.b64encode(bytes(31)).decode()}\ntime {AT.isoformat()}\n",
    f"{ORIGIN}\n1\n{base64.b64encode(bytes(32)).decode()}\nhour {AT.isoformat()}\n",
    f"991.cme-gateway\n1\n{base64.b64encode(bytes(32)).decode()}\ntime {AT.isoformat()}\n",
    f"{ORIGIN}\n1\n{base64.b64encode(bytes(32)).decode()}\ntime yesterday\n",
])
def test_a_text_that_is_no_checkpoint_of_ours_is_refused_whoever_signed_it(text: str) -> None:
    with pytest.raises(TamperError):
        NOTARY.open_checkpoint(attach(text, CHECKPOINTS))


def test_a_signature_spelt_in_another_way_is_refused() -> None:
    """The last letter of base64 carries bits that nobody reads: 68 bytes leave four of them."""
    note = NOTARY.sign(KIND, LINES)
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    place = len(note) - 3
    assert note.endswith("=\n")
    other = letters[letters.index(note[place]) + 1]
    spelt = note[:place] + other + note[place + 1:]
    assert base64.b64decode(spelt.split()[-1]) == base64.b64decode(note.split()[-1])
    with pytest.raises(TamperError):
        NOTARY.verify(KIND, spelt)


@pytest.mark.parametrize("line", ["", "x", "x+00000000+AAAAA", "x+00000000+AB==", "x+00000000+AQ==", "x+0+AQ=="])
def test_a_line_that_is_no_public_key_is_explained(line: str) -> None:
    with pytest.raises(ConfigError) as caught:
        VerifyKey.parse(line)
    assert caught.value.code == "BAD-PUBLIC-KEY"


def test_what_is_not_a_plain_type_or_name_is_not_written() -> None:
    for kind, lines in (("Receipt", LINES), (KIND, [("A", 1)]), (KIND, [("a", 1), ("a", 2)])):
        with pytest.raises(UsageError):
            write_text(kind, lines)
