"""Cases by seed, and what came of them."""

from __future__ import annotations

import random
import traceback
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import date

from adapters.sandbox import Limits, Sandbox
from gateway.domain.parcels.stages import Checked, Offered
from gateway.domain.policy import SenderTerms
from tests.fuzz import judge, packages
from tests.fuzz.mutate import spoilt
from tests.fuzz.seeds import of_form, seeds

FORMS = ("csv", "xlsx", "xml", "package")
Examine = Callable[[str, bytes], Checked]


def case(form: str, seed: int) -> tuple[str, bytes]:
    """The file of one seed: its name and its bytes."""
    chance = random.Random(f"{form} {seed}")  # noqa: S311 - a case is a seed
    if form == "package":
        return packages.case(chance)
    names = of_form(form)
    name = chance.choice(names)
    return name, spoilt(seeds()[name], form, chance, seeds()[chance.choice(names)])


def judged(form: str, name: str, content: bytes, examine: Examine = judge.examined) -> list[str]:
    """What is wrong with the answer to one case."""
    return list(_judged(form, name, content, examine, Counter()))


def fuzzed(
    form: str, numbers: Iterable[int], *, sandboxed: bool = False, tell: Callable[[str, int, str, str], None] = lambda *_: None
) -> Counter[str]:
    """Many cases: ``cases``, ``refused``, ``read``, ``crashes``, ``unexplained``."""
    counts: Counter[str] = Counter()
    with _examiner(sandboxed) as examine:
        for number in numbers:
            name, content = case(form, number)
            counts["cases"] += 1
            for said in _judged(form, name, content, examine, counts):
                counts["crashes" if said.startswith(("crashed", "raised")) else "unexplained"] += 1
                tell(form, number, name, said)
    return counts


def _judged(form: str, name: str, content: bytes, examine: Examine, counts: Counter[str]) -> Iterator[str]:
    try:
        if form == "package":
            counts["refused" if packages.refused(content) else "read"] += 1
            return
        checked = examine(name, content)
        counts["refused" if checked.verdict.value == "refused" else "read"] += 1
        yield from judge.wrong(name, content, checked)
    except Exception as error:  # noqa: BLE001 - whatever a reader raises is what is looked for
        place = traceback.extract_tb(error.__traceback__)[-1]
        yield f"raised {type(error).__name__} at {place.filename.rpartition('/')[2]}:{place.lineno}: {str(error)[:200]}"


@contextmanager
def _examiner(sandboxed: bool) -> Iterator[Examine]:
    if not sandboxed:
        yield judge.examined
        return
    sandbox = Sandbox(
        "gateway.bootstrap.reader",
        {"register": None},
        terms=lambda sender: SenderTerms(sender, (sender,)),
        today=lambda: date(2026, 11, 16),
        limits=Limits(workers=1),
    )
    try:
        yield lambda name, content: sandbox.examine(Offered(name, content, judge.SENDER))
    finally:
        sandbox.close()
