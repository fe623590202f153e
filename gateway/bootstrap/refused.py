"""A refusal as an answer."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Finding, Kind, Severity, Verdict
from gateway.domain.parcels.stages import Checked, Counts, Offered
from gateway.errors import RefusedError


def refused(offered: Offered, refusal: RefusedError) -> Checked:
    """The answer to a file that cannot be taken: nothing read, one error on the whole file."""
    reason = Finding(code=refusal.code, severity=Severity.ERROR, message=refusal.message, hint=refusal.hint)
    return Checked(file=offered.name, kind=offered.kind or Kind.UNKNOWN, verdict=Verdict.REFUSED, sender=offered.sender,
                   rows=Counts(), findings=(reason,))
