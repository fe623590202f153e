"""The ledger's copy in files against the store: every tile and bundle that its checkpoint covers.

1. The copy is read by its own checkpoint; when the daemon publishes meanwhile and takes outgrown tiles away, it is read again.
2. A hash that differs from the store's is told with the number of its entry: the copy and the store cannot both be right, and
   the signed roots say which is.
"""

from __future__ import annotations

from gateway.domain.ledger.tiles import HASH_BYTES, WIDTH, Tile, bundle, hashes_in, tiles_of
from gateway.errors import TamperError
from gateway.pipeline.sequence import nodes_of
from gateway.pipeline.standing import LedgerFiles, published
from gateway.ports import NoteChecker, Transaction

LOOKS = 5                         # a copy that changes under five looks in a row is looked at another day


def check_files(tx: Transaction, checker: NoteChecker, files: LedgerFiles) -> list[str]:
    """What is wrong with the copy, as sentences. Its checkpoint is checked as one seen elsewhere."""
    problems: list[str] = []
    for _ in range(LOOKS):
        note = files.checkpoint()
        try:
            done = published(checker, files)
        except TamperError as error:
            return [f"ledger/checkpoint does not verify: {error.message}"]
        size = tx.leaves.size()   # as this transaction sees it; what was published since cannot be compared
        tiles = [tile for tile in tiles_of(done.size if done else 0) if _reach(tile) <= size]
        problems = [problem for tile in tiles for problem in _compare(tx, files, tile)]
        if not problems or files.checkpoint() == note:
            return problems
    return []


def _reach(tile: Tile) -> int:
    """How many entries a tile needs."""
    level, index = tile.nodes[-1]
    return (index + 1) << level


def _compare(tx: Transaction, files: LedgerFiles, tile: Tile) -> list[str]:
    content = files.get(tile.name)
    try:
        wanted = _wanted(tx, tile)
    except (TamperError, ValueError):
        return []                 # the store's own fault, and named there
    problems = _tile(tile, content, wanted[0])
    if tile.row == 0 and files.get(tile.bundle_name) != wanted[1]:
        problems.append(f"ledger/{tile.bundle_name} does not hold the entries {tile.index * WIDTH} to "
                        f"{tile.index * WIDTH + tile.width - 1} as the store has them")
    return problems


def _wanted(tx: Transaction, tile: Tile) -> tuple[bytes, bytes]:
    if tile.row:
        found = nodes_of(tx, tile.nodes)
        return b"".join(found[node] for node in tile.nodes), b""
    entries = tx.leaves.range(tile.index * WIDTH, tile.index * WIDTH + tile.width)
    return b"".join(hashed for _, hashed in entries), bundle([leaf.canonical() for leaf, _ in entries])


def _tile(tile: Tile, content: bytes | None, wanted: bytes) -> list[str]:
    if content == wanted:
        return []
    if content is None or len(content) != len(wanted):
        return [f"ledger/{tile.name} has {len(content or b'')} bytes, expected {HASH_BYTES * tile.width}"]
    differing = [n for n, (one, other) in enumerate(zip(hashes_in(content), hashes_in(wanted), strict=True)) if one != other]
    level, index = tile.nodes[differing[0]]
    more = f", and {len(differing) - 1} more" if len(differing) > 1 else ""
    return [f"ledger/{tile.name} has another hash than the store for entry {index << level}"
            + (f" to {((index + 1) << level) - 1}" if level else "") + more]
