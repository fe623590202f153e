"""The receipt press.

1. Pure: the same note and facts give the same bytes, on every machine.
2. The page stands alone: no network, no script that runs, its own content security policy; it prints on A4.
3. Every word from outside is escaped, and isolated so that right-to-left text cannot rearrange the sentence around it.
4. Beyond ``LISTED`` findings the page says how many more there are; the data file has them all.
5. The page is made bare first, without note and data: that is what the note signs. Then both are put into their places, so that
   either file can be verified offline. A bare page that was just signed is not made a second time.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from gateway.domain.parcels.receipt import DATA_PLACE, NOTE_KIND, NOTE_PLACE, beside, inside_script, shown, written
from schemas.receipts import words

LISTED = 1_000   # a page of more than a thousand faults is read by nobody and slow on a school's machine
REMEMBERED = 64  # bare pages: a batch of receipts is signed together and rendered after


class ReceiptPages:
    """Renders receipts. Implements ``ports.ReceiptPress``."""

    def __init__(self) -> None:
        self._pages = Environment(loader=PackageLoader("schemas.receipts", "."), autoescape=True, undefined=StrictUndefined,
                                  trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True, auto_reload=False)
        self._pages.filters["moment"] = words.moment
        self._pages.filters["size"] = words.size
        self._page = self._pages.get_template("page.html")
        self._bare: OrderedDict[str, bytes] = OrderedDict()

    def bare(self, facts: Mapping[str, Any]) -> bytes:
        """The page without note and data: everything that a person reads before the proof."""
        findings = sorted(facts["findings"], key=words.weight)
        listed = findings[:LISTED]
        text = self._page.render(
            facts=facts, file=words.file(facts), title=words.title(facts), happened=words.happened(facts),
            next_steps=words.next_steps(facts),
            listed=[words.as_row(finding, words.unit(facts)) for finding in listed], unlisted=len(findings) - len(listed),
            unit=words.unit(facts),
            has_sheets=any(finding["sheet"] for finding in listed), has_columns=any(finding["column"] for finding in listed))
        bare = text.encode()
        self._bare[hashlib.sha256(bare).hexdigest()] = bare
        while len(self._bare) > REMEMBERED:
            self._bare.popitem(last=False)
        return bare

    def page(self, note: str, facts: Mapping[str, Any], digest: str | None = None) -> bytes:
        """The receipt as a page, HTML in UTF-8. ``digest``: of the bare page, when it was made before."""
        bare = self._bare.get(digest or "") or self.bare(facts)
        inside = self.data(note, facts if len(facts["findings"]) <= LISTED else {**facts, "findings": None})
        return _put(_put(bare, NOTE_PLACE, shown(note)), DATA_PLACE, inside_script(inside))

    def data(self, note: str, facts: Mapping[str, Any]) -> bytes:
        """The receipt as data, JSON in UTF-8; what ``gateway verify`` reads."""
        return written({"format": NOTE_KIND, "note": note, "evidence": facts["evidence"], "findings": facts["findings"],
                        **beside(facts)})


def _put(page: bytes, place: tuple[bytes, bytes], content: bytes) -> bytes:
    """Put content into its empty place. Words from outside are escaped: they cannot make another."""
    opening, closing = place
    before, found, after = page.partition(opening + closing)
    if not found:
        raise ValueError("the page has no place for what is to be put in")
    return b"".join((before, opening, content, closing, after))
