"""Spoil files by seed and judge what the readers say.

    python -m tests.fuzz --cases 10000 --seed 1              in this process
    python -m tests.fuzz --cases 2000 --seed 1 --sandbox     as the gateway reads: in the confined process
    python -m tests.fuzz --case xlsx 4711                    one case again; the file is written beside

A row for each form: cases, refused, read, crashes, unexplained. Ends with 1 when there was a crash or anything unexplained.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from pathlib import Path

from tests.fuzz.run import FORMS, case, fuzzed, judged

HEAD = f"{'form':<8}{'cases':>8}{'refused':>9}{'read':>8}{'crashes':>9}{'unexplained':>13}"


def main() -> int:
    asked = _asked()
    if asked.case:
        return _again(asked.case[0], int(asked.case[1]))
    counts: dict[str, Counter[str]] = {}
    for form in FORMS if asked.form is None else (asked.form,):
        counts[form] = fuzzed(form, range(asked.seed, asked.seed + asked.cases), sandboxed=asked.sandbox, tell=_tell)
    print(HEAD)
    for form, count in counts.items():
        print(
            f"{form:<8}{count['cases']:>8}{count['refused']:>9}{count['read']:>8}{count['crashes']:>9}{count['unexplained']:>13}"
        )
    return 1 if any(count["crashes"] + count["unexplained"] for count in counts.values()) else 0


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--cases", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sandbox", action="store_true")
    parser.add_argument("--form", choices=FORMS)
    parser.add_argument("--case", nargs=2, metavar=("FORM", "SEED"))
    return parser.parse_args()


def _tell(form: str, seed: int, name: str, said: str) -> None:
    print(f"{form} {seed} ({name}): {said}", file=sys.stderr, flush=True)


def _again(form: str, seed: int) -> int:
    name, content = case(form, seed)
    path = Path(f"fuzz-{form}-{seed}")
    path.write_bytes(content)
    said = judged(form, name, content)
    print(f"{name}, written to {path}: {said or 'as it must be'}")
    return 1 if said else 0


if __name__ == "__main__":
    sys.exit(main())
