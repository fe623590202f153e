"""The home that has carried a file, as the commands' tests have it."""

from __future__ import annotations

from tests.commands.conftest import carried

__all__ = ["carried"]
