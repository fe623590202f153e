"""Settle: a matched parcel's orders become effects, all in the caller's one transaction.

(1) Each row, in the order of its dates, is routed by what is known then, and its orders are carried out.
(2) An urgent flag alerts in any row, held and repeated ones included, once for each movement; in a file that is not read as a
    return, once for each number of a row in which the check heard one.
(3) Held rows wait together for a person; a file that cannot be taken, or is of a kind not yet handled, waits too, and a person
    is told the same day.
(4) The parcel's state, its ledger leaf, and the *processed* receipt, which says nothing that was found or decided.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from gateway.domain.cases.waiting import HoldState
from gateway.domain.counting import counted
from gateway.domain.matching.child import SuggestionState
from gateway.domain.parcels.kinds import Finding, Kind, Severity, Verdict
from gateway.domain.parcels.matched import Matched, MatchedRow, Sent, Settled
from gateway.domain.parcels.orders import Order, Restrict
from gateway.domain.parcels.parcel import Parcel, ParcelState, Receipt, ReceiptStage
from gateway.domain.parcels.refused import answered_alike
from gateway.domain.parcels.stages import Checked
from gateway.domain.returns.movement import Movement
from gateway.domain.rules import urgent_flag
from gateway.pipeline import supersede
from gateway.pipeline.basket.arrivals import lost_file_arrived
from gateway.pipeline.carry_out import carry_out, raise_alarm
from gateway.pipeline.desk import Desk
from gateway.pipeline.reading import note_reading, turn_of
from gateway.pipeline.routing import orders_for, route
from gateway.pipeline.suggesting import between, open_about, suggest

HANDLED = frozenset({Kind.LEAVERS, Kind.JOINERS, Kind.MOVEMENTS, Kind.CTF, Kind.CML, Kind.CMJ, Kind.NIL})


def settle(desk: Desk, parcel: Parcel, matched: Matched) -> Settled:
    """Carry out everything that follows from a parcel, and answer for it."""
    counts: Counter[str] = Counter()
    for row in sorted(matched.rows, key=lambda r: (r.record.movement_date or date.min, r.record.row)):
        counts.update(_row(desk, parcel, row))                                              # (1)
    earlier = [row.earlier for row in matched.rows if row.earlier] + [c.earlier for row in matched.rows for c in row.put_right]
    supersede.forgive(desk, earlier)
    _waiting_rows(desk, parcel, matched)
    settled = _answer(desk, parcel, _with_queries(matched), counts)
    # A school's own file for the lost pupil database shows what that school has done.
    lost_file_arrived(desk.tx, desk.ports, desk.tx.parcels.get(parcel.id), {row.child.id for row in matched.rows}, desk.now)
    return settled


def settle_unread(desk: Desk, parcel: Parcel, checked: Checked, stranger: str | None = None) -> Settled:
    """A refusal, a kind that is not yet handled, a ``stranger``'s: it waits for a person; an urgent flag in it does not wait."""
    for row in sorted({f.row for f in checked.findings if f.code == urgent_flag.RULE.code and f.row is not None}):
        raise_alarm(desk, parcel.id, row, parcel.id)                                        # (2)
    refused = checked.verdict is Verdict.REFUSED
    codes = ", ".join(sorted({f.code for f in checked.findings if f.severity is Severity.ERROR})) or "no error named"
    reason = f"refused ({codes}): the sender was told" if refused else f"a file of kind {checked.kind.value} is for a person"
    what, reason = ("sender", f"nothing was expected from {parcel.sender}: it {stranger}") if stranger else ("file", reason)
    if answered_alike(parcel, checked):
        return _as_before(desk, parcel, reason)
    hold = desk.hold(what, parcel.id, reason, f"{what}:{parcel.id}:{parcel.reading + 1}")   # (3)
    desk.job("notice", f"notice:{hold.id}", hold=hold.id)
    return _answer(desk, parcel, checked, Counter(), waits=not refused)


def _as_before(desk: Desk, parcel: Parcel, reason: str) -> Settled:
    """Read again with the same outcome: the sender has heard it; the person who had it read again is told by the hold."""
    for asked in desk.tx.holds.where(about=parcel.id, what="file", state=HoldState.RELEASED)[-1:]:
        again = f"{reason}; read again on {desk.today.isoformat()}, with the same outcome"
        desk.hold("file", parcel.id, again, asked.key, anew=True)
    desk.tx.parcels.save(replace(parcel, reading=parcel.reading + 1))
    desk.leaf("parcel-read-as-before", parcel.id, {"sha256": parcel.sha256, "reading": parcel.reading + 1})
    note_reading(desk.tx, parcel, desk.ports)
    desk.settle()
    last = desk.tx.receipts.where(parcel=parcel.id, stage=ReceiptStage.PROCESSED)[-1]
    return Settled(parcel.id, last.id, ())


def _row(desk: Desk, parcel: Parcel, row: MatchedRow) -> list[str]:
    orders: Sequence[Order] = ()
    if row.sent is Sent.CORRECTED:
        orders = supersede.correct(desk, row)
    elif row.sent is Sent.NEW:
        orders = route(desk, row.movement)
    elif row.sent is Sent.PERHAPS:
        orders = tuple(order for order in orders_for(desk, row.movement) if isinstance(order, Restrict))
        carry_out(desk, row.movement, orders)
    for correction in row.put_right:
        supersede.puts_right_too(desk, correction.earlier, row.movement, correction.evidence)
    urgent = _alarm(desk, parcel, row)                                                      # (2)
    _doubts(desk, row, row.movement)
    if row.sent is Sent.PERHAPS and not open_about(desk, row.movement.id, row.movement.child):
        orders = route(desk, row.movement)              # a person answered that question before
    return [row.sent.value, *(["urgent"] if urgent else []), *(type(order).__name__ for order in orders)]


