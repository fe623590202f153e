"""What must hold in Thornhaven after everything that happens: no row is lost, and everybody is accounted for."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from gateway.domain.cases.case import Case, CaseState
from gateway.domain.cases.evidence import Evidence
from gateway.domain.cases.waiting import Hold, HoldState
from gateway.domain.matching.child import Child, Suggestion, SuggestionState, root_of
from gateway.domain.matching.sounds import sound
from gateway.domain.matching.verdicts import forenames_agree
from gateway.domain.parcels import orders as o
from gateway.domain.returns.movement import Movement, MovementState
from gateway.domain.returns.record import MovementKind, PupilRecord
from gateway.domain.returns.same_movement import movement_key, two_numbers
from gateway.pipeline.desk import Desk
from gateway.pipeline.route.halves import lesser_registration
from gateway.pipeline.routing import orders_for
from tests.pipeline.settle.weeks import Given
from tests.safeguards.thornhaven import Town

S = MovementState


class Books:
    """Everything in the store, to be audited."""

    def __init__(self, place: Town) -> None:
        self.place = place
        with place.store.reading() as tx:
            self.children: dict[str, Child] = {c.id: c for c in tx.children.where()}
            self.movements: dict[str, Movement] = {m.id: m for m in tx.movements.where()}
            self.cases: list[Case] = tx.cases.where()
            self.holds: list[Hold] = tx.holds.where()
            self.suggestions: list[Suggestion] = tx.suggestions.where()
            self.world = Desk(tx, place.ports, place.now).world
            self.taken = {h.movement for h in tx.handovers.where() if h.acknowledged_at}
        self.by_words: defaultdict[tuple[str, ...], list[Movement]] = defaultdict(list)
        for m in self.movements.values():
            self.by_words[m.key[:5]].append(m)

    def root(self, child: str) -> str:
        return root_of(self.children[child], self.children.__getitem__).id

    def standing(self, movement: Movement) -> Movement:
        seen = set()
        while movement.superseded_by:
            assert movement.id not in seen, "two movements stand for each other"
            seen.add(movement.id)
            movement = self.movements[movement.superseded_by]
        return movement

    def open(self, what: str, about: str) -> list[Hold]:
        return [h for h in self.holds if h.state is HoldState.OPEN and h.what == what and h.about == about]

    def open_cases(self, child: str) -> list[Case]:
        return [c for c in self.cases if c.state is not CaseState.CLOSED and self.root(c.child) == self.root(child)]


def words_of(record: PupilRecord, school: str) -> tuple[str, ...]:
    """By which a row is known again, its UPN aside."""
    return movement_key(record, school, "")[:5]


def audit(place: Town, given: list[Given], by_person: set[str]) -> None:
    """Everything that must hold. ``by_person``: suggestions that a person accepted."""
    books = Books(place)
    every_row_is_accounted_for(books, given)
    an_urgent_row_has_an_alert(books, given)
    one_open_case_for_a_child(books)
    nothing_closes_without_evidence(books)
    twins_are_two(books, by_person)
    versions_and_halves_fit(books)
    whatever_waits_has_its_hold(books)
    holds_are_about_what_stands(books)
    cases_rest_on_what_stands(books)
    nobody_is_lost(books)


def every_row_is_accounted_for(books: Books, given: list[Given]) -> None:
    for row in given:
        known = books.by_words[words_of(row.record, row.school)]
        assert known, f"no movement for {row}"
        for movement in map(books.standing, known):
            if movement.state is S.HELD:
                assert books.open("rows", movement.parcel), f"held, and nobody is told: {movement}"
            if movement.state is S.WITHDRAWN:
                assert any(h.what == "rows" and h.about == movement.parcel and h.state is HoldState.REJECTED for h in books.holds)


def an_urgent_row_has_an_alert(books: Books, given: list[Given]) -> None:
    alerts = {about for h in books.holds if h.what == "urgent" for about in (h.about, h.child and books.root(h.child))}
    for row in given:
        if row.record.urgent:
            own = books.by_words[words_of(row.record, row.school)]
            assert {about for m in own for about in (books.root(m.child), m.id)} & alerts, f"no alert for {row}"


def one_open_case_for_a_child(books: Books) -> None:
    roots = [books.root(c.child) for c in books.cases if c.state is not CaseState.CLOSED]
    assert len(roots) == len(set(roots)), "a child has two open cases"


def nothing_closes_without_evidence(books: Books) -> None:
    for case in books.cases:
        if case.state is not CaseState.CLOSED:
            continue
        closing = case.closing or {}
        evidence = Evidence(closing["evidence"])
        if "suggestion" in closing or closing["by"] != "the gateway":
            continue                                   # a person's word
        assert evidence in (Evidence.ON_ROLL, Evidence.CORRECTED), closing
        if evidence is Evidence.ON_ROLL:
            answer = books.movements[closing["movement"]]
            assert answer.kind is MovementKind.JOINER
            assert not answer.held
            assert answer.moved_on is not None
            assert case.closed_at is not None
            assert answer.moved_on <= case.closed_at.date()
            assert not lesser_registration(answer, books.world)


def twins_are_two(books: Books, by_person: set[str]) -> None:
    """What a machine joined does not contradict itself; what a person joined is their word."""
    joined = {frozenset((s.child, s.candidate)) for s in books.suggestions if s.id in by_person}
    for movement in books.movements.values():
        later = books.movements.get(movement.superseded_by or "")
        if later is None or by_a_person(books, movement, later, joined):
            continue
        names = movement.record.legal_forename, later.record.legal_forename
        assert not two_numbers(movement.record, later.record), f"two numbers are one: {movement}, {later}"
        assert forenames_agree(*names) or sound(names[0]) == sound(names[1]), f"twins are one: {movement}, {later}"
    for child in books.children.values():
        own = [m for m in books.movements.values() if m.child == child.id]
        for n, one in enumerate(own):
            for other in own[n + 1:]:
                assert not two_numbers(one.record, other.record), f"two numbers under one record: {one}, {other}"
                assert forenames_agree(one.record.legal_forename, other.record.legal_forename)


def by_a_person(books: Books, one: Movement, other: Movement, joined: set[frozenset[str]]) -> bool:
    return any(frozenset((a, b)) in joined for a in links(books, one.child) for b in links(books, other.child))


def links(books: Books, child: str) -> set[str]:
    """A record and those on the way to its child."""
    found, here = {child}, books.children[child]
    while here.same_as:
        found.add(here.same_as)
        here = books.children[here.same_as]
    return found


def versions_and_halves_fit(books: Books) -> None:
    for movement in books.movements.values():
        assert (movement.state is S.SUPERSEDED) == bool(movement.superseded_by), movement
        if movement.superseded_by:
            later = books.standing(movement)
            assert books.root(later.child) == books.root(movement.child), f"another child's row stands for {movement}: {later}"
        if movement.matched_with:
            other = books.movements[movement.matched_with]
            assert other.matched_with == movement.id, f"one half only: {movement}, {other}"
            assert movement.state is other.state is S.MATCHED
            assert books.root(other.child) == books.root(movement.child)
            assert movement.kind is not other.kind, f"two of a kind were matched: {movement}, {other}"


def whatever_waits_has_its_hold(books: Books) -> None:
    for m in books.movements.values():
        if not books.children[books.root(m.child)].restricted and m.state in WAITS:
            WAITS[m.state](books, m)
    for s in books.suggestions:
        assert bool(books.open("suggested-match", s.id)) == (s.state is SuggestionState.OPEN), s


def awaited(books: Books, m: Movement) -> None:
    assert m.due is not None
    assert m.due >= books.place.today, f"awaited beyond its day: {m}"


def overdue(books: Books, m: Movement) -> None:
    assert m.due is not None
    told = books.open("overdue", m.id) or any(h.what == "no-show" and h.state is HoldState.OPEN for h in books.holds)
    assert told or any(books.root(c.child) == books.root(m.child) for c in books.cases), m     # one that was closed, on evidence
    assert m.due >= books.place.today or m.id in books.taken, f"overdue beyond its day: {m}"


def pending(books: Books, m: Movement) -> None:
    asked = any(s.state is SuggestionState.OPEN and s.movement == m.id for s in books.suggestions)
    ahead = m.kind is MovementKind.JOINER and m.moved_on is not None and m.moved_on > books.place.today
    assert asked or ahead, f"pending, and nothing is asked: {m}"


WAITS = {S.AWAITED: awaited, S.OVERDUE: overdue, S.PENDING: pending}


def holds_are_about_what_stands(books: Books) -> None:
    for hold in [h for h in books.holds if h.state is HoldState.OPEN]:
        if hold.what in ("overdue", "confirm-destination"):
            assert not books.movements[hold.about].superseded_by, f"a hold about a row that stands no more: {hold}"
        if hold.what == "overdue":
            assert books.movements[hold.about].state is S.OVERDUE, hold
        if hold.what == "rows":
            rows = [m for m in books.movements.values() if m.parcel == hold.about and m.held]
            assert any(m.state in (S.HELD, S.MATCHED) for m in rows), hold


def cases_rest_on_what_stands(books: Books) -> None:
    for case in books.cases:
        if case.state is CaseState.CLOSED or not case.movement:
            continue
        ground = books.movements[case.movement]
        assert not ground.superseded_by, f"a case rests on a row that stands no more: {case}"
        assert books.root(ground.child) == books.root(case.child), f"a case rests on another child's row: {case}"
        if case.state is CaseState.PROVISIONAL:
            assert ground.state is S.HELD, f"provisional, and its row is not held: {case} {ground}"


def nobody_is_lost(books: Books) -> None:
    """Where routing says that there must be a case, or that a joiner is awaited, it is so; else evidence or a person says why."""
    place = books.place
    with place.store.reading() as tx:
        desk = Desk(tx, place.ports, place.now)
        for m in books.movements.values():
            if m.kind is not MovementKind.LEAVER or m.state not in (S.NOTED, S.HELD):
                continue
            if books.children[books.root(m.child)].restricted:
                continue
            root = books.root(m.child)
            cases = [c for c in books.cases if books.root(c.child) == root]
            if m.state is S.HELD:
                late = m.due is not None and m.due < place.today
                assert not late or cases, f"held beyond its day, and no case: {m}"
                continue
            orders = orders_for(desk, m)
            answered = any(h.about == m.id and h.cleared_by and h.state in (HoldState.RELEASED, HoldState.REJECTED)
                           for h in books.holds) or m.id in books.taken
            if any(isinstance(order, o.OpenCase) for order in orders):
                assert cases, f"no case for {m}"
            if any(isinstance(order, o.AwaitJoiner) for order in orders):
                assert cases or answered, f"nobody awaits {m}"


def shape(books: Books) -> tuple[Any, ...]:
    """What an accepted question that is taken back at once must leave as it was."""
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for child in books.children:
        groups[books.root(child)].add(child)
    return (sorted(map(sorted, groups.values())), sorted((m.id, m.superseded_by or "", m.matched_with or "")
                                                         for m in books.movements.values()),
            sorted(frozenset(c.id for c in books.cases if c.state is not CaseState.CLOSED)))
