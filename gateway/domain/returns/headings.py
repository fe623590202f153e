"""Headings: from what stands above a column to the gateway's name for it.

1. What a sender's headings were learnt to mean comes first, then the list for leavers or joiners, then the list of all,
   then parents' columns, then patterns.
2. Compared are letters and digits only; if that finds nothing, bracketed remarks and words such as ``pupil's`` or
   ``required`` are left out and it is tried again.
3. A parent's column becomes ``parents.1.phone``: the person's number and the particular.
4. A heading that nothing knows is None, and kept.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from gateway.domain.brief import brief
from gateway.domain.returns.record import MovementKind

_UNLISTED = 1_000
_SIGNS = re.compile(r"[^a-z0-9]+")
_BRACKETS = brief(r"\s*[(\[][^)\]]*[)\]]", 400)
_NOISE = re.compile(
    r"\b(pupil s|pupils|pupil|student s|students|student|childs|child s|childrens|children|child|learner s|learners|learner|"
    r"young persons?|"
    r"required|mandatory|optional|compulsory|if known|if applicable|where known|where applicable|if different|please (enter|"
    r"state|select|give)|"
    r"please|dd mm yyyy|dd mm yy|ddmmyyyy|dd mmm yyyy|yyyy mm dd|mm dd yyyy|y n|yes no|drop ?down|select|format|in full|"
    r"as registered|e g|eg|"
    r"core|must be completed|the|their|his her|text|date format)\b")


@dataclass(frozen=True, slots=True)
class HeadingPattern:
    """A heading that holds all of ``all``, one of ``any``, one of ``all_any`` and none of ``none``."""

    field: str
    all: tuple[str, ...] = ()
    any: tuple[str, ...] = ()
    all_any: tuple[str, ...] = ()
    none: tuple[str, ...] = ()

    def fits(self, words: str) -> bool:
        """Whether folded words fit; they are compared as whole words."""
        padded = f" {words} "

        def has(phrase: str) -> bool:
            return f" {phrase} " in padded

        return (all(map(has, self.all)) and (not self.any or any(map(has, self.any)))
                and (not self.all_any or any(map(has, self.all_any))) and not any(map(has, self.none)))


@dataclass(frozen=True, slots=True)
class Synonyms:
    """The synonym table: exact headings in compact form, by movement where they differ, parents and patterns."""

    exact: Mapping[str, str]
    by_movement: Mapping[MovementKind, Mapping[str, str]] = field(default_factory=dict)
    rank: Mapping[str, int] = field(default_factory=dict)          # compact heading → place in its field's list
    holders: tuple[str, ...] = ()                                  # folded, longest first
    attributes: Mapping[str, str] = field(default_factory=dict)    # folded words → particular
    patterns: tuple[HeadingPattern, ...] = ()

    def field_of(self, heading: str, movement: MovementKind | None = None, learnt: Mapping[str, str] | None = None) -> str | None:
        """The gateway's name for a heading, or None."""
        words = fold_heading(heading)
        if not words or len(words) > 120:
            return None
        if learnt:
            taught = learnt.get(compact(words))
            if taught:
                return taught
        plain = _denoised(heading)
        for form in dict.fromkeys((words, plain)):
            found = self._listed(form, movement) or self._parent(form)
            if found:
                return found
        return next((pattern.field for pattern in self.patterns if pattern.fits(words)), None)

    def strength(self, heading: str) -> int:
        """How strong a heading is within its field: 0 is strongest; those not listed come last."""
        words = fold_heading(heading)
        return self.rank.get(compact(words), self.rank.get(compact(_denoised(heading)), _UNLISTED))

    def is_listed(self, heading: str) -> bool:
        """Whether a heading stands in a list, and is not only like one."""
        return self.strength(heading) < _UNLISTED

    def _listed(self, words: str, movement: MovementKind | None) -> str | None:
        key = compact(words)
        if movement:
            found = self.by_movement.get(movement, {}).get(key)
            if found:
                return found
        return self.exact.get(key)

    def _parent(self, words: str) -> str | None:
        for holder in self.holders:
            number, rest = _after_holder(words, holder)
            if rest is not None and rest in self.attributes:
                return f"parents.{number or _NUMBER_OF.get(holder, '1')}.{self.attributes[rest]}"
        what, of, whose = words.partition(" of ")   # "name of parent 1"
        return self._parent(f"{whose} {what}") if of and what and whose and " of " not in whose else None


_NUMBER_OF = {"father": "2", "dad": "2"}


def learn(headings: Mapping[str, str]) -> dict[str, str]:
    """A sender's learnt headings, ready to be compared."""
    return {compact(fold_heading(heading)): name for heading, name in headings.items()}


@lru_cache(maxsize=8192)
def fold_heading(heading: str) -> str:
    """Small letters and digits, one space where anything else stood; accents off."""
    text = unicodedata.normalize("NFKD", heading).casefold().replace("'", "").replace("’", "")
    return _SIGNS.sub(" ", text).strip()


def compact(words: str) -> str:
    """Folded words without their spaces."""
    return words.replace(" ", "")


@lru_cache(maxsize=8192)
def _denoised(heading: str) -> str:
    words = _NOISE.sub(" ", fold_heading(_BRACKETS.sub(" ", heading)))
    return " ".join(words.split())


def _after_holder(words: str, holder: str) -> tuple[str | None, str | None]:
    """What follows a holder: its number and the rest; (None, None) when the words do not start with it."""
    found = re.fullmatch(rf"{holder}s? ?(?:no |number )?([1-4])?(?: (.*))?", words)
    if not found:
        return None, None
    rest = (found[2] or "").strip()
    before = rest[:-1].removesuffix(" ")
    if not found[1] and before and rest[-1:] in ("1", "2", "3", "4"):
        return rest[-1], before
    return found[1], rest
