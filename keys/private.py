"""Private keys on disk: one small JSON file for each purpose, readable by the gateway's user alone.

1. A file that others may read is refused, with the command that mends it. Only systemd, which grants by an access list,
   may show a group bit, and only in its own credentials folder.
2. Files are written beside, synced and renamed: a crash leaves the old keys or the new, never half a file.
3. Each key has an id, a day it was created and perhaps a day it was retired; the newest not retired one writes.
4. A secret never shows in a repr, a message or a log.
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from gateway.errors import ConfigError, DiskError

CREDENTIALS = "CREDENTIALS_DIRECTORY"   # set by systemd for a unit with LoadCredential=


class Purpose(StrEnum):
    """What a key is for; no key has two purposes."""

    VAULT = "vault"               # age: parcels at rest
    PACKAGES = "packages"         # age: what other authorities seal for us
    CHECKPOINTS = "checkpoints"   # Ed25519: the ledger's tree heads
    RECEIPTS = "receipts"         # Ed25519: receipts and packages
    FIELDS = "fields"             # AES-256: identifying columns
    INDEX = "index"               # HMAC: blind indexes


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """One key: age identity text, or 32 bytes in hex."""

    purpose: Purpose
    id: str
    created: datetime
    secret: str = field(repr=False)
    retired: datetime | None = None


def file_of(folder: Path, purpose: Purpose) -> Path:
    """Where the keys of a purpose lie; also the name of the systemd credential."""
    return folder / f"cme-gateway-{purpose}.json"


def find_private(configured: Path | None) -> Path:
    """The folder of the private keys: the configured one; None: systemd's credentials."""
    credentials = os.environ.get(CREDENTIALS)
    if configured is None and not credentials:
        raise ConfigError(f"keys are to come from systemd, but {CREDENTIALS} is not set, 1 folder expected",
                          code="NO-PRIVATE-KEYS", hint="Add LoadCredential= lines to the unit, or set [keys] private.")
    return configured or Path(str(credentials))


def read_private(folder: Path, purpose: Purpose) -> list[PrivateKey]:
    """Every key of a purpose, oldest first. ConfigError when there is none, or when others could read it."""
    path = file_of(folder, purpose)
    try:
        with path.open("rb") as source:
            _check_mode(path, os.fstat(source.fileno()))
            content = json.loads(source.read())
        keys = [PrivateKey(purpose, k["id"], datetime.fromisoformat(k["created"]), k["secret"],
                           datetime.fromisoformat(k["retired"]) if k["retired"] else None) for k in content["keys"]]
    except FileNotFoundError as error:
        raise ConfigError(f"private keys for {purpose} are not at {path}, 1 file expected", code="NO-PRIVATE-KEYS",
                          hint="Set [keys] private to their folder, or give them with systemd's LoadCredential=.") from error
    except PermissionError as error:
        raise ConfigError(f"private keys for {purpose} at {path} cannot be read by user {os.geteuid()}", code="NO-PRIVATE-KEYS",
                          hint="Run the gateway as the user that owns them.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(f"{path} is not a private key file of the gateway", code="BAD-PRIVATE-KEYS",
                          hint="Restore it from its safe place, or use `gateway restore` with the recovery identity.") from error
    if not keys:
        raise ConfigError(f"{path} holds 0 keys, at least 1 expected", code="NO-PRIVATE-KEYS",
                          hint="Restore it from its safe place.")
    return keys


def write_private(folder: Path, purpose: Purpose, keys: Sequence[PrivateKey]) -> None:
    """Put the keys of a purpose in place, whole and durable, mode 0600."""
    content = {"purpose": purpose.value, "keys": [
        {"id": k.id, "created": k.created.isoformat(), "retired": k.retired.isoformat() if k.retired else None,
         "secret": k.secret} for k in keys]}
    write_file(file_of(folder, purpose), (json.dumps(content, indent=2) + "\n").encode(), 0o600)


def make_private(folder: Path) -> None:
    """The folder itself, mode 0700; ConfigError when it exists and others may enter."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mode = stat.S_IMODE(folder.stat().st_mode)
    if mode & 0o077:
        raise ConfigError(f"folder {folder} has mode {mode:04o}, expected 0700", code="KEYS-READABLE",
                          hint=f"Type: chmod 700 {folder}")


def write_file(path: Path, content: bytes, mode: int) -> None:
    """Replace a file whole: beside, synced, renamed, and the folder synced."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.unlink(missing_ok=True)
        fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
        with os.fdopen(fd, "wb") as sink:
            sink.write(content)
            sink.flush()
            os.fsync(sink.fileno())
        beside.replace(path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise DiskError(f"cannot write {path}: {error.strerror}", code="KEYS-NOT-WRITTEN",
                        hint="Look at the folder's owner and at the room on the disk.") from error


def _check_mode(path: Path, status: os.stat_result) -> None:
    allowed = 0o740 if os.environ.get(CREDENTIALS) == str(path.parent) else 0o700
    mode = stat.S_IMODE(status.st_mode)
    if mode & ~allowed:
        raise ConfigError(f"private key file {path} has mode {mode:04o}, expected 0600", code="KEYS-READABLE",
                          hint=f"Type: chmod 600 {path}  and ask who could have read it.")
    if status.st_uid not in (0, os.geteuid()):
        raise ConfigError(f"private key file {path} belongs to user {status.st_uid}, expected {os.geteuid()}",
                          code="KEYS-READABLE", hint="Give it to the gateway's user.")
