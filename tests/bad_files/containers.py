"""ZIP containers and workbooks with one fault each, written by hand because no library writes them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Iterable

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"


def workbook_parts(cells: str = "", *, content_type: str = TYPE, extra: dict[str, bytes] | None = None) -> dict[str, bytes]:
    """The parts of a small workbook; ``cells`` are rows of its one sheet."""
    package = "http://schemas.openxmlformats.org/package/2006"
    rels = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    texts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{content_type}"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{rels}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{rels}"><sheets>'
        '<sheet name="Leavers" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="rId1" '
        f'Type="{rels}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{MAIN}"><sheetData>{cells}</sheetData></worksheet>',
    }
    return {name: xml.encode() for name, xml in texts.items()} | (extra or {})


def packed(parts: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """The parts as a container."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return out.getvalue()


def by_hand(
    members: Iterable[tuple[str, bytes, int]], *, flags: int = 0, method: int = 8, prefix: bytes = b"", same_offset: bool = False
) -> bytes:
    """A container whose directory may lie: (name, content, size that the directory claims)."""
    body, directory, count, first = prefix, b"", 0, None
    for name, content, claimed in members:
        deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
        data = deflate.compress(content) + deflate.flush() if method == 8 else content
        offset = len(body) if first is None or not same_offset else first
        first = offset if first is None else first
        raw = name.encode()
        crc = zlib.crc32(content)
        body += struct.pack("<4s5H3L2H", b"PK\x03\x04", 20, flags, method, 0, 0, crc, len(data), claimed, len(raw), 0)
        body += raw + data
        directory += (
            struct.pack(
                "<4s6H3L5H2L",
                b"PK\x01\x02",
                20,
                20,
                flags,
                method,
                0,
                0,
                crc,
                len(data),
                claimed,
                len(raw),
                0,
                0,
                0,
                0,
                0,
                offset,
            )
            + raw
        )
        count += 1
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(directory), len(body), 0)
    return body + directory + end


def ole(*streams: str) -> bytes:
    """An OLE compound file as far as its names go: enough to be known by, not enough to be opened."""
    names = b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams)
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504 + names


def header_row() -> str:
    """A heading row of a leavers' sheet."""
    return row(1, "UPN", "Surname", "Forename", "Date of birth", "Leaving date", "Reason for leaving", "Destination school")


def row(number: int, *texts: str) -> str:
    """One row of inline texts."""
    cells = "".join(f'<c r="{chr(65 + n)}{number}" t="inlineStr"><is><t>{text}</t></is></c>' for n, text in enumerate(texts))
    return f'<row r="{number}">{cells}</row>'
