"""Orders: what routing decided must happen to one child's movement, each with its reason.

An order says what and why, never how; settling carries it out. Reasons are sentences without the child's data.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from gateway.domain.cases.case import Category


@dataclass(frozen=True, slots=True)
class NoteMovement:
    """Nothing more is expected of anyone."""

    reason: str


@dataclass(frozen=True, slots=True)
class AwaitJoiner:
    """The joiner is expected by ``due``; overdue when that school day has ended."""

    reason: str
    due: date


@dataclass(frozen=True, slots=True)
class ExpectAtTransfer:
    """Part of a whole cohort that changes school: looked at once, by the autumn no-show list of ``due``."""

    reason: str
    due: date


@dataclass(frozen=True, slots=True)
class ConfirmDestination:
    """One task for a person: is the child really there?"""

    reason: str


@dataclass(frozen=True, slots=True)
class OpenCase:
    """Open a case, or bring the child's open one up to date. ``provisional``: it rests on a held row."""

    reason: str
    category: Category
    responsible_la: str
    checklist: Mapping[str, bool] = field(default_factory=dict)
    risk_factors: tuple[str, ...] = ()
    clocks: tuple[tuple[str, date], ...] = ()
    provisional: bool = False


@dataclass(frozen=True, slots=True)
class MatchHalves:
    """This movement and ``other`` are the two halves of one move; closes the child's case that rests on it."""

    reason: str
    other: str                    # id of the other movement


@dataclass(frozen=True, slots=True)
class SuggestClosing:
    """A joiner that may be the answer, with what speaks against closing by itself."""

    reason: str
    joiner: str                   # id of the movement
    objections: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LookAgain:
    """Dated ahead: routed by itself on its day."""

    reason: str
    on: date


@dataclass(frozen=True, slots=True)
class InstructSchool:
    """The school uploads its own lost-pupil CTF, when enquiries are recorded."""

    reason: str
    destination: str              # XXXXXXX, or MMMMMMM outside the maintained sector


@dataclass(frozen=True, slots=True)
class DraftEnquiry:
    """Ask an authority: is this child on roll with you?"""

    reason: str
    authority: str
    derivations: Mapping[str, str]
    answer_by: date | None = None


@dataclass(frozen=True, slots=True)
class DraftReferral:
    """Ask the authority where the child lives to take responsibility."""

    reason: str
    authority: str
    derivations: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class HandOver:
    """Hand the child to a team, until it acknowledges."""

    reason: str
    team: str
    due: date | None = None       # a clock that the team must meet


@dataclass(frozen=True, slots=True)
class Restrict:
    """No linking, no letters, no chasers."""

    reason: str


@dataclass(frozen=True, slots=True)
class HoldRow:
    """The row waits for its correction; a provisional case opens when ``due`` has ended."""

    reason: str
    due: date | None              # None: no case may follow from this row


Order = (NoteMovement | AwaitJoiner | ExpectAtTransfer | ConfirmDestination | OpenCase | MatchHalves | SuggestClosing | LookAgain
         | InstructSchool | DraftEnquiry | DraftReferral | HandOver | Restrict | HoldRow)
