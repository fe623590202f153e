"""Thornhaven, as the safeguards know it."""

from __future__ import annotations

from tests.safeguards.conftest import thornhaven

__all__ = ["thornhaven"]
