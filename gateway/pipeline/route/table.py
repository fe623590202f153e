"""The routing table: what becomes of a leaver, by ground for deletion and destination. Data, reviewed as one page.

Read a row by its ground, a column by its destination; the cell is the outcome, explained in ``OUTCOMES``. The table speaks of
children of compulsory school age; before it come, in this order:

1. a held row: it waits, and is a provisional case when it is not corrected in time;
2. a child who died (ground k): restricted, whatever the age;
3. a joiner that is there already: the two halves match, whatever the ground;
4. a whole cohort that changes school at phase transfer: the autumn no-show list;
5. age: below compulsory school age nothing opens; above it, the participation team, by date of birth and never by year group.

Grounds are those of SI 2024/208 regulation 9(1). ``none``: no ground was given. ``doubtful``: it could not be read, or is one of
the 2006 Regulations; such a ground never takes a child out of CME.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

OUTCOMES = {
    "note": "noted: a confirmed place, nothing is sent",
    "await": "the joiner is awaited from a school with a joiner feed; otherwise one task to confirm the destination",
    "await+": "the joiner is awaited from a school with a joiner feed; otherwise noted, for the place is confirmed",
    "confirm": "one task to confirm the destination",
    "enquire": "a case, and an enquiry to the authority of the named school; within our own area as `await`",
    "refer": "a case, and a referral to the authority where the child lives",
    "case": "a case; referred as well when the child lives in another authority",
    "ehe": "handed to home education; without the date of the parent's letter also a task, and a case when it stays away",
    "ehe-case": "a case, and handed to home education: the ground does not carry it",
    "excluded": "handed to exclusions the same day, with the clock of the sixth school day",
    "custody": "handed to youth justice",
    "custody-case": "a case, and handed to youth justice: the ground does not carry it",
    "died": "restricted: no letters, no chasers; the registrar's desk is told",
    "died-doubt": "restricted, with a restricted case and a task: the ground does not carry it",
}

DESTINATIONS = {
    "own+": "a school in our area, place confirmed",
    "own": "a school in our area, not confirmed",
    "other+": "a school in another authority, place confirmed",
    "other": "a school in another authority, not confirmed",
    "la": "another authority, no school named",
    "indep+": "an independent school, place confirmed",
    "indep": "an independent school, not confirmed",
    "abroad+": "abroad, a named school, place confirmed",
    "abroad": "abroad, no named and confirmed school",
    "ehe": "education at home",
    "custody": "custody",
    "died": "the child died",
    "post16": "post-16, though still of compulsory school age",
    "ap": "alternative provision",
    "named": "a school that the register does not know",
    "unknown": "not known",
}

GRID = """
ground    own+    own      other+  other    la     indep+  indep    abroad+ abroad ehe       custody       died        post16 ap       named    unknown
a         await+  await    note    enquire  refer  note    enquire  note    case   ehe-case  custody-case  died-doubt  case   await    confirm  case
b         await+  await    note    enquire  refer  note    enquire  note    case   ehe-case  custody-case  died-doubt  case   await    confirm  case
c         await+  await    note    enquire  refer  note    enquire  note    case   ehe-case  custody-case  died-doubt  case   await    confirm  case
d         await+  await    note    enquire  refer  note    enquire  note    case   ehe-case  custody-case  died-doubt  case   await    confirm  case
e         await+  await    note    enquire  refer  note    enquire  note    case   ehe-case  custody-case  died-doubt  case   await    confirm  ehe-case
f         await+  await    note    enquire  refer  note    enquire  note    case   ehe       custody-case  died-doubt  case   await    confirm  ehe
g         await+  await    note    enquire  refer  note    enquire  note    case   ehe-case  custody-case  died-doubt  case   await    confirm  case
h         await+  case     note    enquire  refer  note    case     note    case   ehe-case  custody-case  died-doubt  case   case     case     case
i         await+  case     note    enquire  refer  note    case     note    case   ehe-case  custody-case  died-doubt  case   case     case     case
j         custody custody  custody custody  custody custody custody custody custody custody  custody       died-doubt  custody custody custody  custody
k         died-doubt died-doubt died-doubt died-doubt died-doubt died-doubt died-doubt died-doubt died-doubt died-doubt died-doubt died died-doubt died-doubt died-doubt died
l         await+  await    note    enquire  refer  note    enquire  note    case   ehe-case  custody-case  died-doubt  case   await    confirm  case
m         await+  await    note    enquire  refer  note    enquire  note    case   ehe-case  custody-case  died-doubt  case   await    confirm  case
n         await+  await    note    enquire  refer  note    enquire  note    case   ehe-case  custody-case  died-doubt  case   await    confirm  case
o         excluded excluded excluded excluded excluded excluded excluded excluded excluded excluded excluded died-doubt excluded excluded excluded excluded
none      await+  await    note    enquire  refer  note    enquire  note    case   ehe-case  custody-case  died-doubt  case   await    confirm  case
doubtful  await+  await    note    enquire  refer  note    enquire  note    case   ehe-case  custody-case  died-doubt  case   await    confirm  case
"""  # noqa: E501 - a table is read across


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the table: this ground with this destination has this outcome."""

    ground: str
    destination: str
    outcome: str


def _read(grid: str) -> dict[tuple[str, str], str]:
    head, *lines = [line.split() for line in grid.strip().splitlines()]
    return {(line[0], place): cell for line in lines for place, cell in zip(head[1:], line[1:], strict=True)}


TABLE = _read(GRID)
GROUNDS = tuple(dict.fromkeys(ground for ground, _ in TABLE))


def outcome(ground: str, destination: str) -> str:
    """The reviewed outcome; every pair has one."""
    return TABLE[ground, destination]


def rows() -> Iterator[Line]:
    """Every row, for the tests and the reference page."""
    for (ground, destination), cell in TABLE.items():
        yield Line(ground, destination, cell)
