"""The desk: what one act has taken out of the case store, and what it changes, written back together.

1. What concerns the children of a parcel is taken out in a few queries, never one for each row.
2. What was put on the desk is found again by the rows that follow, before anything is written.
3. ``settle`` writes changes before additions, so that a key given up by a superseded movement is free for its successor.
4. Leaves are appended in the order of the acts.
5. What goes to other authorities is drafted and withdrawn after everything else was written (``away``).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Generic, Protocol, TypeVar

from gateway.domain.actor import GATEWAY, Actor
from gateway.domain.cases.case import Case, CaseEvent, CaseState
from gateway.domain.cases.waiting import Handover, Hold, HoldState, held_now
from gateway.domain.clocks.london import day_of
from gateway.domain.matching.child import Child, Suggestion, SuggestionState, root_of
from gateway.domain.referrals.referral import Referral
from gateway.domain.returns.movement import Movement
from gateway.domain.s2s.batch import Instruction
from gateway.pipeline.away import Away
from gateway.pipeline.route.situation import World
from gateway.ports import Ports, Repository, Transaction


class Kept(Protocol):
    """What has an id."""

    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=Kept)


class Drawer(Generic[T]):
    """The rows of one entity that lie on the desk."""

    def __init__(self, repository: Repository[T], group: Callable[[T], Iterable[str | None]]) -> None:
        self._repository = repository
        self._group = group
        self._rows: dict[str, T] = {}
        self._groups: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self._added: dict[str, None] = {}
        self._changed: dict[str, None] = {}
        self._new: set[str] = set()
        self._before: dict[str, T] = {}

    def know(self, rows: Iterable[T]) -> None:
        """Lay rows of the store on the desk; what lies there already is newer."""
        for row in rows:
            if row.id not in self._rows:
                self._place(row)

    def add(self, row: T) -> T:
        """A new row."""
        self._added[row.id] = None
        self._new.add(row.id)
        self._place(row)
        return row

    def change(self, row: T) -> T:
        """A row with other values. The first change decides its place in the order of writing."""
        if row.id not in self._added:
            self._changed[row.id] = None
            self._before.setdefault(row.id, self._rows.get(row.id, row))
        self._place(row)
        return row

    def changed(self) -> list[tuple[T, T]]:
        """Rows that were changed since they were last written: as they were, and as they are."""
        return [(self._before[id], self._rows[id]) for id in self._changed]

    def is_new(self, id: str) -> bool:
        """Whether the row was made in this act: the store knows nothing about it."""
        return id in self._new

    def find(self, id: str | None) -> T | None:
        """A row by id, from the desk or the store."""
        if id is None:
            return None
        if id not in self._rows and (row := self._repository.find(id)) is not None:
            self._place(row)
        return self._rows.get(id)

    def get(self, id: str) -> T:
        """A row by id; UsageError when there is none."""
        if id not in self._rows:
            self._place(self._repository.get(id))
        return self._rows[id]

    def of(self, group: str | None) -> list[T]:
        """The rows that belong to a child or a case."""
        return [self._rows[id] for id in self._groups.get(group or "", ()) if group in self._group(self._rows[id])]

    def settle(self) -> None:
        """Write changes, then additions."""
        self._repository.save(*(self._rows[id] for id in self._changed))
        self._repository.add(*(self._rows[id] for id in self._added))
        self._changed.clear()
        self._added.clear()
        self._before.clear()

    def __iter__(self) -> Iterator[T]:
        return iter(list(self._rows.values()))

    def _place(self, row: T) -> None:
        self._rows[row.id] = row
        for group in self._group(row):
            if group:
                self._groups[group][row.id] = None


class Desk:
    """One act's view of the case store. ``actor`` is who acts; ``now`` when."""

    def __init__(self, tx: Transaction, ports: Ports, now: datetime, actor: Actor = GATEWAY) -> None:
        self.tx = tx
        self.ports = ports
        self.now = now
        self.actor = actor
        self.today: date = day_of(now)
        self.world = World(ports.policy, ports.register, self.today)
        self.children: Drawer[Child] = Drawer(tx.children, lambda c: (c.same_as,))
        self.movements: Drawer[Movement] = Drawer(tx.movements, lambda m: (m.child,))
        self.cases: Drawer[Case] = Drawer(tx.cases, lambda c: (c.child,))
        self.events: Drawer[CaseEvent] = Drawer(tx.events, lambda e: (e.case,))
        self.holds: Drawer[Hold] = Drawer(tx.holds, lambda h: (h.child, h.case, h.about))
        self.handovers: Drawer[Handover] = Drawer(tx.handovers, lambda h: (h.child,))
        self.suggestions: Drawer[Suggestion] = Drawer(tx.suggestions, lambda s: (s.child, s.candidate))
        self.referrals: Drawer[Referral] = Drawer(tx.referrals, lambda r: (r.child, r.case))
        self.instructions: Drawer[Instruction] = Drawer(tx.instructions, lambda i: (i.case,))
        self.away = Away()
        self._taken: set[str] = set()
        self._once: dict[str, Callable[[], None]] = {}

    def take_out(self, children: Iterable[str]) -> None:
        """Lay out everything that concerns these children and the records joined to them, in a few queries."""
        wanted = self._joined(children)
        if not wanted:
            return
        self.movements.know(self.tx.movements.where(child=wanted))
        self.cases.know(self.tx.cases.where(child=wanted))
        self.holds.know(self.tx.holds.where(child=wanted, state=HoldState.OPEN))
        self.handovers.know(self.tx.handovers.where(child=wanted))
        self.suggestions.know(self.tx.suggestions.where(child=wanted))
        self.suggestions.know(self.tx.suggestions.where(candidate=wanted, state=SuggestionState.OPEN))
        self.referrals.know(self.tx.referrals.where(child=wanted))
        cases = [case.id for id in wanted for case in self.cases.of(id)]
        if cases:
            self.instructions.know(self.tx.instructions.where(case=cases))
            self.holds.know(self.tx.holds.where(case=cases, state=HoldState.OPEN))

    def _joined(self, children: Iterable[str]) -> list[str]:
        """Ids not yet on the desk, with those of records that a person or a correction joined to them."""
        found: list[str] = []
        frontier = [id for id in dict.fromkeys(children) if id not in self._taken and not self.children.is_new(id)]
        while frontier:
            self._taken.update(frontier)
            found += frontier
            rows = [*self.tx.children.where(id=frontier), *self.tx.children.where(same_as=frontier)]
            self.children.know(rows)
            near = dict.fromkeys(id for row in rows for id in (row.id, row.same_as) if id)
            frontier = [id for id in near if id not in self._taken]
        return found

    def lay_out(self, child: str) -> Child:
        """Everything about one child, and the child itself: the record to which others were joined."""
        if child not in self._taken and not self.children.is_new(child):
            self.take_out([child])
        return root_of(self.children.get(child), self.children.get)

    def members(self, child: str) -> list[str]:
        """The child's record and those joined to it."""
        found = [self.lay_out(child).id]
        for id in found:
            found += [row.id for row in self.children.of(id) if row.id not in found]
        return found

    def movements_of(self, child: str) -> list[Movement]:
        """All movements of a child, under whichever of its records they came."""
        return [movement for id in self.members(child) for movement in self.movements.of(id)]

    def case_of(self, child: str) -> Case | None:
        """The child's case that is not closed; there is at most one."""
        return next((case for case in self.cases_of(child) if case.state is not CaseState.CLOSED), None)

    def cases_of(self, child: str) -> list[Case]:
        """All cases of a child, closed ones included."""
        return [case for id in self.members(child) for case in self.cases.of(id)]

    def open_holds(self, of: str, *what: str) -> list[Hold]:
        """What waits about a child, a case or a thing."""
        return [h for h in self.holds.of(of) if h.state is HoldState.OPEN and (not what or h.what in what)]

    def leaf(self, kind: str, subject: str, facts: Mapping[str, Any] | None = None) -> str:
        """Append to the ledger; gives the leaf's id. Facts hold ids, hashes, counts and codes only."""
        return self.tx.leaves.append(kind, subject, self.actor, self.now, facts or {}).id

    def event(self, case: str, what: str, text: str = "") -> None:
        """A line of a case's timeline."""
        self.events.add(CaseEvent(self.ports.ids.new("E"), case, self.now, self.actor.user, what, text))

    def job(self, kind: str, key: str, due_at: datetime | None = None, **payload: Any) -> None:
        """Enqueue a job, once for its key."""
        self.tx.jobs.enqueue(kind, key, self.now, payload, due_at=due_at)

    def timer(self, what: str, about: str, due_at: datetime, again: str = "") -> None:
        """Look at something again at that moment. ``again`` sets a clock anew that had run before."""
        self.job("timer", f"timer:{what}:{about}:{due_at.date().isoformat()}{again}", due_at, what=what, about=about)

    def once(self, key: str, act: Callable[[], None]) -> None:
        """What is to be done when everything else is, however often it was asked for."""
        self._once[key] = act

    def standing(self, movement: Movement | None) -> Movement | None:
        """The version of a movement that stands today."""
        while movement is not None and movement.superseded_by:
            movement = self.movements.find(movement.superseded_by)
        return movement

    def hold(self, what: str, about: str, reason: str, key: str, *, anew: bool = False, child: str | None = None,
             case: str | None = None, details: Mapping[str, Any] | None = None) -> Hold:
        """Stop something for a person: once for its key (``domain/cases/waiting``)."""
        known = self._held(key, about)
        wanted = Hold(self.ports.ids.new("H"), what, about, reason, self.now, key, child=child, case=case, details=details)
        held = held_now(known, wanted, anew=anew)
        if held is known:
            return held
        return self.holds.change(held) if known else self.holds.add(held)

    def _held(self, key: str, about: str) -> Hold | None:
        made_now = self.movements.is_new(about) or self.suggestions.is_new(about)
        stored = [] if made_now and key.endswith(f":{about}") else self.tx.holds.where(key=key)
        self.holds.know(stored)
        return next((h for h in (*(self.holds.get(h.id) for h in stored), *self.holds.of(about)) if h.key == key), None)

    def clear(self, hold: Hold, state: HoldState, reason: str | None = None) -> Hold:
        """End a hold."""
        return self.holds.change(replace(hold, state=state, cleared_by=self.actor.user, cleared_at=self.now,
                                         cleared_reason=reason))

    def settle(self) -> None:
        """Write everything in the caller's transaction."""
        while self._once:
            self._once.pop(next(iter(self._once)))()
        self.away.follow(self)
        for drawer in (self.children, self.movements, self.cases, self.events, self.holds, self.handovers, self.suggestions,
                       self.referrals, self.instructions):
            drawer.settle()
        self.away.settle(self)
