from __future__ import annotations

import os
import pwd
from pathlib import Path

import pytest

from gateway.config import actor_of, load
from gateway.config.people import current_user
from gateway.domain.actor import Role, require
from gateway.errors import NotAllowedError
from tests.config.written import home_with

PEOPLE = """
[people.alice]
name = "Alice Osei"
roles = ["officer"]
deputies = ["bob"]
[people.bob]
name = "Bob Ekwe"
roles = ["viewer"]
"""


def test_a_user_acts_under_the_name_and_roles_of_people(tmp_path: Path) -> None:
    actor = actor_of(load(home_with(tmp_path, PEOPLE), {}), "alice")
    assert (actor.user, actor.name, actor.roles) == ("alice", "Alice Osei", frozenset({Role.OFFICER}))


def test_a_deputy_may_do_what_the_person_may_under_their_own_name(tmp_path: Path) -> None:
    actor = actor_of(load(home_with(tmp_path, PEOPLE), {}), "bob")
    assert (actor.name, actor.roles) == ("Bob Ekwe", frozenset({Role.VIEWER, Role.OFFICER}))


def test_a_user_who_is_not_in_people_may_do_nothing(tmp_path: Path) -> None:
    with pytest.raises(NotAllowedError) as caught:
        actor_of(load(home_with(tmp_path, PEOPLE), {}), "carol")
    assert "[people.carol]" in caught.value.hint


def test_a_missing_role_is_refused_with_both_lists(tmp_path: Path) -> None:
    alice = actor_of(load(home_with(tmp_path, PEOPLE), {}), "alice")
    assert require(alice, Role.OFFICER, Role.MANAGER) is alice
    with pytest.raises(NotAllowedError, match="needs the role manager or operator; alice has officer"):
        require(alice, Role.MANAGER, Role.OPERATOR)


def test_who_came_through_sudo_is_the_person_who_typed_it() -> None:
    me = pwd.getpwuid(os.getuid())
    other = next(entry for entry in pwd.getpwall() if entry.pw_uid != me.pw_uid)
    assert current_user({"SUDO_UID": str(other.pw_uid), "SUDO_USER": "somebody"}) == other.pw_name
    assert current_user({}) == current_user({"SUDO_UID": ""}) == current_user({"SUDO_UID": "-1"}) == me.pw_name


def test_in_a_rehearsal_the_current_user_has_every_role(tmp_path: Path) -> None:
    assert actor_of(load(home_with(tmp_path, rehearsal=True), {}), "anyone").roles == frozenset(Role)
