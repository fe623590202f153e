"""What is spoilt: small files of every form, good ones, odd ones and bad ones, each made fresh."""

from __future__ import annotations

from functools import cache

from tests.bad_files.make_bad_files import BAD_FILES, ODD_FILES
from tests.samples.make_samples import SAMPLES

LARGEST = 40_000  # bytes: a spoilt byte of a larger file is seldom where it matters


@cache
def seeds() -> dict[str, bytes]:
    """By file name."""
    makers = {**SAMPLES, **{name: maker for name, _, maker in (*BAD_FILES, *ODD_FILES)}}
    made = {name: maker() for name, maker in makers.items() if not name.startswith("locked")}  # a guessed password costs a second
    return {name: content for name, content in made.items() if 0 < len(content) <= LARGEST}


def of_form(form: str) -> list[str]:
    """The names of the seeds of one form: ``csv``, ``xlsx`` or ``xml``; good ones more often, for they lead further in."""
    names = [name for name in seeds() if name.lower().endswith(form)]
    good = [name for name in SAMPLES if name in seeds() and name.lower().endswith(form)]
    return sorted(names) + sorted(good) * max(1, 2 * len(names) // max(1, len(good)))
