"""Whether a line below headings is a pupil: judged column by column, by what stands in it.

1. A cell counts for the column it stands in. Below a name's heading it may be a *name*; a birthday, a UPN and a raised flag are
   *proofs*; a sex, a year group, a postcode, a ground, a plain no are *signs*; any other date is a *day*, for signatures have
   dates too. Text where a date or a UPN belongs is a *misfit*.
2. A name beside a proof or a sign is a pupil; so are two proofs, two days or signs, and a raised flag, whoever they are about.
   What is missing holds the row, it does not hide it.
3. Less than that (names alone, or one name and a day) is a pupil where pupils stand: right below another row of the table, with
   no misfit, and not opening with a word that heads columns. Below a gap or a footer the same cells are somebody's signature.
4. A line that opens with words of totals, labels, notes or signatures is a pupil only with a name beside a proof or beside two
   days or signs. Where such a word stands alone below a name's heading it may be a surname, and a second name beside one of
   them is enough; but a signature has a name and a date too.
5. Whatever of a pupil may stand in a line that is not read is noted with the line's number.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import IntEnum
from typing import Any

from gateway.domain.brief import brief
from gateway.domain.identifiers.faults import BadIdentifierError
from gateway.domain.identifiers.postcode import Postcode
from gateway.domain.returns.dates import read_date
from gateway.domain.returns.flags import raises_alarm, read_flag, read_sex, reads_as_flag
from gateway.domain.returns.grounds import read_ground
from gateway.domain.returns.text import cell_text, fold, is_no_name, is_nothing, is_placeholder
from gateway.domain.returns.year_groups import age_on, read_year_group
from gateway.pipeline.check.blocks import DATES, Block
from gateway.pipeline.check.cells import REMEMBERED
from gateway.pipeline.check.lines import direction_of, is_furniture, signs_off
from gateway.pipeline.check.quick import quick_date

WHOLE_NAMES = frozenset({"full_name", "full_name_surname_first", "full_name_forename_first"})
NAMES = WHOLE_NAMES | {"legal_surname", "legal_forename"}
FLAGS = frozenset({"urgent", "address_protected", "restricted"})
OF_A_PUPIL = range(1, 26)           # years: who signs a return is older, and what was signed or printed today is younger
_ALONE = re.compile(r"[^\s,]+(, ?\S.*)?")        # ``Key`` and ``Key, Amy``: so a name stands; not ``Key to the codes``
_UPN_DIGITS = 8
_MEANT = brief(      # a day that does not exist, or half of one
    r"\D*\d{1,4}\s*[./\-\\ ]\s*(\d{1,2}|[a-z]{3,9})\s*[./\-\\ ]\s*\d{2,4}\D*|\d{1,2}(st|nd|rd|th)?\W*[a-z]{3,9}\W*\d{2,4}|"
    r"[a-z]{3,9}\W+\d{2,4}|(19|20)\d\d", 200, re.IGNORECASE)
_NOT_KNOWN = frozenset({"unknown", "not known", "nk", "n k", "dk", "dont know", "no", "none", "nil"})


class Weight(IntEnum):
    """What one cell says for a pupil."""

    MISFIT = -1
    NOTHING = 0
    DAY = 1
    SIGN = 2
    PROOF = 3


@dataclass(frozen=True, slots=True)
class Weighed:
    """A line's cells, weighed."""

    names: int            # cells that may be names
    name_parts: int       # the same, a whole name with a comma as two
    own: int              # UPN and birthday
    meant: int            # what stands for a birthday, though the day does not exist
    flags: int            # raised
    days: int
    signs: int
    misfits: int

    @property
    def proofs(self) -> int:
        """What only a pupil has."""
        return self.own + self.flags

    @property
    def identity(self) -> int:
        """Cells that may be a surname, forename, UPN or date of birth."""
        return self.names + self.own + self.meant

    @property
    def is_plain(self) -> bool:
        """Whether it is enough wherever the line stands."""
        if self.names and (self.proofs or self.meant or self.signs):
            return True
        beside = self.days + self.signs
        return self.flags > 0 or self.own + self.meant >= 2 or beside >= 2 or (self.own > 0 and beside > 0)


