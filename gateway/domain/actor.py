"""Who acts: an authenticated person with roles, or the gateway itself."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gateway.errors import NotAllowedError


class Role(StrEnum):
    """What a person may do."""

    OFFICER = "officer"           # cases, holds, matches, referrals
    S2S = "s2s-administrator"     # the weekly basket
    MANAGER = "manager"           # second person, sign-off
    OPERATOR = "operator"         # home, keys, contacts, upkeep
    GOVERNANCE = "governance"     # reads the ledger and the access log
    VIEWER = "viewer"             # lists without acting


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind an act, from the operating system's user by ``[people]``; never a typed name."""

    user: str
    name: str
    roles: frozenset[Role]


GATEWAY = Actor(user="gateway", name="the gateway", roles=frozenset())


def require(actor: Actor, *roles: Role) -> Actor:
    """The actor again when they have one of the roles, or NotAllowedError with both lists."""
    if actor.roles & set(roles):
        return actor
    wanted = " or ".join(role.value for role in roles)
    has = ", ".join(sorted(role.value for role in actor.roles)) or "none"
    raise NotAllowedError(f"this needs the role {wanted}; {actor.user} has {has}", code="ROLE-NEEDED",
                          hint=f"Ask someone with that role, or an operator to add it to [people.{actor.user}] roles.")
