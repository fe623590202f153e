"""Kind, verdict and findings on the file, once its rows are known.

1. Any row held makes *part-accepted*, all rows held too. A return without a row is *nil* and accepted.
2. A refusal reads nothing and gives nothing: no rows, no records, one error on the file.
3. What is recognised but not read here (part-time returns, enquiries) is accepted with a query: a person deals with it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from gateway.domain.parcels.kinds import Finding, Kind, Severity, Verdict
from gateway.domain.parcels.stages import Checked, Counts, Offered
from gateway.domain.returns.record import MovementKind
from gateway.domain.returns.text import fold
from gateway.domain.rules.rule import Fault, FileFacts
from gateway.domain.rules.table import file_rules
from gateway.errors import RefusedError
from gateway.pipeline.check.blocks import Block
from gateway.pipeline.check.whose import sender_of

_NO_REGISTER = "NO-REGISTER"     # with one it would be refused all the same
_PART_TIME = re.compile(r"\b(part time|reduced|alternative provision|ap)\b.*\b(timetables?|returns?|pupils|provision|"
                        r"education)\b|\bpart time (return|timetable)")
_ENQUIRY = re.compile(r"\b(cme|on roll|school place|reasonable|pupil) (enquiry|enquiries|inquiry|check)\b|\benquiry (form|to|"
                      r"about)\b|\bcme (referral|form)\b|"
                      r"\b(referral|notification) (form )?(of|for)? ?(a )?child(ren)? missing\b")
UNREAD = {Kind.PART_TIME: "a part-time or alternative-provision return", Kind.ENQUIRY: "an enquiry", Kind.REFERRAL: "a referral",
          Kind.REPLY: "a reply", Kind.S2S_DOWNLOAD: "a download from S2S"}
_STATUTORY: dict[MovementKind, tuple[tuple[str, str], ...]] = {
    MovementKind.LEAVER: (
        ("upn", "the UPN"), ("legal_surname", "the surname"), ("dob", "the date of birth"),
        ("off_roll_date", "the off-roll date"), ("deletion_ground", "the ground for deletion"),
        ("destination_school", "the destination"), ("address_lines", "the home address"),
        ("parents", "the parents’ names and addresses"), ("phone", "an emergency telephone number")),
    MovementKind.JOINER: (
        ("upn", "the UPN"), ("legal_surname", "the surname"), ("dob", "the date of birth"), ("sex", "the sex"),
        ("start_date", "the start date"), ("previous_school", "the previous school"), ("address_lines", "the home address"),
        ("parents", "the parents’ names and addresses"), ("phone", "an emergency telephone number")),
}
_INSTEAD = {"destination_school": {"destination_number", "destination_la", "destination_country", "new_address_lines"},
            "legal_surname": {"full_name", "full_name_surname_first", "full_name_forename_first"},
            "previous_school": {"previous_laestab", "arrived_from_country"}}


def kind_of(directions: Iterable[MovementKind | None]) -> Kind:
    """The kind of a spreadsheet by the tables in it."""
    found = set(directions)
    if None in found or len(found) > 1:
        return Kind.MOVEMENTS
    return Kind.JOINERS if MovementKind.JOINER in found else Kind.LEAVERS


def kind_by_words(lines: Iterable[Sequence[str]], name: str, fields: frozenset[str]) -> Kind | None:
    """A kind that is recognised by its title, its name or its columns, but not read here."""
    spoken = [fold(text) for line in lines for text in line if len(text) < 120] + [fold(name.rsplit(".", 1)[0].replace("_", " "))]
    moves = fields & {"off_roll_date", "start_date", "deletion_ground"}
    if ({"hours_in_school"} & fields and not moves) or (not moves and any(_PART_TIME.search(text) for text in spoken)):
        return Kind.PART_TIME
    if not moves and any(_ENQUIRY.search(text) for text in spoken):
        return Kind.ENQUIRY
    return None


def absent_items(blocks: Sequence[Block]) -> tuple[tuple[str, str, str], ...]:
    """The statutory items for which no table of a direction has a column; each item once."""
    missing: dict[str, tuple[str, list[str]]] = {}
    for direction, items in _STATUTORY.items():
        fields: set[str] = set()
        for block in blocks:
            if block.direction in (direction, None):
                fields |= block.fields()
        if not fields:
            continue
        for field, words in items:
            if not _has(field, fields):
                missing.setdefault(field, (words, []))[1].append(f"{direction.value}s")
    return tuple((field, words, " and ".join(among)) for field, (words, among) in missing.items())


def _has(field: str, fields: set[str]) -> bool:
    if field in fields or fields & _INSTEAD.get(field, set()):
        return True
    if field == "deletion_ground":
        return "leaving_reason" in fields
    if field == "parents":
        return any(name.startswith("parents.") for name in fields)
    if field == "phone":
        return "emergency_contact" in fields or any(name.startswith("parents.") and name.endswith(".phone") for name in fields)
    return False


def file_findings(facts: FileFacts) -> list[Finding]:
    """Every finding on the file itself."""
    found = []
    for rule in file_rules():
        for said in rule.check(facts):
            sheet = said.get("sheet") or None
            found.append(Fault(rule, rule.fields[0] if rule.fields else None, said).at(sheet, None))
    return found


def refused(offered: Offered, kind: Kind, findings: Iterable[Finding]) -> Checked:
    """A parcel that cannot be taken: its errors and notes on the file, nothing of its content."""
    kept = [finding for finding in findings if finding.row is None]
    errors = [finding for finding in kept if finding.severity is Severity.ERROR][:1]
    notes = [finding for finding in kept if finding.severity is Severity.NOTE and finding.code != _NO_REGISTER]
    return Checked(file=offered.name, kind=kind, verdict=Verdict.REFUSED, sender=sender_of(offered.sender, offered.name),
                   rows=Counts(),
                   findings=(*errors, *notes))


def refusal(offered: Offered, error: RefusedError, kind: Kind = Kind.UNKNOWN) -> Checked:
    """What becomes of a parcel that screening or reading refused."""
    field = "sender" if error.code.startswith("SENDER") else None
    return refused(offered, kind, [Finding(error.code, Severity.ERROR, error.message, error.hint, field=field)])
