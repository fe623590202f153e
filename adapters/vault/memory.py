"""A vault in memory, for trying things out: the same promises, until the process ends."""

from __future__ import annotations

import io
from collections.abc import Iterator

from adapters.vault.keys import check_key, missing
from gateway.errors import DiskError
from gateway.ports import FileSealer


class MemoryVault:
    """Sealed bytes by key. Implements ``ports.Vault``."""

    def __init__(self, sealer: FileSealer) -> None:
        self._sealer = sealer
        self._blobs: dict[str, bytes] = {}

    def begin(self) -> MemoryBlob:
        """A blob without a name yet."""
        return MemoryBlob(self._blobs, self._sealer)

    def read(self, key: str) -> bytes:
        """The plain bytes, proven whole."""
        sealed = self._blobs.get(check_key(key))
        if sealed is None:
            raise missing(key)
        plain = io.BytesIO()
        self._sealer.open(io.BytesIO(sealed), plain)
        return plain.getvalue()

    def exists(self, key: str) -> bool:
        """Whether a blob has this key."""
        return check_key(key) in self._blobs

    def keys(self) -> Iterator[tuple[str, int]]:
        """Every key with its sealed size."""
        yield from [(key, len(sealed)) for key, sealed in sorted(self._blobs.items())]

    def remove(self, key: str) -> None:
        """Delete; an absent key is success."""
        self._blobs.pop(check_key(key), None)


class MemoryBlob:
    """One blob being written. Implements ``ports.BlobWriter``."""

    def __init__(self, blobs: dict[str, bytes], sealer: FileSealer) -> None:
        self._blobs = blobs
        self._sink: io.BytesIO | None = io.BytesIO()
        self._stream = sealer.sealing(self._sink)

    def write(self, chunk: bytes) -> None:
        """Seal a chunk."""
        self._alive()
        self._stream.write(chunk)

    def publish(self, key: str) -> None:
        """Make it whole and visible."""
        sink = self._alive()
        check_key(key)
        self._stream.finish()
        self._blobs.setdefault(key, sink.getvalue())
        self._sink = None

    def discard(self) -> None:
        """Forget it."""
        if self._sink is not None:
            self._stream.abandon()
            self._sink = None

    def _alive(self) -> io.BytesIO:
        if self._sink is None:
            raise DiskError("blob was ended before, 0 more acts expected", code="VAULT-BLOB-ENDED",
                            hint="Begin a new blob; a failed one is never continued.")
        return self._sink
