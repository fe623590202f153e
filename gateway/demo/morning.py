"""The story: one Monday morning in Thornhaven and Marlowick, told as it happens.

1. Two authorities are founded and their daemons started.
2. Four schools drop their files; the gateway takes, seals, reads, checks and answers each.
3. An urgent flag reaches the duty contact; cases open, one closes on a joiner.
4. The S2S basket and the instruction to a school are prepared.
5. The referral of a child who moved is released by a person, sealed, delivered, answered, and the case closed on the answer.
6. The ledger is verified.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from gateway.demo import files
from gateway.demo.answers import findings_of, receipts_of
from gateway.demo.cast import ALL_HALLOWS, FERNBRIDGE, IRIS, LEO, MUSA, QUILLMEAD, SCHOOL_NAMES, THORNHAVEN_HIGH, Child
from gateway.demo.stage import Stage
from gateway.demo.town import Town
from gateway.domain.counting import counted

Arrival = tuple[str, str, bytes]


def tell(home: Path, stage: Stage) -> dict[str, Any]:
    """Run the whole morning in ``home``/990 and ``home``/991; what came of it."""
    began = time.monotonic()
    stage.title("One morning with the CME Gateway", "Two authorities, four schools, nine files. Every child here is invented.")
    thornhaven, marlowick = _found(home, stage)
    try:
        for town in (thornhaven, marlowick):
            town.start()
        _files_arrive(thornhaven, stage)
        _urgent(thornhaven, stage)
        _cases(thornhaven, stage)
        _basket(thornhaven, stage)
        _referral(thornhaven, marlowick, stage)
        report = _proof(thornhaven, stage)
    finally:
        for town in (thornhaven, marlowick):
            town.stop()
    seconds = time.monotonic() - began
    _look_next(thornhaven, stage, seconds)
    return {"homes": {town.la: str(town.home) for town in (thornhaven, marlowick)}, "seconds": round(seconds), "ok": report["ok"],
            "balance": report["balance"]}


def _found(home: Path, stage: Stage) -> tuple[Town, Town]:
    stage.step("Two authorities open for the day")
    thornhaven, marlowick = Town("990", "Thornhaven", home / "990"), Town("991", "Marlowick", home / "991")
    with stage.working("making homes, folders and keys"):
        thornhaven.found("991", marlowick.home)
        marlowick.found("990", thornhaven.home)
        thornhaven.type("contacts", "trust", "991", str(marlowick.home / "keys" / "public.json"))
        marlowick.type("contacts", "trust", "990", str(thornhaven.home / "keys" / "public.json"))
    for town in (thornhaven, marlowick):
        stage.say(f"{town.la} {town.name}: its own home, keys and daemon in {town.home}")
    return thornhaven, marlowick


def _files_arrive(town: Town, stage: Stage) -> None:
    stage.step("Four schools drop what they have")
    csv_file = files.messy_csv()
    first: list[Arrival] = [
        (FERNBRIDGE, "leavers to 13 Nov.csv", csv_file),
        (ALL_HALLOWS, "Weekly Leavers and Joiners Report.xlsx", files.report_workbook()),
        (ALL_HALLOWS, "movements (copy).xlsx", files.broken_workbook()),
        (QUILLMEAD, "9902003_CML_990LLLL_004.xml", files.leavers_xml()),
        (QUILLMEAD, "nil return.xlsx", files.nil_workbook()),
        (QUILLMEAD, "leavers for Mrs Hart.xlsx", files.wrong_school_workbook()),
        (THORNHAVEN_HIGH, "9904001_CTF_XXXXXXX_031.xml", files.lost_pupil_xml()),
    ]
    _arrive(town, stage, first)
    stage.say("Then the high school's joiners come, and Fernbridge sends the same file again, to be sure:")
    _arrive(
        town,
        stage,
        [
            (THORNHAVEN_HIGH, "9904001_CMJ_990LLLL_005.xml", files.joiners_xml()),
            (FERNBRIDGE, "leavers to 13 Nov (1).csv", csv_file),
        ],
        parcels=len(first) + 1,
    )
    stage.done("nine files, eight parcels: the file sent twice is one parcel and got the same receipt again")
    stage.say("What Fernbridge reads in its receipt, row by row:")
    csv_parcel = next(p for p in town.rows("parcels") if p["sender"] == FERNBRIDGE)
    stage.findings(findings_of(town, csv_parcel))


def _arrive(town: Town, stage: Stage, arrivals: Sequence[Arrival], parcels: int = 0) -> None:
    names = {}
    with stage.working(f"{len(arrivals)} files: taking, sealing, reading, checking, answering"):
        before = {parcel["id"] for parcel in town.rows("parcels")}
        for school, name, content in arrivals:
            town.drop(school, name, content)
            names[name] = school
        expected = parcels or len(before) + len(arrivals)
        town.wait("answering every file", lambda: _answered(town, expected))
    news = [parcel for parcel in town.rows("parcels") if parcel["id"] not in before]
    stage.verdicts(
        (SCHOOL_NAMES[parcel["sender"]], parcel["name"], parcel | {"rows": receipts_of(town, parcel)["rows"]}) for parcel in news
    )


def _answered(town: Town, expected: int) -> bool:
    parcels = town.rows("parcels")
    waiting = any(list((town.home / "drop" / school).glob("[!.]*.*")) for school in SCHOOL_NAMES)
    answered = all(len([r for r in parcel["receipts"] if r["path"]]) >= 2 for parcel in parcels)
    return len(parcels) >= expected and answered and not waiting


def _urgent(town: Town, stage: Stage) -> None:
    stage.step("An urgent flag does not wait for anything")
    [hold] = town.wait("the urgent hold", lambda: _holds(town, "urgent"))
    notices = town.wait("the alert", lambda: sorted((town.home / "notices").glob("*")))
    stage.say(f"{hold['reason']}")
    stage.done(f"the duty contact and the deputy were told at once, without the child's data: {notices[0].name}")
    command = ("holds", "release", hold["id"], "--reason", "duty officer has rung the school")
    stage.typed(f"gateway holds release {hold['id']} --reason 'duty officer has rung the school'")
    town.type(*command)


def _cases(town: Town, stage: Stage) -> None:
    stage.step("Cases open, and one closes, each with a reason")
    for case in town.rows("cases"):
        child = f"{case['legal_forename'][0]}. {case['legal_surname'][0]}."
        state = f"closed: {_why(case['closing'])}" if case["closing"] else case["state"]
        stage.say(f"{case['id']}  {child}  {case['category']}  [{state}]  responsible: {case['responsible_la']}")
    closed = _case_of(town, IRIS)
    if closed["state"] == "closed":
        stage.done("the child nobody could find had started at Thornhaven High School: the joiner closed the case by itself")
    for hold in town.rows("holds"):
        stage.say(f"waits for a person · {hold['what']}: {hold['reason']}")


def _basket(town: Town, stage: Stage) -> None:
    stage.step("The week's S2S basket")
    case = _case_of(town, LEO)
    command = ("case", "enquiry", case["id"], "--evidence", "home visit: nobody at the address; siblings' school asked")
    stage.typed(f"gateway case enquiry {case['id']} --evidence 'home visit: nobody at the address …'")
    town.type(*command)
    for words in (("s2s", "build"), ("s2s", "release")):
        stage.typed(f"gateway {' '.join(words)}")
        town.type(*words)
    batch = town.rows("s2s", "list")[-1]
    for row in batch["instructions"]:
        school = SCHOOL_NAMES.get(row["school"], row["school"])
        stage.say(f"instruction to {school}: upload your CTF for case {row['case']} [{row['state']}]")
    stage.done(
        f"batch {batch['batch']} is {batch['state']}: {counted(len(batch['files']), 'file')} for upload, "
        f"{counted(len(batch['instructions']), 'instruction')}; a person uploads, then confirms"
    )


def _referral(town: Town, neighbour: Town, stage: Stage) -> None:
    stage.step("A child moved to Marlowick: referred until accepted")
    [draft] = [row for row in town.rows("referrals") if row["state"] == "drafted" and row["kind"] == "referral"]
    stage.say(
        f"{draft['id']}: drafted to {draft['authority']} {neighbour.name}, because the new home is there and no school is named"
    )
    hold = next(hold for hold in _holds(town, "release"))
    stage.typed(f"gateway holds release {hold['id']} --reason 'address confirmed by the school'")
    town.type("holds", "release", hold["id"], "--reason", "address confirmed by the school")
    with stage.working("sealing for Marlowick's key, delivering"):
        [theirs] = neighbour.wait(
            "the referral to arrive", lambda: [r for r in neighbour.rows("referrals") if r["direction"] == "in"]
        )
    stage.done(f"sealed, delivered, and opened by {neighbour.name} alone as {theirs['id']}")
    stage.typed(f"gateway answer {theirs['id']} accepted        (typed in Marlowick)")
    neighbour.type("answer", theirs["id"], "accepted")
    with stage.working("the answer travels back"):
        case = town.wait("the case to close", lambda: _closed(town, MUSA))
    stage.done(f"{case['id']} closed on the answer 'accepted', and on nothing less: {_why(case['closing'])}")


def _proof(town: Town, stage: Stage) -> dict[str, Any]:
    stage.step("Anyone can check")
    stage.typed("gateway verify")
    [report] = town.rows("verify")
    balance = report["balance"]
    stage.done(
        f"ledger: {report['ledger']['entries']} entries, root {report['ledger']['root'][:16]}…; "
        f"vault: {report['vault']['blobs']} sealed files, {report['vault']['bad']} bad"
    )
    stage.done(
        f"balance: {balance['received']} received = {balance['settled']} settled + {balance['held']} held + "
        f"{balance['refused']} refused + {balance['in_progress']} in progress"
    )
    return report


def _look_next(town: Town, stage: Stage, seconds: float) -> None:
    receipts = town.home / "drop" / FERNBRIDGE / "receipts"
    stage.step("Where to look next")
    stage.say(f"open a receipt:       {next(iter(sorted(receipts.glob('*processed.html'))), receipts)}")
    stage.say(f"and the marked return {next(iter(sorted(receipts.glob('*.xlsx'))), receipts)}")
    stage.say(f"ask the home:         gateway cases --home {town.home}")
    stage.say(f"what waits:           gateway holds --home {town.home}")
    stage.say(f"start your own:       gateway init --rehearsal    (the whole morning took {seconds:.0f} seconds)")


def _holds(town: Town, what: str) -> list[dict[str, Any]]:
    return [hold for hold in town.rows("holds") if hold["what"] == what]


def _case_of(town: Town, child: Child) -> dict[str, Any]:
    return next(case for case in town.rows("cases") if case["upn"] == child.upn)


def _closed(town: Town, child: Child) -> dict[str, Any] | None:
    case = _case_of(town, child)
    return case if case["state"] == "closed" else None


def _why(closing: Any) -> str:
    return str(closing.get("evidence") or closing) if isinstance(closing, dict) else str(closing)
