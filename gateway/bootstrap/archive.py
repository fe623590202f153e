"""Backup: one age file of a whole home; and a home from it.

1. The store is taken first, as a snapshot while the daemon works on; then everything the snapshot may point to.
2. Private keys are never in it. It is sealed to the vault key and the recovery key; ``restore`` with the recovery identity
   brings back the keys that read, and makes new ones that sign.
3. What can be made again (receipts in drop folders, tiles, notices) is left out, and so is what is not ours yet.
4. ``restore`` never writes over anything: it fills a new folder, proves every file against the list inside, and only then
   gives it the name that was asked for.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from adapters.clock import SystemClock
from gateway.bootstrap.home import CLOCK, Home
from gateway.config import CONFIG, Settings
from gateway.config.layout import STORE, make_folders
from gateway.config.toml import written
from gateway.errors import DiskError, TamperError, UsageError
from keys.age_files import AgeFiles, AgeStream
from keys.rotation import recover

FORMAT = "cme-gateway backup/1"
LIST = "backup.json"
KEPT = ("register", "keys/trusted", "vault")
KEPT_FILES = (CONFIG, CLOCK, "keys/public.json", "keys/escrow.age")


@dataclass(frozen=True, slots=True)
class Backup:
    """What was written."""

    path: Path
    files: int
    bytes: int
    sealed_bytes: int
    made_at: datetime


def backup(home: Home, target: Path) -> Backup:
    """Write a home to ``target``, which must not exist yet."""
    if target.exists():
        raise UsageError(f"{target} exists already", code="BACKUP-EXISTS", hint="Name a new file; a backup is never overwritten.")
    part = target.with_name(target.name + ".part")
    with tempfile.TemporaryDirectory(dir=home.path, prefix=".backup-") as folder:
        snapshot = Path(folder) / STORE
        home.store.snapshot(snapshot)
        made_at = home.clock.now()
        with part.open("xb") as sink:
            part.chmod(0o600)
            stream = home.keys.vault_files().sealing(sink)
            listed = _write(stream, home.settings, snapshot, made_at)
            sealed = stream.finish()
            sink.flush()
            os.fsync(sink.fileno())
            if os.fstat(sink.fileno()).st_size != sealed:
                raise DiskError(
                    f"{part} holds another size than the {sealed} bytes that were written",
                    code="BACKUP-SHORT",
                    hint="Look at the disk and make the backup again.",
                )
    part.rename(target)
    return Backup(target, len(listed), sum(size for size, _ in listed.values()), sealed, made_at)


def restore(source: Path, home: Path, identity: Path, private: Path | None = None) -> dict[str, Any]:
    """Make ``home`` from a backup with the recovery identity; the list of what was in it."""
    if home.exists() and any(home.iterdir()):
        raise UsageError(f"{home} is not empty", code="HOME-EXISTS", hint="Name a new --home; restore never writes over one.")
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent, prefix=".restore-") as folder:
        new = Path(folder) / "home"
        new.mkdir(mode=0o711)
        contents = _unpack(source, new, _identities(identity))
        make_folders(new, contents["drops"])
        inside = bool(contents["rehearsal"]) and private is None
        keys = new / "keys" / "private" if inside else (private or home.with_name(home.name + ".keys")).absolute()
        recover(new, private_dir=keys, recovery_identity=identity, now=SystemClock().now())
        if not inside:
            _point_to_keys(new / CONFIG, keys)
        if home.exists():
            home.rmdir()
        new.rename(home)
    return contents | {"keys": str(home / "keys" / "private" if inside else keys)}


def _point_to_keys(config: Path, keys: Path) -> None:
    """The new home's own keys: ``[keys] private`` still names the old home's."""
    lines = config.read_text(encoding="utf-8").splitlines()
    if "[keys]" not in lines:
        lines += ["", "[keys]"]
    at = lines.index("[keys]") + 1
    end = next((n for n in range(at, len(lines)) if lines[n].startswith("[")), len(lines))
    rest = [line for line in lines[at:end] if line.split("=")[0].strip() != "private"]
    lines[at:end] = [f"private = {written(str(keys))}", *rest]
    config.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _write(stream: AgeStream, settings: Settings, snapshot: Path, made_at: datetime) -> dict[str, tuple[int, str]]:
    listed: dict[str, tuple[int, str]] = {}
    with tarfile.open(fileobj=_Pushed(stream), mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for name, path in _files(settings.home, snapshot):
            with path.open("rb") as file:
                read, status = _Hashed(file), os.fstat(file.fileno())
                _add(tar, name, status.st_size, read, status.st_mtime)
            listed[name] = (read.size, read.digest.hexdigest())
        drops = [folder.name for folder in sorted((settings.home / "drop").glob("*")) if folder.is_dir()]
        values = {
            "format": FORMAT,
            "drops": drops,
            "la": settings.authority.la,
            "name": settings.authority.name,
            "rehearsal": settings.rehearsal,
            "made_at": made_at.isoformat(),
            "files": {name: list(facts) for name, facts in listed.items()},
        }
        content = json.dumps(values, indent=1).encode()
        _add(tar, LIST, len(content), io.BytesIO(content))
    return listed


def _files(home: Path, snapshot: Path) -> Iterator[tuple[str, Path]]:
    yield STORE, snapshot
    for name in KEPT_FILES:
        if (home / name).is_file():
            yield name, home / name
    for folder in KEPT:
        for path in sorted((home / folder).rglob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield path.relative_to(home).as_posix(), path


def _add(tar: tarfile.TarFile, name: str, size: int, content: IO[bytes] | _Hashed, written: float = 0) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode, entry.mtime = size, 0o600, written
    tar.addfile(entry, content)


def _unpack(source: Path, new: Path, identities: list[str]) -> dict[str, Any]:
    with tempfile.TemporaryFile(dir=new.parent) as plain:  # not proven whole before it is all there
        with source.open("rb") as sealed:
            AgeFiles((), identities).open(sealed, plain)
        plain.seek(0)
        _extract(plain, new)
    return _proven(new)


def _extract(plain: IO[bytes], new: Path) -> None:
    try:
        with tarfile.open(fileobj=plain, mode="r:") as tar:
            tar.extractall(new, filter="data")
    except tarfile.TarError as error:
        raise TamperError(
            f"the backup opens but is not a backup: {type(error).__name__}",
            code="NOT-A-BACKUP",
            hint="Name a file that gateway backup wrote.",
        ) from error


def _proven(new: Path) -> dict[str, Any]:
    """Every file as listed, and none besides."""
    path = new / LIST
    contents: dict[str, Any] = json.loads(path.read_bytes()) if path.is_file() else {}
    if contents.get("format") != FORMAT:
        raise TamperError(
            f"the backup says it is {contents.get('format')!r}, expected {FORMAT!r}",
            code="NOT-A-BACKUP",
            hint="Name a file that gateway backup wrote, of this or an earlier version.",
        )
    path.unlink()
    found = {p.relative_to(new).as_posix(): p for p in new.rglob("*") if p.is_file()}
    for name, (size, digest) in contents["files"].items():
        if name not in found or _facts(found.pop(name)) != (size, digest):
            raise TamperError(f"{name} in the backup is not as its list says", code="BACKUP-DIFFERS", hint="Use another backup.")
    if found:
        raise TamperError(
            f"the backup holds {len(found)} files that its list does not name", code="BACKUP-DIFFERS", hint="Use another backup."
        )
    return contents


def _facts(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        return path.stat().st_size, hashlib.file_digest(file, "sha256").hexdigest()


def _identities(path: Path) -> list[str]:
    try:
        return [line for line in path.read_text("ascii").splitlines() if line and not line.startswith("#")]
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(
            f"{path} is no recovery identity: {type(error).__name__}",
            code="NO-RECOVERY-IDENTITY",
            hint="Give --identity the file that init --recovery wrote.",
        ) from error


class _Hashed:
    """A file that is hashed while it is read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.size = 0
        self.digest = hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        """Pass on what was read, counted and hashed."""
        chunk = self._file.read(size)
        self.size += len(chunk)
        self.digest.update(chunk)
        return chunk


class _Pushed(io.RawIOBase):
    """What a tar file is written to: passes everything on to the sealing stream."""

    def __init__(self, stream: AgeStream) -> None:
        self._stream = stream

    def writable(self) -> bool:
        return True

    def write(self, chunk: Any) -> int:
        self._stream.write(bytes(chunk))
        return len(chunk)
