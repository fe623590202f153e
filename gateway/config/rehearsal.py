"""A rehearsal home has no contact but other rehearsal homes, and a live home none that rehearses.

1. A contact in a folder is a rehearsal home when a ``config.toml`` above that folder says so.
2. A contact over SFTP may only be on this machine: a rehearsal never dials out. One that a person tells is none of these.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

from gateway.config.parties import ContactEntry
from gateway.config.settings import Settings
from gateway.errors import ConfigError

THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})


def check_contacts(settings: Settings) -> Settings:
    """The settings again, or ConfigError about the first contact that mixes rehearsal and life."""
    for la, contact in settings.contacts.items():
        if contact.by_hand:          # nothing can be sent to it
            continue
        rehearses = _rehearses(settings.home, contact)
        if settings.rehearsal and rehearses is not True:
            where = contact.host if contact.channel == "sftp" else contact.path
            raise ConfigError(
                f"contacts.{la} leads to {where}, which is no rehearsal home, but this home is one",
                code="REHEARSAL-CONTACT",
                hint=f'Write path = "OTHERHOME/peers/{settings.authority.la}/in", where OTHERHOME is a home made with '
                     f"gateway init --rehearsal --la {la}, or remove [contacts.{la}].",
            )
        if not settings.rehearsal and rehearses and contact.channel == "folder":
            raise ConfigError(
                f"contacts.{la} leads to {contact.path}, a rehearsal home, but this home is live",
                code="REHEARSAL-CONTACT",
                hint=f"Remove [contacts.{la}]: real children's records must not reach a rehearsal.",
            )
    return settings


def _rehearses(home: Path, contact: ContactEntry) -> bool | None:
    """None: no home was found above the folder."""
    if contact.channel == "sftp":
        return contact.host in THIS_MACHINE
    folder = (home / (contact.path or "")).resolve()
    for above in (folder, *folder.parents):
        config = above / "config.toml"
        if config.is_file():
            try:
                return bool(tomllib.loads(config.read_text(encoding="utf-8")).get("rehearsal", False))
            except (OSError, ValueError):
                return None
    return None
