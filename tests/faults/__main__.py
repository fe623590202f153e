"""``make faults``: every fault, all its trials, on every core; one table at the end, the figures kept for docs/reliability.md.

    python -m tests.faults                                       everything
    python -m tests.faults "killed at random"                    one row of the table
    python -m tests.faults "killed at random" --trial "seed 4711, 10 kills, 200 files"      one trial again, as it was printed
    python -m tests.faults "killed at random" --most 20          so many of its trials, chosen by the seed; the figures are kept
    python -m tests.faults --seed 7 --short                      as ``make test`` does it
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed

from tests.faults import figures
from tests.faults.fault import Fault, Row
from tests.faults.table import FAULTS, attempted, named

TELL = 100                    # tries between two lines about how far it is, where nobody watches


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for; 1 when anything was wrong."""
    asked = _asked(arguments)
    print(f"seed {asked.seed}", file=sys.stderr)
    with ProcessPoolExecutor(asked.workers, mp_context=multiprocessing.get_context("spawn")) as pool:
        rows = [_measured(fault, asked, pool) for fault in _possible([named(name) for name in asked.fault] or FAULTS)]
    _print_table(rows)
    failures = [failure for row in rows for failure in row.failures]
    print("\n".join(failures) or "nothing lost, nothing doubled, nothing stuck, everyone answered", file=sys.stderr)
    return 1 if failures else 0


def _asked(arguments: Sequence[str] | None) -> argparse.Namespace:
    seed = int(os.environ.get("GATEWAY_TEST_SEED") or random.SystemRandom().randrange(1_000_000))
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description="What is done to the gateway.")
    parser.add_argument("fault", nargs="*", help="a row of the table; all when none is named")
    parser.add_argument("--trial", help="one trial again, in the words that were printed")
    parser.add_argument("--seed", type=int, default=seed)
    parser.add_argument("--short", action="store_true", help="a few trials of each; the figures are not kept")
    parser.add_argument("--most", type=int, help="so many trials of each, chosen by the seed; the figures tell how many")
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    return parser.parse_args(arguments)


def _possible(faults: Sequence[Fault]) -> Iterator[Fault]:
    for fault in faults:
        if lacks := fault.missing():
            print(f"!!!! {lacks} !!!!", file=sys.stderr)
        else:
            yield fault


def _measured(fault: Fault, asked: argparse.Namespace, pool: ProcessPoolExecutor) -> Row:
    chance = random.Random(asked.seed)  # noqa: S311 - it must be possible to do it again
    trials = [asked.trial] if asked.trial else list(fault.trials(chance, not asked.short))
    if asked.most is not None and asked.most < len(trials):
        trials = chance.sample(trials, asked.most)
    began, row = time.monotonic(), Row(fault.name)
    under_way = {pool.submit(attempted, fault.name, trial): trial for trial in trials}
    for done in as_completed(under_way):
        trial, reckoning = under_way[done], done.result()
        row.add(trial, reckoning)
        for what in reckoning.wrong:
            print(f"WRONG  {fault.name} · {trial} · {what}", file=sys.stderr, flush=True)
        if sys.stderr.isatty() or row.tries % TELL == 0:
            print(f"{fault.name}: {row.tries} tries", end="\r" if sys.stderr.isatty() else "\n", file=sys.stderr, flush=True)
    print(f"{fault.name}: {row.tries} tries in {time.monotonic() - began:.0f} s", file=sys.stderr)
    if not asked.short and not asked.trial:
        figures.keep(row.to_json())
    return row


def _print_table(rows: Sequence[Row]) -> None:
    cells = [figures.HEADINGS, *(figures.cells(row.to_json()) for row in rows)]
    widths = [max(len(line[n]) for line in cells) for n in range(len(figures.HEADINGS))]
    for line in cells:
        print(line[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(line[1:], widths[1:], strict=True)), sep="  ")


if __name__ == "__main__":
    sys.exit(main())
