"""Lines of a sheet that are no pupils: titles, guidance, examples, totals, signatures, nil in words.

1. A line is put aside only for what it says, never for what it lacks: two of surname, forename, UPN and date of birth make a
   pupil, unless the line opens with a word of this file's tables.
2. Lines put aside below a heading row, though a name seems to stand in them, are noted with their number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from gateway.domain.brief import brief
from gateway.domain.returns.record import MovementKind
from gateway.domain.returns.text import fold, is_placeholder

_CLOSING = re.compile(
    r"(grand )?totals?\b|sub ?totals?\b|number of (pupils|leavers|joiners|starters|children|rows|records)\b|count\b|signed?\b|"
    r"signature\b|"
    r"(form |return |report |list )?(completed|prepared|submitted|compiled|generated|printed|checked|authorised|approved|"
    r"certified|created|"
    r"produced|run|exported) (by|on|at|from)\b|print(ed)? name\b|head ?teachers?\b|head of\b|principals?\b|date (signed|"
    r"completed|printed)\b|"
    r"page \d+|end of\b|report (date|run|generated|id|ends?)\b|notes?\b|please\b|guidance\b|key\b|n ?b\b|declaration\b|"
    r"i (confirm|certify|declare)\b|"
    r"office use\b|return (to|this|by)\b|for office\b|data protection\b|confidential\b|official( sensitive)?\b|copyright\b|"
    r"footnote\b|"
    r"\d+ (pupils?|leavers?|joiners?|records?|rows?|students?|children)\b|designation\b|position\b|contact (name|tel|number|"
    r"email)\b|"
    r"(this )?(report|list|return|form) (was|is|contains|shows)\b|source\b|filters?\b|criteria\b|sims\b|arbor\b|bromcom\b")
_NAME_LABEL = re.compile(r"(name of )?(school|academy|establishment|setting)( name)?|our school|from school|sending school|"
                         r"school academy( name)?|school name.*")
_NUMBER_LABEL = re.compile(r"(school )?(dfe|dfes|dcsf|dfee|laestab|la estab|lea estab|estab\w*|school)( establishment|"
                           r" school)? ?(no|number|code|num|ref|estab)?|"
                           r"laestab.*|dfe.*|urn|school urn")
LONGEST = 300                     # characters of a line that says nil, or that it is an example
_NIL = brief(
    r"(nil|none|zero|nothing|no one|nobody|no|0|n a|na|not applicable|blank)( (this|for this|for the|the|last|to|"
    r"this past) (week|month|term|period|time|report).*)?|"
    r"nil (return|report|response|submission|leavers?|joiners?|starters?|movements?|this).*|nothing to (report|declare|return|"
    r"submit).*|"
    r"(there (are|were|have been) )?(no|nil|zero|0) (new )?(pupils?|children|students?|leavers?|joiners?|starters?|admissions?|"
    r"movements?|changes?|records?|data|"
    r"results?|rows?|entries|returns?|removals?|deletions?|arrivals?|departures?|off rolls?)\b.*|"
    r"we (have|had) (no|nil|not had any)\b.*|nil|.*\bno (records|data|results|pupils|students|leavers|joiners|starters)( were|"
    r" have been)? (found|to (report|display|show|return)|"
    r"match\w*|available|this week|selected).*", LONGEST)
_GUIDANCE = frozenset({
    "required", "optional", "mandatory", "essential", "desirable", "compulsory", "conditional", "if known", "if applicable",
    "required if known",
    "yes", "no", "y n", "yes no", "m f", "m or f", "male female", "text", "date", "number", "numeric", "alphanumeric",
    "drop down", "dropdown", "select", "list",
    "free text", "dd mm yyyy", "dd mm yy", "ddmmyyyy", "dd mmm yyyy", "yyyy mm dd", "must be completed", "please complete",
    "automatic", "calculated", "r", "o", "m",
    "auto", "recommended", "m required", "statutory", "required for leavers", "required for joiners", "not required",
    "where known", "13 characters", "3 digits",
    "7 digits", "lookup", "pick from list", "choose from list", "select from list", "char", "string", "varchar", "c", "1", "2",
    "example", "format", "type",
})
_EXAMPLE = brief(r"(e ?g\b.*|eg \S.*|example\b.*|.*\bexample (row|only|entry|line|pupil|data)\b.*|for example\b.*|"
                 r"sample (row|entry|data|pupil)\b.*|"
                 r"delete (this|before|row)\b.*|.*\bdelete this (row|line|example)\b.*|illustration\b.*|.*\(example\).*)",
                 LONGEST)
_LEAVERS = re.compile(r"\b(leavers?|leaving|left|off ?roll(ed|s|ing)?|deletions?|deleted|removals?|removed|departures?|"
                      r"withdrawals?|outgoing|leavers return|"
                      r"taken off roll|moved out|exits?)\b")
_JOINERS = re.compile(r"\b(joiners?|joining|joined|starters?|started|new (pupils?|starts?|students?|children|admissions?|"
                      r"entrants?|arrivals?)|admissions?|admitted|"
                      r"arrivals?|entrants|enrolments|on ?roll(ed)?|incoming|additions?|newly enrolled|moved in|new to roll)\b")
_BOTH = re.compile(r"\bmovements?\b|\bmobility\b")


def texts(cells: Sequence[Any]) -> list[str]:
    """What stands in a line, left to right, blanks left out."""
    return [str(cell).strip() for cell in cells if cell is not None and str(cell).strip()]


def closes_a_table(said: Sequence[str]) -> bool:
    """Totals, signatures, notes: judged by the first words of the line."""
    first = fold(said[0])
    return _CLOSING.match(first) is not None or (first.endswith(" name") and ":" in said[0])


def labels_a_school(text: str) -> bool:
    """Whether a text is a label beside which a school stands: ``School:``, ``DfE number``."""
    folded = fold(text)
    return _NUMBER_LABEL.fullmatch(folded) is not None or _NAME_LABEL.fullmatch(folded) is not None


def says_nil(said: Sequence[str]) -> bool:
    """Whether a line says that there is nothing to report."""
    return len(said) > 0 and all(_NIL.fullmatch(fold(text)) or is_placeholder(text) for text in said) \
        and any(not is_placeholder(text) or fold(text) in ("n a", "na") for text in said)


def is_guidance(said: Sequence[str]) -> bool:
    """A row under the headings that says what to fill in: ``Required``, ``dd/mm/yyyy``."""
    return all(fold(text.strip("*()[]")) in _GUIDANCE or (len(text) > 40 and not any(c.isdigit() for c in text)) for text in said)


def is_example(said: Sequence[str]) -> bool:
    """A row that a template marks as an example."""
    return any(_EXAMPLE.fullmatch(fold(text)) for text in said)


def direction_of(text: str | None) -> MovementKind | None:
    """Whether a title speaks of leavers or joiners; None when of neither or both."""
    if not text or len(text) > 120:
        return None
    folded = fold(text.replace("_", " "))
    leavers, joiners = _LEAVERS.search(folded), _JOINERS.search(folded)
    if bool(leavers) == bool(joiners) or _BOTH.search(folded):
        return None
    return MovementKind.LEAVER if leavers else MovementKind.JOINER


def movement_of(text: str | None) -> MovementKind | None:
    """What a cell of a movement column says: ``L``, ``Joiner``, ``New starter``, ``Out``."""
    folded = fold(text or "")
    if folded in ("l", "leaver", "out", "off", "d", "leave", "delete"):
        return MovementKind.LEAVER
    if folded in ("j", "s", "joiner", "starter", "in", "on", "n", "new", "a", "join", "add", "start"):
        return MovementKind.JOINER
    return direction_of(folded)
