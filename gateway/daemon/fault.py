"""The one place that catches whatever a job or an inbox raises. Both loops, the workers' and the daemon's, run through it.

What is caught is never passed over: the worker tries the job again or holds it for a person, the intake leaves the claim where
recovery finds it. A failed fsync goes on, for nobody may work on: the run ends. So does ``BaseException`` that is no
``Exception``: a request to end.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from gateway.errors import SyncFailedError

T = TypeVar("T")


def attempt(act: Callable[[], T], otherwise: Callable[[Exception], T]) -> T:
    """What ``act`` gives, or what ``otherwise`` makes of its failure."""
    try:
        return act()
    except SyncFailedError:
        raise
    except Exception as error:  # noqa: BLE001 - see the module's rules
        return otherwise(error)
