"""A sender speaks for its own school."""

from __future__ import annotations

from gateway.domain.parcels.kinds import Severity
from gateway.domain.rules.rule import Facts, FileFacts, file_rule


def _slashed(number: str) -> str:
    return f"{number[:3]}/{number[3:]}" if len(number) == 7 and number.isdigit() else number


def check(facts: FileFacts) -> list[Facts]:
    """A sender speaks for its own school."""
    sender = _slashed(facts.sender or "another sender")
    return [{"number": _slashed(number), "sender": sender, "found": number} for number in facts.foreign[:1]]


RULE = file_rule(
    "SENDER-NOT-PERMITTED", Severity.ERROR, "sender", check,
    title="A sender speaks for its own school.",
    wording="The file speaks for {number}, but it came from {sender}.",
    hint=(
        "Send each school’s return by that school’s own channel, or ask the authority to permit a trust to send for "
        "it. Nothing of this file was read."
    ),
    source="Terms of the return: what an answer means",
)
