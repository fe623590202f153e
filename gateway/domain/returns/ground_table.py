"""The two lists of grounds for taking a name off the register, side by side, as data.

1. Regulation 9(1)(a) to (o) of SI 2024/208 holds from 19 August 2024; regulation 8(1)(a) to (o) of SI 2006/1751 before it.
   The same letter means different things in them, so a ground is always regulation and letter.
2. A line is one reason in the field's words. ``new`` and ``old`` are its letters; None where a list does not have it.
3. ``words`` are whole cells that say it; ``stems`` are parts that say it wherever they stand. Both are folded: small
   letters, no signs. Earlier lines win.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

NEW_LIST_FROM = date(2024, 8, 19)   # SI 2024/208 comes into force


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a name comes off, with its letter in each list."""

    name: str
    new: str | None
    old: str | None
    words: tuple[str, ...] = ()
    stems: tuple[str, ...] = ()


REASONS: tuple[Reason, ...] = (
    Reason("died", "k", "j", ("died", "death", "deceased", "passed away", "pupil died", "pupil has died"),
           ("deceased", "has died", "passed away")),
    Reason("medically unfit", None, "g", ("medical", "medically unfit", "unfit to attend", "ill health"),
           ("medically unfit", "unlikely to be in a fit state")),
    Reason("excluded", "o", "m", ("pex", "excluded", "exclusion", "perm ex", "permex", "permanent exclusion",
                                  "permanently excluded", "expelled"),
           ("permanently excl", "permanent excl", "perm excl")),
    Reason("detained", "j", "i", ("custody", "in custody", "detained", "prison", "young offenders", "yoi",
                                  "secure accommodation"),
           ("detained", "custod", "young offender", "court order sentence")),
    Reason("order revoked", "e", "a", ("sao revoked", "school attendance order revoked"), ("order revoked", "order is revoked",
                                                                                           "revoked")),
    Reason("order changed", "d", "a", ("sao", "school attendance order", "sao changed", "sao named another school"),
           ("attendance order", "sao ")),
    Reason("home education", "f", "d", (
        "ehe", "home education", "elective home education", "electively home educated", "elective home educated", "home educated",
        "home ed", "home school", "home schooled", "home schooling", "educated at home", "educated otherwise",
        "education otherwise",
        "to be home educated", "parent educating at home", "eotas", "home tuition by parent"),
        ("home educ", "home school", "homeschool", "educated otherwise", "education otherwise", "otherwise than at school",
         "electively educ", "educated at home", "educate at home")),
    Reason("dual registration", "c", "c", ("dual registered", "dual registration", "dual roll", "dual rolled",
                                           "other school agrees"),
           ("dual reg", "dually reg", "also registered at", "dual roll")),
    Reason("nursery", "b", "n", ("nursery leaver", "end of nursery", "left nursery", "not continuing after nursery", "nursery"),
           ("after nursery", "nursery education", "nursery leaver", "not transferring to reception")),
    Reason("over school age", "l", "k", (
        "end of year 11", "year 11 leaver", "yr 11 leaver", "y11 leaver", "post 16", "over compulsory school age",
        "school leaver",
        "completed year 11", "left at 16", "not returning to sixth form", "end of statutory education", "over school age",
        "above compulsory school age", "ceased to be of compulsory school age"),
        ("compulsory school age", "school leaving age", "sixth form", "post 16", "year 11 leaver", "statutory school age")),
    Reason("boarder", "m", "o", ("fees unpaid", "boarding fees unpaid", "boarder", "unpaid boarding fees"), ("boarding fees",
                                                                                                             "boarder")),
    Reason("ceased at independent school", "n", "l", (
        "ceased at independent school", "left independent school", "ceased to be a pupil", "ceased to be a pupil of the school"),
        ("ceased to be a pupil",)),
    Reason("not returned from leave", "h", "f", (
        "not returned from leave", "failed to return from leave", "not returned", "failed to return", "did not return",
        "not returned from holiday", "failed to return from holiday", "extended leave", "extended holiday", "overstayed leave",
        "not returned following leave of absence", "failed to return from extended leave"),
        ("not returned from", "not returned follow", "not returned after", "failed to return", "did not return", "not come back",
         "leave of absence", "extended leave", "extended holiday")),
    Reason("absent twenty days", "i", "h", (
        "continuously absent", "continuous absence", "absent 20 days", "20 days absence", "20 school days", "whereabouts unknown",
        "missing", "missing from education", "child missing education", "cme", "untraced", "untraceable", "disappeared",
        "no contact",
        "unknown whereabouts", "lost pupil", "missing pupil", "long term absence"),
        ("continuous absen", "continuously absent", "20 school days", "20 days", "twenty school days", "4 weeks absen",
         "four weeks absen",
         "whereabouts", "missing education", "missing from education", "cannot be traced", "unable to trace")),
    Reason("moved away", "g", "e", (
        "g1", "moved away", "moved", "moved out of area", "moved area", "moved out of the area", "left the area", "left area",
        "relocated",
        "moved house", "house move", "home move", "family moved", "family relocated", "change of address", "moved out of borough",
        "moved out of county", "out of area", "moved abroad", "moved overseas", "gone abroad", "abroad", "emigrated",
        "emigration",
        "left the country", "left country", "left the uk", "left uk", "returned to home country", "no longer lives in area",
        "distance", "too far", "moving away", "moving", "moving house", "moved to another area", "moved to another la"),
        ("reasonable distance", "moved away", "moved out", "moved abroad", "moved oversea", "left the area",
         "left the country", "left the uk",
         "emigrat", "relocat", "moving abroad", "moving out of", "moving away", "out of the area", "moved to another area",
         "moved house", "new address", "no longer lives", "no longer living", "no longer ordinarily", "moved from the area")),
    Reason("another school", "a", "b", (
        "another school", "new school", "moved school", "moved schools", "changed school", "changed schools", "change of school",
        "transferred", "transfer", "school transfer", "in year transfer", "transferred school", "transferred to another school",
        "moved to another school", "moved to new school", "moving school", "on roll elsewhere", "on roll at another school",
        "registered at another school", "registered elsewhere", "started at another school", "joined another school",
        "attending another school", "gone to another school", "phase transfer", "managed move", "secondary transfer",
        "secondary school", "independent school", "private school", "special school", "mainstream school"),
        ("another school", "new school", "different school", "other school", "registered at", "transferred to", "transfer to",
         "changed school", "change of school", "moved school", "on roll at", "managed move", "joined ")),
)

