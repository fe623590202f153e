"""Second pass over a sheet: its tables' rows, read one by one.

1. Rows put aside by the first pass stay aside.
2. A school named once, in a row or above a table, stands for the rows below it, until another is named.
3. In a table of both leavers and joiners, the row's own column says which way the child moves; without one, an off-roll date,
   ground or destination makes a leaver.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from gateway.domain.parcels.stages import RawRow
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.returns.text import cell_text
from gateway.domain.rules.rule import Fault
from gateway.pipeline.check.blocks import Block
from gateway.pipeline.check.lines import movement_of
from gateway.pipeline.check.plan import Plan, make_plan
from gateway.pipeline.check.rows import RowReader
from gateway.pipeline.check.situated import Understanding
from gateway.pipeline.check.survey import Survey
from gateway.pipeline.check.verdicts import Seen
from gateway.pipeline.check.whose import named_around

_LEAVES = ("off_roll_date", "deletion_ground", "leaving_reason", "destination_school", "destination_la", "destination_country")


@dataclass(slots=True)
class TableReader:
    """Reads one sheet's tables."""

    survey: Survey
    understanding: Understanding
    sender: str | None
    seen: Seen
    today: date
    _readers: dict[tuple[int, MovementKind], RowReader] = field(default_factory=dict)
    _school: tuple[str | None, tuple[Fault, ...]] = (None, ())
    _leaving: tuple[int, ...] = ()
    _moving: int | None = None

    def rows(self) -> Iterator[tuple[PupilRecord, list[Fault], Plan]]:
        """Record, faults and plan of each pupil."""
        blocks = iter(self.survey.blocks)
        upcoming, block = next(blocks, None), None
        skipped = self.survey.skipped
        reader: RowReader | None = None
        for row in self.survey.grid.rows():
            if upcoming is not None and row.number >= upcoming.header:
                block, upcoming = upcoming, next(blocks, None)
                reader = self._enter(block)
                continue
            cells = row.cells
            if block is None or row.number in skipped or not any(cells) or not _says_anything(cells):
                continue
            reads = reader or self._reader(block, self._direction(row, block))
            school = self._school_of(reads.plan, row.cells)
            record, faults = reads.read(row.number, row.cells, school)
            if self._school[1]:
                faults += self._school[1]
            yield record, faults, reads.plan

    def _enter(self, block: Block) -> RowReader | None:
        understanding = self.understanding
        named = set(named_around(block.above, understanding.index, understanding.own_la, titles=True))
        if len(named) == 1 and len(candidates := named.pop()) == 1:
            self._school = (candidates[0], ())
        elif block.fields() & _SCHOOL:
            self._school = (None, ())
        self._moving = block.index_of("movement")
        found = (block.index_of(name) for name in _LEAVES)
        self._leaving = tuple(index for index in found if index is not None)
        return self._reader(block, block.direction) if block.direction else None

    def _reader(self, block: Block, direction: MovementKind) -> RowReader:
        key = (block.header, direction)
        if key not in self._readers:
            plan = make_plan(block, direction, self.today)
            self._readers[key] = RowReader.of(plan, block.sheet, self.understanding, self.today, self.sender, self.seen)
        return self._readers[key]

    def _direction(self, row: RawRow, block: Block) -> MovementKind:
        cells = row.cells
        if self._moving is not None and self._moving < len(cells):
            said = movement_of(cell_text(cells[self._moving]))
            if said:
                return said
        leaves = any(index < len(cells) and cell_text(cells[index]) for index in self._leaving)
        return MovementKind.LEAVER if leaves else MovementKind.JOINER

    def _school_of(self, plan: Plan, cells: Sequence[Any]) -> str | None:
        """For which school the row speaks; None when for the sender."""
        if plan.columns & _SCHOOL:
            asked = [next((cells[i] for i in places if i < len(cells) and cells[i] is not None), None) for places in plan.school]
            if cell_text(asked[0]) or cell_text(asked[1]):
                self._school = self.understanding.school((asked[0], asked[1], asked[2]))
        school = self._school[0]
        return None if school == self.sender else school


_SCHOOL = frozenset({"school_name", "school_number"})


def _says_anything(cells: Sequence[Any]) -> bool:
    """Whether anything but spaces stands in a row that is not empty."""
    first = cells[0]
    if first and (type(first) is not str or not first.isspace()):
        return True
    return any(cell is not None and (type(cell) is not str or (not cell.isspace() and cell != "")) for cell in cells)
