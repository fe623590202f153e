"""Sealing and blinding cells: the only place of the store that touches the field key and the index key.

1. A sealed cell is bound to table, row id and column; the row's id is made before the insert.
2. None stays None: that a value is missing is not hidden.
3. A blind cell is computed from the plain value at each write, under the newest key; nothing reads it back. What is looked for is
   blinded under every key: rows written before a rotation are found too.
4. Each transaction asks for the keys anew: a rotation needs no stop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from gateway.ports import Blinder, FieldSealer

Renewed = Callable[[], tuple[FieldSealer, Blinder]]


@dataclass(frozen=True, slots=True)
class Seals:
    """The two keys of the store's cells, and what one transaction has blinded already."""

    sealer: FieldSealer
    blinder: Blinder
    renewed: Renewed | None = None
    blinds: dict[tuple[str, str], Sequence[bytes]] = field(default_factory=dict, repr=False, compare=False)

    def fresh(self) -> Seals:
        """The keys for the next transaction, with nothing remembered."""
        sealer, blinder = self.renewed() if self.renewed else (self.sealer, self.blinder)
        return Seals(sealer, blinder, self.renewed)

    def blind(self, sort: str, text: str) -> bytes:
        """The blind cell of a value."""
        return self.found_by(sort, text)[0]

    def blind_parts(self, sort: str, parts: Iterable[str]) -> bytes:
        """The blind cell of a composite value; each part with its length, so that no two values look alike."""
        return self.blind(sort, _joined(parts))

    def found_by(self, sort: str, text: str) -> Sequence[bytes]:
        """The blind cells by which a row may be found. What was looked up is often written next: it is computed once."""
        made = self.blinds.get((sort, text))
        if made is None:
            made = self.blinds[sort, text] = self.blinder.blinds(sort, text)
        return made

    def parts_found_by(self, sort: str, parts: Iterable[str]) -> Sequence[bytes]:
        """The same of a composite value."""
        return self.found_by(sort, _joined(parts))


def _joined(parts: Iterable[str]) -> str:
    return "".join(f"{len(part)}:{part}" for part in parts)
