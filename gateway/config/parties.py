"""Sections about people and places: who we are, who acts, who sends, and where things are left."""

from __future__ import annotations

import re
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator, model_validator

from gateway.config.section import Email, LaCode, Named, Phone, Section, SettingFault, nearest
from gateway.config.toml import written
from gateway.domain.actor import Role
from gateway.domain.parcels.kinds import Channel
from gateway.domain.referrals.contact import BY_HAND
from gateway.domain.returns.record import DETAIL_FIELDS, PupilRecord

_ESTABLISHMENT = re.compile(r"[0-9]{3}(?:[0-9]{4})?", re.ASCII)
KNOWN_FIELDS = frozenset(DETAIL_FIELDS) | frozenset(PupilRecord.__dataclass_fields__) - {"row", "sheet", "held", "details"}


def lines_for(section: type[Section], keys: list[str]) -> str:
    """What to write for keys that are lacking, with the example of each."""
    fields = section.model_fields
    return "Write " + ", ".join(f"{key} = {written((fields[key].examples or [''])[0])}" for key in keys) + "."


class Authority(Section):
    """Whose gateway this is."""

    la: LaCode = Field(description="the authority's three digits", examples=["990"])
    name: Named = Field(description="the authority's name, as receipts print it", examples=["Thornhaven"])


class Contact(Section):
    """A named person whom receipts, urgent alerts and other authorities reach."""

    name: Named = Field(description="name", examples=["Alice Osei"])
    email: Email = Field(description="e-mail address", examples=["cme@thornhaven.example"])
    phone: Phone | Literal[""] = Field(default="", description="telephone", examples=["01632 960101"])


class Safeguarding(Section):
    """The number that every receipt prints: where a child at risk is reported at once."""

    phone: Phone = Field(description="telephone of the front door for safeguarding", examples=["01632 960100"])


class PersonEntry(Section):
    """``[people.<user>]``: an operating-system user, by the name that ``id -un`` prints, and what they may do."""

    name: Named = Field(description="the person's name, as the ledger and timelines show it", examples=["Alice Osei"])
    roles: tuple[Role, ...] = Field(min_length=1, description="what they may do: " + ", ".join(Role), examples=[["officer"]])
    deputies: tuple[str, ...] = Field(
        default=(), description="users who stand in for them: they may do what this person may", examples=[["bob"]]
    )


class SenderEntry(Section):
    """``[senders.<LAESTAB>]``: a school, a trust or an agency that sends to us. Not listed: it speaks for itself alone."""

    name: str = Field(default="", description="its name, for people who read this file", examples=["Fernbridge Primary School"])
    permitted: tuple[str, ...] = Field(
        default=(), description="establishments it may speak for besides itself", examples=[["9902001", "9902002"]]
    )
    joiner_feed_from: date | None = Field(
        default=None,
        description="from when its joiners arrive here reliably; before that no joiner is awaited from it",
        examples=[date(2026, 9, 1)],
    )
    passwords_from: str | None = Field(
        default=None,
        description="file:PATH or credential:NAME holding the passwords of its locked workbooks, one a line",
        examples=["credential:fernbridge"],
    )
    headings: dict[str, str] = Field(
        default_factory=dict,
        description="its own column headings → our field names",
        examples=[{"Pupil Legal Last": "legal_surname"}],
    )

    @field_validator("headings")
    @classmethod
    def _fields_exist(cls, headings: dict[str, str]) -> dict[str, str]:
        for heading, name in headings.items():
            if name not in KNOWN_FIELDS:
                raise SettingFault(
                    f"heading {heading!r} is mapped to {name!r}, which is no field of a return{nearest(name, KNOWN_FIELDS)}",
                    f"One of: {', '.join(sorted(KNOWN_FIELDS))}.",
                )
        return headings

    @field_validator("permitted")
    @classmethod
    def _establishments(cls, permitted: tuple[str, ...]) -> tuple[str, ...]:
        for number in permitted:
            if not _ESTABLISHMENT.fullmatch(number):
                raise SettingFault(f"{number!r} is no establishment's number of seven digits, nor an authority's of three",
                                   'Write permitted = ["9902001", "9902002"].')
        return permitted


