"""The ledger as files that anyone may copy and check: C2SP tlog-tiles.

1. A tile holds up to 256 hashes of one row of the tree, every eighth level; a bundle holds the 256 entries below a tile.
2. A full tile never changes. One that is not full has its width in its name, so it never changes either.
3. Everything here can be made again from the store, but one thing: that this was signed and published. A store that does not
   go on from it was put back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from gateway.domain.ledger.tree import Node
from gateway.errors import OperatorError, TamperError

WIDTH = 256
HASH_BYTES = 32
TREE_LEVELS = 8                   # levels of the tree between two rows of tiles
MOST = 0xFFFF                     # an entry's length is told in two bytes


@dataclass(frozen=True, slots=True)
class Tile:
    """One tile of a tree: its row, its place in the row, how many hashes it has."""

    row: int
    index: int
    width: int

    @property
    def nodes(self) -> list[Node]:
        """The hashes it holds, by their address in the tree; row 0 holds the leaf hashes."""
        start = self.index * WIDTH
        return [(self.row * TREE_LEVELS, start + n) for n in range(self.width)]

    @property
    def name(self) -> str:
        """Its path."""
        return f"tile/{self.row}/{_place(self.index, self.width)}"

    @property
    def bundle_name(self) -> str:
        """The path of the entries below a tile of row 0."""
        return f"tile/entries/{_place(self.index, self.width)}"


def tiles_of(size: int, since: int = 0) -> Iterator[Tile]:
    """The tiles of a tree that one of ``since`` entries did not have."""
    row, count, before = 0, size, since
    while count:
        for index in range(before // WIDTH, -(-count // WIDTH)):
            tile = Tile(row, index, min(WIDTH, count - index * WIDTH))
            if tile.index * WIDTH + tile.width > before:
                yield tile
        row, count, before = row + 1, count >> TREE_LEVELS, before >> TREE_LEVELS


def bundle(entries: Sequence[bytes]) -> bytes:
    """Entries as a bundle: each with its length before it."""
    for entry in entries:
        if len(entry) > MOST:
            raise OperatorError(f"ledger entry has {len(entry)} bytes, at most {MOST} fit a bundle", code="ENTRY-TOO-LONG",
                                hint="Report this: facts of an entry are hashes, counts, codes and ids only.")
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def unbundle(content: bytes) -> list[bytes]:
    """The entries of a bundle; TamperError when it is not one."""
    entries: list[bytes] = []
    place = 0
    while place < len(content):
        length = int.from_bytes(content[place:place + 2], "big")
        entries.append(content[place + 2:place + 2 + length])
        place += 2 + length
    if place != len(content):
        raise TamperError(f"a bundle of entries ends at byte {place}, the file has {len(content)}", code="LEDGER-BUNDLE",
                          hint="It was cut off or changed. The store has the entries; run `gateway verify`.")
    return entries


def hashes_in(tile: bytes) -> list[bytes]:
    """The hashes of a tile's content, in order."""
    return [tile[n:n + HASH_BYTES] for n in range(0, len(tile), HASH_BYTES)]


def _place(index: int, width: int) -> str:
    """``x001/x234/067`` for 1234067, with the width behind it when the tile is not full."""
    text = f"{index:03}"
    text = text.zfill(-(-len(text) // 3) * 3)
    parts = [text[n:n + 3] for n in range(0, len(text), 3)]
    path = "/".join([f"x{part}" for part in parts[:-1]] + parts[-1:])
    return path if width == WIDTH else f"{path}.p/{width}"
