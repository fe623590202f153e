from __future__ import annotations

import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.errors import ConfigError, TamperError
from keys.fields import SealedFields
from keys.index import BlindIndex

OLD, NEW = os.urandom(32), os.urandom(32)
FIELDS = SealedFields([OLD, NEW])
PLACE = ("children", "K01", "legal_surname")


@given(st.binary(max_size=300))
def test_a_field_opens_in_its_own_place(plain: bytes) -> None:
    assert FIELDS.open(*PLACE, FIELDS.seal(*PLACE, plain)) == plain


@pytest.mark.parametrize("other", [
    ("movements", "K01", "legal_surname"), ("children", "K02", "legal_surname"), ("children", "K01", "legal_forename"),
    ("childrenK", "01", "legal_surname"), ("children", "K01legal", "_surname"),
])
def test_a_field_moved_elsewhere_does_not_open(other: tuple[str, str, str]) -> None:
    with pytest.raises(TamperError):
        FIELDS.open(*other, FIELDS.seal(*PLACE, b"Quillfeather"))


def test_a_flipped_bit_anywhere_does_not_open() -> None:
    cell = FIELDS.seal(*PLACE, b"Quillfeather")
    for place in range(len(cell)):
        bent = bytearray(cell)
        bent[place] ^= 1
        with pytest.raises(TamperError):
            FIELDS.open(*PLACE, bytes(bent))


@pytest.mark.parametrize("length", range(34))
def test_a_cut_cell_does_not_open(length: int) -> None:
    with pytest.raises(TamperError):
        FIELDS.open(*PLACE, FIELDS.seal(*PLACE, b"Quillfeather")[:length])


def test_after_a_rotation_old_cells_open_and_new_ones_use_the_newest_key() -> None:
    cell = SealedFields([OLD]).seal(*PLACE, b"Quillfeather")
    assert FIELDS.open(*PLACE, cell) == b"Quillfeather"
    assert not FIELDS.is_newest(cell)
    fresh = FIELDS.seal(*PLACE, b"Quillfeather")
    assert FIELDS.is_newest(fresh)
    with pytest.raises(TamperError):
        SealedFields([OLD]).open(*PLACE, fresh)


def test_the_same_value_never_seals_to_the_same_cell() -> None:
    assert len({FIELDS.seal(*PLACE, b"same") for _ in range(200)}) == 200


def test_an_error_does_not_tell_the_value() -> None:
    with pytest.raises(TamperError) as caught:
        FIELDS.open("children", "K09", "legal_surname", FIELDS.seal(*PLACE, b"Quillfeather"))
    assert "Quill" not in f"{caught.value.message} {caught.value.hint}"


@pytest.mark.parametrize("keys", [[], [b"short"], [OLD, b""]])
def test_keys_of_the_wrong_length_are_refused(keys: list[bytes]) -> None:
    with pytest.raises(ConfigError):
        SealedFields(keys)


def test_equal_values_are_found_and_others_are_not() -> None:
    index = BlindIndex(OLD)
    assert index.blind("upn", "A990200100001") == index.blind("upn", "A990200100001")
    assert len(index.blind("upn", "A990200100001")) == 16
    different = {index.blind("upn", "A990200100001"), index.blind("upn", "A990200100002"), index.blind("name", "A990200100001"),
                 index.blind("up", "nA990200100001"), BlindIndex(NEW).blind("upn", "A990200100001")}
    assert len(different) == 5


def test_an_index_key_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ConfigError):
        BlindIndex(b"short")
