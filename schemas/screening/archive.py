"""A workbook's container, looked at before any library sees it.

A container is opened only when
1. its central directory is whole, the only one, at its end, without a byte too many, and not of the 64-bit kind,
2. it has at most ``MAX_MEMBERS`` members with plain relative names, none twice (Excel ignores case), none encrypted, none with
   a second name in its extra field,
3. each member is stored or deflated, lies where the directory says, and overlaps no other; the first lies at the file's start,
4. each member, inflated here and counted, has exactly the size and checksum that the directory says, and so says its own header
   or the descriptor behind it,
5. all together stay under ``MAX_INFLATED`` and under ``MAX_RATIO`` times the file.

So two libraries that read the same container by different ends see the same members. What is in them, ``parts`` looks at.
"""

from __future__ import annotations

import io
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
_EXTRA = struct.Struct("<2H")
_STORED, _DEFLATED = 0, 8
_ENCRYPTED, _DESCRIPTOR, _UTF8 = 0x2041, 0x0008, 0x0800     # bits of a member's flags
_LARGE = 0xFFFFFFFF                # a size that stands elsewhere: the 64-bit kind
_SIXTY_FOUR, _AES, _UNICODE_NAME = 0x0001, 0x9901, 0x7075     # extra fields: large sizes; encrypted; another name
_LARGE_SIZES = struct.Struct("<2Q")
_DESCRIPTORS = (struct.Struct("<4s3L"), struct.Struct("<4sL2Q"), struct.Struct("<3L"), struct.Struct("<L2Q"))

See = Callable[[bytes], None]      # takes a member's pieces in their order, then b""
Look = Callable[[str], See]


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
    """Check the container against the rules; what ``look`` gives for a name sees every piece of that member. RefusedError."""
    directory_start, members = _directory(content)
    _check_names(members)
    if sum(m.size for m in members) > min(MAX_INFLATED, MAX_RATIO * len(content)):
        raise refusals.SWELLS.refusal()
    end = 0
    for member in sorted(members, key=lambda m: m.offset):
        if end == 0 and member.offset != 0:
            raise refusals.HAZARD.refusal()
        start = _data_start(content, member, after=end)
        end = start + member.packed
        if end > directory_start:
            raise refusals.HAZARD.refusal()
        _prove(content, member, start, look(member.name) if look else None)
    return members


def members(content: bytes) -> list[Member]:
    """The directory of a container that was proven before."""
    return _directory(content)[1]


def read(content: bytes, member: Member) -> bytes:
    """One proven member's bytes."""
    return b"".join(_pieces(content, member, _data_start(content, member)))


def opened(content: bytes, member: Member) -> io.BufferedReader:
    """One proven member as a file to be read once."""
    return io.BufferedReader(_Flow(_pieces(content, member, _data_start(content, member))), WINDOW)


