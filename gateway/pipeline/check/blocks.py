"""Tables on a sheet: one heading row and the pupils below it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from gateway.domain.returns.headings import Synonyms
from gateway.domain.returns.record import MovementKind
from gateway.pipeline.check.lines import texts

IDENTITY = frozenset({"upn", "legal_surname", "legal_forename", "full_name", "full_name_surname_first",
                      "full_name_forename_first"})
_LEAVER_FIELDS = frozenset({"off_roll_date", "deletion_ground", "leaving_reason", "destination_school", "destination_la",
                            "destination_country", "destination_number", "last_attendance_date", "destination_start_date"})
_JOINER_FIELDS = frozenset({"previous_school", "previous_laestab", "previous_la"})
_DIGITS = re.compile(r"(?:[^0-9]*[0-9]){6}")   # a number, a date, a UPN: no heading
_GROUP_FIELDS = ("parents.", "destination", "new_address", "new_postcode", "previous", "siblings")
DATES = frozenset({"dob", "off_roll_date", "last_attendance_date", "start_date", "new_address_from", "destination_start_date",
                   "ehe_letter_date", "previous_school_leaving_date", "uk_arrival_date"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where it stands, what is written above it, and the gateway's name for it (None: not known)."""

    index: int
    heading: str
    field: str | None
    strength: int = 1_000


@dataclass(slots=True)
class Block:
    """One table. ``direction`` None: each row says itself which way the child moves."""

    sheet: str | None
    header: int                                   # row number of the headings
    columns: tuple[Column, ...]
    direction: MovementKind | None = None
    pupils: int = 0
    seen: dict[int, set[Any]] = field(default_factory=dict)       # distinct cells of columns that are judged as a whole
    above: tuple[tuple[str, ...], ...] = ()       # texts of the lines between the table before and this one
    besides: frozenset[str] = frozenset()         # fields that come ready, without a column of cells
    turned: dict[MovementKind, tuple[Column, ...]] = field(default_factory=dict)   # columns as each direction names them
    date1904: bool = False

    def fields(self) -> frozenset[str]:
        """The fields that have a column."""
        return self.besides | {column.field for column in self.columns if column.field}

    def index_of(self, name: str) -> int | None:
        """Where the strongest column of a field stands."""
        found = [column for column in self.columns if column.field == name]
        return min(found, key=lambda column: (column.strength, column.index)).index if found else None

    @property
    def width(self) -> int:
        """How many cells a row must have."""
        return max(column.index for column in self.columns) + 1


@dataclass(frozen=True, slots=True)
class HeadingReader:
    """The synonym table as one sender needs it."""

    synonyms: Synonyms
    learnt: Mapping[str, str]

    def named(self, heading: str) -> str | None:
        """The gateway's name for one heading."""
        return self.synonyms.field_of(heading, None, self.learnt)

    def _ever_named(self, heading: str) -> str | None:
        """What a heading means among all, or else only among leavers or joiners."""
        among = (self.synonyms.field_of(heading, each) for each in MovementKind)
        return self.named(heading) or next((name for name in among if name), None)

    def columns(self, cells: Sequence[Any], above: Sequence[Any] | None, movement: MovementKind | None) -> tuple[Column, ...]:
        """Map one row of headings; ``above`` is the line directly over it, which may group columns (``Parent 1``)."""
        groups = _groups(above, len(cells)) if above is not None else [""] * len(cells)
        columns: list[Column] = []
        for index, cell in enumerate(cells):
            heading = str(cell).strip() if cell is not None else ""
            if heading:
                name = self._grouped(groups[index], heading, movement) or self.synonyms.field_of(heading, movement, self.learnt)
                columns.append(Column(index, heading, name, self.synonyms.strength(heading)))
        return tuple(self._by_neighbours(columns, movement))

    def _grouped(self, group: str, heading: str, movement: MovementKind | None) -> str | None:
        if not group:
            return None
        name = self.synonyms.field_of(f"{group} {heading}", movement, self.learnt)
        return name if name and name.startswith(_GROUP_FIELDS) else None

    def _by_neighbours(self, columns: list[Column], movement: MovementKind | None) -> list[Column]:
        """A second ``Postcode`` after ``New Address`` is the new one; a ``DfE No`` after ``New School`` is that school's; a bare
        ``Confirmed`` speaks of the place only behind the destination."""
        taken: set[str] = set()
        before: str | None = None
        result: list[Column] = []
        for column in columns:
            name = column.field
            if name == "school_number" and before in ("destination_school", "previous_school"):
                name = "destination_number" if before == "destination_school" else "previous_laestab"
            elif name == "confirmed":
                name = "destination_confirmed" if before and before.startswith("destination") else None
            elif name in taken and name in ("home_postcode", "phone", "email", "address_lines"):
                name = self._second(name, result)
            elif name in taken and name and name.startswith("parents.1."):
                name = name.replace("parents.1.", "parents.2.") if name.replace("parents.1.", "parents.2.") not in taken else name
            if name:
                taken.add(name)
            result.append(Column(column.index, column.heading, name, column.strength))
            before = name
        return result

    def _second(self, name: str, before: list[Column]) -> str:
        """What a repeated heading belongs to: the nearest group to its left."""
        for column in reversed(before):
            if column.field in ("new_address_lines", "new_postcode"):
                return {"home_postcode": "new_postcode", "address_lines": "new_address_lines"}.get(name, name)
            if column.field and column.field.startswith("parents."):
                particular = {"home_postcode": "postcode", "phone": "phone", "email": "email", "address_lines": "address"}[name]
                return f"parents.{column.field.split('.')[1]}.{particular}"
            if column.field == "destination_school" and name == "home_postcode":
                return "destination_postcode"
        return name

    def is_header(self, cells: Sequence[Any]) -> bool:
        """Whether a row is one of headings: most of its texts are known, and one of them names a child."""
        said = texts(cells)
        if len(said) < 2 or any(cell is not None and type(cell) is not str for cell in cells) or any(map(_DIGITS.match, said)):
            return False
        known = [name for name in map(self._ever_named, said) if name and name != "ignored"]
        distinct = set(known)
        if not IDENTITY & distinct or len(distinct) < 2:
            return False
        return (len(distinct) >= 3 and (len(known) * 5 >= len(said) * 3 or len(distinct) >= 6)) or len(known) == len(said)


def direction_by_columns(fields: frozenset[str]) -> tuple[bool, MovementKind | None]:
    """(decided, direction): both kinds of column in one table leave it to each row."""
    leaves = bool(fields & (_LEAVER_FIELDS - {"last_attendance_date"}))
    joins = bool(fields & _JOINER_FIELDS)
    if "movement" in fields or (leaves and joins and "start_date" in fields):
        return True, None
    if leaves or ("last_attendance_date" in fields and not joins and "start_date" not in fields):
        return True, MovementKind.LEAVER
    if joins or "start_date" in fields:
        return True, MovementKind.JOINER
    return False, None


def _groups(above: Sequence[Any], width: int) -> list[str]:
    """The label over each column, filled to the right as a merged cell reaches."""
    labels, current = [], ""
    for index in range(width):
        cell = above[index] if index < len(above) else None
        if cell is not None and str(cell).strip():
            current = str(cell).strip()
        labels.append(current)
    return labels
