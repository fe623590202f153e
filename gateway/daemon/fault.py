"""The one place that catches whatever a job or an inbox raises. Both loops, the workers' and the daemon's, run through it.

What is caught is never passed over: the worker tries the job again or holds it for a person, the intake leaves the claim where
recovery finds it. ``BaseException`` that is no ``Exception`` (a request to end) goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def attempt(act: Callable[[], T], otherwise: Callable[[Exception], T]) -> T:
    """What ``act`` gives, or what ``otherwise`` makes of its failure."""
    try:
        return act()
    except Exception as error:  # noqa: BLE001 - see the module's rules
        return otherwise(error)
