"""Files of the family, read pupil by pupil in constant memory.

1. The parser resolves no entities, loads nothing, follows nothing, and keeps its own limits on depth and size.
2. A pupil's elements are let go as soon as they are read.
3. A file that is not well-formed is refused with the line; what was read of it before does not count.
4. ``--as`` outranks the name's type, which outranks what the content looks like.
5. Versions 17 to 26 are known; others are read the same way with a query.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from lxml import etree

from gateway.domain.parcels.kinds import Finding, Kind, Severity
from gateway.domain.parcels.stages import Pupil, Screened, Sheets, Transfer
from gateway.errors import RefusedError
from schemas.content import as_file
from schemas.ctf.elements import child, child_text, children, establishment, folded, text_of
from schemas.ctf.names import TransferName, read_name
from schemas.ctf.pupil import read_pupil
from schemas.screening.refusals import XML_DOCTYPE

KNOWN_VERSIONS = range(17, 27)
RESEND = "Export the file again from your management information system and send it unchanged."
_TOO_LONG = (etree.ErrorTypes.ERR_RESOURCE_LIMIT, etree.ErrorTypes.ERR_NAME_TOO_LONG)
_TYPES = {"CTF": Kind.CTF, "CML": Kind.CML, "CMJ": Kind.CMJ}


def read_transfer(screened: Screened) -> Sheets:
    """The file's header at once, its pupils on demand. RefusedError: not well-formed, no header."""
    header, looks = _header(screened.content)
    name = read_name(screened.offered.name)
    kind = _kind(screened, name, looks)
    source, destination = establishment(header.get("sourceschool")), establishment(header.get("destschool"))
    version = header.get("ctfversion", "")

    def pupils() -> Iterator[Pupil]:
        for number, element in enumerate(_pupils(screened.content), start=1):
            yield Pupil(number, _values(number, element, kind, source, destination))

    texts = {k: v for k, v in header.items() if isinstance(v, str)}
    transfer = Transfer(kind=kind, version=version, source=source, destination=destination,
                        written=_written(texts.get("datetime")), pupils=pupils, header=texts)
    doubts = (*_version_doubt(version), *_name_doubts(name, source, destination))
    return Sheets(screened=screened, transfer=transfer, findings=doubts)


def _values(number: int, element: Any, kind: Kind, source: str | None, destination: str | None) -> dict[str, Any]:
    try:
        return read_pupil(element, kind, source, destination)
    except OverflowError as error:
        raise RefusedError(f"Pupil {number} has a value that is too long to be one.", code="XML-TOO-LONG", hint=RESEND) from error


def _events(content: bytes, events: tuple[str, ...], **more: Any) -> Iterator[tuple[str, Any]]:
    """lxml's events, its errors translated, and the DOCTYPE check of last resort."""
    parsing = etree.iterparse(as_file(content), events=events, resolve_entities=False, no_network=True, load_dtd=False,
                              dtd_validation=False, huge_tree=False, remove_comments=True, remove_pis=True, **more)
    try:
        first = True
        for event, element in parsing:
            if first and element.getroottree().docinfo.doctype:
                raise XML_DOCTYPE.refusal()
            first = False
            yield event, element
    except etree.XMLSyntaxError as error:
        if _code(error) == etree.ErrorTypes.ERR_NO_MEMORY:
            raise MemoryError from error         # says nothing of the file's form: told as every reader tells it
        raise _not_well_formed(error) from error


def _code(error: etree.XMLSyntaxError) -> int:
    return int(error.code)  # type: ignore[attr-defined]  # lxml sets it; the stubs do not show it


