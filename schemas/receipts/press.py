"""The receipt press.

1. Pure: the same note and facts give the same bytes, on every machine.
2. The page stands alone: no network, no script that runs, its own content security policy; it prints on A4.
3. Every word from outside is escaped, and isolated so that right-to-left text cannot rearrange the sentence around it.
4. Beyond ``LISTED`` findings the page says how many more there are; the data file has them all.
5. The page holds the data file inside, so that either of them can be verified offline.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from schemas.receipts import words

FORMAT = "cme-gateway-receipt/1"
LISTED = 1_000   # a page of more than a thousand faults is read by nobody and slow on a school's machine


class ReceiptPages:
    """Renders receipts. Implements ``ports.ReceiptPress``."""

    def __init__(self) -> None:
        self._pages = Environment(loader=PackageLoader("schemas.receipts", "."), autoescape=True, undefined=StrictUndefined,
                                  trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, auto_reload=False)
        self._pages.filters["moment"] = words.moment
        self._pages.filters["size"] = words.size
        self._page = self._pages.get_template("page.html")

    def page(self, note: str, facts: Mapping[str, Any]) -> bytes:
        """The receipt as a page, HTML in UTF-8."""
        findings = sorted(facts["findings"], key=words.weight)
        listed = findings[:LISTED]
        inside = self.data(note, facts if len(findings) <= LISTED else {**facts, "findings": None})
        text = self._page.render(
            facts=facts, note=note, title=words.title(facts), happened=words.happened(facts), next_steps=words.next_steps(facts),
            listed=[words.as_row(finding) for finding in listed], unlisted=len(findings) - len(listed),
            has_sheets=any(finding["sheet"] for finding in listed), data=_inside_script(inside))
        return text.encode()

    def data(self, note: str, facts: Mapping[str, Any]) -> bytes:
        """The receipt as data, JSON in UTF-8; what ``gateway verify`` reads."""
        authority = facts["authority"]
        values = {"format": FORMAT, "rehearsal": authority["rehearsal"], "note": note, "evidence": facts["evidence"],
                  "findings": facts["findings"], "statement": facts["statement"], "authority": authority, "keys": facts["keys"]}
        # Sorted: the store keeps what facts say, not their order.
        return (json.dumps(values, ensure_ascii=True, indent=1, sort_keys=True) + "\n").encode()


def _inside_script(data: bytes) -> str:
    # JSON in ASCII; without these three it can neither end the element nor begin a comment. The template marks it safe.
    return data.decode().replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
