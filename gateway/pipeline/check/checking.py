"""One parcel being checked: a first pass that understands it as a whole, a second that reads its rows one by one.

1. The first pass finds tables, judges columns, and looks whether the sender may speak for the schools inside. What it
   refuses is never read further.
2. The second pass gives each row with its findings and forgets it: memory does not grow with the rows, but for the
   numbers by which a child standing twice is known.
3. ``head`` is known before the first row, ``finish`` after the last.
4. What is refused, or for a person, counts no rows; it is heard for alarms all the same (``alarms``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from gateway.domain.identifiers.laestab import is_laestab
from gateway.domain.parcels.kinds import Finding, Kind, Severity, Verdict
from gateway.domain.parcels.stages import Checked, Counts, Grid, Sheets
from gateway.domain.policy import SenderTerms
from gateway.domain.register.lookup import RegisterIndex
from gateway.domain.returns.headings import Synonyms, learn
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.rules.rule import Fault, FileFacts
from gateway.pipeline.check.alarms import Alarms
from gateway.pipeline.check.blocks import Block, HeadingReader
from gateway.pipeline.check.forms import as_table
from gateway.pipeline.check.judgement import UNREAD, absent_items, file_findings, kind_by_words, kind_of, refused
from gateway.pipeline.check.lines import direction_of
from gateway.pipeline.check.plan import Plan, judge, make_plan
from gateway.pipeline.check.rows import RowReader
from gateway.pipeline.check.situated import Understanding
from gateway.pipeline.check.survey import Survey, Surveyor, holds_pupils
from gateway.pipeline.check.tables import TableReader
from gateway.pipeline.check.transfers import as_of_pupils, block_of, is_lost_pupil_file, rows_of
from gateway.pipeline.check.verdicts import Seen
from gateway.pipeline.check.whose import Permission, named_around, named_in_columns, period_of, sender_of

Row = tuple[PupilRecord, tuple[Finding, ...]]
NOTED_LINES = 100      # of a sheet's lines that were not read; the others are counted
_WANTED = {Kind.LEAVERS: MovementKind.LEAVER, Kind.JOINERS: MovementKind.JOINER}


@dataclass(slots=True)
class Checking:
    """A parcel on its way from rows to records."""

    sheets: Sheets
    index: RegisterIndex
    terms: SenderTerms | None
    synonyms: Synonyms
    today: date
    head: Checked = field(init=False)                      # kind, sender, findings on the file; a refusal is final
    _surveys: list[Survey] = field(default_factory=list)
    _counts: list[int] = field(default_factory=lambda: [0, 0])   # read, held
    _understanding: Understanding = field(init=False)
    _table: Block | None = None                            # what a file of the CTF family amounts to

    def __post_init__(self) -> None:
        offered = self.sheets.screened.offered
        sender = sender_of(offered.sender, offered.name)
        own_la = sender[:3] if sender and sender[:3].isdigit() else None
        self._understanding = Understanding(self.index, self.today, own_la)
        permission = Permission.of(sender, self.terms, self.index)
        self.head = self._transfer_head(permission) if self.sheets.transfer else self._grids_head(permission)

    @property
    def is_refused(self) -> bool:
        """Whether nothing of the parcel is taken."""
        return self.head.verdict is Verdict.REFUSED

    # ── first pass ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _transfer_head(self, permission: Permission) -> Checked:
        transfer = self.sheets.transfer
        assert transfer is not None  # noqa: S101 - asked by the caller
        source = transfer.source if is_laestab(transfer.source) else None
        foreign = permission.foreign([source] if source else [])
        lost = sum(1 for _ in transfer.pupils()) if is_lost_pupil_file(transfer) else 0
        self._table = block_of(transfer)
        facts = FileFacts(pupils_in_lost_file=lost, absent=() if foreign else absent_items([self._table]))
        return self._headed(transfer.kind, permission, foreign, facts, None)

    def _grids_head(self, permission: Permission) -> Checked:
        self._walk()
        around = [line for survey in self._surveys for line in survey.around]
        tables = [block for survey in self._surveys for block in survey.blocks]
        own_la = self._understanding.own_la
        named = named_around(around, self.index, own_la)
        for block in tables:
            named += named_around(block.above, self.index, own_la, titles=True) + named_in_columns(block, self.index, own_la)
        foreign = next((number for candidates in named if (number := permission.foreign(candidates))), None)
        fields = frozenset[str]().union(*(block.fields() for block in tables)) if tables else frozenset()
        kind = self._kind(tables, around, fields)
        facts = FileFacts(
            hidden=self._hidden(), unread_kind=UNREAD.get(kind, ""), nothing_found=kind is Kind.UNKNOWN,
            absent=absent_items(tables) if kind in (Kind.LEAVERS, Kind.JOINERS, Kind.MOVEMENTS) else (),
            unknown_headings=tuple(dict.fromkeys((block.sheet,
                                                  c.heading) for block in tables for c in block.columns if c.field is None)),
            month_first=tuple(_month_first(tables)),
        )
        return self._headed(kind, permission, foreign, facts, period_of(around))

    def _walk(self) -> None:
        reader = self._reader()
        self._surveys.extend(self._surveyed(grid, reader) for grid in self.sheets.grids if not grid.hidden)

    def _reader(self) -> HeadingReader:
        return HeadingReader(self.synonyms, learn(self.terms.headings) if self.terms else {})

    def _surveyed(self, grid: Grid, reader: HeadingReader) -> Survey:
        """A sheet's tables; a sheet without any is tried as a form."""
        offered = self.sheets.screened.offered
        wanted, named = _WANTED.get(offered.kind) if offered.kind else None, direction_of(offered.name)
        survey = Surveyor(reader, Survey(grid), self.today, wanted, named).walk()
        form = as_table(grid, reader) if not survey.blocks and not survey.nil else None
        if form is None:
            return survey
        titles = [line[0] for line in survey.around if len(line) == 1]
        return Surveyor(reader, Survey(form, around=survey.around), self.today, wanted, named, titles=titles).walk()

    def _hidden(self) -> tuple[str, ...]:
        reader = HeadingReader(self.synonyms, {})
        walked = (Surveyor(reader, Survey(grid), self.today).walk() for grid in self.sheets.grids if grid.hidden)
        return tuple(survey.grid.title or "" for survey in walked if holds_pupils(survey))

    def _kind(self, tables: Sequence[Block], around: Sequence[tuple[str, ...]], fields: frozenset[str]) -> Kind:
        offered = self.sheets.screened.offered
        if offered.kind in UNREAD:
            return offered.kind
        other = kind_by_words(around, offered.name, fields)
        if other:
            return other
        if any(block.pupils for block in tables):
            return kind_of(block.direction for block in tables)
        blank = all(survey.lines == 0 for survey in self._surveys)
        return Kind.NIL if tables or blank or any(survey.nil
                                                  for survey in self._surveys) or offered.kind is Kind.NIL else Kind.UNKNOWN

    def _headed(self, kind: Kind, permission: Permission, foreign: str | None, facts: FileFacts,
                period: tuple[date, date] | None) -> Checked:
        facts = replace(facts, sender=permission.sender, foreign=(foreign,) if foreign else (),
                        without_register=self.index.empty)
        about = file_findings(facts)
        if self.sheets.transfer is not None:
            about = [as_of_pupils(finding) for finding in about]
        findings = (*self.sheets.screened.findings, *self.sheets.findings, *about)
        if foreign or kind is Kind.UNKNOWN:
            return refused(self.sheets.screened.offered, kind, findings)
        return Checked(file=self.sheets.screened.offered.name, kind=kind, verdict=Verdict.ACCEPTED, sender=permission.sender,
                       rows=Counts(), findings=findings, period=period, headings=self._headings())

    def _headings(self) -> dict[str, str]:
        return {column.heading: column.field for survey in self._surveys for block in survey.blocks
                for column in block.columns if column.field}

    # ── second pass ─────────────────────────────────────────────────────────────────────────────────────────────────

    def rows(self) -> Iterator[Row]:
        """Each row's record and findings, in the order of the file."""
        if self.is_refused or self.head.kind is Kind.NIL:
            return
        if self.head.kind in UNREAD:
            yield from self._alarms().rows()
            return
        seen = Seen.nobody()
        if self.sheets.transfer is not None:
            yield from self._transfer_rows(seen)
            return
        for survey in self._surveys:
            reader = TableReader(survey, self._understanding, self.head.sender, seen, self.today)
            for record, faults, plan in reader.rows():
                yield self._counted(record, faults, plan)

    def _transfer_rows(self, seen: Seen) -> Iterator[Row]:
        transfer = self.sheets.transfer
        assert transfer is not None  # noqa: S101 - asked by the caller
        block = self._table
        assert block is not None  # noqa: S101 - made in the first pass
        plan = make_plan(block, block.direction or MovementKind.LEAVER, self.today)
        reader = RowReader.of(plan, None, self._understanding, self.today, transfer.source, seen)
        school = transfer.source if is_laestab(transfer.source) and transfer.source != self.head.sender else None
        for number, cells, ready, doubts in rows_of(transfer):
            record, faults = reader.read(number, cells, school, ready)
            yield self._counted(record, [*faults, *doubts] if doubts else faults, plan)

    def _counted(self, record: PupilRecord, faults: list[Fault], plan: Plan) -> Row:
        self._counts[0] += 1
        self._counts[1] += record.held
        if not faults:
            return record, ()
        if self.sheets.transfer is not None:
            return record, tuple(as_of_pupils(fault.at(None, record.row)) for fault in faults)
        headings = plan.headings
        return record, tuple(fault.at(record.sheet, record.row, headings.get(fault.facts.get("field") or fault.field or ""))
                             for fault in faults)

    def _alarms(self) -> Alarms:
        return Alarms(self.sheets.grids, self._reader(), self._understanding, self.head.sender, self.today)

    def finish(self) -> Checked:
        """The answer, without records, once every row has been given."""
        if self.is_refused or self.head.kind in UNREAD:
            alarms = self._alarms()
            in_rows = (finding for _, found in alarms.rows() for finding in found) if self.is_refused else ()
            return replace(self.head, findings=(*self.head.findings, *in_rows, *alarms.lines()))
        read, held = self._counts
        kind = Kind.NIL if read == 0 and self.head.kind in (Kind.LEAVERS, Kind.JOINERS, Kind.MOVEMENTS) else self.head.kind
        return replace(
            self.head, kind=kind, verdict=Verdict.PART_ACCEPTED if held else Verdict.ACCEPTED, rows=Counts(read, read - held,
                                                                                                           held),
            findings=(*self.head.findings, *(finding for survey in self._surveys for finding in _doubtful(survey))),
        )


def _month_first(tables: Sequence[Block]) -> Iterator[tuple[str | None, str]]:
    for block in tables:
        for column in block.columns:
            order = judge(block, (column.index,))
            if order.month_first and not order.mixed:
                yield block.sheet, column.heading


def _doubtful(survey: Survey) -> Iterator[Finding]:
    """Lines below a heading row that were not read as pupils, though something of one may stand in them."""
    for number in survey.doubtful[:NOTED_LINES]:
        yield _not_read("This line was not read as a pupil.", survey, number)
    if len(survey.doubtful) > NOTED_LINES:
        yield _not_read(f"{len(survey.doubtful) - NOTED_LINES} more lines were not read as pupils.", survey, None)


def _not_read(message: str, survey: Survey, number: int | None) -> Finding:
    return Finding("LINE-NOT-READ", Severity.NOTE, message, "If it is a pupil, give at least surname, date of birth and date.",
                   sheet=survey.grid.title, row=number)
