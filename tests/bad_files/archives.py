"""Containers that say one thing in one place and another in the next, built byte by byte.

Each is small (at most 100 kB) and has one fault. ``BAD_ARCHIVES`` are refused, ``ODD_ARCHIVES`` are what honest programs write
and are read.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from tests.bad_files.containers import header_row, packed, row, workbook_parts

LARGE = 0xFFFFFFFF
HAZARD, DAMAGED, BOMB = "FILE-ARCHIVE-HAZARD", "FILE-DAMAGED", "FILE-ARCHIVE-BOMB"
CHILD = row(2, "", "Ellery", "Tia", "02/03/2016", "13/11/2026", "9(1)(i)", "Unknown")
_LOCAL = ("version", "flags", "method", "time", "date", "crc", "packed", "size")


@dataclass(frozen=True)
class Entry:
    """A member, and what its two headers say that is not so."""

    name: bytes
    content: bytes
    method: int = 8
    flags: int = 0
    local: Mapping[str, int] = field(default_factory=dict)
    central: Mapping[str, int] = field(default_factory=dict)
    local_name: bytes | None = None
    local_extra: bytes = b""
    central_extra: bytes = b""
    behind: bytes = b""
    data: bytes | None = None

    def stored(self) -> bytes:
        """Its bytes as they lie in the container."""
        if self.data is not None:
            return self.data
        if self.method != 8:
            return self.content
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        return deflate.compress(self.content) + deflate.flush()

    def facts(self) -> dict[str, int]:
        """What is true of it."""
        told = {"version": 20, "flags": self.flags, "method": self.method, "time": 0, "date": 33}
        return told | {"crc": zlib.crc32(self.content), "packed": len(self.stored()), "size": len(self.content)}


def built(
    entries: Iterable[Entry],
    *,
    prefix: bytes = b"",
    end: Mapping[str, int] | None = None,
    in_directory: bytes = b"",
    before_end: bytes = b"",
    comment: bytes = b"",
    after: bytes = b"",
) -> bytes:
    """The container, headers as the entries say."""
    body, directory, count = prefix, b"", 0
    for entry in entries:
        offset = len(body)
        said = entry.facts() | dict(entry.local)
        name = entry.name if entry.local_name is None else entry.local_name
        body += struct.pack("<4s5H3L2H", b"PK\x03\x04", *(said[k] for k in _LOCAL), len(name), len(entry.local_extra))
        body += name + entry.local_extra + entry.stored() + entry.behind
        directory += directory_entry(entry, offset)
        count += 1
    directory += in_directory
    told = {"disk": 0, "here": count, "total": count, "size": len(directory), "start": len(body)} | dict(end or {})
    numbers = told["disk"], 0, told["here"], told["total"], told["size"], told["start"], len(comment)
    return body + directory + before_end + struct.pack("<4s4H2LH", b"PK\x05\x06", *numbers) + comment + after


def directory_entry(entry: Entry, offset: int) -> bytes:
    """A line of the directory about a member that lies at ``offset``."""
    said = entry.facts() | {"offset": offset, "disk": 0} | dict(entry.central)
    lengths = len(entry.name), len(entry.central_extra), 0
    numbers = (*(said[k] for k in _LOCAL), *lengths, said["disk"], 0, 0, said["offset"])
    return struct.pack("<4s6H3L5H2L", b"PK\x01\x02", 20, *numbers) + entry.name + entry.central_extra


def members(extra: Iterable[Entry] = ()) -> list[Entry]:
    """A good workbook's members, and more."""
    return [*(Entry(name.encode(), content) for name, content in workbook_parts(header_row() + CHILD).items()), *extra]


def with_first(**changed: object) -> list[Entry]:
    """A good workbook whose first member is changed."""
    first, *others = members()
    return [replace(first, **changed), *others]  # type: ignore[arg-type]


def described(form: str, *values: int | bytes) -> bytes:
    """A workbook whose first member's sizes stand behind it, where ``values`` are those that are told."""
    return built(with_first(flags=8, local={"crc": 0, "packed": 0, "size": 0}, behind=struct.pack(form, *values)))


def _true_descriptor() -> tuple[int, int, int]:
    facts = members()[0].facts()
    return facts["crc"], facts["packed"], facts["size"]


def _sixty_four(size: int, shrunk: int) -> bytes:
    return struct.pack("<HHQQ", 1, 16, size, shrunk)


