"""A workbook's container, looked at before any library sees it.

A container is opened only when
1. its central directory is whole, at its end, and not of the 64-bit kind,
2. it has at most ``MAX_MEMBERS`` members with plain relative names, none twice (Excel ignores case), none encrypted,
3. each member is stored or deflated, lies where the directory says, and overlaps no other,
4. each member, inflated here and counted, has exactly the size and checksum the directory says,
5. all together stay under ``MAX_INFLATED`` and under ``MAX_RATIO`` times the file,
6. no XML part holds a DOCTYPE in any encoding.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from schemas.content import WINDOW
from schemas.screening import refusals

MAX_MEMBERS = 1000
MAX_INFLATED = 200 * 1024 * 1024   # honest returns stay under 60 MB
MAX_RATIO = 50                     # the largest honest one seen is 16
_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_LOCAL = struct.Struct("<4s5H3L2H")
_STORED, _DEFLATED = 0, 8
_DOCTYPES = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
_CARRY = 64                        # bytes looked at again where two pieces meet

Look = Callable[[str, bytes], None]


@dataclass(frozen=True, slots=True)
class Member:
    """One entry of the central directory."""

    name: str
    method: int
    crc: int
    packed: int
    size: int
    offset: int


def inspect(content: bytes, look: Look | None = None) -> list[Member]:
    """Check the container against the rules; ``look`` sees every piece of every member. RefusedError."""
    directory_start, members = _directory(content)
    _check_names(members)
    if sum(m.size for m in members) > min(MAX_INFLATED, MAX_RATIO * len(content)):
        raise refusals.SWELLS.refusal()
    end = 0
    for member in sorted(members, key=lambda m: m.offset):
        start = _data_start(content, member, after=end)
        end = start + member.packed
        if end > directory_start:
            raise refusals.HAZARD.refusal()
        _prove(content, member, start, look)
    return members


def members(content: bytes) -> list[Member]:
    """The directory of a container that was proven before."""
    return _directory(content)[1]


def read(content: bytes, member: Member) -> bytes:
    """One proven member's bytes."""
    return b"".join(_pieces(content, member, _data_start(content, member)))


def _directory(content: bytes) -> tuple[int, list[Member]]:
    tail_start = max(0, len(content) - 65557)
    tail = content[tail_start:len(content)]
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise refusals.DAMAGED.refusal()
    _, disk, first_disk, here, total, size, start, comment = _END.unpack_from(tail, at)
    if disk or first_disk or here != total or total == 0xFFFF or start == 0xFFFFFFFF or at + _END.size + comment != len(tail):
        raise refusals.HAZARD.refusal()
    if total > MAX_MEMBERS or start + size != tail_start + at:
        raise refusals.HAZARD.refusal()
    return start, list(_entries(content[start:start + size], total))


def _entries(directory: bytes, total: int) -> Iterator[Member]:
    at = 0
    for _ in range(total):
        if len(directory) - at < _ENTRY.size:
            raise refusals.DAMAGED.refusal()
        signature, _, _, flags, method, _, _, crc, packed, size, *lengths, _, _, _, offset = _ENTRY.unpack_from(directory, at)
        name_n, extra_n, note_n = lengths
        name = directory[at + _ENTRY.size:at + _ENTRY.size + name_n]
        if signature != b"PK\x01\x02" or flags & 0x2041 or 0xFFFFFFFF in (packed, size, offset):
            raise refusals.HAZARD.refusal()
        if method not in (_STORED, _DEFLATED):
            raise refusals.HAZARD.refusal()
        yield Member(name.decode("utf-8" if flags & 0x800 else "cp437", "surrogateescape"), method, crc, packed, size, offset)
        at += _ENTRY.size + name_n + extra_n + note_n


def _check_names(members: list[Member]) -> None:
    seen: set[str] = set()
    for member in members:
        name = member.name
        parts = name.split("/")
        hostile = not name or name.startswith("/") or "\\" in name or ":" in parts[0] or ".." in parts or not name.isprintable()
        if hostile or name.casefold() in seen:
            raise refusals.HAZARD.refusal()
        seen.add(name.casefold())


def _data_start(content: bytes, member: Member, after: int = 0) -> int:
    header = content[member.offset:member.offset + _LOCAL.size]
    if len(header) < _LOCAL.size or member.offset < after:
        raise refusals.HAZARD.refusal()
    signature, _, flags, method, _, _, _, _, _, name_n, extra_n = _LOCAL.unpack(header)
    name_at = member.offset + _LOCAL.size
    name = content[name_at:name_at + name_n].decode("utf-8" if flags & 0x800 else "cp437", "surrogateescape")
    if signature != b"PK\x03\x04" or method != member.method or name != member.name or flags & 0x2041:
        raise refusals.HAZARD.refusal()
    return int(name_at + name_n + extra_n)


def _prove(content: bytes, member: Member, start: int, look: Look | None) -> None:
    crc = count = 0
    carry = b""
    textual = member.name.lower().endswith((".xml", ".rels", ".vml"))
    for piece in _pieces(content, member, start):
        crc = zlib.crc32(piece, crc)
        count += len(piece)
        if textual:
            seen = carry + piece
            if any(doctype in seen for doctype in _DOCTYPES):
                raise refusals.XML_DOCTYPE.refusal()
            if look:
                look(member.name, seen)
            carry = piece[-_CARRY:]
    if crc != member.crc or count != member.size:
        raise refusals.DAMAGED.refusal()


def _pieces(content: bytes, member: Member, start: int) -> Iterator[bytes]:
    """The member inflated piece by piece, never more than it may be. RefusedError when it is not what it says."""
    inflate = zlib.decompressobj(-15) if member.method == _DEFLATED else None
    left = member.size
    for at in range(start, start + member.packed, WINDOW):
        packed = content[at:min(at + WINDOW, start + member.packed)]
        while packed:
            try:
                piece = inflate.decompress(packed, WINDOW) if inflate else packed
            except zlib.error as error:
                raise refusals.DAMAGED.refusal() from error
            packed = inflate.unconsumed_tail if inflate else b""
            left -= len(piece)
            if left < 0 or (inflate and inflate.unused_data):
                raise refusals.HAZARD.refusal()
            if piece:
                yield piece
    if left or (inflate and not inflate.eof):
        raise refusals.DAMAGED.refusal()
