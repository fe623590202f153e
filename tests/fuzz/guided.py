"""Coverage-guided fuzzing of the readers, by atheris: it keeps what leads it to new code, and spoils that further.

    python -m tests.fuzz.guided csv build/fuzz/csv -max_total_time=600

The first argument is the form, the second a folder in which what was found is kept; libFuzzer's own options follow. A crash is
written as a file ``crash-…``: make a named test of it.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

LONGEST = 60_000

with atheris.instrument_imports(include=["gateway", "schemas"]):
    from tests.fuzz import judge
    from tests.fuzz.seeds import of_form, seeds

NAMES = {"csv": "a.csv", "xlsx": "a.xlsx", "xml": "9902001_CML_990LLLL_001.xml"}


def main(arguments: list[str]) -> None:
    """Fuzz one form until told to stop."""
    form, folder, *options = arguments
    kept = Path(folder)
    kept.mkdir(parents=True, exist_ok=True)
    for number, name in enumerate(of_form(form)):
        (kept / f"seed-{number}").write_bytes(seeds()[name])

    def once(content: bytes) -> None:
        said = list(judge.wrong(NAMES[form], content, judge.examined(NAMES[form], content)))
        if said:
            raise AssertionError("; ".join(said))

    atheris.Setup([sys.argv[0], str(kept), f"-max_len={LONGEST}", "-rss_limit_mb=3000", "-timeout=60", *options], once)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
