"""Separated text that is broken, too long, or out of step: quotation marks, line ends, marks, zeros, rows without end."""

from __future__ import annotations

from collections.abc import Callable

from tests.bad_files.plain import CHILD, CSV, HEADINGS

Maker = Callable[[], bytes]
LONG = "n" * 60_000


def rows(*lines: str, end: str = "\n") -> bytes:
    """The headings, a child, and these lines."""
    return end.join((HEADINGS, CHILD, *lines, "")).encode()


BAD_TEXTS: tuple[tuple[str, str, Maker], ...] = (
    ("line-breaks-in-quotation-marks-without-end.csv", "CSV-QUOTE", lambda: rows('"\n",' * 900_000)),
    ("quotation-mark-open-for-a-megabyte.csv", "CSV-QUOTE", lambda: rows('"' + f"{CHILD}\n" * 40_000)),
    ("quotation-mark-open-at-the-end.csv", "CSV-QUOTE", lambda: rows(',"Ng')),
    ("letters-behind-a-quotation-mark.csv", "CSV-QUOTE", lambda: rows(',"Ng" Lee,Wai')),
    ("cell-of-a-megabyte-in-quotation-marks.csv", "CSV-CELL-TOO-LONG", lambda: rows('"' + "x" * 1_000_000 + '"')),
    ("row-of-twenty-long-cells.csv", "CSV-LINE-TOO-LONG", lambda: rows(",".join([LONG] * 40))),
    ("row-of-long-cells-over-lines.csv", "CSV-QUOTE", lambda: rows(",".join([f'"\n{LONG}"'] * 40))),
    ("a-thousand-and-one-columns.csv", "SHEET-TOO-WIDE", lambda: rows("," * 1000)),
    ("zero-byte-at-the-end.csv", "CSV-NUL", lambda: rows("\0")),
    ("zero-character-in-utf-16.csv", "CSV-NUL", lambda: CSV.replace("Ellery", "El\0lery").encode("utf-16")),
    ("half-a-letter-in-utf-16.csv", "CSV-ENCODING", lambda: CSV.encode("utf-16") + b"\x00\xd8\n\x00"),
    ("half-a-pair-of-bytes-in-utf-16.csv", "CSV-ENCODING", lambda: CSV.encode("utf-16") + b"x"),
    ("mark-of-utf-8-before-windows-letters.csv", "CSV-ENCODING", lambda: b"\xef\xbb\xbf" + CSV.encode("cp1252")),
    ("letters-cut-by-a-byte.csv", "CSV-ENCODING", lambda: CSV.encode().replace("ë".encode(), b"\xc3")),
    ("letters-longer-than-they-must-be.csv", "CSV-ENCODING", lambda: CSV.encode().replace(b"Ellery", b"\xc1\x85llery")),
    ("surrogates-in-utf-8.csv", "CSV-ENCODING", lambda: CSV.replace("Ellery", "E\ud800").encode("utf-8", "surrogatepass")),
    ("letters-of-utf-8-and-of-windows.csv", "CSV-ENCODING", lambda: CSV.encode() + CHILD.encode("cp1252") + b"\n"),
    ("letters-of-an-old-mac-with-its-line-ends.csv", "CSV-ENCODING", lambda: CSV.replace("\n", "\r").encode("mac_roman")),
    ("chinese-of-the-mainland.csv", "CSV-ENCODING", lambda: CSV.replace("Zoë", "王小明").encode("gb18030")),
    ("cyrillic-of-koi-8.csv", "CSV-ENCODING", lambda: CSV.replace("Zoë", "Борис").encode("koi8-r")),
)

ODD_TEXTS: tuple[tuple[str, str | None, Maker], ...] = (
    ("mark-in-the-middle.csv", None, lambda: CSV.encode("utf-8-sig") * 2),
    ("mark-before-a-name.csv", None, lambda: CSV.replace("Ellery", "\ufeffEllery").encode()),
    ("same-heading-three-times.csv", None, lambda: f"{HEADINGS},Surname,Surname\n{CHILD},Ng,Begum\n".encode()),
    ("rows-too-short.csv", None, lambda: rows(",Ng,Wai")),
    ("rows-too-long.csv", None, lambda: rows(f"{CHILD},,,more")),
    ("end-of-file-of-dos.csv", None, lambda: rows("\x1a")),
    ("quotation-marks-inside.csv", None, lambda: rows(',"N""g",Wai')),
    ("quotation-mark-in-the-middle.csv", None, lambda: rows(',N"g,Wai')),
    ("every-line-end.csv", None, lambda: f"{HEADINGS}\r\n{CHILD}\n{CHILD}\r{CHILD}\r\n".encode()),
    ("line-breaks-in-a-cell.csv", None, lambda: rows(',"Ng\r\nLee",Wai')),
    ("controls-in-a-name.csv", None, lambda: rows(*[CHILD] * 5, ",El\x1b[31mle\x07ry,Tia")),
    ("utf-16-big-end.csv", None, lambda: b"\xfe\xff" + CSV.encode("utf-16-be")),
    ("a-thousand-columns.csv", None, lambda: rows("," * 999)),
    ("letters-of-utf-8-cut-where-windows-meet.csv", None, lambda: rows("ë" * 60_000, *["x" * 999] * 930, "ë")),
)
