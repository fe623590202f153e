"""A vault in a folder.

1. A blob is sealed into a file without a name (``O_TMPFILE``), so that a crash leaves nothing behind.
2. Before it gets its name the count of sealed bytes is compared with ``fstat``, then the file is synced.
3. It gets its name by a link that never replaces: the same key again means it is stored already.
4. A failed fsync is final (SyncFailedError): nothing is tried again on that descriptor, the name is not given, and the run ends;
   the next one writes the blob anew, from its source.
5. Names are ids in 256 sub-folders by hash; every error of the disk is a DiskError.
"""

from __future__ import annotations

import errno
import hashlib
import io
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, NoReturn

from adapters.vault.keys import check_key, missing
from gateway.errors import DiskError, SyncFailedError
from gateway.ports import FileSealer, SealingStream

SUFFIX = ".age"


class FolderVault:
    """Sealed files below ``root``, which exists and is ours alone. Implements ``ports.Vault``."""

    def __init__(self, root: Path, sealer: FileSealer) -> None:
        self._root = root
        self._sealer = sealer

    def begin(self) -> FolderBlob:
        """A blob without a name yet."""
        try:
            fd = os.open(self._root, os.O_TMPFILE | os.O_RDWR | os.O_CLOEXEC, 0o600)
        except OSError as error:
            _fail("cannot be written", error)
        sink = os.fdopen(fd, "wb", buffering=0)
        return FolderBlob(self, sink, self._sealer.sealing(sink))

    def read(self, key: str) -> bytes:
        """The plain bytes, proven whole."""
        plain = io.BytesIO()
        try:
            with self.path_of(key).open("rb") as source:
                self._sealer.open(source, plain)
        except FileNotFoundError as error:
            raise missing(key) from error
        except OSError as error:
            _fail(f"cannot be read at {key}", error)
        return plain.getvalue()

    def exists(self, key: str) -> bool:
        """Whether a blob has this key."""
        return self.path_of(key).is_file()

    def keys(self) -> Iterator[tuple[str, int]]:
        """Every key with its sealed size, sorted within its folder."""
        for folder, names, files in os.walk(self._root):
            names.sort()
            sort = Path(folder).relative_to(self._root).parent.as_posix()
            for name in sorted(files):
                if name.endswith(SUFFIX):
                    yield f"{sort}/{name.removesuffix(SUFFIX)}", (Path(folder) / name).stat().st_size

    def remove(self, key: str) -> None:
        """Delete durably; an absent key is success."""
        path = self.path_of(key)
        try:
            path.unlink()
            sync_folder(path.parent)
        except FileNotFoundError:
            return
        except OSError as error:
            _fail(f"cannot delete {key}", error)

    def path_of(self, key: str) -> Path:
        """Where the blob lies: ``parcel/3f/P01….age``."""
        sort, _, name = check_key(key).rpartition("/")
        shard = hashlib.sha256(key.encode()).hexdigest()[:2]
        return self._root / sort / shard / (name + SUFFIX)

    def folder_for(self, path: Path) -> None:
        """Make the folders above ``path`` durable, before anything is linked there."""
        new = []
        folder = path.parent
        while not folder.is_dir():
            new.append(folder)
            folder = folder.parent
        for folder in reversed(new):
            with suppress(FileExistsError):   # another thread was quicker
                folder.mkdir(mode=0o700)
            sync_folder(folder.parent)


class FolderBlob:
    """One blob being written. Implements ``ports.BlobWriter``."""

    def __init__(self, vault: FolderVault, sink: IO[bytes], stream: SealingStream) -> None:
        self._vault = vault
        self._sink = sink
        self._stream = stream

    def write(self, chunk: bytes) -> None:
        """Seal a chunk. DiskError ends the blob."""
        self._alive()
        try:
            self._stream.write(chunk)
        except DiskError:
            self.discard()
            raise

    def publish(self, key: str) -> None:
        """Make it whole, durable and visible, in this order."""
        self._alive()
        path = self._vault.path_of(key)
        try:
            taken = self._stream.finish()
            size = os.fstat(self._sink.fileno()).st_size
            if taken != size:
                raise DiskError(f"vault wrote {taken} bytes, the disk has {size}", code="VAULT-SHORT",
                                hint="Look at the disk's health before anything else; the file is taken again by itself.")
            _sync(self._sink.fileno(), key)
            self._vault.folder_for(path)
            _link(self._sink.fileno(), path)
        except OSError as error:
            _fail(f"cannot keep {key}", error)
        finally:
            self._sink.close()

    def discard(self) -> None:
        """Forget it: a file without a name is gone when it is closed."""
        if not self._sink.closed:
            self._stream.abandon()
            self._sink.close()

    def _alive(self) -> None:
        if self._sink.closed:
            raise DiskError("blob was ended before, 0 more acts expected", code="VAULT-BLOB-ENDED",
                            hint="Begin a new blob; a failed one is never continued.")


def _link(fd: int, path: Path) -> None:
    """Give the file its name, never another's; then make the name durable, or take it back."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        # With a dst_dir_fd Python calls linkat(2) with AT_SYMLINK_FOLLOW, which /proc/self/fd needs.
        with suppress(FileExistsError):   # stored already: only whole, synced files ever get a name
            os.link(f"/proc/self/fd/{fd}", path.name, dst_dir_fd=folder, follow_symlinks=True)
        try:
            _sync(folder, path.parent.name)
        except SyncFailedError:
            with suppress(OSError):
                os.unlink(path.name, dir_fd=folder)
            raise
    finally:
        os.close(folder)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    fd = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        _sync(fd, folder.name)
    finally:
        os.close(fd)


def _sync(fd: int, name: str) -> None:
    try:
        os.fsync(fd)
    except OSError as error:
        raise SyncFailedError(f"vault could not make {name} durable: {error.strerror or error}", code="VAULT-UNSYNCED",
                              hint="Look at the disk, then start the gateway again: it takes the file again.") from error


def _fail(what: str, error: OSError) -> NoReturn:
    hint = "Make room, then run the gateway again: nothing is lost." if error.errno in (errno.ENOSPC, errno.EDQUOT) \
        else "Look at the disk and at the folder's owner with `gateway doctor`."
    raise DiskError(f"vault {what}: {error.strerror or error}", code="VAULT-DISK", hint=hint) from error
