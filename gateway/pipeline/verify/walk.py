"""Walking along entries and nodes: what is wrong with them, each fault told once and where it lies.

1. Neighbouring entries that are wrong in the same way are one sentence.
2. A node is compared with what the entries below it give. Above a fault that is named already, nodes differ as a matter of course
   and are not told again: of several nodes the lowest is named, with the entries it covers.
3. Nodes that belong to no entry are counted.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from gateway.domain.ledger.tree import Node
from gateway.pipeline.verify.entries import Entry
from gateway.ports import Transaction


class Walk:
    """Takes pages in order; sentences go to ``problems``."""

    def __init__(self, tx: Transaction, problems: list[str]) -> None:
        self._tx = tx
        self._problems = problems
        self._changed: list[int] = []     # entries that are not what they were, in order
        self._bad: set[Node] = set()
        self._run: list[int] = []
        self._said = ""
        self._nodes = 0

    def take(self, page: Sequence[Entry], made: dict[Node, bytes], new: Iterable[Node]) -> None:
        """One page of entries, and the nodes that are complete with it."""
        for entry in page:
            if self._run and (entry.problem != self._said or entry.number != self._run[-1] + 1):
                self._tell()
            if entry.problem:
                self._changed.append(entry.number)
                self._run.append(entry.number)
                self._said = entry.problem
        self._compare_nodes(sorted(node for node in new if node[0]), made)

    def finish(self) -> None:
        """The last run; and nodes that belong to no entry."""
        self._tell()
        there = self._tx.leaves.count_nodes()
        if there > self._nodes:
            self._problems.append(f"ledger: {there} nodes are stored, {self._nodes} belong to the entries")

    def _tell(self) -> None:
        if self._run:
            first, last = self._run[0], self._run[-1]
            more = f", and {last - first} more up to {last}" if last > first else ""
            self._problems.append(f"ledger: entry {first} {self._said}{more}")
            self._run.clear()

    def _compare_nodes(self, wanted: Sequence[Node], made: dict[Node, bytes]) -> None:
        self._nodes += len(wanted)
        stored = self._tx.leaves.nodes(wanted)
        for level, index in wanted:
            if stored.get((level, index)) == made[level, index]:
                continue
            below = {(level - 1, 2 * index), (level - 1, 2 * index + 1)}
            self._bad.add((level, index))
            if self._named(level, index) or self._bad & below:
                continue
            what = "differs from the entries below it" if (level, index) in stored else "is missing"
            first, last = index << level, ((index + 1) << level) - 1
            self._problems.append(f"ledger: node at level {level}, index {index} {what} (entries {first} to {last})")

    def _named(self, level: int, index: int) -> bool:
        """Whether an entry below a node is named as changed."""
        place = bisect_left(self._changed, index << level)
        return place < len(self._changed) and self._changed[place] < (index + 1) << level
