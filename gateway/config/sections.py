"""Sections about time and limits: clocks, the S2S week, mail, keys, retention, alerts, the sandbox."""

from __future__ import annotations

from enum import StrEnum
from typing import Literal

from pydantic import Field

from gateway.config.section import Email, Section
from gateway.domain.parcels.refused import LARGEST_READ
from gateway.domain.policy import LostPupilUploader


class Receive(Section):
    """When a file counts as uploaded, and how large it may be."""

    settle_seconds: float = Field(default=5, ge=0, description="seconds a file must lie still, unless it was renamed into place")
    max_bytes: int = Field(
        default=LARGEST_READ, gt=0, le=LARGEST_READ, description="larger files are kept sealed and refused unread"
    )
    keep_bytes: int = Field(
        default=2 * 1024 * 1024 * 1024, gt=0, description="larger files are not even kept: refused, and left where they are"
    )
    sender_files_per_day: int = Field(
        default=10_000, ge=1, description="files taken from one sender in a day; more wait where they are until tomorrow"
    )
    sender_bytes_per_day: int = Field(
        default=4 * 1024 * 1024 * 1024, ge=1, description="the same in bytes together"
    )
    reserve_bytes: int = Field(
        default=256 * 1024 * 1024, ge=0, description="free bytes of the disk below which nothing more is taken"
    )
    rescan_seconds: float = Field(
        default=30, gt=0, description="seconds between two looks at every folder, whatever the events said"
    )
    poll_seconds: float = Field(default=2, gt=0, description="seconds between two looks at a folder where events do not arrive")


class Clocks(Section):
    """Deadlines, in school days; the day of arrival is day 0."""

    held_row_days: int = Field(default=3, ge=0, description="school days until an uncorrected held row opens a provisional case")
    awaited_school_days: int = Field(default=10, ge=0, description="school days until an awaited joiner is overdue")
    overdue_school_days: int = Field(default=5, ge=0, description="further school days until an overdue joiner becomes a case")
    answer_days: int = Field(default=10, ge=1, description="school days until an unanswered enquiry counts as 'does not come'")


class Weekday(StrEnum):
    """Days on which the basket may be built."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"


class S2s(Section):
    """The week with the national School to School site."""

    day: Weekday = Field(default=Weekday.THURSDAY, description="the day the basket is built")
    hour: int = Field(default=7, ge=0, le=23, description="the hour, in local time")
    lost_pupil_uploader: LostPupilUploader = Field(
        default=LostPupilUploader.SCHOOL, description="who uploads a lost pupil's CTF: school or authority"
    )
    enquiries_before_s2s: int = Field(default=1, ge=1, description="enquiries that must be on record before anything goes to S2S")
    days: int = Field(default=0, ge=0, description="school days from the case's opening to an S2S instruction")


class Mail(Section):
    """Alerts by e-mail. Without a host, alerts are files in notices/."""

    host: str = Field(default="", description="SMTP server; empty: no mail", examples=["smtp.thornhaven.example"])
    port: int = Field(default=587, ge=1, le=65535, description="port")
    security: Literal["starttls", "tls", "none"] = Field(
        default="starttls", description="starttls, tls, or none for a relay on this machine"
    )
    user: str = Field(default="", description="user name, when the server wants one", examples=["cme-gateway"])
    password_from: str | None = Field(
        default=None, description="file:PATH or credential:NAME holding its password", examples=["credential:smtp"]
    )
    sender: Email | None = Field(
        default=None, description="the From address; the contact's when not given", examples=["cme-gateway@thornhaven.example"]
    )


class Keys(Section):
    """Where the private keys are. `gateway init` writes a folder outside a live home: one snapshot must not take everything."""

    private: str = Field(
        default="keys/private",
        min_length=1,
        description="their folder, relative to the home (a rehearsal's are inside); or credentials, for those that systemd gives",
        examples=["/etc/cme-gateway/keys"],
    )


class Retention(Section):
    """How long plaintext may lie outside the vault, in days. Each expiry is a ledger entry; doctor lists what is older."""

    workbooks_days: int = Field(default=14, ge=1, description="annotated workbooks beside receipts")
    s2s_days: int = Field(default=14, ge=1, description="files for S2S that nobody confirmed")
    downloads_days: int = Field(default=1, ge=1, description="S2S downloads that were not taken")
    handovers_days: int = Field(default=14, ge=1, description="hand-over files that their team did not acknowledge")
    notices_days: int = Field(default=30, ge=1, description="notices in notices/")


class Alerts(Section):
    """Urgent rows: who is told besides contact and deputy, and how often until someone acknowledges."""

    repeat_minutes: int = Field(default=30, ge=1, description="minutes between two alerts about the same row")
    to: tuple[Email, ...] = Field(
        default=(), description="further addresses, such as the duty desk's", examples=[["duty@thornhaven.example"]]
    )


class Sandbox(Section):
    """Limits of the processes that read what others sent."""

    workers: int = Field(default=2, ge=1, le=64, description="processes")
    memory_mib: int = Field(default=1024, ge=128, description="address space of each")
    seconds: float = Field(default=300, gt=0, description="longest time for one file")
