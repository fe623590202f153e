"""What the words of a destination cell say, where they do not name a school that the register knows.

The table is read from the top; the first line that fits decides. Words are folded: small letters, no signs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from gateway.domain.brief import brief
from gateway.domain.returns.countries import AT_HOME, country_at_end, is_country
from gateway.domain.returns.record import DestinationType
from gateway.domain.returns.text import fold

_T = DestinationType
_LINES: tuple[tuple[DestinationType, str], ...] = (
    (_T.DECEASED, r"deceased|died|pupil died|passed away|death|.*\bhas died|.*\bpassed away"),
    (_T.CUSTODY, r".*\b(custody|young offenders?( institution)?|yoi|hmp|hmyoi|secure (training|unit|childrens home|estate)|"
     r"prison|remand(ed)?|"
                 r"detained|detention centre)\b.*"),
    (_T.EHE, r"ehe\b.*|.*\behe|(elective|electively)\b.*|home|at home|.*\bhome ?(ed|educ\w*|school(ing|ed)?|tuition|"
     r"tutor\w*)\b.*|"
             r"educated (at home|otherwise).*|education otherwise.*|parents? (to )?educat\w+.*|.*\botherwise than at school"),
    (_T.UNKNOWN, r"unknown.*|.*\bunknown|not known.*|nk|n k|unk|u k n|dont know.*|no idea|unsure|not sure.*|whereabouts.*|"
     r"missing.*|cme.*|"
                 r"lost.*|no (known )?(destination|contact|information|school|new school|forwarding)\b.*|untrace\w*|"
                 r"not (disclosed|stated|told|advised|"
                 r"informed|confirmed|found|known yet).*|no new school.*|none|disappeared.*|parents? (did not|didnt|would not|"
                 r"refused to|not)\b.*|"
                 r"unconfirmed|no school place.*|awaiting school.*|looking for (a )?school.*|applying.*|xxx ?xxxx"),
    (_T.POST_16, r".*\b(sixth form|6th form|post 16|apprentice\w*|further education|fe college|employment|traineeship|"
     r"training provider|"
                 r"full time work|university)\b.*|training|employed|work|job|college|neet|armed forces|fe"),
    (_T.AP, r"ap|pru|.*\balternative (provision|education)\b.*|.*\bpupil referral unit\b.*|.*\bpru|eotas|.*\bhospital (school|"
     r"education)\b.*|"
            r"medical (needs|tuition).*|tuition (service|centre)"),
    (_T.INDEPENDENT, r"(an? )?(independent|private|public|fee paying)( sector)?( school| education)?( place)?|"
     r"independent.*not named"),
)
LONGEST = 300                     # characters; a longer text is no answer to where a child goes: it is kept, and asked about
_TABLE = tuple((kind, brief(pattern, LONGEST)) for kind, pattern in _LINES)
_ABROAD = brief(
    r"(?:(?:gone|going|moved|moving|now|living|family|has|have|to)\s+)*(?:abroad|overseas|out of (?:the )?(?:country|uk)|"
    r"outside (?:the )?uk|"
    r"left (?:the )?(?:country|uk)|leaving (?:the )?(?:country|uk)|non[\- ]?uk|foreign country|outside england|"
    r"emigrat\w+)\s*(?:to|in|at)?\s*[\-–—:,/(]*\s*(.*?)\s*\)?", LONGEST, re.IGNORECASE)
_GONE_TO = brief(r"(?:(?:the )?(?:family|child|pupil|parents?|mother|father) )?(?:has |have |is |are )?(?:now )?"
                      r"(?:moved|moving|relocated|relocating|returned|returning|gone|going|back|went|living|emigrated|school|"
                      r"schools|schooling)"
                      r"(?: back| home)?(?: to| in| into)? (.+)", LONGEST, re.IGNORECASE)
_AUTHORITY = brief(
    r"(?:london borough of|royal borough of|borough of|city of|county of|lb)\s+(.+)|"
    r"(.+?)[\s,(\-–]+(?:la|lea|l\.a\.|l\.e\.a\.|local authority|local education authority|authority|council|city council|"
    r"county council|"
    r"borough council|metropolitan borough council|mbc|borough|county|area)\)?", LONGEST, re.IGNORECASE)
_DOUBT = brief(r"[\s,(\-–:]*\b(tbc|tba|to be (confirmed|advised)|not (yet )?confirmed|unconfirmed|provisional)\b[\s)?.]*$",
               LONGEST, re.IGNORECASE)
_ELSEWHERE = brief(r"(moved |moving |left |gone )?(to )?(the |an? )?(another|other|different|out of|outside|new|"
                        r"neighbouring)( the)? "
                        r"(la|lea|local authority|authority|area|borough|county|city|town|council)( school)?|oob|ooa|"
                        r"out of area.*|"
                        r"moved (away|area|house|home|out)|relocated|left( the)? area|moved out of( the)? (area|borough|county|"
                        r"city)|moved", LONGEST)
_NO_NAME = brief(r"(an?|the)? ?(another|new|other|different|local|mainstream|maintained|state|primary|secondary|special|"
                      r"infant|junior|"
                      r"high|middle|grammar|catholic|academy|faith)? ?(primary|secondary|special)? ?(schools?|academy|academies|"
                      r"transfer|transferred|"
                      r"setting|provision|placement)", LONGEST)


@dataclass(frozen=True, slots=True)
class Words:
    """What a cell says. ``place`` is the country or authority as written; ``named`` when it seems to name a school."""

    type: DestinationType
    place: str | None = None
    named: bool = False


def read_words(text: str) -> Words:
    """Understand a cell that names no school of the register."""
    text = _DOUBT.sub("", text).strip() or "unconfirmed"
    folded = fold(text)
    abroad = _ABROAD.fullmatch(text)
    if abroad:
        return Words(_T.ABROAD, _country(abroad[1]))
    for kind, pattern in _TABLE:
        if pattern.fullmatch(folded):
            return Words(kind, named=kind in (_T.POST_16, _T.AP) and len(folded.split()) > 2)
    return _in_a_country(text) or _authority(text, folded) or _school(text, folded)


def _in_a_country(text: str) -> Words | None:
    if is_country(text):
        return Words(_T.ABROAD, text)
    gone = _GONE_TO.fullmatch(text)
    if gone and (is_country(gone[1]) or country_at_end(gone[1], said_to_move=True)):
        return Words(_T.ABROAD, gone[1] if is_country(gone[1]) else country_at_end(gone[1], said_to_move=True))
    country = country_at_end(text)
    return Words(_T.ABROAD, country, named=_names_a_school(fold(text))) if country else None


def _country(text: str) -> str | None:
    """What follows *abroad*: the country as written, without a town before it."""
    if not text or fold(text) in AT_HOME | {"unknown", "not known", "country unknown", "country not known", "tbc"}:
        return None
    return text if is_country(text) else country_at_end(text) or text


def _authority(text: str, folded: str) -> Words | None:
    if _ELSEWHERE.fullmatch(folded):
        return Words(_T.OTHER_LA)
    found = _AUTHORITY.fullmatch(text.strip())
    if found and not _names_a_school(folded):
        return Words(_T.OTHER_LA, _place(found[1] or found[2]))
    gone = _GONE_TO.fullmatch(text)
    if gone and not _names_a_school(fold(gone[1])):
        return Words(_T.OTHER_LA, _place(gone[1]))
    return None


def _place(text: str) -> str:
    """The name of the place, without what stands around it: ``moved to Pennygate LA`` says Pennygate."""
    gone = _GONE_TO.fullmatch(text)
    if gone:
        text = gone[1]
    found = _AUTHORITY.fullmatch(text.strip())
    return (found[1] or found[2] if found else text).strip(" .,")


def _school(text: str, folded: str) -> Words:
    if not folded or _NO_NAME.fullmatch(folded):
        return Words(_T.UNKNOWN)
    return Words(_T.INDEPENDENT if re.search(r"\bindependent\b", folded) else _T.SCHOOL, named=True)


def _names_a_school(folded: str) -> bool:
    return re.search(r"\b(school|academy|primary|infants?|juniors?|college|grammar|nursery|prep|preparatory|cofe|rc|catholic|"
                     r"high)\b",
                     folded) is not None
