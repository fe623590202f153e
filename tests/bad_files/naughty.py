"""Texts that break what is careless with text, by what they try. Made here, by category; none names anybody.

``NAUGHTY`` pairs each with its category. A cell, a heading, a sheet's title or a file's name may hold any of them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator

ESCAPES = ("[2J", "[31m", "[1A", "]0;title\x07", "]8;;file:///etc/passwd\x1b\\link", "P+q544e\x1b\\", "c", "[6n")
_BIDI = (0x61C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_ZERO_WIDTH = (
    0xAD,
    0x180E,
    0x200B,
    0x2060,
    0x2061,
    0x2064,
    0x206A,
    0xFEFF,
    0xFFF9,
    0x115F,
    0x3164,
    0xFFA0,
    0x2800,
    0x1D173,
    0xE0041,
)
_SPACES = (0xA0, 0x1680, 0x2000, 0x2003, 0x2007, 0x2009, 0x200A, 0x202F, 0x205F, 0x3000)
_JOINING = (0x34F, 0x200C, 0x200D, 0xFE0F, 0xE0100)


def _around(codes: Iterable[int]) -> Iterator[str]:
    """Each character in the middle of a name, before and behind it."""
    for code in codes:
        yield f"El{chr(code)}lery"
        yield f"{chr(code)}Ellery{chr(code)}"


def _categories() -> Iterator[tuple[str, Iterable[str]]]:
    yield "controls", _around(n for n in range(1, 32) if n not in (9, 10, 13))
    yield "more controls", _around(range(0x7F, 0xA0))
    yield (
        "line ends",
        ("El\nlery", "El\r\nlery", "El\rlery", "El\u2028lery", "El\u2029lery", "El\x85lery", "El\tlery", "\nEllery\n"),
    )
    yield "direction", _around(_BIDI)
    yield "zero width", _around(_ZERO_WIDTH)
    yield "joining", _around(_JOINING)
    yield "spaces", (f"El{chr(code)}lery" for code in _SPACES)
    yield "no characters", _around((0xFDD0, 0xFFFE, 0xFFFF, 0x1FFFE, 0x10FFFF, 0xE000, 0xF8FF, 0xFFFD))
    yield "terminal", (f"\x1b{end}Ellery" for end in ESCAPES)
    yield "terminal, eight bits", (f"\x9b{end}Ellery" for end in ("2J", "31m", "1A"))
    yield (
        "forged lines",
        (
            "Ellery\n2026-11-16 ERROR all is lost",
            "Ellery\r\nSubject: hello\r\n\r\nbody",
            'x","level":"error',
            "Ellery%0d%0aSet: x",
        ),
    )
    yield (
        "formulas",
        (
            "=1+1",
            "=cmd|'/c calc'!A0",
            "+1+1",
            "@SUM(A1)",
            "-1+1",
            '=HYPERLINK("http://127.0.0.1";"x")',
            "\t=1+1",
            '=DDE("a";"b")',
            "'=1+1",
            "＝1+1",
            "=\u200b1",
            "+44 7700 900123",
            "-Brook",
            "--",
            "=",
            "@",
            "%0A=1",
        ),
    )
    yield (
        "pages",
        (
            "<script>alert(1)</script>",
            "<b>Ellery</b>",
            "</td></tr>",
            "<img src=x onerror=alert(1)>",
            "&lt;b&gt;",
            "&amp;",
            "&#0;",
            "&#x1b;",
            "<!--",
            "-->",
            "<![CDATA[x]]>",
            "]]>",
            "javascript:alert(1)",
            '"><svg/onload=alert(1)>',
            "<?php echo 1 ?>",
            "<!DOCTYPE x>",
        ),
    )
    yield (
        "queries and commands",
        (
            "Robert'); DROP TABLE pupils;--",
            "' OR '1'='1",
            "1; SELECT 1",
            "$(reboot)",
            "`reboot`",
            "; rm -rf /",
            "| cat /etc/passwd",
            "&& true",
            "%s%s%s%n",
            "{0}{1}",
            "{{ 7*7 }}",
            "{% raw %}",
            "${7*7}",
            "#{7*7}",
            "%PATH%",
            "$HOME",
            "\\",
            "\\\\",
            "\\n",
            "\\u0000",
            "\\x1b[31m",
        ),
    )
    yield (
        "paths",
        (
            "../../etc/passwd",
            "/etc/passwd",
            "C:\\Windows\\x",
            "..\\..\\x",
            "..",
            ".",
            ".hidden",
            "-rf",
            "~root",
            "file:///etc/passwd",
            "con",
            "nul.txt",
            "aux",
            "COM1",
            "a/b",
            "a:b",
            "a|b",
            "a*b?",
            "a.csv;x",
        ),
    )
    yield (
        "numbers",
        (
            "0",
            "00",
            "007",
            "1E10",
            "1e400",
            "NaN",
            "Infinity",
            "-0",
            "0x1F",
            "1_000",
            "1,234",
            "1.50",
            "½",
            "٣",
            "８",
            "12345678901234567890",
            "1/2/2016",
            "2016-02-30",
            "TRUE",
            "False",
            "#REF!",
            "#DIV/0!",
        ),
    )
    yield (
        "words that mean nothing",
        ("null", "NULL", "None", "nil", "undefined", "nan", "N/A", "n/a", "TBC", "-", ".", "?", "(null)", "Null", "True"),
    )
    yield (
        "separators",
        (
            '"',
            '""',
            "'",
            ",",
            ";",
            "|",
            ",,,",
            'a"b',
            '"a"',
            'a","b',
            "a;b",
            "a,b",
            '"a',
            "sep=;",
            "a\tb",
            "#a",
            " Ellery ",
            "El  lery",
        ),
    )
    yield (
        "escapes of workbooks",
        ("_x0041_", "_x000D_", "_xD800_", "_x005F_x0041_", "_x00", "x_x0041_y", "[1]Sheet!A1", "Sheet1!A1", "A1:XFD1048576"),
    )
    yield (
        "names",
        (
            "Zoë",
            "Siân",
            "O’Brien",
            "O'Brien",
            "Łukasz",
            "Đặng",
            "Ó Súilleabháin",
            "王",
            "小明",
            "Ahmed-اللہ",
            "محمد",
            "שרה",
            "Ñuñez",
            "Þórður",
            "Øystein",
            "François",
            "Müller",
            "Straße",
            "İpek",
            "ıpek",
            "Dvořák",
            "Ştefan",
            "Țepeș",
            "Nguyễn Thị Ánh",
            "Hawaiʻi",
            "d'Arcy",
            "van der Berg",
            "Smith-Jones",
            "X Æ A-12",
            "भारती",
            "ประภา",
            "ゆき",
            "한지민",
            "Елена",
            "Ελένη",
            "Կարեն",
            "გიორგი",
            "ሰላም",
            "علی\u200cرضا",
        ),
    )
    yield (
        "same and not the same",
        (
            unicodedata.normalize("NFD", "Zoë"),
            unicodedata.normalize("NFD", "Đặng"),
            "ﬁona",
            "Ｚｏｅ",
            "𝐙𝐨𝐞",
            "P\u0430vel",
            "\u0391nna",
            "Zo\u0451",
            "Ⅳ",
            "K\u212aate",
            "Å\u212b",
            "e\u0301\u0301\u0301",
            "Z\u0336o\u0336e\u0336",
            "Z" + "\u0301" * 40,
            "‮yrellE",
            "ǅ",
            "ﷺ",
        ),
    )
    yield "pictures", ("😀", "👩‍👧", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "👍🏽", "❤️", "🇬🇧", "\U0001f9d1\u200d\U0001f4bb", "©", "™", "№")
    yield "long", ("E" * 61, "E" * 300, "E" * 5000, "Zoë " * 200, "王" * 500, "E-" * 200)
    yield "damaged", ("MÃ¼ller", "Zo\ufffd", "O\u00e2\u20ac\u2122Brien", "Zo?", "Siï¿½n")


NAUGHTY: tuple[tuple[str, str], ...] = tuple((category, text) for category, texts in _categories() for text in texts)
