"""The vault's keys: ``parcel/P01…``, ``package/R01…``, ``s2s/F01…``; made of ids, never of a sender's words."""

from __future__ import annotations

import re

from gateway.errors import TamperError, UsageError

_KEY = re.compile(r"[a-z][a-z0-9-]{0,31}(/[A-Za-z0-9][A-Za-z0-9._-]{0,120}){1,3}")


def check_key(key: str) -> str:
    """The same key, when it can be a path below the vault; UsageError otherwise."""
    if not key.isascii() or not _KEY.fullmatch(key):
        raise UsageError(f"vault key {key[:40]!r} is not sort/id", code="BAD-VAULT-KEY",
                         hint="Keys are a lower-case sort, a slash and an id, such as parcel/P01HZX.")
    return key


def missing(key: str) -> TamperError:
    """What reading an absent blob raises: a parcel we answered for is gone."""
    return TamperError(f"blob {key} is not in the vault, 1 expected", code="BLOB-MISSING",
                       hint="Restore it from the backup: `gateway restore`; then run `gateway verify`.")
