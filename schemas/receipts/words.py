"""The plain words of a receipt: what happened, what to do now, and each finding as a row of a table."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from gateway.domain.parcels.kinds import OF_PUPILS
from gateway.domain.returns.unseen import visible

LONDON = ZoneInfo("Europe/London")
_WEIGHTS = {"error": 0, "query": 1, "note": 2}
_TAGS = {"error": "Must be put right", "query": "Please check", "note": "For information"}
WAITING = ("SENDER-NOT-KNOWN", "KIND-FOR-A-PERSON")   # nothing is recorded before a person has looked at the file
_KINDS = {
    "leavers": "leavers return", "joiners": "joiners return", "movements": "leavers and joiners return",
    "ctf": "Common Transfer File", "cml": "CML file", "cmj": "CMJ file",
    "part-time": "part-time timetable return", "enquiry": "enquiry", "nil": "nil return", "referral": "referral",
    "reply": "reply", "s2s-download": "S2S download", "unknown": "file of a kind not yet known",
}


def title(facts: Mapping[str, Any]) -> str:
    """The page's heading."""
    if facts["stage"] == "received":
        return "We have received your file"
    if facts["verdict"] == "refused":
        return "We could not use your file"
    if _waits(facts):
        return "Your file waits for an officer"
    if facts["verdict"] == "part-accepted":
        return f"We have processed your file: some {unit(facts)}s need correcting"
    return "We have processed your file"


def _waits(facts: Mapping[str, Any]) -> bool:
    """Whether a person looks at the file before anything is recorded from it."""
    return facts["verdict"] is None or any(finding["code"] in WAITING for finding in facts["findings"])


def happened(facts: Mapping[str, Any]) -> str:
    """One paragraph: what was done with the file."""
    if facts["stage"] == "received":
        return ("The file is stored safely and sealed. This receipt is about these exact bytes only. "
                "A second receipt will tell you, row by row, what was done with what it says.")
    kind, rows = _KINDS.get(str(facts["kind"]), "file"), facts["rows"]
    if facts["verdict"] == "refused":
        return ("Nothing in it was recorded. The reason, and what to do about it, stand in the table below. There is no marked "
                "copy of it: the reason is about the whole file.")
    if _waits(facts):
        return f"It was read as {_a(kind)}. An officer looks at it before anything is recorded from it."
    if facts["kind"] == "nil":
        return "It was recorded as a nil return: you told us that there was nothing to report."
    if not rows["held"]:
        return f"It was read as {_a(kind)}. {_all(rows['read'], unit(facts))}" if rows["read"] else \
            f"It was read as {_a(kind)}. It held no rows to record."
    return (f"It was read as {_a(kind)}. {rows['accepted']} of {rows['read']} {unit(facts)}s were accepted, and {rows['held']} "
            f"{'waits' if rows['held'] == 1 else 'wait'} for a correction. The children who wait are "
            "reported all the same: an officer sees them now.")


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' or kind[:3] == 'S2S' else 'a'} {kind}"


def _all(read: int, one: str) -> str:
    return f"Its one {one} was accepted." if read == 1 else f"All {read} of its {one}s were accepted."


def unit(facts: Mapping[str, Any]) -> str:
    """What such a file is made of: pupils or rows."""
    return "pupil" if facts.get("kind") in OF_PUPILS else "row"


def next_steps(facts: Mapping[str, Any]) -> list[str]:
    """What the sender should do now, in order; empty when there is nothing to do."""
    if facts["stage"] == "received":
        return []
    severities = {finding["severity"] for finding in facts["findings"]}
    days = facts["authority"]["held_row_days"]
    if facts["verdict"] == "refused":
        return ["Put right what the table names.", "Send the file again the same way. You need not ring first."]
    if _waits(facts):
        return ["You need not send the file again: the officer has it."]
    steps = []
    if "error" in severities:
        steps += [f"Correct the {unit(facts)}s marked “{_TAGS['error']}” within {days} school days, and send the file again the "
                  "same way.",
                  f"You may send only the corrected {unit(facts)}s, or the whole file: what was accepted is not counted twice."]
    if "query" in severities:
        steps.append(f"Look at the {unit(facts)}s marked “{_TAGS['query']}”. They were recorded as they are; "
                     "correct them only if they are wrong.")
    return steps


def file(facts: Mapping[str, Any]) -> dict[str, str]:
    """Whose file it is and which of that day's, as its sender would say; empty where a receipt was given before that was kept."""
    given = facts.get("file")
    if not given:
        return {"school": "", "said": ""}
    day = date.fromisoformat(given["day"])
    return {"school": visible(given["school"] or ""), "said": f"your file no. {given['number']} of {day.day} {day:%B %Y}"}


def weight(finding: Mapping[str, Any]) -> tuple[int, str, int]:
    """What must be put right first, then in the order of the file."""
    return _WEIGHTS.get(str(finding["severity"]), 3), str(finding["sheet"] or ""), finding["row"] or 0


def as_row(finding: Mapping[str, Any], one: str = "row") -> dict[str, Any]:
    """A finding as the table shows it."""
    place = f"pupil no. {finding['row']}" if one == "pupil" else finding["row"]
    return {"tag": _TAGS.get(str(finding["severity"]), "For information"), "severity": finding["severity"],
            "sheet": visible(finding["sheet"] or ""), "row": place if finding["row"] else "whole file",
            "column": visible(finding["column"] or ""), "message": visible(finding["message"]), "hint": visible(finding["hint"]),
            "code": finding["code"]}


def moment(text: str) -> str:
    """A moment as people here read it: London time."""
    at = datetime.fromisoformat(text).astimezone(LONDON)
    return f"{at.day} {at:%B %Y, %H:%M:%S %Z}"


def size(count: int) -> str:
    """Bytes with thousands set apart, as file managers show them."""
    return f"{count:,} bytes" if count != 1 else "1 byte"
