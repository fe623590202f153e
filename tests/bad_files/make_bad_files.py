"""Files named for what is wrong with them, made fresh for each run.

    python -m tests.bad_files.make_bad_files FOLDER

Each line of ``BAD_FILES``: name, the code with which it is refused, and what makes it. ``ODD_FILES`` look wrong and are read:
name, the code of the note or query that says so (None: nothing needs saying), and what makes it.
"""

from __future__ import annotations

import codecs
import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from openpyxl import Workbook

from schemas.screening.locked import lock
from tests.bad_files.archives import BAD_ARCHIVES, ODD_ARCHIVES
from tests.bad_files.containers import by_hand, header_row, ole, packed, row, workbook_parts
from tests.bad_files.plain import CHILD, CSV, CTF, HEADINGS
from tests.bad_files.sheets import BAD_SHEETS, ODD_SHEETS
from tests.bad_files.texts import BAD_TEXTS, ODD_TEXTS
from tests.bad_files.transfers import BAD_TRANSFERS, ODD_TRANSFERS

BOMB = '<!DOCTYPE CTfile [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
EXTERNAL = '<!DOCTYPE CTfile [<!ENTITY e SYSTEM "file:///etc/passwd">]>'


def real_workbook(password: str | None = None) -> bytes:
    """A leavers' workbook that nothing is wrong with."""
    book = Workbook()
    sheet = book.create_sheet("Leavers", 0)
    for cells in (line.split(",") for line in CSV.strip().splitlines()):
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return lock(out.getvalue(), password) if password else out.getvalue()


def _with_doctype(doctype: str, encoding: str = "utf-8", bom: bytes = b"") -> bytes:
    text = CTF.replace("?>\n", f"?>\n{doctype}\n", 1).replace('encoding="utf-8"', f'encoding="{encoding}"')
    return bom + text.encode(encoding if not bom else f"{encoding}-le")


def _sheet_doctype() -> bytes:
    parts = workbook_parts(header_row())
    parts["xl/worksheets/sheet1.xml"] = b'<!DOCTYPE x [<!ENTITY e "e">]>' + parts["xl/worksheets/sheet1.xml"]
    return packed(parts)


def _members(extra: tuple[str, bytes, int] | None = None) -> list[tuple[str, bytes, int]]:
    parts = [(name, content, len(content)) for name, content in workbook_parts(header_row()).items()]
    return [*parts, extra] if extra else parts


def _many(count: int) -> bytes:
    return packed(workbook_parts(extra={f"xl/media/{n}.bin": b"" for n in range(count)}))


def _far_cell(reference: str, number: int) -> bytes:
    return packed(workbook_parts(header_row() + f'<row r="{number}"><c r="{reference}"><v>1</v></c></row>'))


def _ods() -> bytes:
    return packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet", "content.xml": b"<x/>"}, zipfile.ZIP_STORED)


def _office(kind: str) -> bytes:
    return packed(workbook_parts(content_type=f"application/vnd.openxmlformats-officedocument.{kind}.document.main+xml"))


Maker = Callable[[], bytes]

