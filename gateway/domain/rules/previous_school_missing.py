"""The register names a joiner’s last school."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.rules.rule import YES, Facts, Situation, row_rule

FIRST_YEARS = frozenset({"N1", "N2", "R"})   # a first school has none before it


def check(record: PupilRecord, situation: Situation) -> Facts | None:
    """The register names a joiner’s last school."""
    if record.details.get("previous_school"):
        return None
    return None if record.details.get("arrived_from_country") or record.year_group in FIRST_YEARS else YES


RULE = row_rule(
    "PREVIOUS-SCHOOL-MISSING", Severity.QUERY, "previous_school", check, movement=MovementKind.JOINER,
    columns=("previous_school",),
    title="The register names a joiner’s last school.",
    wording="The previous school is not given.",
    hint="Give its name and address; write None if this is the child’s first school, or the country the child came from.",
    source="The School Attendance (Pupil Registration) (England) Regulations 2024, regs 8 and 13(1)",
)
