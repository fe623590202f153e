"""A second way to tell people, when the first fails: an urgent flag is not lost because a mail server is down.

The failure is still raised, so that whoever sent the notice tries the first way again.
"""

from __future__ import annotations

from gateway.errors import GatewayError
from gateway.ports import Notice, Notifier


class WithFallback:
    """Implements ``ports.Notifier`` over two of them."""

    def __init__(self, first: Notifier, second: Notifier) -> None:
        self._first = first
        self._second = second

    def tell(self, notice: Notice) -> None:
        """By the first; when that fails by the second as well, and the first's error is raised."""
        try:
            self._first.tell(notice)
        except GatewayError:
            self._second.tell(notice)
            raise
