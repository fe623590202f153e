"""A home from a backup, with the recovery identity and nothing else.

1. Nothing is ever written over: not a home, not a folder of keys.
2. Every file is proven against the list inside before the home gets the name that was asked for; a restore that fails leaves
   neither home nor keys.
3. Keys that read come back from the escrow; keys that sign are new: the recovery identity must not be able to speak for us.
4. The store is brought to this version, and the ledger tells of the restoring: by whom, when, and where the backup had ended.
   What was received after it is not here; the receipts that its senders hold show that.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, cast

from adapters.clock import RehearsalClock, SystemClock
from adapters.ids import TimedIds
from adapters.store import migrate_store, open_store
from gateway.bootstrap.archive import FORMAT, LIST, Hashed
from gateway.bootstrap.home import CLOCK
from gateway.config import CONFIG
from gateway.config.layout import STORE, make_folders
from gateway.config.people import current_user
from gateway.config.toml import written
from gateway.domain.actor import Actor
from gateway.errors import RefusedError, TamperError, UsageError
from gateway.pipeline.mirror import PUBLISHED
from gateway.pipeline.standing import RESTORED
from keys.age_files import AgeFiles
from keys.private import Purpose, file_of
from keys.ring import KeyRing
from keys.rotation import recover


def restore(source: Path, home: Path, identity: Path, private: Path | None = None) -> dict[str, Any]:
    """Make ``home`` from a backup with the recovery identity; the list of what was in it."""
    if home.exists() and any(home.iterdir()):
        raise UsageError(f"{home} is not empty", code="HOME-EXISTS", hint="Name a new --home; restore never writes over one.")
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent, prefix=".restore-") as folder:
        new = Path(folder) / "home"
        make_folders(new)         # first, so that what is unpacked lies in folders that are ours alone
        contents = _unpack(source, new, _identities(identity))
        make_folders(new, contents["drops"])
        inside = bool(contents["rehearsal"]) and private is None
        keys = new / "keys" / "private" if inside else (private or home.with_name(home.name + ".keys")).absolute()
        _refuse_existing(keys)
        there = keys.exists()
        try:
            _bring_to_life(new, keys, identity, contents, inside=inside)
            os.sync()             # all of it is on the disk before it is a home
            if home.exists():
                home.rmdir()
            new.rename(home)
        except BaseException:
            if not there:
                shutil.rmtree(keys, ignore_errors=True)
            raise
    return contents | {"keys": str(home / "keys" / "private" if inside else keys)}


def _bring_to_life(new: Path, keys: Path, identity: Path, contents: Mapping[str, Any], *, inside: bool) -> None:
    clock = RehearsalClock(new / CLOCK) if contents["rehearsal"] else SystemClock()
    ring = recover(new, private_dir=keys, recovery_identity=identity, now=SystemClock().now())
    if not inside:
        _point_to_keys(new / CONFIG, keys)
    migrate_store(new / STORE)
    _tell(new / STORE, ring, clock, contents)


def _tell(path: Path, ring: KeyRing, clock: SystemClock | RehearsalClock, contents: Mapping[str, Any]) -> None:
    """The ledger entry. Nothing was published from this home yet: the mark of the old one goes."""
    user = current_user()
    store = open_store(path, sealer=ring.sealer(), blinder=ring.blinder(), ids=TimedIds(clock))
    try:
        with store.writing() as tx:
            head = tx.leaves.last_checkpoint()
            facts = {"made_at": contents["made_at"], "backup": contents["sha256"], "entries": head.size if head else 0,
                     "root": head.root.hex() if head else None}
            tx.leaves.append(RESTORED, contents["sha256"][:16], Actor(user, user, frozenset()), clock.now(), facts)
            tx.settings.put(PUBLISHED, "")
    finally:
        store.close()


def _refuse_existing(keys: Path) -> None:
    found = [file_of(keys, purpose) for purpose in Purpose if file_of(keys, purpose).exists()]
    if found:
        raise UsageError(f"{found[0]} exists, 0 private keys expected", code="KEYS-EXIST",
                         hint="They may be another home's. Name another folder with --keys, or move them away.")


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


def _unpack(source: Path, new: Path, identities: list[str]) -> dict[str, Any]:
    with tempfile.TemporaryFile(dir=new.parent) as plain:  # not proven whole before it is all there
        with source.open("rb") as sealed:
            read = Hashed(sealed)
            try:
                AgeFiles((), identities).open(cast(IO[bytes], read), plain)
            except TamperError as error:
                raise _no_backup(f"{source} does not open as a backup: {error.message}",
                                 "It was cut off, is another file, or was sealed for another home's recovery key. "
                                 "Try another copy, or another --identity.") from error
        plain.seek(0)
        _extract(plain, new)
    return _proven(new) | {"sha256": read.digest.hexdigest()}


def _extract(plain: IO[bytes], new: Path) -> None:
    try:
        with tarfile.open(fileobj=plain, mode="r:") as tar:
            tar.extractall(new, filter="data")
    except tarfile.TarError as error:
        raise _no_backup(f"the file opens but holds no backup: {type(error).__name__}",
                         "Name a file that gateway backup wrote.") from error


def _proven(new: Path) -> dict[str, Any]:
    """Every file as listed, and none besides."""
    path = new / LIST
    contents: dict[str, Any] = json.loads(path.read_bytes()) if path.is_file() else {}
    if contents.get("format") != FORMAT:
        raise _no_backup(f"the backup says it is {contents.get('format')!r}, expected {FORMAT!r}",
                         "Name a file that gateway backup wrote, of this or an earlier version.")
    path.unlink()
    found = {p.relative_to(new).as_posix(): p for p in new.rglob("*") if p.is_file()}
    for name, (size, digest) in contents["files"].items():
        if name not in found or _facts(found.pop(name)) != (size, digest):
            raise RefusedError(f"{name} in the backup is not as its list says", code="BACKUP-DIFFERS", hint="Use another backup.")
    if found:
        raise RefusedError(
            f"the backup holds {len(found)} files that its list does not name", code="BACKUP-DIFFERS", hint="Use another backup."
        )
    return contents


def _no_backup(message: str, hint: str) -> RefusedError:
    return RefusedError(message, code="NOT-A-BACKUP", hint=hint)


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
