"""Files whose whole outcome is known before they are dropped.

Seven sorts take turns: a child nobody can find (a case), a child taught at home (a hand-over), a joiner, a broken file (refused),
a return with one good and one faulty row (settled, the school's workbook comes back), a return whose only row is faulty (held),
and the same bytes once more under another name (no parcel of its own).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from tests.journeys.borough import (
    ALL_HALLOWS,
    FERNBRIDGE,
    QUILLMEAD,
    THORNHAVEN_HIGH,
    Pupil,
    joiner,
    joiners,
    leaver,
    leavers,
)

SCHOOLS = (FERNBRIDGE, ALL_HALLOWS, QUILLMEAD, THORNHAVEN_HIGH)
LEFT = "13/11/2026"
_SYLLABLES = ("Ash", "Birk", "Cot", "Dun", "Elm", "Fen", "Gar", "Hol", "Ing", "Kirk")


@dataclass(frozen=True)
class Known:
    """One file, and what must become of it."""

    sender: str
    name: str
    content: bytes
    state: str                                # of its parcel
    moved: tuple[str, ...] = ()               # a movement each, by UPN
    cases: tuple[str, ...] = ()               # a case each
    handed: tuple[str, ...] = ()              # a hand-over each
    waits: str | None = None                  # what sort of hold tells a person of it
    sha256: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "sha256", hashlib.sha256(self.content).hexdigest())

    @property
    def parcel(self) -> tuple[str, str]:
        """What makes it one parcel."""
        return (self.sender, self.sha256)


def child(serial: int) -> Pupil:
    """One of up to 999 children, no two alike."""
    first, second, third = (_SYLLABLES[serial // power % 10] for power in (1, 10, 100))
    surname = first + second.lower() + third.lower()
    return Pupil(serial, surname, ("Ada", "Ben", "Cleo", "Dev")[serial % 4], f"{serial % 28 + 1:02d}/{serial % 11 + 1:02d}/2017")


def known(number: int) -> Known:
    """The ``number``-th file, from 1. Two children each: numbers below 500."""
    sort, sender = _SORTS[(number - 1) % len(_SORTS)], SCHOOLS[number % len(SCHOOLS)]
    return sort(number, sender)


def morning(files: int, first: int = 1) -> list[Known]:
    """So many files, one after the other."""
    return [known(number) for number in range(first, first + files)]


def _lost(number: int, sender: str) -> Known:
    one = child(2 * number)
    content = leavers(leaver(one, LEFT, "9(1)(i)", "Unknown"))
    return Known(sender, f"leavers {number}.csv", content, "settled", (one.upn,), cases=(one.upn,))


def _at_home(number: int, sender: str) -> Known:
    one = child(2 * number)
    content = leavers(leaver(one, LEFT, "9(1)(f)", "Elective home education", EHE_letter_date="09/11/2026"))
    return Known(sender, f"home {number}.csv", content, "settled", (one.upn,), handed=(one.upn,))


def _joined(number: int, sender: str) -> Known:
    one = child(2 * number)
    return Known(sender, f"joiners {number}.csv", joiners(joiner(one, "16/11/2026")), "settled", (one.upn,))


def _broken(number: int, sender: str) -> Known:
    return Known(sender, f"broken {number}.xlsx", b"PK\x03\x04 not a workbook, number %d" % number, "refused", waits="file")


def _half(number: int, sender: str) -> Known:
    good, faulty = child(2 * number), child(2 * number + 1)
    content = leavers(leaver(good, LEFT, "9(1)(i)", "Unknown"),
                      leaver(faulty, LEFT, "9(1)(i)", "Unknown") | {"Date of birth": "31/02/2017"})
    return Known(sender, f"half {number}.csv", content, "settled", (good.upn, faulty.upn), cases=(good.upn,), waits="rows")


def _faulty(number: int, sender: str) -> Known:
    one = child(2 * number)
    content = leavers(leaver(one, "31/11/2026", "9(1)(i)", "Unknown"))
    return Known(sender, f"faulty {number}.csv", content, "held", (one.upn,), waits="rows")


def _again(number: int, _: str) -> Known:
    before = known(number - len(_SORTS) + 1)
    return Known(before.sender, f"again {number}.csv", before.content, before.state, before.moved, before.cases, before.handed)


_SORTS = (_lost, _at_home, _joined, _broken, _half, _faulty, _again)
