"""Joining two records into one child.

1. The link stands between the two records that were found to be one, and nothing is copied: to part them, that link is cut.
2. The known child stays what the others are joined to, unless the newer record was joined to a third one before.
3. What protects one of them protects the child.
4. One child has one open case: the oldest goes on, the others close with a word on where they went.
5. A question between two records that are one by now is answered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from typing import Any

from gateway.domain.cases.case import CaseState
from gateway.domain.cases.evidence import Evidence
from gateway.domain.cases.waiting import HoldState
from gateway.domain.matching.child import Child, Suggestion, SuggestionState
from gateway.pipeline import casework
from gateway.pipeline.desk import Desk
from gateway.pipeline.suggesting import answered, of_members


def join(desk: Desk, record: str, known: str) -> Child:
    """Join a record to a known child's; gives the child as known now."""
    one, other = desk.lay_out(record), desk.lay_out(known)
    if one.id == other.id:
        return other
    new, old = desk.children.get(record), desk.children.get(known)
    if new.same_as and old.same_as is None:
        new, old = old, new
    _become_root(desk, new)
    desk.children.change(replace(desk.children.get(new.id), same_as=old.id))
    root = desk.lay_out(record)
    return desk.children.change(replace(root, restricted=one.restricted or other.restricted,
                                        address_protected=one.address_protected or other.address_protected))


def cut(desk: Desk, one: str, other: str) -> bool:
    """Take the link between two records out; False when there is none."""
    for record, target in ((one, other), (other, one)):
        child = desk.children.get(record)
        if child.same_as == target:
            desk.children.change(replace(child, same_as=None))
            return True
    return False


def one_case(desk: Desk, child: str, why: str, details: Mapping[str, Any]) -> None:
    """Leave the child one open case: the oldest that is more than provisional, else the oldest."""
    found = [case for case in desk.cases_of(child) if case.state is not CaseState.CLOSED]
    cases = sorted(found, key=lambda c: (c.state is CaseState.PROVISIONAL, c.opened_at, c.id))
    for later in cases[1:]:
        casework.close_case(desk, later, Evidence.CORRECTED, f"{why}: one child with case {cases[0].id}",
                            {**details, "merged_into": cases[0].id})


def answer_what_is_clear(desk: Desk, child: str, reason: str) -> list[Suggestion]:
    """Open questions whose two records are one child by now; gives them."""
    clear = [s for s in of_members(desk, child) if s.state is SuggestionState.OPEN and not s.of_closing
             and desk.lay_out(s.child).id == desk.lay_out(s.candidate).id]
    return [answered(desk, s, SuggestionState.ACCEPTED, HoldState.RELEASED, reason) for s in clear]


def unclear_again(desk: Desk, *children: str) -> list[Suggestion]:
    """Answered questions whose two records are two children by now."""
    found = {s.id: s for child in children for s in of_members(desk, child)}
    return [s for s in found.values() if s.state is SuggestionState.ACCEPTED
            and desk.lay_out(s.child).id != desk.lay_out(s.candidate).id]


def _become_root(desk: Desk, child: Child) -> None:
    """Turn the links on the way from a record to its child, so that the others are joined to this one."""
    above, path = desk.children.get(child.id), []
    while above.same_as:
        path.append(above)
        above = desk.children.get(above.same_as)
    for below, over in pairwise([*path, above]):
        desk.children.change(replace(over, same_as=below.id))
    if path:
        desk.children.change(replace(desk.children.get(child.id), same_as=None))
