"""Whether a line below headings is a pupil: judged column by column, by what stands in it.

1. A cell counts for the column it stands in. Below a name's heading it may be a *name*; a birthday, a UPN and a raised flag are
   *proofs*; whatever else reads as its column should (a date, a sex, a year group, a postcode, a ground, a plain no) is a *sign*.
2. A pupil has two of surname, forename, UPN and date of birth; or one of them beside a sign, a flag or two more cells; or none
   of them beside two. What is missing holds the row, it does not hide it.
3. A line that opens with words of totals, labels, notes or signatures is a pupil only with a name beside a proof or beside two
   signs. Where such a word stands alone below a name's heading it may be a surname, and a second name beside one sign is
   enough; but a signature has a name and a date too.
4. Whatever of a pupil may stand in a line that is not read is noted with the line's number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any

from gateway.domain.identifiers.faults import BadIdentifierError
from gateway.domain.identifiers.postcode import Postcode
from gateway.domain.returns.dates import read_date
from gateway.domain.returns.flags import raises_alarm, read_flag, read_sex, reads_as_flag
from gateway.domain.returns.grounds import read_ground
from gateway.domain.returns.text import cell_text, is_placeholder
from gateway.domain.returns.year_groups import age_on, read_year_group
from gateway.pipeline.check.blocks import DATES, Block
from gateway.pipeline.check.cells import REMEMBERED
from gateway.pipeline.check.lines import direction_of, is_furniture, signs_off

WHOLE_NAMES = frozenset({"full_name", "full_name_surname_first", "full_name_forename_first"})
NAMES = WHOLE_NAMES | {"legal_surname", "legal_forename"}
FLAGS = frozenset({"urgent", "address_protected", "restricted"})
OF_A_PUPIL = range(1, 26)           # years: who signs a return is older, and what was signed or printed today is younger
_ALONE = re.compile(r"[^\s,]+(, ?\S.*)?")        # ``Key`` and ``Key, Amy``: so a name stands; not ``Key to the codes``
_UPN_DIGITS = 8


class Weight(IntEnum):
    """What one cell says for a pupil."""

    NOTHING = 0
    SIGN = 1
    PROOF = 2


@dataclass(frozen=True, slots=True)
class Weighed:
    """A line's cells, weighed."""

    names: int = 0        # cells that may be names; a whole name with a comma counts as two
    identity: int = 0     # cells that may be a surname, forename, UPN or date of birth
    proofs: int = 0
    signs: int = 0
    beside: int = 0       # proofs and signs outside the columns of identity


class Birthdays(dict[Any, bool]):
    """Whether a cell is the birthday of somebody of an age to be a pupil; each distinct cell is looked at once."""

    def __init__(self, today: date, *, date1904: bool) -> None:
        super().__init__()
        self._today, self._date1904 = today, date1904

    def __missing__(self, cell: Any) -> bool:
        born = read_date(cell, date1904=self._date1904).value
        if len(self) >= REMEMBERED:
            self.clear()
        self[cell] = born is not None and born <= self._today and age_on(born, self._today) in OF_A_PUPIL
        return self[cell]


