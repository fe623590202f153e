"""The local choices that routing and closing follow. Config fills it; the pipeline takes it as an argument."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from gateway.domain.parcels.refused import LARGEST_READ


class LostPupilUploader(StrEnum):
    """Who uploads a lost pupil's CTF to S2S."""

    SCHOOL = "school"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Person:
    """A named contact."""

    name: str
    email: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class SenderTerms:
    """What a sender may do: ``[senders.<LAESTAB>]``."""

    sender: str
    permitted: tuple[str, ...]              # establishments it may speak for, its own included
    joiner_feed_from: date | None = None
    headings: Mapping[str, str] = field(default_factory=dict)   # learnt: heading → field
    passwords: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Policy:
    """All durations in school days unless the name says otherwise."""

    la: str
    name: str
    contact: Person
    deputy: Person
    safeguarding_phone: str
    rehearsal: bool = False
    held_row_days: int = 3
    awaited_school_days: int = 10
    overdue_school_days: int = 5
    enquiries_before_s2s: int = 1
    s2s_days: int = 0                       # school days from the case's opening to an S2S instruction
    lost_pupil_uploader: LostPupilUploader = LostPupilUploader.SCHOOL
    answer_days: int = 10                   # until an unanswered enquiry counts as "does not come"
    alert_repeat_minutes: int = 30
    largest_file: int = LARGEST_READ          # bytes; what is larger is kept and refused unread
    alert_to: tuple[str, ...] = ()          # told of urgent flags besides the contact and the deputy
    caseworkers: tuple[str, ...] = ()       # users to whom a case may be given
    senders: Mapping[str, SenderTerms] = field(default_factory=dict)
    expected: frozenset[str] = frozenset()  # whom config.toml names as a sender, whatever the register says

    def terms_of(self, sender: str) -> SenderTerms:
        """The sender's terms; one that is not configured speaks for itself alone."""
        return self.senders.get(sender) or SenderTerms(sender=sender, permitted=(sender,))
