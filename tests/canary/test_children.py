"""The search finds what it must: a net with holes would say that the sea is empty."""

from __future__ import annotations

import base64
import gzip
import io
import zipfile
from collections.abc import Callable

import pytest

from tests.canary.children import CHILDREN, found_in
from tests.test_house import _tracked


def _packed(content: bytes) -> bytes:
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", content)
    return book.getvalue()


def _base64_after(count: int) -> Callable[[str], bytes]:
    return lambda text: base64.b64encode(b"x" * count + text.encode() + b"yz")


WAYS: dict[str, Callable[[str], bytes]] = {
    "as written": lambda text: text.encode(),
    "capitals": lambda text: text.upper().encode(),
    "small": lambda text: text.lower().encode(),
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.upper().encode("utf-16-be"),
    "hex": lambda text: text.encode().hex().encode(),
    "capital hex": lambda text: text.lower().encode().hex().upper().encode(),
    **{f"base64 after {count}": _base64_after(count) for count in range(6)},
    "base64 of capitals": lambda text: base64.b64encode(text.upper().encode()),
    "workbook": lambda text: _packed(text.encode()),
    "gzip": lambda text: gzip.compress(text.encode()),
}


@pytest.mark.parametrize("way", WAYS)
def test_every_name_and_number_is_found_however_it_is_written(way: str) -> None:
    for child in CHILDREN:
        for secret in (child.surname, child.upn):
            written = WAYS[way](secret)
            assert found_in("here", written if way in ("workbook", "gzip") else b"before " + written + b" after"), (way, secret)


def test_there_are_two_hundred_and_the_tree_knows_none_of_them() -> None:
    assert len({child.surname for child in CHILDREN}) == len({child.upn for child in CHILDREN}) == 200
    found = [hit for path in _tracked() if "tests/canary" not in path.as_posix()
             for hit in found_in(str(path), path.read_bytes())]
    assert found == []