BAD_FILES: tuple[tuple[str, str, Maker], ...] = (
    ("empty.csv", "FILE-EMPTY", lambda: b""),
    ("only-blank-lines.csv", "FILE-EMPTY", lambda: b"\r\n \r\n\t\r\n"),
    ("only-a-byte-order-mark.csv", "FILE-EMPTY", lambda: codecs.BOM_UTF8),
    ("only-zero-bytes.xlsx", "FILE-EMPTY", lambda: b"\0" * 8192),
    ("locked-without-known-password.xlsx", "FILE-LOCKED", lambda: real_workbook("not on record")),
    ("macros.xlsm", "FILE-MACROS", lambda: packed(workbook_parts(extra={"xl/vbaProject.bin": b"x"}))),
    ("macros-called.xlsx", "FILE-MACROS", lambda: packed(workbook_parts(extra={"xl/vbaProject.bin": b"x"}))),
    (
        "macro-type-called.xlsx",
        "FILE-MACROS",
        lambda: packed(workbook_parts(content_type="application/vnd.ms-excel.sheet.macroEnabled.main+xml")),
    ),
    ("excel-4-macro-sheet.xlsx", "FILE-MACROS", lambda: packed(workbook_parts(extra={"xl/macrosheets/sheet1.xml": b"<x/>"}))),
    ("old-excel.xls", "FILE-LEGACY-WORKBOOK", lambda: ole("Root Entry", "Workbook")),
    ("old-excel-called.xlsx", "FILE-LEGACY-WORKBOOK", lambda: ole("Root Entry", "Workbook")),
    ("older-excel-called.csv", "FILE-LEGACY-WORKBOOK", lambda: b"\x09\x08\x10\x00\x00\x06\x05\x00" + b"\0" * 100),
    (
        "binary-workbook.xlsb",
        "FILE-BINARY-WORKBOOK",
        lambda: packed(
            workbook_parts(
                extra={"xl/workbook.bin": b"x"},
                content_type=("application/vnd.ms-excel.sheet.binary.macroEnabled.main").replace("macroEnabled.", ""),
            )
        ),
    ),
    ("open-document.ods", "FILE-OPEN-DOCUMENT", _ods),
    ("open-document-called.xlsx", "FILE-OPEN-DOCUMENT", _ods),
    ("apple.numbers", "FILE-NUMBERS", lambda: packed({"Index/Document.iwa": b"x", "Index/Tables/DataList.iwa": b"x"})),
    ("return.pdf", "FILE-PDF", lambda: b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj"),
    ("pdf-called.csv", "FILE-PDF", lambda: b"\n\n%PDF-1.4\n"),
    ("photograph.jpg", "FILE-IMAGE", lambda: b"\xff\xd8\xff\xe0\x00\x10JFIF" + b"\0" * 100),
    ("screenshot-called.xlsx", "FILE-IMAGE", lambda: b"\x89PNG\r\n\x1a\n" + b"\0" * 100),
    ("letter.docx", "FILE-WORD", lambda: _office("wordprocessingml")),
    ("letter.rtf", "FILE-WORD", lambda: b"{\\rtf1\\ansi leavers}"),
    ("letter.doc", "FILE-WORD", lambda: ole("Root Entry", "WordDocument")),
    ("folder.zip", "FILE-ZIP", lambda: packed({"leavers.csv": CSV.encode()})),
    ("folder-called.csv", "FILE-ZIP", lambda: packed({"leavers.csv": CSV.encode()})),
    ("zip-in-zip.xlsx", "FILE-ZIP", lambda: packed({"a.zip": packed({"b.csv": b"x"})})),
    ("squeezed.csv.gz", "FILE-ZIP", lambda: b"\x1f\x8b\x08\x00" + b"\0" * 20),
    ("web-page-called.xls", "FILE-WEB-PAGE", lambda: b"<html><table><tr><td>UPN</td></tr></table></html>"),
    ("web-page-with-doctype.htm", "FILE-WEB-PAGE", lambda: b"<!DOCTYPE html>\n<html></html>"),
    ("message.eml", "FILE-EMAIL", lambda: b"Received: from mail by mx\r\nSubject: leavers\r\n\r\nHello"),
    ("outlook.msg", "FILE-EMAIL", lambda: ole("Root Entry", "__substg1.0_001A001E")),
    ("sealed-for-someone-else.age", "FILE-SEALED", lambda: b"age-encryption.org/v1\n-> X25519 abc\n"),
    ("program.exe", "FILE-PROGRAM", lambda: b"MZ\x90\x00" + b"\0" * 100),
    ("database.sqlite", "FILE-DATA", lambda: b"SQLite format 3\x00" + b"\0" * 100),
    ("data.json", "FILE-DATA", lambda: b'{"pupils": []}'),
    ("noise.bin", "FILE-NOT-UNDERSTOOD", lambda: bytes(range(1, 32)) * 40),
    ("cut-workbook.xlsx", "FILE-DAMAGED", lambda: real_workbook()[:-300]),
    ("workbook-with-a-flipped-bit.xlsx", "FILE-DAMAGED", lambda: _flipped(real_workbook())),
    ("bytes-before-the-container.xlsx", "FILE-NOT-UNDERSTOOD", lambda: b"\x01\x02\x03\x00" * 30 + real_workbook()),
    ("zip-bomb.xlsx", "FILE-ARCHIVE-BOMB", lambda: packed(workbook_parts(header_row() + "<!--" + " " * 9_000_000 + "-->"))),
    ("size-that-lies.xlsx", "FILE-ARCHIVE-HAZARD", lambda: by_hand(_members(("xl/big.xml", b" " * 500_000, 100)))),
    ("size-that-lies-the-other-way.xlsx", "FILE-DAMAGED", lambda: by_hand(_members(("xl/small.xml", b"<x/>", 100)))),
    ("same-name-twice.xlsx", "FILE-ARCHIVE-HAZARD", lambda: by_hand(_members(("XL/workbook.xml", b"<x/>", 4)))),
    ("name-that-climbs.xlsx", "FILE-ARCHIVE-HAZARD", lambda: by_hand(_members(("../../etc/cron.d/x", b"x", 1)))),
    ("name-with-backslash.xlsx", "FILE-ARCHIVE-HAZARD", lambda: by_hand(_members(("xl\\x.xml", b"x", 1)))),
    ("absolute-name.xlsx", "FILE-ARCHIVE-HAZARD", lambda: by_hand(_members(("/xl/x.xml", b"x", 1)))),
    ("overlapping-members.xlsx", "FILE-ARCHIVE-HAZARD", lambda: by_hand(_members(), same_offset=True)),
    ("unknown-method.xlsx", "FILE-ARCHIVE-HAZARD", lambda: by_hand(_members(), method=12)),
    ("zip-encrypted.xlsx", "FILE-ARCHIVE-HAZARD", lambda: by_hand(_members(), flags=1)),
    ("too-many-members.xlsx", "FILE-ARCHIVE-HAZARD", lambda: _many(1200)),
    ("two-cells-a-world-apart.xlsx", "SHEET-TOO-LARGE", lambda: _far_cell("XFD1048576", 1048576)),
    (
        "cell-far-below.xlsx",
        "SHEET-TOO-LARGE",
        lambda: packed(
            workbook_parts(header_row() + row(2, *"abcdefghijklmnop") + '<row r="1048576"><c r="A1048576"><v>1</v></c></row>')
        ),
    ),
    ("doctype-in-a-sheet.xlsx", "XML-DOCTYPE", _sheet_doctype),
    (
        "doctype-in-a-wide-sheet.xlsx",
        "XML-DOCTYPE",
        lambda: packed(workbook_parts(extra={"xl/x.xml": '<!DOCTYPE a [<!ENTITY e "e">]><a/>'.encode("utf-16")})),
    ),
    ("doctype.xml", "XML-DOCTYPE", lambda: _with_doctype("<!DOCTYPE CTfile>")),
    ("billion-laughs.xml", "XML-DOCTYPE", lambda: _with_doctype(BOMB)),
    ("external-entity.xml", "XML-DOCTYPE", lambda: _with_doctype(EXTERNAL)),
    ("doctype-in-utf-16.xml", "XML-DOCTYPE", lambda: _with_doctype(BOMB, "utf-16", codecs.BOM_UTF16_LE)),
    ("doctype-in-latin-1.xml", "XML-DOCTYPE", lambda: _with_doctype(BOMB, "iso-8859-1")),
    ("doctype-in-windows-1252.xml", "XML-DOCTYPE", lambda: _with_doctype(BOMB, "windows-1252")),
    ("doctype-after-a-long-comment.xml", "XML-DOCTYPE", lambda: _with_doctype("<!--" + "x" * 100_000 + "-->" + BOMB)),
    ("ebcdic.xml", "XML-ENCODING", lambda: CTF.replace("utf-8", "cp037").encode("cp037", "replace")),
    ("utf-7.xml", "XML-ENCODING", lambda: b'+ADw-?xml version="1.0" encoding="utf-7"?+AD4-'),
    ("utf-7-declared.xml", "XML-ENCODING", lambda: CTF.replace('"utf-8"', '"utf-7"').encode()),
    ("utf-32.xml", "XML-ENCODING", lambda: CTF.encode("utf-32")),
    ("bytes-that-are-not-utf-8.xml", "XML-ENCODING", lambda: CTF.encode("cp1252")),
    ("declares-latin-1-but-is-utf-8.xml", "XML-ENCODING", lambda: CTF.replace('"utf-8"', '"iso-8859-1"').encode()),
    ("declares-ascii-but-is-not.xml", "XML-ENCODING", lambda: CTF.replace('"utf-8"', '"us-ascii"').encode()),
    ("xml-1.1.xml", "XML-VERSION", lambda: CTF.replace('version="1.0"', 'version="1.1"').encode()),
    ("admissions-file.xml", "XML-NOT-CTF", lambda: CTF.replace("CTfile", "ATfile").encode()),
    ("word-as-xml.xml", "XML-NOT-CTF", lambda: b"<?xml version='1.0'?><w:wordDocument xmlns:w='x'/>"),
    ("cut-off.xml", "XML-NOT-WELL-FORMED", lambda: CTF.encode()[:-60]),
    ("tags-that-cross.xml", "XML-NOT-WELL-FORMED", lambda: CTF.replace("</Forename><DOB>", "<DOB></Forename>").encode()),
    ("entity-never-declared.xml", "XML-NOT-WELL-FORMED", lambda: CTF.replace("Zoë", "Zo&euml;").encode()),
    ("same-attribute-twice.xml", "XML-NOT-WELL-FORMED", lambda: CTF.replace("<CTfile>", '<CTfile a="1" a="2">').encode()),
    (
        "a-thousand-deep.xml",
        "XML-TOO-DEEP",
        lambda: CTF.replace("<UPN>", "").replace("<Surname>", "<X>" * 1000 + "</X>" * 1000 + "<Surname>").encode(),
    ),
    ("a-name-of-a-megabyte.xml", "XML-TOO-LONG", lambda: CTF.replace("Ellery", "E" * 1_000_000).encode()),
    ("no-header.xml", "XML-NO-HEADER", lambda: b"<CTfile><CTFpupilData/></CTfile>"),
    ("zero-bytes-inside.csv", "CSV-NUL", lambda: CSV.replace("Ellery", "Ell\0ery").encode()),
    ("utf-16-without-mark.csv", "CSV-NUL", lambda: (CSV * 400).replace("ë", "e").encode("utf-16-le")[:-1] + b"\n" * 40_000),
    ("letters-of-an-old-mac.csv", "CSV-ENCODING", lambda: CSV.replace("Zoë", "André").encode("mac_roman")),
    ("letters-of-dos.csv", "CSV-ENCODING", lambda: CSV.encode("cp850")),
    ("letters-of-iso-8859-2.csv", "CSV-ENCODING", lambda: CSV.replace("Zoë", "Pawłowski").encode("iso8859-2")),
    ("shift-jis.csv", "CSV-ENCODING", lambda: CSV.replace("Zoë", "花子").encode("shift-jis")),
    ("one-broken-letter-in-utf-8.csv", "CSV-ENCODING", lambda: (CSV + "Żółć").encode() + b"\x81\n"),
    (
        "quotation-mark-never-closed.csv",
        "CSV-QUOTE",
        lambda: (CSV + ',"Ng,Wai,01/01/2016,13/11/2026,g,\n' + CHILD + "\n").encode(),
    ),
    ("text-after-a-quotation-mark.csv", "CSV-QUOTE", lambda: (CSV + ',"Ng"x,Wai,01/01/2016,13/11/2026,g,\n').encode()),
    ("cell-of-ten-megabytes.csv", "CSV-LINE-TOO-LONG", lambda: (CSV + "x" * 10_000_000 + "\n").encode()),
    ("cell-of-a-hundred-kilobytes.csv", "CSV-CELL-TOO-LONG", lambda: (CSV + "x" * 100_000 + ",\n").encode()),
    ("a-million-columns.csv", "SHEET-TOO-WIDE", lambda: (CSV + "," * 1_000_000 + "\n").encode()),
    *BAD_ARCHIVES,
    *BAD_SHEETS,
    *BAD_TRANSFERS,
    *BAD_TEXTS,
)

ODD_FILES: tuple[tuple[str, str | None, Maker], ...] = (
    ("workbook-called.csv", "FILE-EXTENSION", real_workbook),
    ("workbook-called.xls", "FILE-EXTENSION", real_workbook),
    ("text-called.xlsx", "FILE-EXTENSION", lambda: CSV.encode()),
    ("transfer-called.csv", "FILE-EXTENSION", lambda: CTF.encode()),
    ("no-ending", "FILE-EXTENSION", lambda: CSV.encode()),
    ("locked-by-excel-itself.xlsx", "FILE-OPENED", lambda: real_workbook("VelvetSweatshop")),
    ("semicolons.csv", None, lambda: CSV.replace(",", ";").encode("utf-8-sig")),
    ("tabs.csv", None, lambda: CSV.replace(",", "\t").encode("utf-16")),
    ("pipes.csv", None, lambda: CSV.replace(",", "|").encode()),
    ("says-its-separator.csv", "CSV-WINDOWS-LETTERS", lambda: ("sep=;\r\n" + CSV.replace(",", ";")).encode("cp1252")),
    ("windows-letters.csv", "CSV-WINDOWS-LETTERS", lambda: CSV.encode("cp1252")),
    ("lines-of-an-old-mac.csv", None, lambda: CSV.replace("\n", "\r").encode()),
    ("mixed-line-ends.csv", None, lambda: (HEADINGS + "\r\n" + CHILD + "\n" + CHILD.replace("Zoë", "Tia") + "\r").encode()),
    ("ragged.csv", None, lambda: (CSV + ",Ng,Wai,01/01/2016,13/11/2026,9(1)(i),Unknown,,,,,\n").encode()),
    ("wide-transfer.xml", None, lambda: CTF.replace("utf-8", "utf-16").encode("utf-16")),
    ("utf-8-that-says-utf-16.xml", "XML-DECLARATION", lambda: CTF.replace("utf-8", "utf-16").encode()),
    (
        "latin-1-with-windows-letters.xml",
        "XML-DECLARATION",
        lambda: CTF.replace('"utf-8"', '"iso-8859-1"').replace("Ellery", "O’Brien").encode("cp1252"),
    ),
    ("windows-1252.xml", None, lambda: CTF.replace('"utf-8"', '"windows-1252"').encode("cp1252")),
    ("version-99.xml", "CTF-VERSION", lambda: CTF.replace("25.0", "99.0").encode()),
    ("9902001_CML_990LLLL_007 (1).xml", "CTF-NAME-CHANGED", lambda: CTF.encode()),
    ("9902003_CML_990LLLL_007.xml", "CTF-NAME-HEADER", lambda: CTF.encode()),
    (
        "links-to-other-files.xlsx",
        "SHEET-EXTERNAL-LINKS",
        lambda: _with_row(extra={"xl/externalLinks/externalLink1.xml": b"<x/>"}),
    ),
    ("embedded-files.xlsx", "SHEET-EMBEDDED-FILES", lambda: _with_row(extra={"xl/embeddings/oleObject1.bin": b"x"})),
    *ODD_ARCHIVES,
    *ODD_SHEETS,
    *ODD_TRANSFERS,
    *ODD_TEXTS,
)


def _with_row(extra: dict[str, bytes]) -> bytes:
    child = row(2, "", "Ellery", "Tia", "02/03/2016", "13/11/2026", "9(1)(i)", "Unknown")
    return packed(workbook_parts(header_row() + child, extra=extra))


def _flipped(content: bytes) -> bytes:
    at = content.index(b"xl/worksheets/sheet1.xml") + 60
    return content[:at] + bytes([content[at] ^ 0x10]) + content[at + 1 :]


def make_bad_files(folder: Path) -> None:
    """Write all of them into ``folder``."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, _, maker in (*BAD_FILES, *ODD_FILES):
        (folder / name).write_bytes(maker())


if __name__ == "__main__":
    make_bad_files(Path(sys.argv[1]))
