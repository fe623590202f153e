"""A fresh Thornhaven for each test."""

from __future__ import annotations

import pytest

from tests.safeguards.thornhaven import Town, town


@pytest.fixture
def thornhaven() -> Town:
    return town()
