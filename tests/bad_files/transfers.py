"""Common Transfer Files that try the XML parser: what it might follow, expand, cut or count."""

from __future__ import annotations

import codecs
from collections.abc import Callable

from tests.bad_files.plain import CTF

Maker = Callable[[], bytes]
XI = 'xmlns:xi="http://www.w3.org/2001/XInclude"'
DOCTYPE = '<!DOCTYPE CTfile [<!ENTITY e "ha">]>'
PARAMETERS = '<!DOCTYPE CTfile [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]>'
TOO_LONG, NOT_WELL_FORMED = "XML-TOO-LONG", "XML-NOT-WELL-FORMED"


def surname(written: str) -> bytes:
    """A file whose child's surname is written so."""
    return CTF.replace("Ellery", written).encode()


def before_surname(written: str) -> bytes:
    """A file with something before a child's surname."""
    return CTF.replace("<Surname>", f"{written}<Surname>").encode()


def before_root(written: str) -> bytes:
    """A file with something before its root."""
    return CTF.replace("<CTfile>", f"{written}\n<CTfile>").encode()


def element_with(attribute: str, count: int) -> bytes:
    """A file with an element of so many attributes."""
    return before_surname("<X " + " ".join(map(attribute.format, range(count))) + "/>")


def version_1_1(encoding: str) -> bytes:
    """XML 1.1 in an encoding that is rewritten before it is parsed."""
    return CTF.replace('version="1.0"', 'version="1.1"').replace("utf-8", encoding).encode(encoding)


def doctype(encoding: str, declared: str | None = None, bom: bytes = b"") -> bytes:
    """A DOCTYPE in an encoding."""
    text = CTF.replace("<CTfile>", f"{DOCTYPE}\n<CTfile>").replace("utf-8", declared or encoding)
    return bom + text.encode(encoding, "replace")


BAD_TRANSFERS: tuple[tuple[str, str, Maker], ...] = (
    ("xml-1.1-in-utf-16.xml", "XML-VERSION", lambda: version_1_1("utf-16")),
    ("xml-1.1-in-utf-16-without-its-mark.xml", "XML-VERSION", lambda: version_1_1("utf-16-le")),
    ("xml-1.1-in-windows-1252.xml", "XML-VERSION", lambda: version_1_1("windows-1252")),
    ("xml-1.1-over-lines.xml", "XML-VERSION", lambda: CTF.replace(' version="1.0"', "\n version='1.1'\n").encode()),
    ("xml-2.xml", "XML-VERSION", lambda: CTF.replace('version="1.0"', 'version="2.0"').encode()),
    ("doctype-in-utf-8-with-its-mark.xml", "XML-DOCTYPE", lambda: doctype("utf-8", bom=codecs.BOM_UTF8)),
    ("doctype-in-utf-16-big-end.xml", "XML-DOCTYPE", lambda: doctype("utf-16-be", "utf-16", codecs.BOM_UTF16_BE)),
    ("doctype-in-utf-16-without-its-mark.xml", "XML-DOCTYPE", lambda: doctype("utf-16-be", "utf-16")),
    ("doctype-in-latin-9.xml", "XML-DOCTYPE", lambda: doctype("iso8859-15")),
    ("doctype-that-says-utf-16.xml", "XML-DOCTYPE", lambda: doctype("utf-8", "utf-16")),
    ("doctype-in-utf-7.xml", "XML-ENCODING", lambda: doctype("utf-7")),
    ("doctype-in-utf-32.xml", "XML-ENCODING", lambda: doctype("utf-32")),
    ("doctype-in-ebcdic.xml", "XML-ENCODING", lambda: doctype("cp037")),
    ("doctype-in-shift-jis.xml", "XML-ENCODING", lambda: doctype("shift-jis")),
    ("doctype-in-small-letters.xml", "XML-DOCTYPE", lambda: before_root("<!doctype CTfile>")),
    ("doctype-of-parameters.xml", "XML-DOCTYPE", lambda: before_root(PARAMETERS)),
    ("doctype-of-attributes.xml", "XML-DOCTYPE", lambda: before_root('<!DOCTYPE CTfile [<!ATTLIST CTfile a CDATA "b">]>')),
    ("doctype-over-the-network.xml", "XML-DOCTYPE", lambda: before_root('<!DOCTYPE CTfile SYSTEM "http://127.0.0.1:9/x.dtd">')),
    ("encoding-of-base-64.xml", "XML-ENCODING", lambda: CTF.replace("utf-8", "base64").encode()),
    ("encoding-of-escapes.xml", "XML-ENCODING", lambda: CTF.replace("utf-8", "unicode_escape").encode()),
    ("two-declarations.xml", NOT_WELL_FORMED, lambda: before_root("<?xml version='1.1'?>")),
    ("spaces-before-the-declaration.xml", NOT_WELL_FORMED, lambda: b"  " + CTF.encode()),
    ("escape-by-its-number.xml", NOT_WELL_FORMED, lambda: surname("El&#27;lery")),
    ("zero-by-its-number.xml", NOT_WELL_FORMED, lambda: surname("El&#0;lery")),
    ("half-a-letter-by-its-number.xml", NOT_WELL_FORMED, lambda: surname("El&#xd800;lery")),
    ("zero-byte.xml", NOT_WELL_FORMED, lambda: surname("El\0lery")),
    ("more-behind-the-end.xml", NOT_WELL_FORMED, lambda: CTF.encode() + CTF.encode()[39:]),
    ("value-of-twelve-megabytes.xml", TOO_LONG, lambda: surname("E" * 12_000_000)),
    ("attribute-of-eleven-megabytes.xml", TOO_LONG, lambda: before_surname(f"<X a='{'x' * 11_000_000}'/>")),
    ("element-with-a-name-of-a-megabyte.xml", TOO_LONG, lambda: before_surname(f"<{'X' * 1_000_000}/>")),
)

ODD_TRANSFERS: tuple[tuple[str, str | None, Maker], ...] = (
    ("xinclude-in-a-name.xml", None, lambda: surname(f'El<xi:include {XI} href="file:///etc/passwd" parse="text"/>lery')),
    ("xinclude-for-a-name.xml", None, lambda: surname(f'<xi:include {XI} href="file:///etc/passwd" parse="text"/>')),
    ("stylesheet.xml", None, lambda: before_root('<?xml-stylesheet type="text/xsl" href="file:///etc/passwd"?>')),
    (
        "schema-elsewhere.xml",
        None,
        lambda: CTF.replace(
            "<CTfile>",
            '<CTfile xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:noNamespaceSchemaLocation="http://127.0.0.1:9/x.xsd">',
        ).encode(),
    ),
    ("comment-in-a-name.xml", None, lambda: surname("El<!-- x -->lery")),
    ("instruction-in-a-name.xml", None, lambda: surname("El<?x y?>lery")),
    ("raw-text-in-a-name.xml", None, lambda: surname("El<![CDATA[ler]]>y")),
    ("elements-in-a-name.xml", None, lambda: surname("El<b>ler</b>y")),
    ("letters-by-their-numbers.xml", None, lambda: surname("&#69;lle&#x72;y")),
    ("standing-alone.xml", None, lambda: CTF.replace("?>", " standalone='no'?>", 1).encode()),
    ("a-hundred-thousand-names-of-elements.xml", None, lambda: before_surname("".join(f"<n{n}/>" for n in range(100_000)))),
    ("a-hundred-thousand-prefixes.xml", None, lambda: element_with("xmlns:a{}='u'", 100_000)),
)
