"""What a rule is.

1. A rule has one code that never changes, one severity, and words a school office understands.
2. It looks at one cell, at one row, at a row and an earlier one, or at the whole file. ``check`` gives None when all is
   well, else the facts that its wording needs.
3. An error holds the row; a query asks and lets the row flow; a note tells.
4. Facts hold what the sender wrote only under ``found``, which is shown to nobody else; messages never repeat it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from dataclasses import field as given
from datetime import date
from enum import StrEnum
from typing import Any

from gateway.domain.parcels.kinds import Finding, Severity
from gateway.domain.returns.record import MovementKind, PupilRecord

Facts = Mapping[str, str]
ANY_FIELD = "*"                   # a cell's rule that looks at every field
STORY = ("deletion_ground", "destination_type", "destination_school", "destination_laestab", "destination_country")
YES: Facts = {}                   # the rule fires and its wording needs nothing more

DATE_FIELDS = ("dob", "off_roll_date", "last_attendance_date", "start_date", "new_address_from", "destination_start_date",
               "ehe_letter_date", "previous_school_leaving_date", "uk_arrival_date")
NAME_FIELDS = ("legal_surname", "legal_forename", "middle_names", "preferred_surname", "preferred_forename", "former_surname")
TEXT_FIELDS = (*NAME_FIELDS, "full_name", "upn", "home_postcode", "previous_school", "destination_school", "destination_la",
               "destination_country", "deletion_ground", "address_lines", "notes")


class Scope(StrEnum):
    """What a rule looks at."""

    CELL = "cell"
    ROW = "row"
    PAIR = "pair"
    FILE = "file"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell as read. ``text`` is None when nothing was given; ``trouble`` is what the reader said of it."""

    field: str
    text: str | None
    value: Any = None
    trouble: str | None = None
    about: str = ""
    raw: str = ""                 # before invisible characters were taken out
    today: date = date.min


@dataclass(frozen=True, slots=True)
class Situation:
    """What a row's rule may know besides the row."""

    today: date
    own_school: str | None = None
    columns: frozenset[str] = frozenset()    # fields that have a column in this block


@dataclass(frozen=True, slots=True)
class Repeat:
    """A row that shares its child, or only its UPN, with an earlier row of the file."""

    row: str
    same_child: bool
    same_words: bool = True       # both rows say the same of the child


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What a file's rule may know."""

    sender: str | None = None
    foreign: tuple[str, ...] = ()                          # establishments inside that the sender may not speak for
    hidden: tuple[str, ...] = ()                           # hidden sheets that hold pupils
    without_register: bool = False
    unknown_headings: tuple[tuple[str | None, str], ...] = ()   # sheet, heading
    absent: tuple[tuple[str, str, str], ...] = ()          # statutory items without a column: field, words, among whom
    month_first: tuple[tuple[str | None, str], ...] = ()   # sheet, heading
    unread_kind: str = ""                                  # a kind that is understood but not yet handled
    nothing_found: bool = False
    pupils_in_lost_file: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table of rules."""

    code: str
    severity: Severity
    scope: Scope
    fields: tuple[str, ...]       # a cell's rule: the fields it looks at; else the field that its finding names
    title: str
    wording: str
    hint: str
    source: str
    check: Callable[..., Any]     # its argument and answer follow from the scope; the builders below type them
    movement: MovementKind | None = None
    columns: frozenset[str] = frozenset()    # a row's rule runs only where one of these columns exists; empty: always
    grounds: frozenset[str] = frozenset()    # a row's rule runs only for these grounds; empty: for all
    depends: tuple[str, ...] = ()            # the record's values on which its word rests, when it rests on nothing else


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that fired, before it is known on which row."""

    rule: Rule
    field: str | None
    facts: Facts = given(default_factory=dict)

    @property
    def is_error(self) -> bool:
        """Whether it holds the row."""
        return self.rule.severity is Severity.ERROR

    def at(self, sheet: str | None, row: int | None, column: str | None = None) -> Finding:
        """The finding in the sender's own rows and headings."""
        return Finding(
            code=self.rule.code, severity=self.rule.severity, message=_said(self.rule.wording, self.facts),
            hint=_said(self.rule.hint, self.facts), sheet=sheet, row=row, column=self.facts.get("column", column),
            field=self.facts.get("field", self.field), found=self.facts.get("found"),
        )


def _said(words: str, facts: Facts) -> str:
    """Words with the facts that they ask for; most ask for none."""
    return words.format_map(facts) if "{" in words else words


def cell_rule(code: str, severity: Severity, fields: tuple[str, ...], check: Callable[[Cell], Facts | None], *, title: str,
              wording: str, hint: str, source: str, movement: MovementKind | None = None) -> Rule:
    """A rule about one cell, judged once for each distinct value of a column."""
    return Rule(code, severity, Scope.CELL, fields, title, wording, hint, source, check, movement)


def row_rule(code: str, severity: Severity, field: str, check: Callable[[PupilRecord, Situation], Facts | None], *, title: str,
             wording: str, hint: str, source: str, movement: MovementKind | None = None, columns: tuple[str, ...] = (),
             grounds: Iterable[str] = (), depends: tuple[str, ...] = ()) -> Rule:
    """A rule about values that stand side by side. Rules that depend on the same values are asked once for each set of them."""
    return Rule(code, severity, Scope.ROW, (field,), title, wording, hint, source, check, movement, frozenset(columns),
                frozenset(grounds), depends)


def pair_rule(code: str, severity: Severity, field: str, check: Callable[[Repeat], Facts | None], *, title: str, wording: str,
              hint: str, source: str) -> Rule:
    """A rule about a row and an earlier row of the same file."""
    return Rule(code, severity, Scope.PAIR, (field,), title, wording, hint, source, check)


def file_rule(code: str, severity: Severity, field: str | None, check: Callable[[FileFacts], list[Facts]], *, title: str,
              wording: str, hint: str, source: str) -> Rule:
    """A rule about the file: it may fire several times, once for each set of facts."""
    return Rule(code, severity, Scope.FILE, (field,) if field else (), title, wording, hint, source, check)
