"""Text that can be written in one way only, so that no letter of it can be changed without changing what it says."""

from __future__ import annotations

import base64
import json
from typing import Any


def exact_base64(text: str) -> bytes:
    """The bytes of a base64 text; ValueError for another spelling of them: a last letter may carry bits that nobody reads."""
    raw = base64.b64decode(text, validate=True)
    if base64.b64encode(raw).decode() != text:
        raise ValueError("base64 that is not written the one way it can be")
    return raw


def compact(values: Any) -> bytes:
    """JSON in ASCII, keys sorted, no spaces: what digests are taken over."""
    return json.dumps(values, sort_keys=True, separators=(",", ":"), ensure_ascii=True).encode()
