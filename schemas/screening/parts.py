"""What is looked at in a container's parts while they are proven, each once, as their bytes go by.

1. No part that is XML, by its name or by how it begins, holds a DOCTYPE, in whatever encoding.
2. A workbook's own parts are XML 1.0 in UTF-8, and say nothing else: the reader takes them for that whatever they declare.
3. A part that holds ``sheetData`` is a sheet, whatever it is called, and is measured (``area``).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from schemas.screening import refusals
from schemas.screening.archive import See
from schemas.screening.area import SheetSeen
from schemas.screening.prolog import looks_like_xml

_DOCTYPES = (b"<!DOCTYPE", "<!DOCTYPE".encode("utf-16-le"), "<!DOCTYPE".encode("utf-16-be"))
_CARRY = 64                        # bytes looked at again where two pieces meet
_DECLARED = re.compile(rb"""<\?xml\s[^<>]{0,200}?\bencoding\s*=\s*["']([^"'<>]*)["']""")
_VERSION = re.compile(rb"""<\?xml\s+version\s*=\s*["']([^"'<>]*)["']""")
_OWN = ("xl/", "_rels/", "[content_types].xml")


@dataclass(slots=True)
class PartsSeen:
    """What was seen in the parts. ``look`` goes to ``archive.inspect``."""

    sheets: dict[str, SheetSeen] = field(default_factory=dict)

    def look(self, name: str) -> See:
        """Who looks at one part."""
        return _Part(name, self.sheets).take


@dataclass(slots=True)
class _Part:
    name: str
    sheets: dict[str, SheetSeen]
    xml: bool = False
    begun: bool = False
    carry: bytes = b""

    def take(self, piece: bytes) -> None:
        if not self.begun:
            self._begin(piece)
        seen = self.carry + piece
        if self.xml and any(doctype in seen for doctype in _DOCTYPES):
            raise refusals.XML_DOCTYPE.refusal()
        sheet = self.sheets.get(self.name)
        if sheet is not None:
            sheet.take(piece)
        elif b"sheetData" in seen:
            sheet = self.sheets[self.name] = SheetSeen()
            sheet.take(seen)
        self.carry = piece[-_CARRY:]

    def _begin(self, head: bytes) -> None:
        self.begun = True
        name = self.name.lower()
        named = name.endswith((".xml", ".rels", ".vml"))
        self.xml = named or looks_like_xml(head[:1024])
        if not (self.xml and name.startswith(_OWN)) or any(doctype in head for doctype in _DOCTYPES):
            return
        declared, version = _DECLARED.search(head[:512]), _VERSION.search(head[:512])
        if version and version[1] != b"1.0":
            raise refusals.XML_VERSION_INSIDE.refusal()
        if (declared and declared[1].lower() not in (b"utf-8", b"utf8")) or b"\0" in head[:64]:
            raise refusals.HAZARD.refusal()
