"""A register file as rows by heading.

1. UTF-8 (with or without mark) or Windows-1252, the encoding of the national download.
2. Headings are compared without case and outer blanks. A file lacking a column that is needed is a fault of the home: ConfigError
   with file, line and what to write.
"""

from __future__ import annotations

import csv
import hashlib
import io
from collections.abc import Iterator
from pathlib import Path

from gateway.errors import ConfigError

Row = dict[str, str]


def read_rows(path: Path, needed: tuple[str, ...]) -> Iterator[tuple[int, Row]]:
    """Line number and values by lower-case heading, blanks trimmed; empty lines are passed over. ConfigError."""
    reader = csv.reader(io.StringIO(_text(path), newline=""))
    try:
        headings = [h.strip().lower() for h in next(reader, [])]
        lacking = [n for n in needed if n not in headings]
        if lacking:
            raise fault(path, 1, f"has no column “{lacking[0]}”", f"Its first line must name the columns {', '.join(needed)}.")
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield reader.line_num, {h: c.strip() for h, c in zip(headings, cells, strict=False)}
    except csv.Error as error:
        raise fault(path, reader.line_num, f"cannot be read: {error}", "Download or export the file again.") from error


def fault(path: Path, line: int, what: str, hint: str) -> ConfigError:
    """A fault in a register file, by its place."""
    return ConfigError(f"register/{path.name}, line {line}: {what}.", code="REGISTER-FILE", hint=hint)


def digest(paths: list[Path]) -> str:
    """One hash over names and contents of the files that are there."""
    total = hashlib.sha256()
    for path in paths:
        if path.is_file():
            total.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:16]


def _text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ConfigError(f"register/{path.name} cannot be read: {error.strerror}.", code="REGISTER-FILE",
                          hint="Check that the file is there and that the gateway's user may read it.") from error
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise fault(path, 1, "is neither UTF-8 nor Windows-1252", "Save it as CSV UTF-8.")
