"""The account of a town, taken from outside: by its folders, and by what its commands print.

Whatever was done to the gateway, a few ordinary passes must bring it to rest. Then

1. every dropped file is exactly one parcel in the state that was foretold, and nothing else is a parcel;
2. each parcel is answered once: one *received* and one *processed* receipt, page and data, that verify offline for those bytes;
3. each child has one movement, and one case and one hand-over where these were foretold; each package left once, whole;
4. whatever is held or refused has its reason where a person looks;
5. nothing is under way: no file lies in a drop folder or in ``.taking``, no half-written file anywhere, no job is held;
6. ``gateway verify`` finds ledger, vault and store in agreement, and received = settled + held + refused, none in progress.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from gateway.bootstrap.receipts import check_receipt
from tests.faults.known import Known
from tests.faults.town import PEER, Town
from tests.faults.typed import carried_out, typed

SORTS = ("lost", "doubled", "stuck", "unanswered", "broken")
MOST_PASSES = 6
STAGES = ("received", "processed")
LISTS = ("parcels", "movements", "cases", "holds", "handovers", "verify")
Rows = list[dict[str, Any]]


@dataclass
class Reckoning:
    """What is wrong, in sentences by sort; nothing when all is well."""

    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    stuck: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)      # another promise: said which
    tries: int = 1                                       # how many faults this account is about
    recovered: float | None = None                       # seconds, where it was measured

    @property
    def wrong(self) -> list[str]:
        """Everything."""
        return [f"{sort}: {what}" for sort in SORTS for what in getattr(self, sort)]


def settle_down(town: Town, reckoning: Reckoning) -> None:
    """Ordinary passes until nothing is left to do. More than one is needed only where a pause after a failure had to pass."""
    for _ in range(MOST_PASSES):
        ended = carried_out(town.one_pass(), town.aside)
        if ended.code == 0:
            return
    reckoning.stuck.append(f"the last of {MOST_PASSES} passes ended with {ended.code}: {ended.err[-600:]}")


def take_account(town: Town) -> Reckoning:
    """Let the town come to rest, then hold everything that can be seen against everything that was dropped."""
    reckoning = Reckoning()
    settle_down(town, reckoning)
    seen = _lists(town, reckoning)
    if seen:
        _parcels(town, seen["parcels"], reckoning)
        _answers(town, seen["parcels"], reckoning)
        _children(town, seen, reckoning)
        _reasons(town, seen["parcels"], seen["holds"], reckoning)
        _proofs(seen["verify"], reckoning)
    _packages(town, reckoning)
    _leftovers(town, reckoning)
    return reckoning


def _lists(town: Town, reckoning: Reckoning) -> dict[str, Rows]:
    """What the commands print, all typed in one process."""
    def all_typed() -> int:
        for name in LISTS:
            print(f"# {name} {typed(name, '--json', '--home', str(town.home))()}", flush=True)
        return 0

    ended = carried_out(all_typed, town.aside)
    seen: dict[str, Rows] = {}
    rows: Rows = []
    for line in ended.out.splitlines():
        if line.startswith("# "):
            _, name, code = line.split()
            seen[name], rows = rows, []
            if code != "0":
                reckoning.broken.append(f"gateway {name} ended with {code}: {ended.err[-600:]}")
        else:
            rows.append(json.loads(line))
    if set(seen) != set(LISTS):
        reckoning.broken.append(f"the commands ended with {ended.code}: {ended.err[-600:]}")
        return {}
    return seen


def _parcels(town: Town, parcels: Rows, reckoning: Reckoning) -> None:
    found = Counter((parcel["sender"], parcel["sha256"]) for parcel in parcels)
    states = {(parcel["sender"], parcel["sha256"]): parcel["state"] for parcel in parcels}
    for one in town.dropped:
        if not found[one.parcel]:
            still = (town.home / "drop" / one.sender / one.name).exists()
            (reckoning.stuck if still else reckoning.lost).append(f"{one.name} is no parcel")
        elif states[one.parcel] == "received":
            reckoning.stuck.append(f"{one.name} was received and not settled")
        elif states[one.parcel] != one.state:
            reckoning.broken.append(f"{one.name} is {states[one.parcel]}, {one.state} was foretold")
    reckoning.doubled += [f"{count} parcels are the same file" for count in found.values() if count > 1]
    known = {one.parcel for one in town.dropped}
    reckoning.doubled += [f"a parcel of {key[0]} is no file that was dropped" for key in found if key not in known]


def _answers(town: Town, parcels: Rows, reckoning: Reckoning) -> None:
    contents = {one.parcel: one for one in town.dropped}
    for parcel in parcels:
        one = contents.get((parcel["sender"], parcel["sha256"]))
        for stage in STAGES:
            listed = [receipt for receipt in parcel["receipts"] if receipt["stage"] == stage]
            if len(listed) > 1:
                reckoning.doubled.append(f"parcel {parcel['id']} has {len(listed)} receipts of stage {stage}")
            for ending in (".html", ".json"):
                given = sorted((town.home / "drop" / parcel["sender"] / "receipts").glob(f"{parcel['id']}-{stage}*{ending}"))
                if len(given) > 1:
                    reckoning.doubled.append(f"{len(given)} files answer for parcel {parcel['id']}: {stage}{ending}")
                elif not given:
                    reckoning.unanswered.append(f"parcel {parcel['id']} has no {stage}{ending}")
                elif one is not None:
                    reckoning.unanswered += _does_not_verify(town, given[0], one)
    owned = {parcel["id"] for parcel in parcels}
    strays = [path for path in town.home.glob("drop/*/receipts/*") if path.name.partition("-")[0] not in owned]
    reckoning.broken += [f"{path.name} answers for no parcel" for path in strays]


def _does_not_verify(town: Town, receipt: Path, one: Known) -> list[str]:
    file = town.aside / "bytes"
    file.write_bytes(one.content)
    report = check_receipt(receipt, town.home / "keys" / "public.json", file)
    return [f"{receipt.name} of {one.name} does not verify: {problem}" for problem in report.problems]


def _children(town: Town, seen: dict[str, Rows], reckoning: Reckoning) -> None:
    files = list({one.parcel: one for one in town.dropped}.values())
    upn_of = {row["child"]: row["upn"] for row in seen["movements"]}
    _each_once("movement", (row["upn"] for row in seen["movements"]), [upn for one in files for upn in one.moved], reckoning)
    _each_once("case", (row["upn"] for row in seen["cases"]), [upn for one in files for upn in one.cases], reckoning)
    handed = [upn for one in files for upn in one.handed]
    _each_once("hand-over", (upn_of.get(row["child"]) for row in seen["handovers"]), handed, reckoning)
    for ending in (".html", ".json"):
        left = Counter(path.stem for path in town.home.glob(f"handover/*/*{ending}"))
        _each_once(f"hand-over file {ending}", left.elements(), [row["id"] for row in seen["handovers"]], reckoning)


def _each_once(what: str, found: Iterable[str | None], foretold: Sequence[str], reckoning: Reckoning) -> None:
    counts = Counter(found)
    for key in foretold:
        if not counts[key]:
            reckoning.lost.append(f"{what} of {key} is not there")
    for found_key, count in counts.items():
        if count > 1:
            reckoning.doubled.append(f"{what} of {found_key} is there {count} times")
        if found_key not in foretold:
            reckoning.doubled.append(f"{what} of {found_key} was not foretold")


def _reasons(town: Town, parcels: Rows, holds: Rows, reckoning: Reckoning) -> None:
    told = defaultdict(list)
    for hold in holds:
        told[hold["about"]].append(hold)
        if hold["what"] in ("job", "release"):
            reckoning.stuck.append(f"a {hold['what']} waits for a person: {hold['reason']}")
    waits = {one.parcel: one.waits for one in town.dropped if one.waits}
    for parcel in parcels:
        what = waits.get((parcel["sender"], parcel["sha256"]))
        here = [hold for hold in told[parcel["id"]] if hold["what"] == what]
        if what and not (here and all(hold["reason"] and hold["clears_with"] for hold in here)):
            reckoning.stuck.append(f"parcel {parcel['id']} is {parcel['state']}, and no hold of sort {what} says why")
        if len(here) > 1:
            reckoning.doubled.append(f"parcel {parcel['id']} is held {len(here)} times")


def _proofs(reports: Rows, reckoning: Reckoning) -> None:
    for report in reports:
        balance = report["balance"]
        accounted = sum(balance[state] for state in ("settled", "held", "refused", "in_progress"))
        if balance["received"] != accounted:
            reckoning.lost.append(f"{balance['received']} were received, {accounted} are accounted for")
        if balance["in_progress"]:
            reckoning.stuck.append(f"{balance['in_progress']} parcels are in progress")
        reckoning.broken += [f"verify: {problem}" for problem in report["problems"]]
        if not report["ok"] or report["vault"]["without_parcel"]:
            reckoning.broken.append(f"verify: ok {report['ok']}, vault {report['vault']}")


def _packages(town: Town, reckoning: Reckoning) -> None:
    left = sorted((town.home / PEER).glob("*.age"))
    if len(left) < town.packages:
        reckoning.lost.append(f"{len(left)} packages left, {town.packages} were released")
    elif len(left) > town.packages:
        reckoning.doubled.append(f"{len(left)} packages left, {town.packages} were released")
    for package in left:
        digest = hashlib.sha256(package.read_bytes()).hexdigest()
        if not package.stem.endswith(digest[:8]):
            reckoning.broken.append(f"package {package.name} is not whole")


_LEFT_BEHIND: tuple[tuple[str, str, Callable[[Path], bool]], ...] = (
    ("a file lies in a drop folder", "drop/*/*", Path.is_file),
    ("a claim is left", "drop/*/.taking/*", Path.exists),
    ("a half-written file is left", "**/.*.part", Path.is_file),
    ("a half-written file is left", "**/*.new", Path.is_file),
)


def _leftovers(town: Town, reckoning: Reckoning) -> None:
    for what, pattern, counts in _LEFT_BEHIND:
        reckoning.stuck += [f"{what}: {path.relative_to(town.home)}" for path in town.home.glob(pattern) if counts(path)]
