"""Small closed answers: sex, yes and no, a confirmed place, enrolment status.

1. A flag's cell that says anything but *no* counts as yes: a flag that is not understood must not be lost. *No* may be said in
   more words, but in none that say anything else: ``Not safe at home`` is no denial.
2. A confirmation is the other way round: only a plain *yes* confirms, for a place taken for confirmed is asked about no more.
"""

from __future__ import annotations

import re

from gateway.domain.returns.text import fold

_SEX = {"m": "M", "male": "M", "boy": "M", "b": "M", "man": "M", "masculine": "M", "1": "M",
        "f": "F", "female": "F", "girl": "F", "g": "F", "woman": "F", "feminine": "F", "2": "F"}
_NO = frozenset({"n", "no", "none", "false", "f", "0", "0.0", "nil", "not", "never", "no concerns", "no concern", "none known",
                 "not known", "unknown", "not applicable", "no flag", "not urgent", "nothing"})
_YES = frozenset({"y", "yes", "true", "t", "1", "1.0", "x", "✓", "✔", "tick", "ticked"})
_CONFIRMED = _YES | {"confirmed", "yes confirmed", "place confirmed"}
_UNCONFIRMED = _NO | {"not confirmed", "not yet", "not yet confirmed"}
_DENIAL = re.compile(
    r"(no|not|none|nil|nothing|never|n ?a)\b( (no|not|none|nil|nothing|known|new|current(ly)?|previous|immediate|further|other|"
    r"any|of|that|we|i|are|am|is|aware|at|this|the|present|time|moment|to|our|my|knowledge|us|school|safeguarding|child|protection|cp|welfare|"
    r"urgent|urgency|concerns?|issues?|risks?|problems?|flags?|matters?|identified|noted|reported|recorded|raised|report|required|"
    r"needed|applicable|relevant|thanks?|thank|you))*")
_ALARM = re.compile(r"\b(urgent(ly)?|safeguarding|immediate (risk|danger|concern)|at risk of harm|child protection (alert|"
                    r"concern))\b",
                    re.IGNORECASE)
A_BREATH = 200                    # characters before an alarm in which it may be denied
_CALM = re.compile(
    r"\b(no|non|not|nil|without|zero|never|any)( (known|current(ly)?|previous|further|other|any|new|immediate|an?|the|is|this|at|"
    r"of|yet|longer|considered|deemed|thought|felt|to|be|suspected|child|protection|cp|welfare|send?|health|or|and))*[\s,/\-]*$",
    re.IGNORECASE)
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
    """Whether a flag is set. Only *no* is no, in however many words."""
    lowered = text.casefold().strip(" .!")
    if lowered in _YES:
        return True
    return lowered not in _NO and not _DENIAL.fullmatch(fold(text))


def read_confirmation(text: str) -> bool | None:
    """Whether a place is confirmed; None when the text is neither a plain yes nor a plain no."""
    said = re.sub(r"[\s,:\-–—]+", " ", text.casefold()).strip(" .!")
    return True if said in _CONFIRMED else False if said in _UNCONFIRMED else None


def reads_as_flag(text: str) -> bool:
    """Whether a text is a plain yes or no."""
    lowered = text.casefold().strip(" .!")
    return lowered in _YES or lowered in _NO


def raises_alarm(text: str) -> bool:
    """Whether free text calls something urgent or a safeguarding matter, and does not deny it in the same breath."""
    return any(not _CALM.search(text[max(0, alarm.start() - A_BREATH):alarm.start()]) for alarm in _ALARM.finditer(text))


def read_enrolment_status(text: str) -> str:
    """``single``, ``main``, ``subsidiary``, ``guest``, …, or the text itself when it is none of the known ones."""
    return _STATUS.get(re.sub(r"[\s()\-/]+", " ", text.casefold()).strip(), text)
