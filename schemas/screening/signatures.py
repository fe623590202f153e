"""The first bytes by which a foreign format is known, whatever the file is called.

1. A signature decides only to refuse; what looks like a return is looked at more closely by ``screen``.
2. The order matters: longer and stricter signatures first.
"""

from __future__ import annotations

from schemas.screening import refusals
from schemas.screening.refusals import Reason

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
LOOKED_AT = 4096

_STARTS: tuple[tuple[bytes, Reason], ...] = (
    (b"%PDF-", refusals.PDF),
    (b"%!PS", refusals.PDF),
    (b"\x89PNG\r\n", refusals.IMAGE),
    (b"\xff\xd8\xff", refusals.IMAGE),
    (b"GIF8", refusals.IMAGE),
    (b"II*\x00", refusals.IMAGE),
    (b"MM\x00*", refusals.IMAGE),
    (b"BM\x36", refusals.IMAGE),
    (b"BM\x8a", refusals.IMAGE),
    (b"{\\rtf", refusals.WORD),
    (b"age-encryption.org/", refusals.SEALED),
    (b"-----BEGIN AGE ", refusals.SEALED),
    (b"-----BEGIN PGP ", refusals.SEALED),
    (b"-----BEGIN PKCS7", refusals.SEALED),
    (b"\x85\x02\x0c", refusals.SEALED),
    (b"7z\xbc\xaf\x27\x1c", refusals.ZIP),
    (b"Rar!\x1a\x07", refusals.ZIP),
    (b"\x1f\x8b", refusals.ZIP),
    (b"BZh", refusals.ZIP),
    (b"\xfd7zXZ\x00", refusals.ZIP),
    (b"\x28\xb5\x2f\xfd", refusals.ZIP),
    (b"\x7fELF", refusals.PROGRAM),
    (b"MZ\x90\x00", refusals.PROGRAM),
    (b"#!/", refusals.PROGRAM),
    (b"SQLite format 3\x00", refusals.DATA),
    (b"\x00\x01\x00\x00Standard ", refusals.DATA),   # Access databases
    (b"PAR1", refusals.DATA),
    (b"\x09\x08\x10\x00\x00\x06\x05\x00", refusals.LEGACY),   # Excel 97 without its OLE wrapper
    (b"\x09\x04\x06\x00", refusals.LEGACY),
    (b"\x09\x02\x06\x00", refusals.LEGACY),
    (b"\x09\x00\x04\x00", refusals.LEGACY),
    (b"ID;P", refusals.LEGACY),                       # SYLK
)

_EMAIL_HEADERS = (b"received:", b"return-path:", b"mime-version:", b"message-id:", b"delivered-to:", b"x-mailer:")


def foreign(head: bytes) -> Reason | None:
    """The reason to refuse a file that begins with ``head``, or None when its start is not a known foreign one."""
    for start, reason in _STARTS:
        if head.startswith(start):
            return reason
    if head[8:12] == b"WEBP" or head[4:8] == b"ftyp":
        return refusals.IMAGE
    if b"%PDF-" in head[:1024]:
        return refusals.PDF
    if head[257:262] == b"ustar":
        return refusals.ZIP
    first_line = head.lstrip().lower()
    return refusals.EMAIL if first_line.startswith(_EMAIL_HEADERS) else None


_OLE_STREAMS: tuple[tuple[str, Reason], ...] = (
    ("EncryptedPackage", refusals.LOCKED),
    ("Workbook", refusals.LEGACY),
    ("Book", refusals.LEGACY),
    ("WordDocument", refusals.WORD),
    ("PowerPoint Document", refusals.WORD),
    ("__substg1.0_", refusals.EMAIL),
)


def inside_ole(content: bytes) -> Reason:
    """What an OLE compound file is, from the names of its streams (they stand in it as UTF-16)."""
    for stream, reason in _OLE_STREAMS:
        if content.find(stream.encode("utf-16-le")) >= 0:
            return reason
    return refusals.NOT_UNDERSTOOD
