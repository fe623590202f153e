"""Small ways around a pupil's elements that do not trip over case, prefixes or padding.

1. Names are compared without case and namespace: ``PostCode`` is ``Postcode``, ``Zip`` is ``ZIP``.
2. Text is trimmed: writers pad fields to a fixed width. What is inside is left as written.
3. An element that holds elements where text is expected, or text in pieces (comments, processing instructions between),
   reads as all of its text.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

MAX_TEXT = 20_000                  # characters of one value; longer ones are cut by nobody: the file is refused

Element = Any                      # lxml's elements have no public type worth its cost here


@lru_cache(maxsize=4096)
def folded(tag: str) -> str:
    """An element's name as it is compared."""
    return tag.rsplit("}", 1)[-1].lower()


def children(element: Element) -> Iterator[tuple[str, Element]]:
    """Child elements with their folded names; comments and processing instructions are passed over."""
    for child in element:
        tag = child.tag
        if tag.__class__ is str:
            yield folded(tag), child


def text_of(element: Element) -> str | None:
    """The element's text, trimmed; None when there is none."""
    text = element.text if not len(element) else "".join(element.itertext(with_tail=True))
    if text is None:
        return None
    if len(text) > MAX_TEXT:
        raise OverflowError(f"{folded(element.tag)} holds {len(text)} characters")
    return text.strip() or None


def child(element: Element, name: str) -> Element | None:
    """The first child of that folded name."""
    return next((found for tag, found in children(element) if tag == name), None)


def child_text(element: Element, name: str) -> str | None:
    """The text of the first child of that folded name."""
    found = child(element, name)
    return None if found is None else text_of(found)


def establishment(element: Element | None) -> str | None:
    """Seven characters from ``LEA`` and ``Estab``, with unknown parts as X; None when neither is given."""
    if element is None:
        return None
    la = estab = ""
    for tag, found in children(element):
        if tag in ("lea", "la"):
            la = (text_of(found) or "").upper()
        elif tag == "estab":
            estab = (text_of(found) or "").upper()
    if not la and not estab:
        return None
    return (la or "XXX").zfill(3)[:3] + (estab or "XXXX").zfill(4)[:4]


def raw(element: Element, depth: int = 0) -> Any:
    """Everything under an element as text and nested dictionaries, for what has no field of its own."""
    if not len(element) or depth > 8:
        return text_of(element)
    gathered: dict[str, Any] = {}
    for tag, found in children(element):
        value = raw(found, depth + 1)
        if value in (None, {}):
            continue
        before = gathered.get(tag)
        gathered[tag] = value if before is None else [*before, value] if isinstance(before, list) else [before, value]
    return gathered
