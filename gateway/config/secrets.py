"""Secrets by reference: ``file:PATH`` or ``credential:NAME``, never a value in config.toml.

1. A credential is a file in ``$CREDENTIALS_DIRECTORY``, where systemd puts it.
2. A file is read relative to the home and must not be readable by others.
3. What was read is never printed, logged or part of a message.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from gateway.errors import ConfigError


def locate(reference: str, home: Path, key: str) -> Path:
    """The file behind a reference, or ConfigError naming the config key."""
    scheme, _, rest = reference.partition(":")
    if scheme == "file" and rest:
        return home / rest
    if scheme == "credential" and rest and "/" not in rest:
        folder = os.environ.get("CREDENTIALS_DIRECTORY")
        if not folder:
            raise ConfigError(
                f"{key} = {reference!r}, but this process was given no credentials directory",
                code="CONFIG-CREDENTIAL",
                hint=f"Write LoadCredential={rest}:PATH in the service's unit, or use file:PATH here.",
            )
        return Path(folder) / rest
    raise ConfigError(
        f"{key} = {reference!r} is not a reference to a secret",
        code="CONFIG-SECRET",
        hint=f'Write {key} = "file:PATH" or {key} = "credential:NAME", never the secret itself.',
    )


def read_secret(reference: str, home: Path, key: str) -> str:
    """The secret's text, without the line end."""
    path = locate(reference, home, key)
    try:
        mode = path.stat().st_mode
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(
            f"{key} = {reference!r}: {path} cannot be read ({type(error).__name__})",
            code="CONFIG-SECRET",
            hint="Create the file with the secret in it, readable by the gateway's user alone.",
        ) from error
    if mode & (stat.S_IRWXO | stat.S_IWGRP):
        raise ConfigError(
            f"{key} = {reference!r}: {path} is open to others (mode {stat.S_IMODE(mode):o})",
            code="CONFIG-SECRET-OPEN",
            hint=f"chmod 600 {path}",
        )
    return text.rstrip("\r\n")


def read_secrets(reference: str, home: Path, key: str) -> tuple[str, ...]:
    """Several secrets, one a line."""
    return tuple(line for line in read_secret(reference, home, key).splitlines() if line)
