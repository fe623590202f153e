"""The findings of a file, sorted by the place they are to be written at."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.domain.parcels.kinds import Finding, Severity
from gateway.domain.returns.unseen import visible

WORDS = {Severity.ERROR: "CORRECT", Severity.QUERY: "CHECK", Severity.NOTE: "NOTE"}
FILLS = {Severity.ERROR: "FFF8CBAD", Severity.QUERY: "FFFFE699", Severity.NOTE: "FFDDEBF7"}   # pale, to read through
REHEARSAL = "REHEARSAL"
_REHEARSAL = Finding(REHEARSAL, Severity.NOTE, f"{REHEARSAL}. This is from a practice system: nothing was reported.", "")
_ORDER = {Severity.ERROR: 0, Severity.QUERY: 1, Severity.NOTE: 2}


@dataclass(slots=True)
class Marks:
    """Findings by (sheet, row), and those on the file."""

    rows: dict[tuple[str | None, int], list[Finding]] = field(default_factory=lambda: defaultdict(list))
    file: list[Finding] = field(default_factory=list)
    rehearsal: bool = False

    def of(self, sheet: str | None, row: int) -> list[Finding]:
        """The findings of one row."""
        return self.rows.get((sheet, row), [])


def sort_findings(findings: Iterable[Finding], *, rehearsal: bool = False) -> Marks:
    """Findings by their place, the gravest first; before those of a rehearsal, in each row, that it is one."""
    marks = Marks(rehearsal=rehearsal)
    for finding in sorted(findings, key=lambda f: _ORDER[f.severity]):
        if finding.row is None:
            marks.file.append(finding)
        else:
            place = finding.sheet, finding.row
            if rehearsal and place not in marks.rows:
                marks.rows[place].append(_REHEARSAL)
            marks.rows[place].append(finding)
    return marks


def sentence(finding: Finding, *, with_column: bool = True) -> str:
    """A finding as a person reads it in a cell."""
    column = f" {visible(finding.column.strip())}:" if with_column and finding.column else ":"
    return f"{WORDS[finding.severity]}{column} {finding.message} {finding.hint}".strip()


def sentences(findings: Iterable[Finding]) -> str:
    """All of a row's findings, one a line."""
    return "\n".join(sentence(f) for f in findings)


def gravest(findings: Iterable[Finding]) -> Severity:
    """The gravest severity among them."""
    return min((f.severity for f in findings), key=_ORDER.__getitem__)
