"""Whose home it is, and whether it is a rehearsal's, is written into its keys when it is made. config.toml must say the same.

A line changed in a text file must not let a live home's clock be set, nor a rehearsal's receipts pass for real ones.
"""

from __future__ import annotations

from gateway.config import Settings
from gateway.errors import ConfigError
from keys.public import public_path, read_public


def check_identity(settings: Settings) -> None:
    """ConfigError when config.toml and the home's keys disagree. A home without keys yet has nothing to compare."""
    if not public_path(settings.home).exists():
        return
    keys = read_public(settings.home)
    if keys.la != settings.authority.la:
        raise ConfigError(f'authority.la = "{settings.authority.la}", but the keys of {settings.home} are those of {keys.la}',
                          code="HOME-OF-ANOTHER",
                          hint=f'Write [authority] la = "{keys.la}", or make a new home with gateway init.')
    if keys.rehearsal != settings.rehearsal:
        told = {True: "a rehearsal's", False: "a live home's"}
        raise ConfigError(
            f"config.toml says this is {told[settings.rehearsal]} config, but the keys of {settings.home} are "
            f"{told[keys.rehearsal]}", code="REHEARSAL-MISMATCH",
            hint="A home stays what it was made as. Put the line `rehearsal` back as it was; for the other sort make a new home.")
