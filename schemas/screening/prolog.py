"""The start of an XML file: its encoding, its version, its root; DOCTYPEs refused in every encoding.

1. Letters are never guessed. The bytes must be what the byte order mark or the declaration says, or the file is refused.
2. Two declarations that writers are known to get wrong are read as what the bytes prove, with a finding: UTF-8 that calls itself
   UTF-16, and Windows-1252 that calls itself ISO-8859-1.
3. A file that declares a one-byte encoding but reads as UTF-8 is refused: either reading may be wrong. Where letters are rare
   in what it declares, a finding asks.
4. What is not UTF-8 is rewritten as UTF-8 here, so that one parser path remains.
"""

from __future__ import annotations

import codecs
import re

from gateway.domain.parcels.kinds import Finding, Severity
from schemas.content import windows
from schemas.letters import UNLIKELY
from schemas.screening import refusals

LOOKED_AT = 65536                  # comments before the root longer than this are nobody's
_DECLARATION = re.compile(r"<\?xml\s+version\s*=\s*[\"']([^\"']*)[\"'](?:\s+encoding\s*=\s*[\"']([^\"']*)[\"'])?[^>]*\?>")
_BEFORE_ROOT = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->)*", re.DOTALL)
_ROOT = re.compile(r"<([A-Za-z_][\w.\-]*:)?([A-Za-z_][\w.\-]*)[\s/>]")
_ONE_BYTE = {"iso8859-1": "latin-1", "cp1252": "cp1252", "iso8859-15": "iso8859-15", "ascii": "ascii"}
_DOCTYPE = b"<!DOCTYPE"
_NOT_READ = (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff", b"\x00\x00\x00<", b"<\x00\x00\x00",   # UTF-32
             b"\x4c\x6f\xa7\x94", b"+ADw-", b"+/v")                                             # EBCDIC, UTF-7
_C1 = re.compile(rb"[\x80-\x9f]")


def looks_like_xml(head: bytes) -> bool:
    """Whether these first bytes open an XML or HTML document in any encoding that could be one."""
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return b"<" in head[:64]
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return head[:512].decode("utf-16", "ignore").lstrip("\ufeff \t\r\n").startswith("<")
    if head.startswith((b"<\x00", b"\x00<", b"\x4c\x6f\xa7\x94", b"\x00\x00\x00<", b"+ADw-")):
        return True
    return head.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<")


def settle_encoding(content: bytes) -> tuple[bytes, list[Finding]]:
    """The same document as UTF-8 that a parser reads without its declaration, and notes. RefusedError."""
    encoding, notes = _encoding(content)
    if encoding == "utf-8":
        _scan(content)
        return content, notes
    try:
        text = content[:].decode(encoding)
    except UnicodeError as error:
        raise refusals.XML_ENCODING.refusal() from error
    text = text.removeprefix("\ufeff")
    declaration = _DECLARATION.match(text)
    _must_be_version_1_0(declaration)
    rewritten = text[declaration.end() if declaration else 0:].encode("utf-8", "surrogatepass")
    if _DOCTYPE in rewritten:
        raise refusals.XML_DOCTYPE.refusal()
    # Lines must keep their numbers: the declaration's own line breaks stay.
    return b"\n" * (declaration.group().count("\n") if declaration else 0) + rewritten.lstrip(b" "), notes


def root_name(content: bytes) -> str:
    """The root element's name without prefix. RefusedError when there is none to be seen, or the XML is not version 1.0."""
    start = content[:LOOKED_AT].decode("utf-8", "replace").removeprefix("\ufeff")
    _must_be_version_1_0(_DECLARATION.match(start))
    before = _BEFORE_ROOT.match(start)
    at = before.end() if before else 0
    if start[at:at + 9].upper() == "<!DOCTYPE" and "html" not in start[at:at + 20].lower():
        raise refusals.XML_DOCTYPE.refusal()
    root = _ROOT.match(start, at)
    if root is None:
        raise (refusals.WEB_PAGE if "<!doctype html" in start[at:at + 20].lower() else refusals.XML_NOT_CTF).refusal()
    return root.group(2)


def _must_be_version_1_0(declaration: re.Match[str] | None) -> None:
    if declaration and declaration.group(1) != "1.0":
        raise refusals.XML_VERSION.refusal()


def _scan(content: bytes) -> None:
    carry = b""
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        for piece in windows(content):
            decoder.decode(piece)
            if _DOCTYPE in carry + piece[:16] or _DOCTYPE in piece:
                raise refusals.XML_DOCTYPE.refusal()
            carry = piece[-16:]
        decoder.decode(b"", final=True)
    except UnicodeError as error:
        raise refusals.XML_ENCODING.refusal() from error


def _encoding(content: bytes) -> tuple[str, list[Finding]]:
    head = content[:1024]
    if head.startswith(_NOT_READ):
        raise refusals.XML_ENCODING.refusal()
    if head.startswith(codecs.BOM_UTF8):
        return "utf-8", []
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16", []
    if head.startswith((b"<\x00", b"\x00<")):
        return ("utf-16-le" if head[1] == 0 else "utf-16-be"), []
    declaration = _DECLARATION.match(head.decode("latin-1"))
    declared = (declaration.group(2) if declaration else None) or "utf-8"
    return _declared(content, declared)


def _declared(content: bytes, declared: str) -> tuple[str, list[Finding]]:
    try:
        name = codecs.lookup(declared).name
    except (LookupError, ValueError) as error:
        raise refusals.XML_ENCODING.refusal() from error
    if name == "utf-8":
        return "utf-8", []
    if name.startswith("utf-16"):
        return _wrongly_utf16(content)
    if name not in _ONE_BYTE:
        raise refusals.XML_ENCODING.refusal()
    if name == "ascii" or not _reads_as_utf8_only(content):
        return _one_byte(content, name)
    raise refusals.XML_ENCODING.refusal()


def _wrongly_utf16(content: bytes) -> tuple[str, list[Finding]]:
    """Bytes without a mark that call themselves UTF-16 but begin as ASCII: .NET's well-known slip. Proven UTF-8, or refused."""
    note = Finding(code="XML-DECLARATION", severity=Severity.NOTE,
                   message="The file says it is UTF-16, but it is UTF-8. It was read as UTF-8.",
                   hint="Tell your system's supplier.")
    try:
        content[:].decode("utf-8")
    except UnicodeError as error:
        raise refusals.XML_ENCODING.refusal() from error
    return "utf-8-sig", [note]     # rewritten, so that the wrong declaration does not reach the parser


def _reads_as_utf8_only(content: bytes) -> bool:
    """Whether there are letters beyond ASCII and all of them read as UTF-8."""
    whole = content[:]
    if whole.isascii():
        return False
    try:
        whole.decode("utf-8")
    except UnicodeError:
        return False
    return True


def _one_byte(content: bytes, name: str) -> tuple[str, list[Finding]]:
    if name == "iso8859-1" and _C1.search(content[:]):
        note = Finding(code="XML-DECLARATION", severity=Severity.QUERY,
                       message="The file says it is ISO-8859-1, but has letters that only Windows-1252 has. It was read so.",
                       hint="Check names with accents or apostrophes. Export as UTF-8 if your system can.")
        return "cp1252", [note]
    if UNLIKELY.search(content[:]):
        note = Finding(code="XML-LETTERS", severity=Severity.QUERY,
                       message="Some letters stand where they are rare in the encoding that the file declares.",
                       hint="Check names with accents. Export as UTF-8 if your system can.")
        return _ONE_BYTE[name], [note]
    return _ONE_BYTE[name], []
