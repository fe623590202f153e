"""Small ways around a pupil's elements that do not trip over case, prefixes or padding.

1. Names are compared without case and namespace: ``PostCode`` is ``Postcode``, ``Zip`` is ``ZIP``.
2. Text is trimmed: writers pad fields to a fixed width. What is inside is left as written.
3. An element that holds elements where text is expected, or text in pieces (comments, processing instructions between),
   reads as all of its text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

MAX_TEXT = 20_000                  # characters of one value; longer ones are cut by nobody: the file is refused

Element = Any                      # lxml's elements have no public type worth its cost here


class _Folded(dict[str, str]):
    """Names as they are compared, each worked out once; a file of invented names does not fill the memory."""

    def __missing__(self, tag: str) -> str:
        if len(self) > 4096:
            self.clear()
        name = self[tag] = tag.rsplit("}", 1)[-1].lower()
        return name


_FOLDED = _Folded()
folded = _FOLDED.__getitem__       # an element's name as it is compared


def children(element: Element) -> Iterator[tuple[str, Element]]:
    """Child elements with their folded names."""
    for child in element:          # the parser has left out comments and processing instructions
        yield _FOLDED[child.tag], child


def leaves(element: Element) -> dict[str, str]:
    """The texts of the children that have one, by folded name; of two with one name the first."""
    found: dict[str, str] = {}
    for child in element:
        name = _FOLDED[child.tag]
        if name not in found and (text := text_of(child)) is not None:
            found[name] = text
    return found


def text_of(element: Element) -> str | None:
    """The element's text, trimmed; None when there is none."""
    text = element.text
    if text is None or not (text := text.strip()):
        return None
    if len(element):               # a text that goes on behind an element inside it is not cut there
        text = "".join(element.itertext()).strip()
    if len(text) > MAX_TEXT:
        raise OverflowError(f"{folded(element.tag)} holds {len(text)} characters")
    return str(text)


def child(element: Element, name: str) -> Element | None:
    """The first child of that folded name."""
    return next((found for tag, found in children(element) if tag == name), None)


def child_text(element: Element, name: str) -> str | None:
    """The text of the first child of that folded name."""
    found = child(element, name)
    return None if found is None else text_of(found)


def establishment(element: Element | None) -> str | None:
    """Seven characters from ``LEA`` and ``Estab``, with unknown parts as X; None when neither is given."""
    return None if element is None else school_code(leaves(element))


def school_code(texts: dict[str, str]) -> str | None:
    """The same from texts that were read already."""
    la, estab = texts.get("lea") or texts.get("la"), texts.get("estab")
    if not la and not estab:
        return None
    return (la or "XXX").upper().zfill(3)[:3] + (estab or "XXXX").upper().zfill(4)[:4]


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
