"""Sealing and blinding cells: the only place of the store that touches the field key and the index key.

1. A sealed cell is bound to table, row id and column; the row's id is made before the insert.
2. None stays None: that a value is missing is not hidden.
3. A blind cell is computed from the plain value at each write; nothing reads it back.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from gateway.ports import Blinder, FieldSealer


@dataclass(frozen=True, slots=True)
class Seals:
    """The two keys of the store's cells, and what one transaction has blinded already."""

    sealer: FieldSealer
    blinder: Blinder
    blinds: dict[tuple[str, str], bytes] = field(default_factory=dict, repr=False, compare=False)

    def fresh(self) -> Seals:
        """The same keys for the next transaction, with nothing remembered."""
        return Seals(self.sealer, self.blinder)

    def blind(self, sort: str, text: str) -> bytes:
        """The blind cell of a value. What was looked up is often written next: it is computed once."""
        made = self.blinds.get((sort, text))
        if made is None:
            made = self.blinds[sort, text] = self.blinder.blind(sort, text)
        return made

    def blind_parts(self, sort: str, parts: Iterable[str]) -> bytes:
        """The blind cell of a composite value; each part with its length, so that no two values look alike."""
        return self.blind(sort, "".join(f"{len(part)}:{part}" for part in parts))
