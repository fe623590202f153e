"""First pass over a sheet: where its tables are, what stands around them, and what whole columns hold.

1. A heading row opens a table; the next heading row, or the sheet's end, closes it. The same headings again (a page break)
   continue it.
2. Columns of dates and schools are gathered by distinct value, so that they are judged as a whole before any row is read.
3. Lines above the first table are kept: they name the school and the period, and announce leavers or joiners.
4. A line below headings that is not read, though something of a pupil may stand in it, is noted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gateway.domain.parcels.stages import Grid, RawRow
from gateway.domain.returns.record import MovementKind
from gateway.pipeline.check.blocks import DATES, IDENTITY, Block, HeadingReader, direction_by_columns
from gateway.pipeline.check.lines import direction_of, is_example, is_guidance, says_nil, texts
from gateway.pipeline.check.pupils import Scales

_JUDGED = DATES | {"school_name", "school_number", "school_la"}
_TEMPLATE_ROWS = 12     # guidance and examples stand right under the headings
_KEPT_LINES = 60


@dataclass(slots=True)
class Survey:
    """What the first pass found on one sheet."""

    grid: Grid
    blocks: list[Block] = field(default_factory=list)
    skipped: set[int] = field(default_factory=set)          # row numbers that are no pupils
    doubtful: list[int] = field(default_factory=list)       # skipped, though something of a pupil may stand in them
    around: list[tuple[str, ...]] = field(default_factory=list)   # texts of lines outside tables
    nil: bool = False                                       # a line says that there is nothing to report
    lines: int = 0                                          # lines with anything in them

    @property
    def pupils(self) -> int:
        """Rows that are pupils."""
        return sum(block.pupils for block in self.blocks)


@dataclass(slots=True)
class Surveyor:
    """Walks one sheet. Made for each sheet."""

    reader: HeadingReader
    survey: Survey
    today: date
    wanted: MovementKind | None = None      # the sender said which (``--as``)
    named: MovementKind | None = None       # the sheet's or the file's name says which
    block: Block | None = None
    above: RawRow | None = None
    titles: list[str] = field(default_factory=list)
    _scales: Scales | None = None
    _notes: frozenset[int] = frozenset()
    _judged: tuple[tuple[set[Any], int], ...] = ()
    _header: RawRow | None = None
    _lines: list[tuple[str, ...]] = field(default_factory=list)
    _after_header: int = 0
    _below_a_row: bool = False              # nothing stands between this line and the headings or the pupil above
    _width: int = 0

    def walk(self) -> Survey:
        """Read the whole sheet once."""
        for row in self.survey.grid.rows():
            cells = row.cells
            if not any(cells):
                self._below_a_row = False
                continue
            self.survey.lines += 1
            if self._scales is not None and self._after_header > _TEMPLATE_ROWS and len(cells) >= self._width \
                    and self._scales.plainly_a_pupil(cells):
                self._take(cells)
            else:
                self._consider(row)
        return self.survey

    def _consider(self, row: RawRow) -> None:
        said = texts(row.cells)
        if not said:
            self._below_a_row = False
            return
        if self.reader.is_header(row.cells):
            self._open(row)
        elif self.block is None or self._scales is None:
            self._outside(row, said)
        elif self._is_pupil(row, said, self._scales):
            self._after_header += 1
            self._take(row.cells)
        else:
            self._below_a_row = self._below_a_row and self.block.pupils == 0     # required rows and examples open a table
            self.survey.skipped.add(row.number)
            self._outside(row, said)

    def _open(self, row: RawRow) -> None:
        self._unless_a_line_of_groups(row)
        above = self.above.cells if self.above and self.above.number == row.number - 1 else None
        columns = self.reader.columns(row.cells, above, None)
        known = frozenset(column.field for column in columns if column.field)
        same = self.block is not None and [(c.index, c.heading) for c in columns] == [(c.index,
                                                                                       c.heading) for c in self.block.columns]
        self.survey.skipped.add(row.number)
        self._below_a_row = True
        if same and not self.titles:
            return
        direction = self._direction(known)
        if direction:
            columns = self.reader.columns(row.cells, above, direction)
        self.block = Block(self.survey.grid.title, row.number, columns, direction, date1904=self.survey.grid.date1904,
                           above=tuple(self._lines[-_KEPT_LINES:]))
        self._lines.clear()
        if direction is None:
            self.block.turned = {each: self.reader.columns(row.cells, above, each) for each in MovementKind}
        self.survey.blocks.append(self.block)
        self.titles, self.above, self._after_header, self._header = [], None, 0, row
        self._prepare(self.block)

    def _unless_a_line_of_groups(self, row: RawRow) -> None:
        """Two lines of headings, one right under the other: the upper one groups the lower (``Parent 1``), it opens no table."""
        if self.block is None or self._header is None or self.block.pupils or self._header.number != row.number - 1:
            return
        if [str(cell or "") for cell in self._header.cells] != [str(cell or "") for cell in row.cells]:
            self.survey.blocks.pop()
            self.block, self._scales, self.above = None, None, self._header

    def _prepare(self, block: Block) -> None:
        self._scales = Scales.of(block, self.today)
        self._notes = frozenset(column.index for column in block.columns if column.field == "notes")
        self._judged = tuple((block.seen.setdefault(column.index, set()), column.index) for column in block.columns
                             if column.field in _JUDGED)
        self._width = block.width

    def _direction(self, fields: frozenset[str]) -> MovementKind | None:
        """What the row's own column, the sender, the title above, the sheet's name or the columns say, in this order."""
        decided, by_columns = direction_by_columns(fields)
        if "movement" in fields:
            return None
        if self.wanted:
            return self.wanted
        for title in reversed(self.titles):
            said = direction_of(title)
            if said:
                return said
        if direction_of(self.survey.grid.title):
            return direction_of(self.survey.grid.title)
        return self.named if not decided or (by_columns is None and self.named) else by_columns

    def _is_pupil(self, row: RawRow, said: list[str], scales: Scales) -> bool:
        if says_nil(said):
            self.survey.nil = True
            return False
        in_template = self._after_header <= _TEMPLATE_ROWS
        if in_template and is_guidance(said) and not scales.is_flagged(row.cells):
            return False
        if not (in_template and is_example(row.cells, scales.names, self._notes)) \
                and scales.is_pupil(row.cells, said, in_place=self._below_a_row and not self.reader.synonyms.is_listed(said[0])):
            return True
        if scales.may_hide_a_pupil(row.cells, said):
            self.survey.doubtful.append(row.number)
        return False

    def _take(self, cells: Sequence[Any]) -> None:
        assert self.block is not None  # noqa: S101 - only called inside a table
        self.block.pupils += 1
        self._below_a_row = True
        width = len(cells)
        for seen, index in self._judged:
            if index < width:
                seen.add(cells[index])

    def _outside(self, row: RawRow, said: list[str]) -> None:
        self.above = row
        if len(said) <= 3:
            self.titles.extend(text for text in said if len(text) <= 120)
        self._lines.append(tuple(said))
        if len(self.survey.around) < _KEPT_LINES:
            self.survey.around.append(tuple(said))
        if says_nil(said):
            self.survey.nil = True


def holds_pupils(survey: Survey) -> bool:
    """Whether a sheet has a table with pupils in it."""
    return any(block.pupils and block.fields() & IDENTITY for block in survey.blocks)
