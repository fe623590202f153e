"""The ports of sealing and signing, each contract in a sentence. ``ports`` gives them to everyone else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import IO, Any, Protocol

from gateway.domain.ledger.leaf import Checkpoint


class FieldSealer(Protocol):
    """Seals one field with the newest key; opening under another table, row or column fails with TamperError."""

    def seal(self, table: str, row: str, column: str, plain: bytes) -> bytes: ...
    def open(self, table: str, row: str, column: str, sealed: bytes) -> bytes: ...
    def is_newest(self, sealed: bytes) -> bool: ...         # False: an older key's, to be sealed anew


class SealingStream(Protocol):
    """What is written to it reaches its sink sealed; whole only once ``finish`` returned. DiskError: the sink failed."""

    def write(self, chunk: bytes) -> None: ...
    def finish(self) -> int: ...                            # bytes the sink took, to compare with what the disk says
    def abandon(self) -> None: ...


class FileSealer(Protocol):
    """Seals whole files for fixed recipients; opens them with our own key. What ``open`` wrote is unproven until it returns."""

    def sealing(self, sink: IO[bytes]) -> SealingStream: ...
    def open(self, source: IO[bytes], sink: IO[bytes]) -> int: ...     # bytes opened; TamperError


class Blinder(Protocol):
    """Keyed, one-way index of a value: equal values give equal bytes, nothing else can be learnt."""

    def blind(self, sort: str, text: str) -> bytes: ...     # 16 bytes, under the newest key
    def blinds(self, sort: str, text: str) -> Sequence[bytes]: ...    # under every key, the newest first


class NoteChecker(Protocol):
    """Verifies notes with public keys alone. Line 1 is type and version; a verifier demands the type."""

    def verify(self, kind: str, note: str, *, keys: Sequence[bytes] | None = None) -> dict[str, Any]: ...    # TamperError
    def open_checkpoint(self, note: str) -> Checkpoint: ...                                      # TamperError
    def public_keys(self) -> Mapping[str, str]: ...         # "checkpoints" and "receipts" → key text


class Notary(NoteChecker, Protocol):
    """Signs notes as well. One key for checkpoints, one for the rest."""

    def sign(self, kind: str, lines: Sequence[tuple[str, Any]]) -> str: ...
    def checkpoint(self, size: int, root: bytes, at: datetime) -> Checkpoint: ...
