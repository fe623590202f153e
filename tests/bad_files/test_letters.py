"""Names in every encoding that Python knows: each comes out right, or the file is refused, or a finding says it may be wrong."""

from __future__ import annotations

import encodings.aliases
import unicodedata
from collections.abc import Mapping
from typing import Any

import pytest

from gateway.bootstrap.reader import Reader
from gateway.domain.parcels.kinds import Verdict
from gateway.domain.parcels.stages import Checked, Offered
from gateway.domain.register.establishments import Register
from tests.bad_files.plain import CSV, CTF

READER = Reader(Register())
TASK: Mapping[str, Any] = {
    "do": "examine", "name": "a", "sender": "9902001", "kind": None, "today": "2026-11-16", "permitted": [], "headings": {},
    "passwords": [], "records": True,
}  # fmt: skip
NAMES = (
    "Zoë", "Siân", "O’Brien", "Seán", "Ó Súilleabháin", "Łukasz", "Đặng", "王", "小明", "Ahmed-اللہ",
    "محمد", "Dvořák", "Kučera", "Šimić", "Țepeș", "Ştefan", "İpek", "Jānis", "Žofie", "Nguyễn", "Øystein",
    "Þórður", "François", "Müller", "Straße", "Núñez", "João", "Anaïs", "Renè", "Елена", "Борис",
    "Ελένη", "שרה", "ประภา", "ゆき", "花子", "한지민", "Ğülşen", "Česká", "Őry", "Győri",
    "Ñ", "É", "Åsa",
)  # fmt: skip
CODECS = sorted(
    set(encodings.aliases.aliases.values())
    - {"base64_codec", "bz2_codec", "hex_codec", "quopri_codec", "rot_13", "uu_codec", "zlib_codec", "mbcs", "oem", "palmos"}
    - {"hp_roman8"}  # of one maker's workstations: two of its letters in a row happen to be one letter of UTF-8
)


def checked(name: str, content: bytes) -> Checked:
    frames = list(READER.examine(TASK, Offered(name, content, "9902001")))
    whole = frames[-1]["summary"]
    whole["findings"] = [*whole["findings"], *(f for frame in frames for f in frame.get("findings", ()))]
    whole["records"] = [record for frame in frames for record in frame.get("records", ())]
    return Checked.from_json(whole)


def silently_wrong(name: str, answer: Checked) -> str | None:
    """What was made of the name, when it is wrong and nothing says so."""
    if answer.verdict is Verdict.REFUSED:
        assert all(f.code and f.message and f.hint for f in answer.findings)
        return None
    told = {
        "CSV-WINDOWS-LETTERS",
        "XML-DECLARATION",
        "XML-LETTERS",
        "NAME-SIGNS",
        "NAME-MIXED-ALPHABETS",
        "DAMAGED-LETTERS",
        "INVISIBLE-CHARACTERS",
        "FORMULA-TEXT",
    }
    if any(f.code in told and f.field in (None, "legal_surname") for f in answer.findings):
        return None
    read = [record.legal_surname for record in answer.records]
    return None if read == [unicodedata.normalize("NFC", name)] else repr(read)


def encoded(text: str, codec: str) -> bytes | None:
    try:
        return text.encode(codec)
    except (UnicodeError, LookupError):
        return None


@pytest.mark.parametrize("codec", CODECS)
def test_no_name_in_a_list_is_read_wrongly_in_silence(codec: str) -> None:
    wrong = {}
    for name in NAMES:
        content = encoded(CSV.replace("Zoë", "Tia").replace("Ellery", name), codec)
        made = silently_wrong(name, checked("a.csv", content)) if content else None
        if made:
            wrong[name] = made
    assert wrong == {}


@pytest.mark.parametrize("declared", [None, "utf-8", "utf-16", "us-ascii"])
def test_no_name_in_a_transfer_file_is_read_wrongly_in_silence(declared: str | None) -> None:
    """Each name in each encoding, declared as what it is or as UTF-8, UTF-16 or ASCII."""
    wrong = {}
    for codec in CODECS:
        for name in NAMES:
            content = transfer(name, codec, declared or codec.replace("_", "-"))
            made = silently_wrong(name, checked("a.xml", content)) if content else None
            if made:
                wrong[codec, name] = made
    assert wrong == {}


@pytest.mark.parametrize("declared", ["iso-8859-1", "windows-1252"])
def test_a_declaration_is_believed_to_the_letter_or_doubted_aloud(declared: str) -> None:
    """No byte shows that such a declaration lies; what is not doubted is what the file says of itself."""
    for codec in CODECS:
        for name in NAMES:
            content = transfer(name, codec, declared)
            if content and silently_wrong(name, answer := checked("a.xml", content)):
                said = content.decode("cp1252").partition("<Surname>")[2].partition("</Surname>")[0]
                assert answer.records[0].legal_surname == " ".join(said.split())


def transfer(name: str, codec: str, declared: str) -> bytes | None:
    return encoded(CTF.replace("Zoë", "Tia").replace("Ellery", name).replace("utf-8", declared), codec)