def _quoting() -> bytes:
    """A member inside another: the second's header and data lie in the first's stored bytes."""
    inner = Entry(b"xl/inner.xml", b"<x/>", method=0)
    outer = Entry(b"xl/outer.xml", built([inner])[: 30 + len(inner.name) + 4] + b" " * 100, method=0)
    at = built(members([outer])).index(built([inner])[:30])
    count = len(members()) + 2
    return built(members([outer]), in_directory=directory_entry(inner, at), end={"here": count, "total": count})


def _two_ends() -> bytes:
    """A container whose comment is a second directory and its end: by one end it has five members, by the other one."""
    other = directory_entry(members()[0], 0)
    second = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 1, 1, len(other), len(built(members())), 0)
    return built(members(), comment=other + second)


def _python_streaming() -> bytes:
    """As Python writes to a pipe: sizes unknown beforehand, told behind."""

    class Pipe(io.RawIOBase):
        written = b""

        def writable(self) -> bool:
            return True

        def write(self, piece: object) -> int:
            self.written += bytes(piece)  # type: ignore[call-overload]
            return len(piece)  # type: ignore[arg-type]

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in workbook_parts(header_row() + CHILD).items():
            archive.writestr(name, content)
    return pipe.written


def _python_large() -> bytes:
    """As Python writes a member of which it cannot know whether it will be large."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in workbook_parts(header_row() + CHILD).items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(content)
    return out.getvalue()


def _large_directory() -> bytes:
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, 0, 1)
    return built(members(), before_end=locator, end={"total": 0xFFFF, "here": 0xFFFF})


def _named(name: bytes) -> Callable[[], bytes]:
    return lambda: built(members([Entry(name, b"<x/>")]))


def _named_twice_inside() -> bytes:
    second = struct.pack("<HHBL", 0x7075, 9, 1, zlib.crc32(b"xl/a.xml")) + b"b.xm"
    return built(members([Entry(b"xl/a.xml", b"<x/>", central_extra=second)]))


Maker = Callable[[], bytes]

BAD_ARCHIVES: tuple[tuple[str, str, Maker], ...] = (
    ("members-that-swell-to-a-gigabyte-by-what-they-say.xlsx", BOMB, lambda: built(with_first(central={"size": 1 << 30}))),
    ("a-member-inside-another.xlsx", HAZARD, _quoting),
    ("same-name-exactly-twice.xlsx", HAZARD, _named(b"xl/workbook.xml")),
    ("same-place-by-a-dot.xlsx", HAZARD, _named(b"xl/./styles.xml")),
    ("same-place-by-two-slashes.xlsx", HAZARD, _named(b"xl//styles.xml")),
    ("name-with-a-drive.xlsx", HAZARD, _named(b"C:/windows/x")),
    ("name-with-a-zero-byte.xlsx", HAZARD, _named(b"xl/a.xml\0.png")),
    ("name-with-a-line-break.xlsx", HAZARD, _named(b"xl/a\nb.xml")),
    ("name-with-an-escape.xlsx", HAZARD, _named(b"xl/\x1b[2J.xml")),
    ("name-that-is-empty.xlsx", HAZARD, _named(b"")),
    ("name-of-dots-alone.xlsx", HAZARD, _named(b"..")),
    ("name-that-is-not-utf-8.xlsx", HAZARD, lambda: built(members([Entry(b"xl/\xff.xml", b"<x/>", flags=0x800)]))),
    ("second-name-in-the-extra-field.xlsx", HAZARD, _named_twice_inside),
    ("header-with-another-name.xlsx", HAZARD, lambda: built(with_first(local_name=b"[Content_Types].xmL"))),
    ("header-with-another-method.xlsx", HAZARD, lambda: built(with_first(local={"method": 0}))),
    ("header-with-another-size.xlsx", HAZARD, lambda: built(with_first(local={"size": 7}))),
    ("header-with-another-packed-size.xlsx", HAZARD, lambda: built(with_first(local={"packed": 7}))),
    ("header-with-another-checksum.xlsx", HAZARD, lambda: built(with_first(local={"crc": 7}))),
    ("directory-with-another-checksum.xlsx", DAMAGED, lambda: built(with_first(central={"crc": 7}, local={"crc": 7}))),
    ("header-that-is-not-there.xlsx", HAZARD, lambda: built(with_first(central={"offset": 11}))),
    ("header-beyond-the-end.xlsx", HAZARD, lambda: built(with_first(central={"offset": 1 << 24}))),
    ("deflate-64.xlsx", HAZARD, lambda: built(with_first(method=9))),
    (
        "encrypted-by-aes.xlsx",
        HAZARD,
        lambda: built(with_first(central_extra=struct.pack("<HH7s", 0x9901, 7, b"\2\0AE\3\x08\0"))),
    ),
    ("encrypted-strongly.xlsx", HAZARD, lambda: built(with_first(flags=0x41))),
    ("encrypted-as-the-header-says.xlsx", HAZARD, lambda: built(with_first(local={"flags": 1}))),
    ("packed-data-with-more-behind-it.xlsx", HAZARD, lambda: built(with_first(data=members()[0].stored() + b"more"))),
    ("packed-data-cut-short.xlsx", DAMAGED, lambda: built(with_first(data=members()[0].stored()[:-9]))),
    ("packed-data-that-is-none.xlsx", DAMAGED, lambda: built(with_first(data=b"\xff" * 40))),
    ("sizes-of-the-64-bit-kind.xlsx", HAZARD, lambda: built(with_first(central={"size": LARGE, "packed": LARGE}))),
    (
        "sizes-of-the-64-bit-kind-that-lie.xlsx",
        HAZARD,
        lambda: built(with_first(local={"size": LARGE, "packed": LARGE}, local_extra=_sixty_four(7, 7))),
    ),
    ("directory-of-the-64-bit-kind.xlsx", HAZARD, _large_directory),
    ("descriptor-with-another-checksum.xlsx", HAZARD, lambda: described("<4s3L", b"PK\x07\x08", 7, *_true_descriptor()[1:])),
    ("descriptor-with-another-size.xlsx", HAZARD, lambda: described("<4s3L", b"PK\x07\x08", *_true_descriptor()[:2], 7)),
    ("descriptor-that-is-not-there.xlsx", HAZARD, lambda: described("<0s", b"")),
    ("bytes-before-that-begin-as-a-container.xlsx", HAZARD, lambda: built(members(), prefix=b"PK\x03\x04" + b"\0" * 60)),
    ("another-container-before.xlsx", HAZARD, lambda: built(members(), prefix=packed(workbook_parts(header_row())))),
    ("bytes-behind-the-container.xlsx", HAZARD, lambda: built(members(), after=b"MZ" * 40)),
    ("directory-that-counts-one-member-less.xlsx", HAZARD, lambda: built(members(), end={"here": 4, "total": 4})),
    ("directory-that-counts-one-member-more.xlsx", DAMAGED, lambda: built(members(), end={"here": 6, "total": 6})),
    ("directory-that-starts-elsewhere.xlsx", HAZARD, lambda: built(members(), end={"start": 3})),
    ("directory-with-bytes-too-many.xlsx", HAZARD, lambda: built(members(), in_directory=b"\0" * 30)),
    ("directory-on-another-disk.xlsx", HAZARD, lambda: built(members(), end={"disk": 1})),
    ("member-on-another-disk.xlsx", HAZARD, lambda: built(with_first(central={"disk": 1}))),
    ("two-ends.xlsx", HAZARD, _two_ends),
    ("no-members.xlsx", "FILE-ZIP", lambda: b"PK\x05\x06" + b"\0" * 18),
)

ODD_ARCHIVES: tuple[tuple[str, str | None, Maker], ...] = (
    ("sizes-told-behind.xlsx", None, lambda: described("<4s3L", b"PK\x07\x08", *_true_descriptor())),
    ("sizes-told-behind-without-a-mark.xlsx", None, lambda: described("<3L", *_true_descriptor())),
    ("sizes-told-behind-with-64-bits.xlsx", None, lambda: described("<4sL2Q", b"PK\x07\x08", *_true_descriptor())),
    ("sizes-told-twice.xlsx", None, lambda: built(with_first(flags=8))),
    ("written-to-a-pipe.xlsx", None, _python_streaming),
    ("written-as-if-large.xlsx", None, _python_large),
    ("with-a-comment.xlsx", None, lambda: built(members(), comment=b"made by a school")),
    ("stored-not-packed.xlsx", None, lambda: built([replace(entry, method=0) for entry in members()])),
    ("padded-extra-fields.xlsx", None, lambda: built(with_first(local_extra=struct.pack("<HH", 0xA220, 4) + b"\0" * 5))),
)
