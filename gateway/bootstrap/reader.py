"""What runs inside the sandbox: screen, read, check, and the annotated workbook; answers as plain JSON objects.

The order is in the types: ``screen`` gives ``Screened``, only that can be read, and only what was read can be checked.

1. ``prepare`` runs once, before any file is near: it loads the register and the synonyms, and reads one small return of each form
   from end to end, so that nothing is left to be imported or opened later, when it no longer can be.
2. A refusal is an answer: verdict refused, nothing read, one error with its reason.
3. Records and findings leave in small pieces; a return of a million rows is never whole in memory.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any, cast

from gateway.bootstrap import warmth
from gateway.domain.parcels.kinds import Kind
from gateway.domain.parcels.refused import refused
from gateway.domain.parcels.stages import Checked, Format, Offered, Screened, Sheets
from gateway.domain.policy import SenderTerms
from gateway.domain.register.establishments import Register
from gateway.domain.register.lookup import index_register
from gateway.errors import RefusedError
from gateway.pipeline.check import begin
from schemas.content import Held
from schemas.ctf import read_transfer
from schemas.headings import load_synonyms
from schemas.register import load_register
from schemas.screening import screen
from schemas.spreadsheets import read_text, read_workbook
from schemas.workbooks.columns import content_mark, row_id

Frame = dict[str, Any]
Task = Mapping[str, Any]

IN_MEMORY = 4 << 20                # larger files stay behind their descriptor and are read by slices
BATCH = 500
WORKBOOK_PIECE = 3 << 20


def prepare(setup: Mapping[str, Any]) -> Callable[[Task, int, int], Iterator[Frame]]:
    """The reader for this home. ``setup``: ``register`` (a folder or None), ``annotating``, ``rehearsal``.

    ConfigError: a faulty register.
    """
    register = load_register(Path(setup["register"])) if setup.get("register") else Register()
    reader = Reader(register, rehearsal=bool(setup.get("rehearsal")))
    warmth.warm(reader.examine, reader.annotate if setup.get("annotating") else None)
    return reader


class Reader:
    """Answers tasks about the file behind a descriptor."""

    def __init__(self, register: Register, *, rehearsal: bool = False) -> None:
        self._rehearsal = rehearsal
        self._index = index_register(register)
        self._synonyms = load_synonyms()

    def __call__(self, task: Task, fd: int, size: int) -> Iterator[Frame]:
        content = Held(fd, size)[:] if size <= IN_MEMORY else cast(bytes, Held(fd, size))
        offered = Offered(name=task["name"], content=content, sender=task["sender"],
                          kind=Kind(task["kind"]) if task["kind"] else None)
        return self.annotate(task, offered) if task["do"] == "annotate" else self.examine(task, offered)

    def examine(self, task: Task, offered: Offered) -> Iterator[Frame]:
        """Findings and records in pieces, the summary last."""
        try:
            yield from self._check(task, _read(screen(offered, task["passwords"])))
        except RefusedError as refusal:
            yield {"summary": refused(offered, refusal).to_json(records=False)}

    def annotate(self, task: Task, offered: Offered) -> Iterator[Frame]:
        """The annotated workbook in pieces; none when there is nothing to mark."""
        from schemas.workbooks.annotate import annotate

        book = annotate(offered, Checked.from_json(task["checked"]), task["passwords"], rehearsal=self._rehearsal) or b""
        for start in range(0, len(book), WORKBOOK_PIECE):
            yield {"bytes": base64.b64encode(book[start:start + WORKBOOK_PIECE]).decode()}

    def _check(self, task: Task, sheets: Sheets) -> Iterator[Frame]:
        checking = begin(sheets, self._index, _terms(task), self._synonyms, today=date.fromisoformat(task["today"]))
        mark = content_mark(sheets.screened.offered.content)
        findings: list[Frame] = []
        records: list[Frame] = []
        for record, found in checking.rows():
            findings += [finding.to_json() for finding in found]
            if task["records"]:
                records.append({"row_id": row_id(mark, record.sheet, record.row)} | record.to_json())
            if len(records) >= BATCH or len(findings) >= BATCH:
                yield {"findings": findings, "records": records}
                findings, records = [], []
        yield {"findings": findings, "records": records}
        yield {"summary": checking.finish().to_json(records=False)}


def _terms(task: Task) -> SenderTerms | None:
    if task["sender"] is None:
        return None
    return SenderTerms(sender=task["sender"], permitted=tuple(task["permitted"]), headings=task["headings"])


def _read(screened: Screened) -> Sheets:
    readers: dict[Format, Callable[[Screened], Sheets]] = {
        Format.CSV: read_text, Format.XLSX: read_workbook, Format.CTF: read_transfer,
    }
    return readers[screened.format](screened)

