"""Lines of a sheet that are no pupils: titles, guidance, examples, totals, signatures, nil in words.

1. Here are the words alone. Whether a line that uses them is a pupil all the same, by the columns in which its cells stand, is
   decided by ``pupils``: every one of these words is somebody's surname.
2. An example is known by its mark: a cell that holds nothing else, a name's cell that says it is one, or a first cell that opens
   with it. A note that only begins so (``E.g. the grandmother says Poland``) marks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from typing import Any

from gateway.domain.brief import brief
from gateway.domain.returns.record import MovementKind
from gateway.domain.returns.text import fold, is_placeholder

_SIGNING = re.compile(
    r"signed?\b|signature\b|(form |return |report |list )?(completed|prepared|submitted|compiled|generated|printed|checked|"
    r"authorised|approved|certified|created|produced|run|exported) (by|on|at|from)\b|print(ed)?( name)?\b|head ?teachers?\b|"
    r"name of (person|head\w*|staff)\b|head of\b|principals?\b|date( (signed|completed|printed|of (report|return)))?$|run date\b|"
    r"declaration\b|i (confirm|certify|declare)\b|designation\b|position\b|role$|job title\b|contact (name|tel|number|email)\b|"
    r"source\b|filters?\b|criteria\b|(mr|mrs|ms|miss|mx|dr|rev)\b|(office|data|business|school business|attendance|admissions) "
    r"(manager|officer|administrator|lead)\b|administrator\b|designated\b|(kind |best |warm )?regards\b|(many )?thanks\b|"
    r"thank you\b|yours\b")
_CLOSING = re.compile(
    r"(grand )?totals?\b|sub ?totals?\b|number of (pupils|leavers|joiners|starters|children|rows|records)\b|count\b|"
    r"page\b|end( of\b|$)|report (date|run|generated|id|ends?)\b|notes?\b|please\b|guidance\b|key\b|n ?b\b|"
    r"office\b|return (to|this|by)\b|for office\b|data protection\b|confidential\b|official( sensitive)?\b|copyright\b|"
    r"footnote\b|\d+ (pupils?|leavers?|joiners?|records?|rows?|students?|children)\b|tel(ephone)?\b|e ?mail\b|phone\b|"
    r"(this )?(report|list|return|form) (was|is|contains|shows)\b|(week|month|period) (ending|commencing)\b|as (at|of)\b|"
    r"sims\b|arbor\b|bromcom\b")
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
_KINDS = r"(row|entry|line|pupil|child|student|person|data|record|name|surname|forename)"
# A cell that holds nothing but the mark; a school or a street of that name is nobody's.
_MARK = brief(
    rf"(please )?(delete|remove) (this |the )?(example )?(row|line|entry|example)( before .*)?|"
    rf"(for |an )?(example|e g|eg|sample|dummy|illustration)( only)?( {_KINDS})*( only)?"
    rf"( (please )?(delete|remove|ignore|do not .*)( .*)?)?|"
    rf"example( [a-z]+)? (school|academy|street|road|lane|avenue|town|parent)", LONGEST)
_MARK_OPENS = brief(rf"(e ?g|for example|example|illustration|(sample|dummy) {_KINDS})\b.*", LONGEST)
# Below a name's heading a bare *Example* is a name; so is *Example, Amy*.
_MARKED_NAME = brief(rf"\s*(e\.\s?g\.?|eg)[\s:]+\S.*|\s*for example\b.*|\s*(example|sample)\s*[:\-–—]\s*\S.*|"
                     rf"\s*(example|sample|dummy)\s+{_KINDS}\b.*|.*[(\[]\s*(example|sample)\s*[)\]].*", LONGEST, re.IGNORECASE)
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


def is_furniture(said: Sequence[str]) -> bool:
    """Totals, labels, signatures, notes: judged by the first words of the line."""
    first = fold(said[0])
    return (_CLOSING.match(first) is not None or _SIGNING.match(first) is not None or labels_a_school(said[0])
            or (first.endswith(" name") and ":" in said[0]))


def signs_off(text: str) -> bool:
    """Whether these words stand beside who gives a return, or when."""
    return _SIGNING.match(fold(text)) is not None


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


def is_example(cells: Sequence[Any], names: Collection[int], notes: Collection[int]) -> bool:
    """A row that a template marks as an example; ``names`` and ``notes`` are the columns of names and of free text."""
    filled = [(index, str(cell).strip()) for index, cell in enumerate(cells) if cell is not None and str(cell).strip()]
    called = " ".join(text for index, text in filled if index in names)
    if _MARKED_NAME.fullmatch(called) or any(_MARKED_NAME.fullmatch(text) for index, text in filled if index in names):
        return True
    first = next(iter(filled), None)
    if first and first[0] not in names and first[0] not in notes and _MARK_OPENS.fullmatch(fold(first[1])):
        return True
    return any(_MARK.fullmatch(fold(text)) for index, text in filled if index not in names)


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
