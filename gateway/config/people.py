"""Who acts: the operating system's user, by ``[people]``.

1. A name is never typed in: the user id of the process is asked of the password database. Who came through sudo to the
   gateway's own user is the person who typed it: sudo itself says so, and lets nobody else say it.
2. A deputy may do what the person may for whom they stand in; the ledger still shows the deputy.
3. In a rehearsal home the current user has every role.
"""

from __future__ import annotations

import os
import pwd
from collections.abc import Mapping

from gateway.config.settings import Settings
from gateway.domain.actor import Actor, Role
from gateway.errors import NotAllowedError


def current_user(environ: Mapping[str, str] | None = None) -> str:
    """The operating system's name for whoever runs this process, or for whom sudo runs it."""
    came_from = (os.environ if environ is None else environ).get("SUDO_UID", "")
    uid = int(came_from) if came_from.isascii() and came_from.isdigit() else os.getuid()
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"uid-{uid}"


def actor_of(settings: Settings, user: str | None = None) -> Actor:
    """The person behind an act, or NotAllowedError when ``[people]`` does not know the user."""
    user = user or current_user()
    entry = settings.people.get(user)
    if settings.rehearsal:
        return Actor(user=user, name=entry.name if entry else user, roles=frozenset(Role))
    if entry is None:
        raise NotAllowedError(
            f"user {user!r} is not in [people] of this home; {len(settings.people)} others are",
            code="UNKNOWN-PERSON",
            hint=f'An operator adds to config.toml: [people.{user}] name = "…", roles = ["officer"]',
        )
    return Actor(user=user, name=entry.name, roles=settings.roles_of(user))
