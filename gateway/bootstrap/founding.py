"""Making a home.

1. config.toml is written last: a home that is not finished is not a home, and ``init`` may be tried again.
2. Private keys go outside the home and the recovery identity to a path of its own; in a rehearsal, both stay inside.
3. A rehearsal needs nothing more: contact and deputy are placeholders, the current user has every role.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from adapters.clock import SystemClock
from adapters.ids import TimedIds
from adapters.store import open_store
from gateway.bootstrap.first_register import demonstration_authorities, write_register
from gateway.config import CONFIG
from gateway.config.example import first_config
from gateway.config.layout import STORE, make_folders
from gateway.config.people import current_user
from gateway.domain.policy import Person
from gateway.errors import UsageError
from keys import ring

DEMONSTRATION_LA, DEMONSTRATION_NAME = "990", "Thornhaven"


def demonstration_name(la: str) -> str | None:
    """The name of one of the demonstration's authorities."""
    return demonstration_authorities().get(la)


@dataclass(frozen=True, slots=True)
class Plan:
    """What ``init`` was asked for."""

    home: Path
    la: str
    name: str
    rehearsal: bool
    schools: Path | None = None
    keys: Path | None = None
    recovery: Path | None = None
    contact: Person | None = None
    deputy: Person | None = None
    safeguarding_phone: str | None = None

    @property
    def keys_folder(self) -> Path:
        """Where the private keys go."""
        inside = self.home / "keys" / "private"
        return self.keys or (inside if self.rehearsal else self.home.with_name(self.home.name + ".keys"))

    @property
    def recovery_path(self) -> Path:
        """Where the recovery identity goes."""
        inside = self.home / "keys" / "recovery.age-identity"
        return self.recovery or (inside if self.rehearsal else self.home.with_name(self.home.name + ".recovery.age-identity"))


@dataclass(frozen=True, slots=True)
class Founded:
    """What was made."""

    plan: Plan
    schools: tuple[str, ...]
    complete: bool  # False: contact, deputy or safeguarding number must still be written


def found(plan: Plan) -> Founded:
    """Make the home, or UsageError when there is one already."""
    config = plan.home / CONFIG
    if config.exists():
        raise UsageError(
            f"{plan.home} is a home already", code="HOME-EXISTS", hint="Choose another --home; a home is never overwritten."
        )
    _refuse_keys_inside(plan)
    make_folders(plan.home)
    schools = write_register(plan.home / "register", plan.la, plan.schools, rehearsal=plan.rehearsal)
    make_folders(plan.home, schools)
    _create_keys_and_store(plan)
    values = _values(plan)
    part = config.with_suffix(".part")
    part.write_text(first_config(values, rehearsal=plan.rehearsal), encoding="utf-8")
    part.chmod(0o600)
    part.rename(config)
    return Founded(plan, tuple(schools), complete={"contact", "deputy", "safeguarding"} <= set(values))


def _refuse_keys_inside(plan: Plan) -> None:
    if plan.rehearsal:
        return
    for what, path in (("--keys", plan.keys_folder), ("--recovery", plan.recovery_path)):
        if path.absolute().is_relative_to(plan.home.absolute()):
            raise UsageError(
                f"{what} {path} lies inside the home {plan.home}",
                code="KEYS-INSIDE-HOME",
                hint="Name a place outside it: one copy of the home must not hold the keys that open it.",
            )


def _create_keys_and_store(plan: Plan) -> None:
    clock = SystemClock()
    keys = ring.create(
        plan.home,
        private_dir=plan.keys_folder,
        recovery_to=plan.recovery_path,
        la=plan.la,
        now=clock.now(),
        rehearsal=plan.rehearsal,
    )
    store = open_store(plan.home / STORE, sealer=keys.sealer(), blinder=keys.blinder(), ids=TimedIds(clock), create=True)
    store.close()


def _values(plan: Plan) -> dict[str, Mapping[str, Any]]:
    user = current_user()
    values: dict[str, Mapping[str, Any]] = {"authority": {"la": plan.la, "name": plan.name}}
    contact, deputy, phone = plan.contact, plan.deputy, plan.safeguarding_phone
    if plan.rehearsal:
        contact = contact or Person("Rehearsal Contact", f"contact@{plan.la}.rehearsal.example", "01632 960101")
        deputy = deputy or Person("Rehearsal Deputy", f"deputy@{plan.la}.rehearsal.example", "01632 960102")
        phone = phone or "01632 960100"
    if contact:
        values["contact"] = _contact(contact)
    if deputy:
        values["deputy"] = _contact(deputy)
    if phone:
        values["safeguarding"] = {"phone": phone}
    roles = ["officer", "s2s-administrator", "manager", "operator", "governance"] if plan.rehearsal else ["operator"]
    values["people"] = {user: {"name": user, "roles": roles}}
    if plan.keys or not plan.rehearsal:
        values["keys"] = {"private": str(plan.keys_folder.absolute())}
    return values


def _contact(person: Person) -> dict[str, str]:
    return {"name": person.name, "email": person.email, "phone": person.phone}
