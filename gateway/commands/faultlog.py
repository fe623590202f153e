"""Unknown exceptions, written down so that they can be mended: places in the code, never the exception's text."""

from __future__ import annotations

import json
import secrets
import traceback
from contextlib import suppress
from pathlib import Path

from gateway.commands.call import call


def record(error: BaseException) -> tuple[str, Path | None]:
    """A reference, and the log it was written to when there is a home to write in."""
    reference = secrets.token_hex(4)
    frames = [f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(error.__traceback__)]
    chain = [type(error).__name__]
    cause = error.__cause__ or error.__context__
    while cause is not None and len(chain) < 10:
        chain.append(type(cause).__name__)
        cause = cause.__cause__ or cause.__context__
    entry = {"reference": reference, "exceptions": chain, "frames": frames}
    home = call().home
    if not (home / "config.toml").is_file():
        return reference, None
    log = home / "faults.jsonl"
    with suppress(OSError):  # the disk may be what failed; the reference is told either way
        with log.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps(entry) + "\n")
        return reference, log
    return reference, None
