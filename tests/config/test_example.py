from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from gateway.config import load
from gateway.config.example import example, first_config
from gateway.config.toml import written
from tests.config.written import home_with

ROOT = Path(__file__).parents[2]


def test_the_example_in_the_tree_is_the_one_the_model_gives() -> None:
    assert (ROOT / "config.example.toml").read_text(encoding="utf-8") == example()


def test_the_example_loads_as_it_is(tmp_path: Path) -> None:
    assert load(home_with(tmp_path, least=example()), {}).authority.la == "990"


def test_the_example_loads_with_every_line_set(tmp_path: Path) -> None:
    every = re.sub(r"(?m)^# (?=\[+[a-z0-9_]+(\.[^\]]+)?\]+$|[a-z_0-9]+ = )", "", example())
    every = every.replace('deputies = ["bob"]', "deputies = []")
    settings = load(home_with(tmp_path, least=every), {})
    assert settings.senders["9902001"].headings == {"Pupil Legal Last": "legal_surname"}
    assert settings.contacts["991"].pickup == "out"
    assert "retention.workbooks_days" in settings.origins


def test_a_new_home_without_contact_says_what_to_fill_in() -> None:
    text = first_config({"authority": {"la": "990", "name": "Thornhaven"}}, rehearsal=False)
    assert "# [contact]" in text
    assert tomllib.loads(text) == {"authority": {"la": "990", "name": "Thornhaven"}}


@pytest.mark.parametrize(
    "value", ["plain", 'quote " and \\ back', "tab\tnew\nline", "Zoë", 3, 2.5, True, ["a", 1], {"a b": {"c": []}}]
)
def test_what_is_written_as_toml_is_read_back_the_same(value: object) -> None:
    assert tomllib.loads(f"x = {written(value)}")["x"] == value