class Birthdays(dict[Any, bool]):
    """Whether a cell is the birthday of somebody of an age to be a pupil; each distinct cell is looked at once."""

    def __init__(self, today: date, *, date1904: bool) -> None:
        super().__init__()
        self._today, self._date1904, self._quick = today, date1904, quick_date(today)

    def __missing__(self, cell: Any) -> bool:
        born = (self._quick(cell) if type(cell) is str else None) or read_date(cell, date1904=self._date1904).value
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

    def is_pupil(self, cells: Sequence[Any], said: Sequence[str], *, in_place: bool) -> bool:
        """Whether a line is a pupil's; ``said`` are its texts, blanks left out. ``in_place``: it stands where pupils do."""
        seen = self._weigh(cells)
        if is_furniture(said):
            return self._in_spite_of_its_words(seen, cells, said[0])
        if seen.is_plain:
            return True
        something = seen.identity >= 2 or (seen.identity == 1 and (seen.days > 0 or len(said) >= 3))
        return something and in_place and not seen.misfits

    def is_flagged(self, cells: Sequence[Any]) -> bool:
        """Whether a flag is raised in a line."""
        return any(reader(cells[index]) is Weight.PROOF for index, reader in self.others if index < len(cells))

    def may_hide_a_pupil(self, cells: Sequence[Any], said: Sequence[str]) -> bool:
        """Whether something of a pupil may stand in a line that is not read: in none of a title's, in few of a footer's."""
        if len(said) == 1 and direction_of(said[0]):
            return False      # the next table's title
        if not is_furniture(said):
            return True
        seen = self._weigh(cells)
        return seen.own + seen.meant + seen.flags > 0 or any(_may_stand_alone(_text(cells, index)) for index in self.names)

    def _in_spite_of_its_words(self, seen: Weighed, cells: Sequence[Any], opening: str) -> bool:
        beside = seen.days + seen.signs + seen.meant
        if (seen.proofs and seen.names) or seen.own >= 2 or (seen.names and beside >= 2):
            return True
        named = any(_text(cells, index) == opening for index in self.names)
        return named and seen.name_parts >= 2 and beside > 0 and _ALONE.fullmatch(opening) is not None and not signs_off(opening)

    def _weigh(self, cells: Sequence[Any]) -> Weighed:
        weights = [reader(cells[index]) for index, reader in self.others if index < len(cells)]
        names = [text for index in self.names if _may_be_a_name(text := _text(cells, index))]
        parts = sum("," in text.strip(", ") for index in self.whole_names if _may_be_a_name(text := _text(cells, index) or ""))
        upn, born = _text(cells, self.upn), _text(cells, self.born)
        birthday = born is not None and self.birthdays[cells[self.born or 0]]
        of_birth = _day_or_misfit(cells[self.born or 0], born) if born is not None and not birthday else Weight.NOTHING
        weights.append(of_birth)
        meant = of_birth is Weight.NOTHING and born is not None and _MEANT.fullmatch(born) is not None and not birthday
        strange = upn is not None and not is_nothing(upn) and not any(map(str.isdigit, upn))
        return Weighed(len(names), len(names) + parts, _looks_like_a_upn(upn) + birthday, int(meant), weights.count(Weight.PROOF),
                       weights.count(Weight.DAY), weights.count(Weight.SIGN), weights.count(Weight.MISFIT) + strange)


def _text(cells: Sequence[Any], index: int | None) -> str | None:
    return cell_text(cells[index]) if index is not None and index < len(cells) else None


def _may_be_a_name(text: str | None) -> bool:
    """Letters, and neither a label (``Signed:``) nor mostly a number or a date."""
    return text is not None and len(text) <= 80 and ":" not in text and not is_no_name(text) \
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
        return lambda cell: _day_or_misfit(cell, cell_text(cell), date1904)
    if field in FLAGS:
        return _flag
    return _READERS.get(field or "")


def _day_or_misfit(cell: Any, text: str | None, date1904: bool = False) -> Weight:
    """A cell where a date belongs: a day, words that have nothing of one, or neither."""
    if text is None or is_placeholder(text):
        return Weight.NOTHING
    if read_date(cell, date1904=date1904).value is not None:
        return Weight.DAY
    return Weight.NOTHING if _MEANT.fullmatch(text) or fold(text) in _NOT_KNOWN else Weight.MISFIT


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
        return Weight.SIGN if text is not None and not text.isdigit() and read(text) else Weight.NOTHING
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
