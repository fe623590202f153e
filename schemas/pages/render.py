"""Renders pages from facts.

1. Pure: the same facts give the same bytes.
2. A page stands alone: no network, no script, a content security policy of its own; it prints on A4.
3. Every word from outside is escaped, and isolated so that right-to-left text cannot rearrange the sentence around it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined

from gateway.domain.returns.unseen import visible
from gateway.domain.s2s.own_file import OwnFile
from schemas.ctf.write import write_transfer

LONDON = ZoneInfo("Europe/London")


class PrintedPages:
    """Implements ``ports.Pages`` from the templates beside this file."""

    def __init__(self) -> None:
        self._pages = Environment(loader=PackageLoader("schemas.pages", "."), autoescape=True, undefined=StrictUndefined,
                                  trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, auto_reload=False)
        self._pages.filters["moment"] = _moment
        self._pages.filters["words"] = _words
        self._pages.filters["visible"] = visible

    def page(self, name: str, facts: Mapping[str, Any]) -> bytes:
        """The page called ``name``: ``instruction``, ``checklist``, ``uploaded`` or ``handover``. HTML in UTF-8."""
        return self._pages.get_template(f"{name}.html").render(**facts).encode()

    def transfer(self, file: OwnFile) -> bytes:
        """A Common Transfer File of ours."""
        return write_transfer(file)


def _moment(value: datetime | str | None) -> str:
    """16 November 2026, 9:05 am, in London."""
    if value is None:
        return "not yet"
    moment = (datetime.fromisoformat(value) if isinstance(value, str) else value).astimezone(LONDON)
    hour = f"{moment.hour % 12 or 12}:{moment.minute:02d} {'am' if moment.hour < 12 else 'pm'}"
    return f"{moment.day} {moment:%B %Y}, {hour}"


def _words(name: str) -> str:
    """A field's name as words."""
    text = name.replace("_", " ").replace("-", " ")
    return {"dob": "Date of birth", "upn": "UPN"}.get(name, text[:1].upper() + text[1:])