@dataclass(frozen=True, slots=True)
class Scales:
    """Weighs the lines of one table."""

    names: tuple[int, ...]
    whole_names: frozenset[int]
    upn: int | None
    born: int | None
    others: tuple[tuple[int, Callable[[Any], Weight]], ...]
    birthdays: Birthdays

    @classmethod
    def of(cls, block: Block, today: date) -> Scales:
        """The scales of a table, by its columns."""
        names = tuple(column.index for column in block.columns if column.field in NAMES)
        whole = frozenset(column.index for column in block.columns if column.field in WHOLE_NAMES)
        others = tuple((column.index, reader) for column in block.columns if (reader := _reader_of(column.field, block.date1904)))
        return cls(names, whole, block.index_of("upn"), block.index_of("dob"), others, Birthdays(today, date1904=block.date1904))

    def plainly_a_pupil(self, cells: Sequence[Any]) -> bool:
        """The quick test: a birthday beside a name. A row as wide as its table is asked."""
        born = self.born
        if born is None or not self.birthdays[cells[born]]:
            return False
        for index in self.names:  # noqa: SIM110 - any() would make a generator for every row
            if cells[index]:
                return True
        return False

    def is_pupil(self, cells: Sequence[Any], said: Sequence[str]) -> bool:
        """Whether a line is a pupil's; ``said`` are its texts, blanks left out."""
        seen = self._weigh(cells)
        if is_furniture(said):
            return self._in_spite_of_its_words(seen, cells, said[0])
        return seen.identity >= 2 or (seen.identity == 1 and (seen.beside > 0 or len(said) >= 3)) or seen.beside >= 2

    def may_hide_a_pupil(self, cells: Sequence[Any], said: Sequence[str]) -> bool:
        """Whether something of a pupil may stand in a line that is not read."""
        if len(said) == 1 and direction_of(said[0]):
            return False      # the next table's title
        seen = self._weigh(cells)
        if is_furniture(said):
            return seen.identity > seen.names or any(_may_stand_alone(_text(cells, index)) for index in self.names)
        columns = (*self.names, *(index for index in (self.upn, self.born) if index is not None))
        return seen.beside > 0 or any(_text(cells, index) for index in columns)

    def _in_spite_of_its_words(self, seen: Weighed, cells: Sequence[Any], opening: str) -> bool:
        if (seen.proofs and seen.names) or seen.proofs >= 2 or (seen.names and seen.signs >= 2):
            return True
        named = any(_text(cells, index) == opening for index in self.names)
        return named and seen.names >= 2 and seen.signs > 0 and _ALONE.fullmatch(opening) is not None and not signs_off(opening)

    def _weigh(self, cells: Sequence[Any]) -> Weighed:
        beside = [weight for index, reader in self.others if index < len(cells) and (weight := reader(cells[index]))]
        names = sum(self._names_in(index, _text(cells, index)) for index in self.names)
        upn = _looks_like_a_upn(_text(cells, self.upn))
        born = _text(cells, self.born)
        birthday = born is not None and self.birthdays[cells[self.born or 0]]
        dated = born is not None and not birthday and read_date(cells[self.born or 0]).value is not None
        meant = born is not None and any(map(str.isdigit, born))       # a day that does not exist is meant as one
        return Weighed(names, names + upn + meant, upn + birthday + beside.count(Weight.PROOF), dated + beside.count(Weight.SIGN),
                       len(beside))

    def _names_in(self, index: int, text: str | None) -> int:
        if not _may_be_a_name(text):
            return 0
        return 2 if index in self.whole_names and "," in (text or "").strip(", ") else 1


def _text(cells: Sequence[Any], index: int | None) -> str | None:
    return cell_text(cells[index]) if index is not None and index < len(cells) else None


def _may_be_a_name(text: str | None) -> bool:
    """Letters, and neither a label (``Signed:``) nor mostly a number or a date."""
    return text is not None and len(text) <= 80 and ":" not in text and not is_placeholder(text) \
        and any(map(str.isalpha, text)) and sum(map(str.isdigit, text)) < 4


def _may_stand_alone(text: str | None) -> bool:
    """A name and nothing else: a few words without a number."""
    return text is not None and _may_be_a_name(text) and not any(map(str.isdigit, text)) and len(text.split()) <= 5


def _looks_like_a_upn(text: str | None) -> bool:
    return text is not None and len(text) <= 20 and sum(map(str.isdigit, text)) >= _UPN_DIGITS \
        and text.replace(" ", "").isalnum() and text.isascii()


def _reader_of(field: str | None, date1904: bool) -> Callable[[Any], Weight] | None:
    """How a cell of this column speaks for a pupil; None when it says nothing either way."""
    if field in DATES and field != "dob":
        return lambda cell: Weight(cell is not None and read_date(cell, date1904=date1904).value is not None)
    if field in FLAGS:
        return _flag
    return _READERS.get(field or "")


def _flag(cell: Any) -> Weight:
    text = cell_text(cell)
    if text is None or is_placeholder(text):
        return Weight.NOTHING
    raised = read_flag(text) and (reads_as_flag(text) or raises_alarm(text))
    return Weight.PROOF if raised else Weight.SIGN


def _note(cell: Any) -> Weight:
    return Weight.PROOF if raises_alarm(cell_text(cell) or "") else Weight.NOTHING


def _worded(read: Callable[[str], Any]) -> Callable[[Any], Weight]:
    """What reads as its column's words do. A bare number says nothing: totals stand below every column."""
    def weigh(cell: Any) -> Weight:
        text = cell_text(cell)
        return Weight(text is not None and not text.isdigit() and bool(read(text)))
    return weigh


def _postcode(text: str) -> bool:
    try:
        return bool(Postcode.parse(text))
    except BadIdentifierError:
        return False


_READERS: dict[str, Callable[[Any], Weight]] = {
    "sex": _worded(read_sex), "year_group": _worded(read_year_group), "notes": _note,
    **dict.fromkeys(("home_postcode", "new_postcode"), _worded(_postcode)),
    **dict.fromkeys(("deletion_ground", "leaving_reason"), _worded(lambda text: read_ground(text, None).value)),
}