def _alarm(desk: Desk, parcel: Parcel, row: MatchedRow) -> bool:
    """An alert for a movement that is flagged, and was not before."""
    movement = desk.movements.get(row.movement.id)
    before = movement if row.sent is Sent.REPEATED else row.earlier if row.sent is Sent.CORRECTED else None
    if not row.record.urgent or (before is not None and before.record.urgent):
        return False
    flagged = next((other for other in row.others if other.urgent), row.record)
    case = desk.case_of(movement.child)
    raise_alarm(desk, parcel.id, flagged.row, movement.id, desk.lay_out(movement.child).id, case)
    if before is movement:
        desk.movements.change(replace(movement, record=replace(movement.record, urgent=True)))
    return True


def _doubts(desk: Desk, row: MatchedRow, movement: Movement) -> None:
    child = desk.lay_out(movement.child)
    if row.record.held or child.restricted:
        return
    for doubt in row.doubts:
        asked = between(desk, child.id, doubt.candidate)
        if not asked or (row.sent is Sent.PERHAPS and all(s.state is SuggestionState.OPEN for s in asked)):
            suggest(desk, movement.child, doubt.candidate, doubt.evidence, movement.id, desk.case_of(doubt.candidate))


def _waiting_rows(desk: Desk, parcel: Parcel, matched: Matched) -> None:
    held = sum(len(row.others) or 1 for row in matched.rows if row.record.held and row.sent is not Sent.REPEATED)
    if held:
        count = counted(held, "row waits", "rows wait")
        desk.hold("rows", parcel.id, f"{count} for correction by the school", f"rows:{parcel.id}")


def _with_queries(matched: Matched) -> Checked:
    """What the check found; a query on each row that was read as a correction of the same sender's earlier row, and in place of
    the note on a row that stands twice where the rows differ."""
    queries = [Finding("CORRECTS-EARLIER-ROW", Severity.QUERY, "this row was read as a correction of your earlier return",
                       "If they are two children, tell the named contact: it can be undone.", row.record.sheet, row.record.row)
               for row in matched.rows if row.sent is Sent.CORRECTED and row.how in ("row-id", "upn", "cumulative")]
    differing = {(other.sheet, other.row) for row in matched.rows if row.differ for other in row.others[1:]}
    if not queries and not differing:
        return matched.checked
    found = [replace(f, severity=Severity.QUERY) if f.code == "SAME-CHILD-TWICE" and (f.sheet, f.row) in differing else f
             for f in matched.checked.findings]
    return replace(matched.checked, findings=(*found, *queries))


def _answer(desk: Desk, parcel: Parcel, checked: Checked, counts: Counter[str], *, waits: bool = False) -> Settled:
    rows = checked.rows
    reading = parcel.reading + 1
    state = _state(checked, waits)
    desk.tx.parcels.save(replace(
        parcel, kind=checked.kind, state=state, verdict=checked.verdict, settled_at=desk.now, rows_read=rows.read,
        rows_accepted=rows.accepted, rows_held=rows.held, reading=reading, checked=checked.to_json(records=False)))
    facts = {"sha256": parcel.sha256, "reading": reading, "kind": checked.kind.value, "verdict": checked.verdict.value,
             "rows": [rows.read, rows.accepted, rows.held], "findings": dict(Counter(f.code for f in checked.findings))}
    leaf = desk.leaf("parcel-settled", parcel.id, facts)      # its receipt carries it: it says what the sender may know
    desk.leaf("parcel-effects", parcel.id, {"reading": reading, "effects": dict(counts)})
    receipt = Receipt(desk.ports.ids.new("T"), parcel.id, ReceiptStage.PROCESSED, reading, leaf, desk.now,
                      _body(parcel, checked, desk))
    desk.tx.receipts.add(receipt)
    turn = turn_of(desk.tx, parcel, reading)
    desk.tx.jobs.enqueue("receipt", f"receipt:{receipt.id}", desk.now, {"receipt": receipt.id}, turn=turn)
    note_reading(desk.tx, parcel, desk.ports)
    desk.settle()
    return Settled(parcel.id, receipt.id, tuple(sorted(counts.items())))


def _state(checked: Checked, waits: bool) -> ParcelState:
    if checked.verdict is Verdict.REFUSED:
        return ParcelState.REFUSED
    wholly = checked.rows.read > 0 and checked.rows.accepted == 0
    return ParcelState.HELD if waits or wholly else ParcelState.SETTLED


def _body(parcel: Parcel, checked: Checked, desk: Desk) -> dict[str, object]:
    """What the receipt says: the sender's own rows and the rules' words, without a value."""
    findings = [{key: value for key, value in finding.to_json().items() if key != "found"} for finding in checked.findings]
    return {"parcel": parcel.id, "sha256": parcel.sha256, "kind": checked.kind.value, "verdict": checked.verdict.value,
            "rows": {"read": checked.rows.read, "accepted": checked.rows.accepted, "held": checked.rows.held},
            "findings": findings, "received_at": parcel.received_at.isoformat(), "processed_at": desk.now.isoformat()}