def _not_well_formed(error: etree.XMLSyntaxError) -> RefusedError:
    if "depth" in str(error):
        return RefusedError("The file nests its elements deeper than any Common Transfer File.", code="XML-TOO-DEEP", hint=RESEND)
    if _code(error) in _TOO_LONG:
        return RefusedError(f"On line {error.lineno} begins a name, a value or a set of attributes too long to be one.",
                            code="XML-TOO-LONG", hint=RESEND)
    where = f"line {error.lineno}" if error.lineno else "its end"
    return RefusedError(f"The file breaks off or is not well-formed XML at {where}.", code="XML-NOT-WELL-FORMED", hint=RESEND)


def _header(content: bytes) -> tuple[dict[str, Any], Kind]:
    """The header's texts and schools, and what the first pupil looks like."""
    header: dict[str, Any] | None = None
    looks = Kind.CTF
    for _, element in _events(content, ("end",), tag=["{*}Header", "{*}header", "{*}HEADER", "{*}Pupil", "{*}pupil", "{*}PUPIL"]):
        if folded(element.tag) == "header" and header is None:
            header = {tag: found if len(found) else text_of(found) or "" for tag, found in children(element)}
        elif folded(element.tag) == "pupil":
            looks = _looks(element, establishment((header or {}).get("sourceschool")))
            break
    if header is None:
        raise RefusedError("The file has no header, so it does not say whose it is.", code="XML-NO-HEADER", hint=RESEND)
    return header, looks


def _looks(pupil: Any, source: str | None) -> Kind:
    """Leavers carry a leaving date or a ground in the source school's entry; joiners only their entry."""
    history = child(pupil, "schoolhistory")
    for _, entry in children(history) if history is not None else ():
        own = establishment(entry) == source
        if own and (child(entry, "leavingdate") is not None or child(entry, "removalgrounds") is not None):
            return Kind.CML
        if own and child_text(entry, "entrydate"):
            return Kind.CMJ
    return Kind.CTF


def _kind(screened: Screened, name: TransferName | None, looks: Kind) -> Kind:
    said = screened.offered.kind
    if said is not None and said in _TYPES.values():
        return said
    if name and name.type in _TYPES:
        return _TYPES[name.type]
    start = screened.content[:4096].lower()
    return looks if b"<documentqualifier>partial" in start else Kind.CTF


def _pupils(content: bytes) -> Iterator[Any]:
    for _, element in _events(content, ("end",), tag=["{*}Pupil", "{*}pupil", "{*}PUPIL"]):
        yield element
        parent = element.getparent()
        element.clear()
        if parent is not None:
            while element.getprevious() is not None:
                del parent[0]


def _written(text: str | None) -> datetime | None:
    try:
        written = datetime.fromisoformat(text) if isinstance(text, str) else None
    except ValueError:
        return None
    return written.replace(tzinfo=None) if written else None


def _version_doubt(version: str) -> Iterator[Finding]:
    number = version.split(".")[0]
    if number.isascii() and number.isdigit() and int(number[:4]) in KNOWN_VERSIONS:
        return
    said = version[:10] or "nothing"
    yield Finding(code="CTF-VERSION", severity=Severity.QUERY, found=version or None,
                  message=f"The file says it is version {said}; versions 17 to 26 are known. It was read all the same.",
                  hint="Ask your system's supplier whether the export is up to date.")


def _name_doubts(name: TransferName | None, source: str | None, destination: str | None) -> Iterator[Finding]:
    if name is None:
        return
    if not name.as_sent:
        yield Finding(code="CTF-NAME-CHANGED", severity=Severity.NOTE,
                      message="The file's name was changed on its way, as browsers and copies do.",
                      hint=f"Some systems refuse such names; it should be {name.conventional()}.")
    if name.type not in _TYPES:
        return
    pairs = (("source", name.source, source, "sender"), ("destination", name.destination, destination, None))
    for what, named, said, field in pairs:
        if said and named not in (said, "LLLLLLL"):
            yield Finding(code="CTF-NAME-HEADER", severity=Severity.QUERY, field=field, found=named,
                          message=f"The file's name gives {named} as its {what}, its header {said}. The header counts.",
                          hint="Do not rename exported files. If the header is wrong, correct the school's details there.")