NUMBERS_2006 = "abcdefghijklmno"   # forms that show the 2006 list as 1 to 15 count its letters: 4 is (d), 13 is (m)

SHORT_2024 = {
    "a": "registered at another school", "b": "not continuing after nursery",
    "c": "also registered elsewhere, other school agrees",
    "d": "attendance order names another school", "e": "attendance order revoked",
    "f": "parent educates otherwise than at school",
    "g": "no longer lives within reasonable distance", "h": "not returned after leave of absence",
    "i": "absent for 20 school days", "j": "detained under a sentence", "k": "died", "l": "over compulsory school age",
    "m": "boarder, fees unpaid", "n": "ceased at an independent or non-maintained special school", "o": "permanently excluded",
}
SHORT_2006 = {
    "a": "attendance order changed or revoked", "b": "registered at another school", "c": "dual registered, other school agrees",
    "d": "educated otherwise than at school", "e": "no longer lives within reasonable distance",
    "f": "not returned after leave of absence",
    "g": "medically unfit before school leaving age", "h": "absent for 20 school days", "i": "detained under a sentence",
    "j": "died",
    "k": "over compulsory school age", "l": "ceased at an independent school", "m": "permanently excluded",
    "n": "not continuing after nursery", "o": "boarder, fees unpaid",
}
