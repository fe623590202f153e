"""What a person can do about something that waits: each choice in a sentence, with the command that does it.

1. Every sort of hold has its choices here; one that is not named has the two of every hold.
2. A command can be pasted whole. What it needs besides, such as a reason, it asks for on a terminal.
3. ``clears_with`` of a hold is never one of these: it shows them (``gateway show``), and changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from gateway.domain.cases.waiting import Hold, HoldState
from gateway.domain.referrals.exchange import ANSWERS, News, can
from gateway.domain.referrals.referral import Direction, Referral, ReferralState


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be done now."""

    command: str
    does: str


RELEASE: Mapping[str, str] = {
    "rows": "the rows count as they stand: they are routed",
    "file": "it is read again: after its password, the register or a heading was put right",
    "sender": "you know whose it is: it is read again, as theirs",
    "job": "it is tried again at once, as if for the first time",
    "confirm-destination": "the child is there: noted",
    "overdue": "the child is at a school: noted",
    "no-show": "cases open for those who are still missing",
    "suggested-closing": "the case closes as it says above; a restricted one when a second person agrees",
    "release": "it goes to the other authority, once the guard has looked at it",
    "guard": "you looked at the sources side by side and stand for the addressee: it goes",
    "answered": "you have read what they say",
    "bounced": "it is sent again, once the guard has looked at it; a reply that they refused counts as dealt with",
    "silence": "you asked after it: their answer is due anew",
    "taken-back": "the case is open again, and what they say now is followed",
    "tell-by-hand": "you told them",
    "second-person": "you are the second person, and agree to exactly what was proposed",
    "urgent": "you have seen it: the messages stop",
}
REJECT: Mapping[str, str] = {
    "rows": "the rows are withdrawn: they were sent in error",
    "file": "a person dealt with it; it is not read again",
    "sender": "nothing of it counts: a person dealt with it",
    "job": "it is not done",
    "confirm-destination": "not there, or not known there: a case opens",
    "overdue": "no place was found: a case opens now",
    "no-show": "they are all accounted for",
    "suggested-closing": "the case stays open",
    "release": "the draft is withdrawn; nothing leaves",
    "guard": "the draft is withdrawn; nothing leaves",
    "bounced": "it is left as it is",
    "silence": "nobody asks after it any more",
    "taken-back": "the case stays closed",
    "second-person": "what was proposed is not done",
}
_EITHER = "dealt with"
WHATS = tuple(sorted({*RELEASE, *REJECT, "suggested-match", "answer", "quota", "disk"}))
"""Every sort of hold there is."""


def choices_of(hold: Hold, *, stopped: bool = False) -> tuple[Choice, ...]:
    """What can be done about a hold; nothing about one that was cleared. ``stopped``: its release would change nothing."""
    if hold.state is not HoldState.OPEN:
        return ()
    if hold.what == "suggested-match":
        return (Choice(f"gateway match accept {hold.about}", "they are one child, or the joiner answers: what waited goes on"),
                Choice(f"gateway match reject {hold.about}", "they are two: it is not suggested again"))
    if hold.what == "answer" or (hold.what == "tell-by-hand" and stopped):
        return ()                       # the exchange says what fits: ``choices_of_exchange``
    if stopped:
        found = [Choice("gateway contacts", "see what is known of the authority: an operator puts right what is lacking")]
    else:
        found = [Choice(f"gateway holds release {hold.id}", RELEASE.get(hold.what, _EITHER))]
    if hold.what in REJECT or hold.what not in RELEASE:
        found.append(Choice(f"gateway holds reject {hold.id}", REJECT.get(hold.what, f"{_EITHER}, refused")))
    if hold.what in ("file", "sender"):
        found.insert(0, Choice(f"gateway open {hold.about}", "its sealed bytes are written to a file that only you can read"))
    return tuple(found)


def choices_of_exchange(referral: Referral) -> tuple[Choice, ...]:
    """What can be done in an exchange as it stands."""
    if referral.direction is Direction.IN:
        if not can(referral, News.ANSWER):
            return ()
        return tuple(Choice(f"gateway answer {referral.id} {said.value}", _SAYS[said.value]) for said in ANSWERS[referral.kind])
    found = []
    if can(referral, News.RELEASE) or referral.state is ReferralState.RELEASED:
        found.append(Choice(f"gateway referrals sent {referral.id}", "record that you told them by telephone, letter or mail"))
    if can(referral, News.ANSWER):
        found.append(Choice(f"gateway answer {referral.id}", "record what they said by telephone or letter; it asks what"))
    if can(referral, News.WITHDRAW):
        found.append(Choice(f"gateway referrals withdraw {referral.id}", "take it back; whoever has it is told"))
    return tuple(found)


_SAYS: Mapping[str, str] = {
    "accepted": "we take responsibility for the child; their case closes on that",
    "on-roll": "the child is on roll: it asks at which school and since when; their case closes on that",
    "not-on-roll": "the child is on roll at no school of ours",
    "not-found": "we looked and know nothing of the child",
    "already-known": "we know the child, and have not taken over",
    "more-information-needed": "we cannot say yet; they see whom to ring",
    "redirect": "another authority is right: it asks which",
    "declined": "we do not take over: it asks why",
}
