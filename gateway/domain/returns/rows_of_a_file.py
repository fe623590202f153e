"""Rows of one file that are about one movement: which they are, and what they say together.

1. Rows with the same whole key are one movement; but different UPNs are different children, and a row without a number beside
   two numbers is neither of them.
2. Rows whose key lacks something are one only where they say the same; else each stands for itself, in the file's order.
3. Together they say what the first good one says, with what it leaves out taken from the other good ones. A held row only
   speaks where all are held.
4. A flag in any of them counts, held ones included.
5. Rows that contradict each other in ground or destination take no child out of CME: the ground is doubtful, the place is not
   confirmed. When one of them says that the child died, and not all do, that is what is in doubt.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

from gateway.domain.returns.record import GROUND_DOUBTFUL, DestinationType, PupilRecord
from gateway.domain.returns.same_movement import Key, completed, content_mark, is_whole, same_content, same_place, verified_upn

DIED = "2024:9(1)(k)"
NO_NUMBER = "-"      # stands in a key for the number of a row that has none, beside others that have


@dataclass(frozen=True, slots=True)
class Gathered:
    """One movement of a file. ``others`` are the further rows about it, as they were read."""

    base: Key                     # as it is without numbers
    key: Key                      # as far as the file alone tells
    record: PupilRecord
    others: tuple[PupilRecord, ...] = ()
    one_of_several: bool = False  # other children of the file have the same base

    @property
    def differ(self) -> bool:
        """Whether the rows say different things."""
        return any(not same_content(self.others[0], other) for other in self.others[1:])


def gather(rows: Iterable[tuple[Key, PupilRecord]]) -> list[Gathered]:
    """The movements of a file, in the order of their first rows."""
    groups: defaultdict[Key, list[PupilRecord]] = defaultdict(list)
    for key, record in rows:
        groups[key].append(record)
    found = []
    for base, same in groups.items():
        if len(same) == 1:
            found.append(Gathered(base, base, same[0]))
            continue
        parts = _by_number(same) if is_whole(base) else _by_content(same)
        found += [Gathered(base, (*base, mark) if n else base, folded(part), tuple(part), len(parts) > 1)
                  for n, (mark, part) in enumerate(parts.items())]
    return found


def folded(rows: Sequence[PupilRecord]) -> PupilRecord:
    """What rows about one movement say together."""
    good = [row for row in rows if not row.held]
    whole, *more = good or rows[:1]
    for other in more:
        whole = completed(whole, other)
    deaths = sum(map(_says_died, rows))
    if 0 < deaths < len(rows):
        whole = replace(whole, destination_type=DestinationType.DECEASED, destination_school=None, destination_laestab=None,
                        destination_la=None, destination_country=None)
    if 0 < deaths < len(rows) or _contradict(good):
        sure = {k: v for k, v in whole.details.items() if k != "destination_confirmed"}
        whole = replace(whole, details=MappingProxyType({**sure, GROUND_DOUBTFUL: True}))
    return replace(whole, urgent=any(row.urgent for row in rows), address_protected=any(row.address_protected for row in rows),
                   restricted=any(row.restricted for row in rows))


def _by_number(same: Sequence[PupilRecord]) -> dict[str, list[PupilRecord]]:
    numbers = dict.fromkeys(number for row in same if (number := verified_upn(row)))
    if len(numbers) < 2:
        return {NO_NUMBER: list(same)}
    parts: dict[str, list[PupilRecord]] = {number: [] for number in numbers}
    for row in same:
        parts.setdefault(verified_upn(row) or NO_NUMBER, []).append(row)
    return parts


def _by_content(same: Sequence[PupilRecord]) -> dict[str, list[PupilRecord]]:
    parts: defaultdict[str, list[PupilRecord]] = defaultdict(list)
    for row in same:
        parts[content_mark(row)].append(row)
    return {str(n): part for n, part in enumerate(parts.values(), 1)}


def _says_died(row: PupilRecord) -> bool:
    return row.destination_type is DestinationType.DECEASED or row.deletion_ground == DIED


def _contradict(rows: Sequence[PupilRecord]) -> bool:
    grounds = {row.deletion_ground for row in rows if row.deletion_ground}
    places = [row for row in rows if row.destination_type is not None]
    return len(grounds) > 1 or any(not same_place(places[0], other) for other in places[1:])
