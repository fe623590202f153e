"""Which child a record is about.

1. Certain evidence gives the known child; anything less gives a new child, and doubts for a person.
2. A restricted child is linked to nothing, and a restricted row to no child.
3. Two rows of one school and kind in one file are two children, however alike: twins stay two.
4. Flags that protect a child are raised by any row, and lowered by none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from gateway.domain.matching.child import Child, EvidenceKey
from gateway.domain.matching.keys import row_key
from gateway.domain.matching.verdicts import Identity, Verdict, compare
from gateway.domain.parcels.matched import Doubt
from gateway.domain.returns.corrections import Correction
from gateway.domain.returns.movement import Movement
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.returns.rows_of_a_file import Gathered
from gateway.domain.returns.same_movement import Key
from gateway.pipeline.desk import Desk

MAX_DOUBTS = 3    # more look-alikes than that are a common name, not evidence
STRONG = ("upn", "row")
MAX_SHARING = 50  # a weak key that more children share, such as a whole street's sound and postcode, finds nobody in particular


@dataclass
class Reading:
    """A row on its way through matching."""

    index: int
    record: PupilRecord
    school: str
    gathered: Gathered                        # the row, or several of the file that are one
    key: Key
    identity: Identity
    keys: tuple[EvidenceKey, ...]             # by which others will find it
    known: Movement | None = None             # what it repeats
    late: bool = False                        # what it repeats was received later
    beside: Movement | None = None            # the good row of its key, when it is held
    correction: Correction | None = None

    @property
    def lookups(self) -> tuple[EvidenceKey, ...]:
        """By which it finds others: its own keys, and the id under which it may have come back."""
        own_id = self.record.details.get("row_id")
        return (*self.keys, row_key(own_id)) if own_id else self.keys


@dataclass
class Found:
    """Children found by evidence, those new in this parcel included."""

    by_key: dict[EvidenceKey, dict[str, None]] = field(default_factory=dict)
    ours: dict[str, tuple[str, MovementKind]] = field(default_factory=dict)

    def near(self, keys: Iterable[EvidenceKey]) -> Iterable[str]:
        """Children who share a key that says something."""
        some = ((key, self.by_key.get(key, ())) for key in keys)
        return dict.fromkeys(id for key, ids in some if key[0] in STRONG or len(ids) <= MAX_SHARING for id in ids)

    def put(self, child: Child) -> None:
        """Let the rows that follow find this child."""
        for key in child.keys:
            self.by_key.setdefault(key, {})[child.id] = None


def find_children(desk: Desk, rows: Sequence[Reading]) -> Found:
    """Every known child who shares evidence with one of the rows, with all that concerns it."""
    found = Found()
    sharing = desk.tx.children.sharing({key for row in rows for key in row.lookups})
    children = {child.id: child for some in sharing.values() for child in some}
    desk.children.know(children.values())
    desk.take_out({child.same_as or child.id for child in children.values()})
    for child in children.values():
        found.put(child)
    return found


def identify(desk: Desk, row: Reading, found: Found) -> tuple[Child, tuple[Doubt, ...]]:
    """The child of a row: known for certain, or new with doubts."""
    known, doubts = candidates(desk, row, found)
    if known is not None:
        return renewed(desk, known, row), doubts
    child = desk.children.add(new_child(desk, row))
    found.ours[child.id] = (row.school, row.record.movement)
    found.put(child)
    return child, doubts


def candidates(desk: Desk, row: Reading, found: Found) -> tuple[Child | None, tuple[Doubt, ...]]:
    """The one child it certainly is, if any, and those it may be."""
    certain: list[Child] = []
    doubts: dict[str, Doubt] = {}
    for id in found.near(row.keys):
        child = desk.lay_out(id)
        if child.restricted or row.record.restricted or found.ours.get(id) == (row.school, row.record.movement):
            continue
        # Another spelling that a person or a correction joined to the child counts for it.
        comparison = compare(row.identity, Identity.of(desk.children.get(id)))
        if comparison.verdict is Verdict.CERTAIN and child not in certain:
            certain.append(child)
        elif comparison.verdict is Verdict.SUGGESTED:
            doubts.setdefault(child.id, Doubt(child.id, comparison.evidence))
    known = certain[0] if certain else None
    others = [Doubt(child.id, ("certain evidence for two known children",)) for child in certain[1:]]
    rest = [doubt for doubt in doubts.values() if doubt.candidate not in {child.id for child in certain}]
    return known, tuple((others + ([] if known else rest))[:MAX_DOUBTS])


def renewed(desk: Desk, child: Child, row: Reading) -> Child:
    """The child with what the latest row says; earlier evidence keeps finding it."""
    who, record = row.identity, row.record
    values = replace(
        child, legal_surname=who.surname or child.legal_surname, legal_forename=who.forename or child.legal_forename,
        dob=who.dob or child.dob, upn=who.upn or child.upn,
        postcode=record.details.get("new_postcode") or who.postcode or child.postcode,
        keys=tuple(dict.fromkeys((*child.keys, *row.keys))), restricted=child.restricted or record.restricted,
        address_protected=child.address_protected or record.address_protected)
    return child if values == child else desk.children.change(values)


def protected(desk: Desk, child: Child, record: PupilRecord) -> Child:
    """The child with the flags that a row raises; none lowers them."""
    if child.restricted >= record.restricted and child.address_protected >= record.address_protected:
        return child
    return desk.children.change(replace(child, restricted=child.restricted or record.restricted,
                                        address_protected=child.address_protected or record.address_protected))


def new_child(desk: Desk, row: Reading, same_as: str | None = None) -> Child:
    """A child's record as this row gives it."""
    who, record = row.identity, row.record
    return Child(id=desk.ports.ids.new("K"), legal_surname=who.surname or "", legal_forename=who.forename, dob=who.dob,
                 upn=who.upn, postcode=who.postcode, keys=row.keys, restricted=record.restricted,
                 address_protected=record.address_protected, same_as=same_as)
