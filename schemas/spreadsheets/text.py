"""Separated text as one grid.

1. Read line by line; each call of ``rows`` begins at the start. Of a large file one row is held at a time.
2. A row's number is the line on which it starts, so that a text editor finds it; line breaks inside quotes do not shift it.
3. Rows may be shorter or longer than the header. Cells are the text between the separators, untouched.
4. Quotation marks must close: an open one would swallow the children below it, so the file is refused with its line.
5. Limits: ``MAX_CELL`` characters in a cell, ``MAX_ROW`` in a row, ``MAX_COLUMNS``, ``MAX_LINES``.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, islice

from gateway.domain.parcels.stages import Grid, RawRow, Screened, Sheets
from gateway.errors import RefusedError
from schemas.content import as_file
from schemas.spreadsheets.delimiter import SAMPLE_LINES, likely_delimiter, said_delimiter
from schemas.spreadsheets.encoding import text_encoding, told_of
from schemas.spreadsheets.limits import MAX_CELL, MAX_ROW

KEPT = 1 << 20                     # bytes of a file whose rows are kept for the second pass
MAX_COLUMNS = 1_000
MAX_LINES = 3_000_000


def read_text(screened: Screened) -> Sheets:
    """One grid without a title. RefusedError: an encoding in doubt; while rows are read: an open quotation mark, a limit."""
    content = screened.content
    encoding = text_encoding(content)
    with _opened(content, encoding) as text:
        sample = [line for line in islice(text, SAMPLE_LINES) if len(line) < MAX_CELL]
    said = said_delimiter(sample[0]) if sample else None
    delimiter = said or likely_delimiter(sample)

    def read() -> Iterator[RawRow]:
        return _rows(lambda: _opened(content, encoding), delimiter, skip_first=said is not None)

    kept: list[RawRow] = []

    def rows() -> Iterable[RawRow]:
        if len(content) > KEPT:
            return read()
        if not kept:
            kept.extend(read())
        return kept

    return Sheets(screened=screened, grids=(Grid(title=None, rows=rows),), findings=told_of(content, encoding))


def _opened(content: bytes, encoding: str) -> io.TextIOWrapper:
    return io.TextIOWrapper(as_file(content), encoding=encoding, errors="strict", newline="")


def _rows(open_text: Callable[[], io.TextIOWrapper], delimiter: str, *, skip_first: bool) -> Iterator[RawRow]:
    csv.field_size_limit(MAX_CELL)
    with open_text() as text:
        if skip_first:
            text.readline()
        before = 1 if skip_first else 0      # lines that the csv reader does not count
        start = before + 1
        reader = csv.reader(chain.from_iterable(_batches(text, lambda: start)), delimiter=delimiter, strict=True)
        try:
            for row in reader:
                if len(row) > MAX_COLUMNS:
                    raise _limit("SHEET-TOO-WIDE", start, f"has {len(row)} columns, more than {MAX_COLUMNS}")
                yield RawRow(start, tuple(row))
                start = reader.line_num + before + 1
                if start > MAX_LINES:
                    raise _limit("SHEET-TOO-LONG", start, f"is beyond the {MAX_LINES} lines that are read")
        except csv.Error as error:
            raise _csv_fault(error, start, reader.line_num + before) from error
        except _RowTooLongError as error:
            if reader.line_num + before >= start:     # the row went on over lines: most likely behind a mark left open
                raise _open_quote(start) from error
            raise _limit("SHEET-ROW-TOO-LONG", start, f"has more than {MAX_ROW} characters") from error


class _RowTooLongError(Exception):
    """The lines of one row hold more than a row may."""


def _batches(text: io.TextIOWrapper, begun: Callable[[], int]) -> Iterator[list[str]]:
    """The text's lines, some at a time: the csv reader would gather a row without end. ``begun`` tells where its row began."""
    last = 0
    while batch := text.readlines(MAX_ROW):
        if begun() == last:        # not one row ended in the whole batch before
            raise _RowTooLongError
        last = begun()
        yield batch


def _csv_fault(error: csv.Error, start: int, end: int) -> RefusedError:
    what = str(error)
    if "field limit" in what and end == start:
        return _limit("CSV-CELL-TOO-LONG", start, f"has a cell of more than {MAX_CELL} characters")
    if "expected after" in what:
        return RefusedError(f"On line {end} a quotation mark closes in the middle of a cell, so its end is unclear.",
                            code="CSV-QUOTE", hint="Take the quotation marks out of that cell, or export the file again.")
    return _open_quote(start)


def _open_quote(start: int) -> RefusedError:
    return RefusedError(f"A quotation mark on line {start} is never closed, so the rows below it cannot be told apart.",
                        code="CSV-QUOTE", hint="Close or remove the quotation mark on that line, or export the file again.")


def _limit(code: str, line: int, what: str) -> RefusedError:
    return RefusedError(f"Line {line} {what}.", code=code,
                        hint="Send only the columns and rows of the return, in more than one file if need be.")
