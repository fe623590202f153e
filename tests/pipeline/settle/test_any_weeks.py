"""Any weeks: schools send, correct and repeat, officers decide and change their minds, days pass; and after each step everybody
is accounted for.

``WEEKS=2000 .venv/bin/pytest tests/pipeline/settle/test_any_weeks.py`` looks longer, and elsewhere each time; a story that fails
is then shrunk, which may take minutes.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from gateway.domain.cases.case import CaseState
from gateway.domain.matching.child import Suggestion, SuggestionState
from gateway.domain.parcels.kinds import Finding, Severity, Verdict
from gateway.domain.returns.record import PupilRecord
from gateway.errors import UsageError
from gateway.pipeline import officer
from tests.pipeline.settle.audit import Books, audit, shape
from tests.pipeline.settle.weeks import CAST, GOES, Given, Words
from tests.safeguards.thornhaven import ALL_HALLOWS, FERNBRIDGE, OFFICER, QUILLMEAD, town

LONG = int(os.environ.get("WEEKS", "0"))
SCHOOLS = (FERNBRIDGE, QUILLMEAD, ALL_HALLOWS)
NOVEMBER = (date(2026, 11, 1), date(2026, 11, 30))
HOLDS = ("rows", "overdue", "confirm-destination", "suggested-closing", "urgent", "file", "no-show")


def mostly(first: Any, *others: Any) -> st.SearchStrategy[Any]:
    """The first as a rule."""
    return st.sampled_from((first,) * (3 * len(others)) + others)


ROWS = st.builds(
    Words, who=st.integers(0, len(CAST) - 1), leaves=mostly(True, False), day=mostly(0, 1, 2, 3, None),
    goes=st.integers(0, len(GOES) - 1), surname=mostly(0, 1, 2), forename=mostly(0, 1, 2), born=mostly(0, 1, 2),
    number=mostly(0, 1, 2), phone=st.integers(0, 2), urgent=mostly(False, True), protected=mostly(False, True),
    guest=mostly(False, True), row_id=mostly(None, "r1", "r2"))
CHANGES = st.fixed_dictionaries({}, optional={
    "goes": st.integers(0, len(GOES) - 1), "surname": st.integers(0, 2), "forename": st.integers(0, 2), "born": st.integers(0, 2),
    "number": st.integers(0, 2), "phone": st.integers(0, 2), "urgent": st.booleans(), "day": st.sampled_from((0, 1, 2, 3, None))})


class AnyWeeks(RuleBasedStateMachine):
    """One Thornhaven and what was given to it."""

    def __init__(self) -> None:
        super().__init__()
        self.place = town()
        self.given: list[Given] = []
        self.sent: dict[str, list[Words]] = {school: [] for school in SCHOOLS}
        self.refused: list[tuple[str, str, list[Words]]] = []
        self.by_person: set[str] = set()

    # ── schools ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @rule(school=st.sampled_from(SCHOOLS), rows=st.lists(ROWS, min_size=1, max_size=3), stated=st.booleans())
    def a_school_sends_rows(self, school: str, rows: list[Words], stated: bool) -> None:
        self._send(school, rows, stated=stated)

    @rule(school=st.sampled_from(SCHOOLS), rows=st.lists(ROWS, max_size=2), change=CHANGES, which=st.integers(0, 9),
          without=st.integers(0, 9), stated=st.booleans())
    def a_school_sends_all_again_with_a_change(self, school: str, rows: list[Words], change: dict[str, Any], which: int,
                                               without: int, stated: bool) -> None:
        before = list(self.sent[school])
        if before:
            n = which % len(before)
            before[n] = replace(before[n], **change)
        if without < len(before):
            del before[without]
        if before or rows:
            self._send(school, before + rows, stated=stated)

    @rule(school=st.sampled_from(SCHOOLS), row=ROWS, other=CHANGES)
    def a_child_stands_twice(self, school: str, row: Words, other: dict[str, Any]) -> None:
        self._send(school, [row, replace(row, **other)])

    @rule(rows=st.lists(st.tuples(st.sampled_from(SCHOOLS), ROWS), min_size=2, max_size=4))
    def a_trust_speaks_for_its_schools(self, rows: list[tuple[str, Words]]) -> None:
        self._take(FERNBRIDGE, [replace(words.record(), school=school) for school, words in rows])

    @rule(school=st.sampled_from(SCHOOLS), rows=st.lists(ROWS, min_size=1, max_size=2))
    def a_file_is_refused(self, school: str, rows: list[Words]) -> None:
        self.refused.append((self.place.send(school, verdict=Verdict.REFUSED), school, rows))

    @precondition(lambda self: self.refused or self.place.holds("rows"))
    @rule()
    def the_register_changes(self) -> None:
        for parcel, _, rows in self.refused:
            self.place.now_reads(parcel, *(words.record() for words in rows))
        for parcel in self.place.update_register():
            for refused, school, rows in self.refused:
                if refused == parcel:
                    self.given += [Given(parcel, school, words.record()) for words in rows]
        self.place.fire()

    def _send(self, school: str, rows: list[Words], *, stated: bool = False) -> None:
        self.sent[school] = rows
        self._take(school, [words.record() for words in rows], period=NOVEMBER if stated else None)

    def _take(self, school: str, records: list[PupilRecord], **more: Any) -> None:
        faults = tuple(Finding("FAULT", Severity.QUERY, "odd", "look", row=n) for n, r in enumerate(records, 2)
                       if r.details.get("row_id"))
        self.place.minutes += 1
        parcel = self.place.send(school, *records, findings=faults, **more)
        self.given += [Given(parcel, record.school or school, record) for record in records]
        self.place.fire()

    # ── days ────────────────────────────────────────────────────────────────────────────────────────────────────────

    @rule(days=st.integers(1, 12))
    def days_pass(self, days: int) -> None:
        self.place.pass_to(self.place.today + timedelta(days=days))

    @rule(days=st.integers(5, 40))
    def the_gateway_was_off(self, days: int) -> None:
        self.place.jump_to(self.place.today + timedelta(days=days))

    # ── officers ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _questions(self, *states: SuggestionState) -> list[Suggestion]:
        with self.place.store.reading() as tx:
            return [s for s in tx.suggestions.where() if s.state in states]

    def _do(self, act: Callable[..., Any], *words: Any) -> None:
        self.place.minutes += 1
        with self.place.act() as tx:
            act(tx, self.place.ports, *words, OFFICER, self.place.now)
        self.place.fire()

    @precondition(lambda self: self._questions(SuggestionState.OPEN))
    @rule(which=st.integers(0, 9), yes=st.booleans())
    def a_question_is_answered(self, which: int, yes: bool) -> None:
        questions = self._questions(SuggestionState.OPEN)
        question = questions[which % len(questions)]
        if yes:
            self.by_person.add(question.id)
        self._do(officer.accept_match if yes else officer.reject_match, question.id, "so it is")

    @precondition(lambda self: self._questions(SuggestionState.ACCEPTED, SuggestionState.REJECTED))
    @rule(which=st.integers(0, 9))
    def an_answer_is_taken_back(self, which: int) -> None:
        answered = self._questions(SuggestionState.ACCEPTED, SuggestionState.REJECTED)
        self._do(officer.undo_match, answered[which % len(answered)].id, "it is not so")

    @precondition(lambda self: self._questions(SuggestionState.OPEN))
    @rule(which=st.integers(0, 9))
    def a_yes_is_taken_back_at_once(self, which: int) -> None:
        questions = self._questions(SuggestionState.OPEN)
        question = questions[which % len(questions)]
        groups, links, cases = shape(Books(self.place))
        self.by_person.add(question.id)
        for act in (officer.accept_match, officer.undo_match):
            self._do(act, question.id, "so it is, or not")
        after = shape(Books(self.place))
        assert after[0] == groups
        assert after[1] == links
        assert set(cases) <= set(after[2])

    @precondition(lambda self: self.place.holds(*HOLDS))
    @rule(which=st.integers(0, 9), release=st.booleans())
    def a_hold_is_cleared(self, which: int, release: bool) -> None:
        holds = self.place.holds(*HOLDS)
        self._do(officer.release_hold if release else officer.reject_hold, holds[which % len(holds)].id, "looked at")

    @precondition(lambda self: self.place.handovers)
    @rule()
    def a_team_takes_a_child(self) -> None:
        self._do(officer.acknowledge_handover, self.place.handovers[0].id)

    @precondition(lambda self: self.place.open_cases)
    @rule(which=st.integers(0, 9))
    def a_case_is_closed(self, which: int) -> None:
        cases = self.place.open_cases
        said = f"on-roll: office of Quillmead, {self.place.today}, seen in class"
        self._do(officer.close, cases[which % len(cases)].id, said)

    @precondition(lambda self: any(c.state is CaseState.CLOSED for c in self.place.cases))
    @rule(which=st.integers(0, 9))
    def a_case_is_opened_again(self, which: int) -> None:
        closed = [c for c in self.place.cases if c.state is CaseState.CLOSED]
        try:
            self._do(officer.reopen, closed[which % len(closed)].id, "not there after all")
        except UsageError as error:
            assert error.code == "CASE-OPEN"

    @invariant()
    def everybody_is_accounted_for(self) -> None:
        audit(self.place, self.given, self.by_person)

    def teardown(self) -> None:
        self.place.store.close()


def test_after_whatever_happens_everybody_is_accounted_for() -> None:
    phases = tuple(Phase) if LONG else (Phase.generate,)       # shrinking a long story can take minutes
    run_state_machine_as_test(AnyWeeks, settings=settings(
        max_examples=LONG or 40, stateful_step_count=12, deadline=None, derandomize=not LONG, phases=phases, print_blob=False,
        report_multiple_bugs=False, suppress_health_check=list(HealthCheck)))
