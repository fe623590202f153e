"""What is not read as a return, but for whom it is about and whether it calls for somebody at once.

1. A file for a person, or one that is refused, changes nothing by itself. An urgent flag in it does not wait for that person.
2. A row is read for identity and flags alone; what stands in its other columns is free text, and any word of alarm in it counts.
3. Outside tables an alarm is an answer beside or below a label (``Urgent | Yes``), a word of alarm in an answer, or a line that
   opens or closes with one (``URGENT: …``). A form's own labels, questions and instructions are none.
4. An alarm is a finding on its row or line; the records say who stands in the tables, or on the form.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise

from gateway.domain.parcels.kinds import Finding
from gateway.domain.parcels.stages import Grid
from gateway.domain.returns.flags import raises_alarm, read_flag, reads_as_flag
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.returns.text import is_placeholder
from gateway.domain.rules import urgent_flag
from gateway.domain.rules.rule import Fault
from gateway.pipeline.check.blocks import IDENTITY, Block, HeadingReader
from gateway.pipeline.check.forms import as_table
from gateway.pipeline.check.lines import texts
from gateway.pipeline.check.pupils import FLAGS
from gateway.pipeline.check.situated import Understanding
from gateway.pipeline.check.survey import Survey, Surveyor
from gateway.pipeline.check.tables import TableReader
from gateway.pipeline.check.verdicts import Seen

_KEPT = IDENTITY | FLAGS | {"dob", "sex", "year_group", "home_postcode", "school_name", "school_number", "school_la", "ignored"}
_CRY = re.compile(
    r"\W*(urgent(ly)?|immediate (risk|danger)|(an? |the )?child(ren)? (is |are )?at (immediate |serious )?risk|at risk of harm)\b"
    r"(?!\W*(enquiries|contacts?|numbers?|referrals|cases|matters|concerns|or|y ?/ ?n|yes ?/ ?no)\b)", re.IGNORECASE)
_CLOSES = re.compile(r".{1,60}\burgent\W*", re.IGNORECASE)
_INSTRUCTS = re.compile(r"(if|for|in case|please|this form|any|where|when|all|see|tick)\b|.*[?:]\W*$", re.IGNORECASE | re.DOTALL)
_LONGEST_LABEL = 60
Row = tuple[PupilRecord, tuple[Finding, ...]]


@dataclass(slots=True)
class Alarms:
    """Hears one file, sheet by sheet."""

    grids: Iterable[Grid]
    reader: HeadingReader
    understanding: Understanding
    sender: str | None
    today: date

    def rows(self) -> Iterator[Row]:
        """Who stands in its tables and on its forms, with the alarm of each row."""
        for survey in self._surveyed():
            form = None if survey.blocks else as_table(survey.grid, self.reader, moving=False)
            heard = Surveyor(self.reader, Survey(form), self.today).walk() if form else survey
            tables = replace(heard, blocks=[_of_identity(block) for block in heard.blocks])
            for record, _, _ in TableReader(tables, self.understanding, self.sender, Seen.nobody(), self.today).rows():
                if form is None:
                    yield _who(record, record.urgent), (alarm(record.sheet, record.row),) if record.urgent else ()
                else:      # a form's answers are heard on their own lines
                    yield _who(record, record.urgent or any(self._in_lines(survey))), ()

    def lines(self) -> Iterator[Finding]:
        """The alarms of lines that are no rows of a table."""
        for survey in self._surveyed():
            for number in self._in_lines(survey):
                yield alarm(survey.grid.title, number)

    def _surveyed(self) -> Iterator[Survey]:
        return (Surveyor(self.reader, Survey(grid), self.today).walk() for grid in self.grids if not grid.hidden)

    def _in_lines(self, survey: Survey) -> Iterator[int]:
        headers = {block.header for block in survey.blocks}
        first = min(headers, default=None)
        above: Sequence[str] = ()
        for row in survey.grid.rows():
            said = texts(row.cells)
            in_table = first is not None and row.number >= first and (row.number in headers or row.number not in survey.skipped)
            if not in_table and self._calls(said, above):
                yield row.number
            above = said

    def _calls(self, said: Sequence[str], above: Sequence[str]) -> bool:
        if not said:
            return False
        below = [(above[0], said[0])] if len(above) == 1 and (above[0].endswith(":") or self._is_label(above[0])) else []
        pairs = [*below, *pairwise(said), *(found for text in said if (found := _labelled(text)))]
        answered = [(label, answer) for label, answer in pairs if not self._is_label(answer, beside=label)]
        if any(self._field(label) == "urgent" and not is_placeholder(answer) and read_flag(answer) for label, answer in answered):
            return True
        if any(raises_alarm(answer) and not _INSTRUCTS.match(answer) for _, answer in answered):
            return True
        cries = _CRY.match(said[0]) or (_CLOSES.fullmatch(said[0]) and raises_alarm(said[0]) and not _INSTRUCTS.match(said[0]))
        if not cries or said[0].endswith(("?", ":")) or _labelled(said[0]):
            return False
        return (said[0].isupper() and len(said) == 1) or not self._is_label(said[0])

    def _field(self, label: str) -> str | None:
        return self.reader.named(label.rstrip(" :?*"))

    def _is_label(self, text: str, beside: str = "") -> bool:
        """Whether a text is a form's own: a heading as it is listed, or one that asks. Capitals beside small letters answer."""
        if self._field(text) is None or reads_as_flag(text) or (text.isupper() and beside and not beside.isupper()):
            return False
        return text.endswith(("?", ":")) or self.reader.synonyms.is_listed(text)


def _labelled(text: str) -> tuple[str, str] | None:
    """A label and what stands behind its colon, in one cell."""
    label, _, answer = (part.strip() for part in text.partition(":"))
    return (label, answer) if 1 < len(label) <= _LONGEST_LABEL and answer else None


def alarm(sheet: str | None, row: int) -> Finding:
    """The finding that passes an alarm on."""
    return Fault(urgent_flag.RULE, "urgent").at(sheet, row)


def _of_identity(block: Block) -> Block:
    """The table with every column that is not read here as one of notes."""
    columns = tuple(column if column.field in _KEPT else replace(column, field="notes") for column in block.columns)
    return replace(block, columns=columns, direction=block.direction or MovementKind.LEAVER, turned={})


def _who(record: PupilRecord, urgent: bool) -> PupilRecord:
    """Who a row is about, and its flags. Its direction says nothing: nobody moves by it."""
    return PupilRecord(
        record.row, record.sheet, record.movement, record.upn, record.legal_surname, record.legal_forename, record.dob,
        record.sex, record.year_group, record.home_postcode, urgent=urgent, address_protected=record.address_protected,
        restricted=record.restricted, school=record.school)