class _Flow(io.RawIOBase):
    """Pieces as a file."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        super().__init__()
        self._pieces = pieces
        self._left = b""

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        self._left = self._left or next(self._pieces, b"")
        count = min(len(buffer), len(self._left))
        buffer[:count], self._left = self._left[:count], self._left[count:]
        return count


def _directory(content: bytes) -> tuple[int, list[Member]]:
    tail_start = max(0, len(content) - 65557)
    tail = content[tail_start:len(content)]
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        raise refusals.DAMAGED.refusal()
    _, disk, first_disk, here, total, size, start, comment = _END.unpack_from(tail, at)
    if disk or first_disk or here != total or total == 0xFFFF or start == _LARGE or at + _END.size + comment != len(tail):
        raise refusals.HAZARD.refusal()
    if total > MAX_MEMBERS or start + size != tail_start + at or _another_end(tail, at):
        raise refusals.HAZARD.refusal()
    return start, list(_entries(content[start:start + size], total))


def _another_end(tail: bytes, at: int) -> bool:
    """Whether an end before the last would also do, with the last one hidden in its comment: readers would differ."""
    while (at := tail.rfind(b"PK\x05\x06", 0, at)) >= 0:
        if at + _END.size <= len(tail) and at + _END.size + _END.unpack_from(tail, at)[-1] == len(tail):
            return True
    return False


def _entries(directory: bytes, total: int) -> Iterator[Member]:
    at = 0
    for _ in range(total):
        if len(directory) - at < _ENTRY.size:
            raise refusals.DAMAGED.refusal()
        signature, _, _, flags, method, _, _, crc, packed, size, *lengths, disk, _, _, offset = _ENTRY.unpack_from(directory, at)
        name_n, extra_n, note_n = lengths
        name_at = at + _ENTRY.size
        extra_at = name_at + name_n
        if signature != b"PK\x01\x02" or flags & _ENCRYPTED or disk or _LARGE in (packed, size, offset):
            raise refusals.HAZARD.refusal()
        if method not in (_STORED, _DEFLATED) or {_AES, _UNICODE_NAME} & _extras(directory[extra_at:extra_at + extra_n]).keys():
            raise refusals.HAZARD.refusal()
        yield Member(_name(directory[name_at:extra_at], flags), method, crc, packed, size, offset)
        at = extra_at + extra_n + note_n
    if at != len(directory):       # a reader that goes by the directory's length would find more members
        raise refusals.HAZARD.refusal()


def _name(raw: bytes, flags: int) -> str:
    return raw.decode("utf-8" if flags & _UTF8 else "cp437", "surrogateescape")


def _extras(field: bytes) -> dict[int, bytes]:
    """The extra fields by their kind. Some programs pad them with what is none: that ends the list."""
    fields: dict[int, bytes] = {}
    at = 0
    while len(field) - at >= _EXTRA.size:
        kind, length = _EXTRA.unpack_from(field, at)
        at += _EXTRA.size + length
        fields[kind] = field[at - length:at]
    return fields


def _check_names(members: list[Member]) -> None:
    seen: set[str] = set()
    for member in members:
        name = member.name
        parts = name.split("/")
        aliased = {"", ".", ".."} & set(parts[:-1]) or parts[-1] in (".", "..")     # the same place by another name
        if not name or aliased or "\\" in name or ":" in parts[0] or not name.isprintable() or name.casefold() in seen:
            raise refusals.HAZARD.refusal()
        seen.add(name.casefold())


def _data_start(content: bytes, member: Member, after: int = 0) -> int:
    header = content[member.offset:member.offset + _LOCAL.size]
    if len(header) < _LOCAL.size or member.offset < after:
        raise refusals.HAZARD.refusal()
    signature, _, flags, method, _, _, *said, name_n, extra_n = _LOCAL.unpack(header)
    name_at = member.offset + _LOCAL.size
    name = _name(content[name_at:name_at + name_n], flags)
    if signature != b"PK\x03\x04" or method != member.method or name != member.name or flags & _ENCRYPTED:
        raise refusals.HAZARD.refusal()
    start = name_at + name_n + extra_n
    extra = content[name_at + name_n:start]
    if not (_agrees(said, extra, member) or (flags & _DESCRIPTOR and _described(content, member, start + member.packed))):
        raise refusals.HAZARD.refusal()
    return int(start)


def _agrees(said: list[int], extra: bytes, member: Member) -> bool:
    """Whether the checksum and the sizes before a member are the directory's. Where a program did not know the sizes beforehand
    (Python's, among others), they may stand in the extra field, as of the 64-bit kind."""
    if said[1:] == [_LARGE, _LARGE]:
        large = _extras(extra).get(_SIXTY_FOUR, b"")
        said = [said[0], *reversed(_LARGE_SIZES.unpack(large))] if len(large) == _LARGE_SIZES.size else said
    return said == [member.crc, member.packed, member.size]


def _described(content: bytes, member: Member, at: int) -> bool:
    """Whether the descriptor behind a member says the same as the directory."""
    told = member.crc, member.packed, member.size
    raw = {form: content[at:at + form.size] for form in _DESCRIPTORS}
    return any(len(said) == form.size and form.unpack(said) in (told, (b"PK\x07\x08", *told)) for form, said in raw.items())


def _prove(content: bytes, member: Member, start: int, see: See | None) -> None:
    crc = count = 0
    for piece in _pieces(content, member, start):
        crc = zlib.crc32(piece, crc)
        count += len(piece)
        if see:
            see(piece)
    if crc != member.crc or count != member.size:
        raise refusals.DAMAGED.refusal()
    if see:
        see(b"")


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
