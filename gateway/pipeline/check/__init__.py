"""Check: from rows as read to records, findings and a verdict. Pure; it runs in the sandbox beside reading.

``check`` gives everything at once. ``Checking`` gives rows one by one, for files that do not fit in memory twice.
"""

from __future__ import annotations

from datetime import date

from gateway.domain.parcels.kinds import Finding
from gateway.domain.parcels.stages import Checked, Sheets
from gateway.domain.policy import SenderTerms
from gateway.domain.register.establishments import Register
from gateway.domain.register.lookup import RegisterIndex, index_register
from gateway.domain.returns.headings import Synonyms
from gateway.domain.returns.record import PupilRecord
from gateway.pipeline.check.checking import Checking
from gateway.pipeline.check.judgement import refusal

__all__ = ["Checking", "begin", "check", "refusal"]


def begin(sheets: Sheets, register: Register | RegisterIndex, terms: SenderTerms | None, synonyms: Synonyms, *,
          today: date) -> Checking:
    """Understand a parcel as a whole; its rows are read as they are asked for. An index built once saves building it here."""
    index = register if isinstance(register, RegisterIndex) else index_register(register)
    return Checking(sheets, index, terms, synonyms, today)


def check(sheets: Sheets, register: Register | RegisterIndex, terms: SenderTerms | None, synonyms: Synonyms, *,
          today: date) -> Checked:
    """Check a parcel whole. RefusedError while rows are read comes from the reader: answer it with ``refusal``."""
    checking = begin(sheets, register, terms, synonyms, today=today)
    records: list[PupilRecord] = []
    findings: list[Finding] = []
    for record, found in checking.rows():
        records.append(record)
        findings.extend(found)
    answer = checking.finish()
    return Checked(file=answer.file, kind=answer.kind, verdict=answer.verdict, sender=answer.sender, rows=answer.rows,
                   findings=(*answer.findings, *findings), records=tuple(records), period=answer.period, headings=answer.headings)