class Polling(StrEnum):
    """How a folder is watched. Auto: by events where they arrive, else by looking."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class FolderEntry(Section):
    """``[[folders]]``: one more folder to watch, beside ``drop/<LAESTAB>/`` of the home."""

    path: Path = Field(description="the folder; relative to the home", examples=["/srv/sftp/fernbridge/in"])
    sender: Named = Field(description="who puts files there: a LAESTAB, an authority or an agency's id", examples=["9902001"])
    channel: Channel = Field(default=Channel.DROP, description="how it counts: " + ", ".join(Channel), examples=["drop"])
    poll: Polling = Field(default=Polling.AUTO, description="auto, or always for SMB and NFS shares, or never", examples=["auto"])
    sftp_log: Path | None = Field(
        default=None, description="for a folder that OpenSSH serves: dev/log of its chroot, where it tells what broke off",
        examples=["/srv/sftp/school-9902001/dev/log"],
    )


class Server(Section):
    """An SFTP server of someone else's, its host key pinned."""

    host: str = Field(default="", description="host name or address", examples=["sftp.marlowick.example"])
    port: int = Field(default=22, ge=1, le=65535, description="port", examples=[22])
    user: str = Field(default="", description="user name there", examples=["thornhaven"])
    key_file: Path | None = Field(
        default=None, description="our private SSH key for it; relative to the home", examples=["/etc/cme-gateway/sftp_ed25519"]
    )
    host_key: str = Field(
        default="",
        description="its public host key, as one line of ssh-keyscan without the name",
        examples=["ssh-ed25519 AAAAC3…"],
    )
    folder: str = Field(default=".", description="the folder on the server", examples=["in"])

    def lacking(self) -> list[str]:
        """Keys without which it cannot be reached safely."""
        return [key for key in ("host", "user", "key_file", "host_key") if not getattr(self, key)]


class InboxEntry(Server):
    """``[[inboxes]]``: a remote folder over SFTP that is polled; receipts go back over the same connection."""

    sender: Named = Field(description="who puts files there", examples=["9904001"])
    answers: str = Field(default="receipts", description="the folder on the server for receipts", examples=["receipts"])
    poll_seconds: float = Field(default=60, gt=0, description="seconds between two looks", examples=[60])

    @model_validator(mode="after")
    def _reachable(self) -> InboxEntry:
        if lacking := self.lacking():
            raise SettingFault(f"an SFTP inbox also needs {', '.join(lacking)}", lines_for(InboxEntry, lacking))
        return self


class Place(Server):
    """Where sealed things are left: a folder, or a folder on an SFTP server."""

    channel: Literal["folder", "sftp"] = Field(description="folder or sftp", examples=["sftp"])
    path: Path | None = Field(
        default=None, description="for a folder: where; relative to the home", examples=["/mnt/exchange/marlowick/in"]
    )

    @model_validator(mode="after")
    def _complete(self) -> Place:
        lacking = self.lacking() if self.channel == "sftp" else ([] if self.path else ["path"])
        if lacking:
            raise SettingFault(f"channel {self.channel!r} also needs {', '.join(lacking)}", lines_for(Place, lacking))
        return self


class ContactEntry(Server):
    """``[contacts.<LA>]``: another authority. Its gateway's keys stand in keys/trusted/; without one, a person tells it."""

    channel: Literal["folder", "sftp", "telephone", "letter", "secure-mail"] = Field(
        description="folder or sftp for its gateway; telephone, letter or secure-mail where a person tells it", examples=["sftp"]
    )
    path: Path | None = Field(
        default=None, description="for a folder: where; relative to the home", examples=["/mnt/exchange/marlowick/in"]
    )
    name: Named = Field(description="the authority's CME team", examples=["Marlowick CME"])
    email: Email | None = Field(default=None, description="its CME mailbox", examples=["cme@marlowick.example"])
    phone: Phone | None = Field(
        default=None, description="a number known from elsewhere, to check keys and passwords by", examples=["01632 960200"]
    )
    deputy: str = Field(default="", description="who answers when the contact is away", examples=["Dele Park"])
    pickup: str | None = Field(
        default=None, description="sftp: the folder on the server where they leave packages for us", examples=["out"]
    )
    verified_on: date | None = Field(
        default=None, description="when a person last checked address and key by telephone", examples=[date(2026, 9, 7)]
    )
    verified_by: str = Field(default="", description="who checked", examples=["alice"])

    @model_validator(mode="after")
    def _complete(self) -> ContactEntry:
        given = {"folder": self.path, "telephone": self.phone, "secure-mail": self.email}
        wanted = {"folder": "path", "telephone": "phone", "secure-mail": "email"}.get(self.channel)
        lacking = self.lacking() if self.channel == "sftp" else ([wanted] if wanted and not given[self.channel] else [])
        if lacking:
            raise SettingFault(f"channel {self.channel!r} also needs {', '.join(lacking)}", lines_for(ContactEntry, lacking))
        return self

    @property
    def by_hand(self) -> bool:
        """Whether a person tells it: there is no gateway to send to."""
        return self.channel in BY_HAND
