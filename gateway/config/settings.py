"""The whole of config.toml as one frozen value, and what the rest of the house asks of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from pydantic import Field, PrivateAttr, model_validator

from gateway.config import parties, sections
from gateway.config.secrets import read_secrets
from gateway.config.section import Section, SettingFault, nearest
from gateway.domain.actor import Role
from gateway.domain.parcels.kinds import Channel
from gateway.domain.policy import Person, Policy, SenderTerms

_SENDER = re.compile(r"^[A-Za-z0-9][A-Za-z0-9-]{1,39}$")
_AUTHORITY = re.compile(r"^[0-9]{3}$")


class WatchedFolder(NamedTuple):
    """A folder the daemon watches, and as whom its files count."""

    path: Path
    sender: str
    channel: Channel
    poll: parties.Polling = parties.Polling.AUTO
    sftp_log: Path | None = None


class Settings(Section):
    """config.toml, read and proven."""

    rehearsal: bool = Field(
        default=False, description="set by init --rehearsal alone: every receipt, page and file says so, and --today works"
    )
    authority: parties.Authority
    contact: parties.Contact = Field(description="the named CME contact")
    deputy: parties.Contact = Field(description="who stands in for the contact")
    safeguarding: parties.Safeguarding
    people: dict[str, parties.PersonEntry] = Field(default_factory=dict)
    senders: dict[str, parties.SenderEntry] = Field(default_factory=dict)
    folders: tuple[parties.FolderEntry, ...] = ()
    inboxes: tuple[parties.InboxEntry, ...] = ()
    outboxes: dict[str, parties.Place] = Field(
        default_factory=dict, description='where a team takes its hand-overs, when not in the home: [outboxes."handover:ehe"]'
    )
    contacts: dict[str, parties.ContactEntry] = Field(default_factory=dict)
    receive: sections.Receive = Field(default_factory=sections.Receive)
    clocks: sections.Clocks = Field(default_factory=sections.Clocks)
    s2s: sections.S2s = Field(default_factory=sections.S2s)
    mail: sections.Mail = Field(default_factory=sections.Mail)
    keys: sections.Keys = Field(default_factory=sections.Keys)
    retention: sections.Retention = Field(default_factory=sections.Retention)
    alerts: sections.Alerts = Field(default_factory=sections.Alerts)
    sandbox: sections.Sandbox = Field(default_factory=sections.Sandbox)

    _home: Path = PrivateAttr(default=Path())
    _origins: Mapping[str, str] = PrivateAttr(default_factory=lambda: MappingProxyType({}))

    @model_validator(mode="after")
    def _names_hold(self) -> Settings:
        for sender in self.senders:
            if not _SENDER.match(sender):
                raise SettingFault(
                    f"senders.{sender}: a sender is a LAESTAB of seven digits, or an id of letters, digits and hyphens",
                    "Write [senders.9902001] or [senders.oak-trust].",
                )
        for la in self.contacts:
            if la == self.authority.la:
                raise SettingFault(f"contacts.{la} is this authority itself", f"Remove [contacts.{la}].")
            if not _AUTHORITY.match(la):
                raise SettingFault(f"contacts.{la}: a contact is another authority's three digits", "Write [contacts.991].")
        for user, entry in self.people.items():
            for deputy in entry.deputies:
                if deputy not in self.people:
                    raise SettingFault(
                        f"people.{user}.deputies names {deputy!r}, who is not in [people]{nearest(deputy, list(self.people))}",
                        f"Add [people.{deputy}] with name and roles, or take {deputy!r} out of deputies.",
                    )
        return self

    @property
    def home(self) -> Path:
        """The home this was read from."""
        return self._home

    @property
    def origins(self) -> Mapping[str, str]:
        """Dotted key → where its value came from; a key that is not there has its default."""
        return self._origins

    def found_at(self, home: Path, origins: Mapping[str, str]) -> Settings:
        """The same settings, knowing their home and origins. Only the loader calls this."""
        self._home = home
        self._origins = MappingProxyType(dict(origins))
        return self

    def private_keys(self) -> Path | None:
        """The folder of private keys; None: systemd's credentials."""
        return None if self.keys.private == "credentials" else self._home / self.keys.private

    def roles_of(self, user: str) -> frozenset[Role]:
        """What a user of ``[people]`` may do: their own roles, and those of whom they stand in for."""
        entry = self.people.get(user)
        stands_in_for = (other.roles for other in self.people.values() if user in other.deputies)
        return frozenset(entry.roles if entry else ()).union(*stands_in_for)

    def policy(self) -> Policy:
        """The local choices that routing and closing follow."""
        terms = {sender: self._terms(sender, entry) for sender, entry in self.senders.items()}
        return Policy(
            la=self.authority.la,
            name=self.authority.name,
            contact=_person(self.contact),
            deputy=_person(self.deputy),
            safeguarding_phone=self.safeguarding.phone,
            rehearsal=self.rehearsal,
            held_row_days=self.clocks.held_row_days,
            awaited_school_days=self.clocks.awaited_school_days,
            overdue_school_days=self.clocks.overdue_school_days,
            enquiries_before_s2s=self.s2s.enquiries_before_s2s,
            s2s_days=self.s2s.days,
            lost_pupil_uploader=self.s2s.lost_pupil_uploader,
            answer_days=self.clocks.answer_days,
            alert_repeat_minutes=self.alerts.repeat_minutes,
            largest_file=self.receive.max_bytes,
            alert_to=self.alerts.to,
            caseworkers=tuple(user for user in self.people if self.roles_of(user) & {Role.OFFICER, Role.MANAGER}),
            senders=terms,
            expected=frozenset({*terms, *(f.sender for f in self.folders), *(i.sender for i in self.inboxes)}),
        )

    def watched(self) -> tuple[WatchedFolder, ...]:
        """Every folder the daemon watches: the home's drop folders, S2S downloads, peers, and ``[[folders]]``."""
        drops = sorted(p for p in (self._home / "drop").glob("*") if p.is_dir() and _SENDER.match(p.name))
        found = [WatchedFolder(p, p.name, Channel.DROP) for p in drops]
        found.append(WatchedFolder(self._home / "s2s" / "downloaded", "s2s", Channel.S2S))
        peers = sorted(la for la, contact in self.contacts.items() if not contact.by_hand)
        found += [WatchedFolder(self._home / "peers" / la / "in", la, Channel.PEER) for la in peers]
        found += [WatchedFolder(self._home / f.path, f.sender, f.channel, f.poll, f.sftp_log) for f in self.folders]
        return tuple(found)

    def _terms(self, sender: str, entry: parties.SenderEntry) -> SenderTerms:
        key = f"senders.{sender}.passwords_from"
        passwords = read_secrets(entry.passwords_from, self._home, key) if entry.passwords_from else ()
        permitted = tuple(dict.fromkeys((sender, *entry.permitted)))
        return SenderTerms(
            sender=sender,
            permitted=permitted,
            joiner_feed_from=entry.joiner_feed_from,
            headings=dict(entry.headings),
            passwords=passwords,
        )


def _person(contact: parties.Contact) -> Person:
    return Person(name=contact.name, email=contact.email, phone=contact.phone)


def plain(settings: Settings) -> dict[str, Any]:
    """All values as JSON would hold them."""
    return settings.model_dump(mode="json")
