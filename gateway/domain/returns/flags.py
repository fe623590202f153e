"""Small closed answers: sex, yes and no, enrolment status.

A yes/no cell that says anything but *no* counts as yes: a flag that is not understood must not be lost.
"""

from __future__ import annotations

import re

_SEX = {"m": "M", "male": "M", "boy": "M", "b": "M", "man": "M", "masculine": "M", "1": "M",
        "f": "F", "female": "F", "girl": "F", "g": "F", "woman": "F", "feminine": "F", "2": "F"}
_NO = frozenset({"n", "no", "none", "false", "f", "0", "0.0", "nil", "not", "never", "no concerns", "no concern", "none known",
                 "not known", "unknown", "not applicable", "no flag", "not urgent", "nothing"})
_YES = frozenset({"y", "yes", "true", "t", "1", "1.0", "x", "✓", "✔", "tick", "ticked"})
_DENIAL = re.compile(r"^(no|not|none|n/a|nil)\b(?!.{0,3}\byes\b)", re.IGNORECASE)
_ALARM = re.compile(r"\b(urgent(ly)?|safeguarding|immediate (risk|danger|concern)|at risk of harm|child protection (alert|"
                    r"concern))\b",
                    re.IGNORECASE)
_CALM = re.compile(r"\b(no|non|not|nil|without|zero)\b[^.;!?]{0,24}$", re.IGNORECASE)
_STATUS = {"c": "single", "s": "subsidiary", "m": "main", "g": "guest", "f": "fe college", "o": "other provider",
           "current": "single", "single": "single", "single registration": "single", "current single registration": "single",
           "current single": "single", "sole": "single", "main": "main", "main dual": "main", "dual main": "main",
           "main registration": "main", "current main": "main", "dual registered main": "main", "main dual registration": "main",
           "subsidiary": "subsidiary", "dual subsidiary": "subsidiary", "subsidiary dual": "subsidiary",
           "current subsidiary": "subsidiary",
           "subsidiary dual registration": "subsidiary", "dual registered subsidiary": "subsidiary", "guest": "guest",
           "visitor": "guest",
           "guest pupil": "guest", "fe college": "fe college", "alternative provision": "alternative provision",
           "ap": "alternative provision"}


def read_sex(text: str) -> str | None:
    """M or F, or None when it says neither."""
    return _SEX.get(text.casefold().strip(" ."))


def read_flag(text: str) -> bool:
    """Whether a flag is set. Only a plain *no* is no."""
    lowered = text.casefold().strip(" .!")
    if lowered in _YES:
        return True
    return lowered not in _NO and not _DENIAL.match(lowered)


def reads_as_flag(text: str) -> bool:
    """Whether a text is a plain yes or no."""
    lowered = text.casefold().strip(" .!")
    return lowered in _YES or lowered in _NO


def raises_alarm(text: str) -> bool:
    """Whether free text calls something urgent or a safeguarding matter, and does not deny it in the same breath."""
    return any(not _CALM.search(text[:alarm.start()]) for alarm in _ALARM.finditer(text))


def read_enrolment_status(text: str) -> str:
    """``single``, ``main``, ``subsidiary``, ``guest``, …, or the text itself when it is none of the known ones."""
    return _STATUS.get(re.sub(r"[\s()\-/]+", " ", text.casefold()).strip(), text)
