"""The CTF family, whatever version and whichever habits of its writer."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.domain.parcels.kinds import Kind
from gateway.domain.parcels.stages import Offered
from gateway.errors import RefusedError
from schemas.ctf import read_transfer
from schemas.screening import screen
from tests.samples.make_samples import LEAVERS, pupil, transfer
from tests.schemas.readings import pupils, read, values

OWN = "<School><LEA>990</LEA><Estab>2001</Estab><EntryDate>2022-09-04</EntryDate>{}</School>"
LEFT = OWN.format("<LeavingDate>2026-11-13</LeavingDate><LeavingReason>OR</LeavingReason><RemovalGrounds>G</RemovalGrounds>")


def one(history: str = LEFT, more: str = "", sex: str = "Sex", kind: str = "CML") -> bytes:
    return transfer(kind, pupils=[pupil(sex, LEAVERS[0], history, more)])


def test_the_header_is_read() -> None:
    found = read(transfer(), "a.xml").transfer
    assert found is not None
    assert (found.kind, found.version, found.source, found.destination) == (Kind.CML, "25.0", "9902001", "990LLLL")
    assert str(found.written) == "2026-11-16 09:14:00"


def test_pupils_are_numbered_from_one_and_read_again() -> None:
    found = read(transfer(), "a.xml").transfer
    assert found is not None
    assert [p.number for p in found.pupils()] == [p.number for p in found.pupils()] == [1, 2]


@pytest.mark.parametrize("sex", ["Sex", "Gender", "SEX", "gender"])
def test_sex_is_read_under_both_names(sex: str) -> None:
    assert values(one(sex=sex))["sex"] == "F"


def test_a_leavers_values() -> None:
    found = values(one())
    assert found["legal_surname"] == "O’Brien"
    assert found["legal_forename"] == "Zoë"
    assert found["off_roll_date"] == "2026-11-13"
    assert found["deletion_ground"] == "G"
    assert found["mis_leaving_reason"] == "OR"
    assert found["home_postcode"] == "ZY1 8SH"
    assert found["address_lines"] == ["89 Tanner Lane", "Thornhaven"]
    assert found["year_group"] == "4"


def test_the_leaving_reason_is_never_a_ground() -> None:
    assert "deletion_ground" not in values(one(OWN.format("<LeavingReason>PE</LeavingReason>")))


def test_the_ground_stands_in_the_source_schools_entry() -> None:
    other = (
        "<School><LEA>991</LEA><Estab>2010</Estab><LeavingDate>2022-07-20</LeavingDate>"
        "<RemovalGrounds>A</RemovalGrounds></School>"
    )
    assert values(one(other + LEFT))["deletion_ground"] == "G"


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        (
            "<DestSchool><LEA>991</LEA><Estab>2010</Estab><SchoolName>Marlowick Green</SchoolName></DestSchool>",
            {"destination_code": "9912010", "destination_laestab": "9912010", "destination_school": "Marlowick Green"},
        ),
        ("<DestSchool><LEA>991</LEA><Estab>LLLL</Estab></DestSchool>", {"destination_code": "991LLLL", "destination_la": "991"}),
        ("<DestSchool><LEA>XXX</LEA><Estab>XXXX</Estab></DestSchool>", {"destination_code": "XXXXXXX"}),
        ("<DestSchool><LEA>MMM</LEA><Estab>MMMM</Estab></DestSchool>", {"destination_code": "MMMMMMM"}),
    ],
)
def test_the_destination_at_the_pupil(more: str, expected: dict[str, str]) -> None:
    found = values(one(more=more))
    assert {k: v for k, v in found.items() if k.startswith("destination")} == expected


def test_the_destination_as_a_later_entry_of_the_school_history() -> None:
    later = (
        "<School><LEA>991</LEA><Estab>2010</Estab><SchoolName>Marlowick Green</SchoolName><EntryDate>2026-11-16</EntryDate>"
        "</School>"
    )
    found = values(one(LEFT + later))
    assert found["destination_laestab"] == "9912010"
    assert found["destination_start_date"] == "2026-11-16"


def test_an_earlier_school_is_no_destination() -> None:
    before = (
        "<School><LEA>991</LEA><Estab>2010</Estab><EntryDate>2020-09-01</EntryDate><LeavingDate>2022-07-20</LeavingDate></School>"
    )
    assert "destination_code" not in values(one(before + LEFT))


def test_the_destination_of_a_lost_pupils_file_is_in_its_header() -> None:
    content = transfer("CTF", destination="XXXXXXX", pupils=[pupil("Sex", LEAVERS[0], LEFT)])
    assert values(content, "9902001_CTF_XXXXXXX_021.xml")["destination_code"] == "XXXXXXX"


def test_the_authority_that_gets_a_leavers_file_is_no_destination() -> None:
    assert "destination_code" not in values(one(), "9902001_CML_990LLLL_007.xml")


def test_a_joiners_values() -> None:
    found = values(transfer("CMJ"), "9902001_CMJ_990LLLL_003.xml")
    assert found["start_date"] == "2026-11-09"
    assert found["previous_school"] == "Marlowick Green Primary School"
    assert found["previous_la"] == "991"
    assert "off_roll_date" not in found


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("9902001_CML_990LLLL_007.xml", transfer("CMJ"), Kind.CML),
        ("9902001_CMJ_990LLLL_007.xml", transfer("CML"), Kind.CMJ),
        ("CTF.xml", transfer("CML"), Kind.CML),
        ("CTF.xml", transfer("CMJ"), Kind.CMJ),
        ("CTF.xml", transfer("CTF"), Kind.CTF),
    ],
)
def test_the_kind_comes_from_the_name_then_from_the_content(name: str, content: bytes, kind: Kind) -> None:
    found = read(content, name).transfer
    assert found is not None
    assert found.kind is kind


def test_what_the_person_says_outranks_name_and_content() -> None:
    screened = screen(Offered("9902001_CML_990LLLL_007.xml", transfer(), kind=Kind.CMJ))
    found = read_transfer(screened).transfer
    assert found is not None
    assert found.kind is Kind.CMJ


CONTACTS = """<Contacts><Contact><Order>2</Order><Title>Mr</Title><Surname>Ellery</Surname><Forename>Paul</Forename>
<Relationship>PAF</Relationship><Responsibility>true</Responsibility><Address><AddressLines>
<AddressLine1>1 Mill Road</AddressLine1></AddressLines>
<Postcode>ZY3 1AA</Postcode></Address><Email>paul@example.org</Email></Contact>
<Contact><Order>1</Order><Title>Mrs</Title><Surname>Ellery</Surname><Relationship>PAM</Relationship><Address>
<AddressAsPupil>true</AddressAsPupil></Address><Phones><Phone><TelephoneType>M</TelephoneType><PhoneNo>07700900154</PhoneNo></Phone>
</Phones></Contact></Contacts>"""


def test_contacts_are_parents_in_their_order() -> None:
    mother, father = values(one(more=CONTACTS))["parents"]
    assert mother == {
        "name": "Mrs Ellery",
        "relationship": "PAM",
        "address": "89 Tanner Lane, Thornhaven",
        "postcode": "ZY1 8SH",
        "phone": "07700900154",
        "lives_with": True,
    }
    assert father == {
        "name": "Mr Paul Ellery",
        "relationship": "PAF",
        "address": "1 Mill Road",
        "postcode": "ZY3 1AA",
        "email": "paul@example.org",
        "responsibility": True,
    }


def test_care_special_needs_and_numbers() -> None:
    more = """<UniqueLearnerNumber>4853538681</UniqueLearnerNumber>
    <LookedAfter><InCare>true</InCare><CareAuthority>990</CareAuthority></LookedAfter>
    <SENhistory><SEN><StartDate>2020-01-01</StartDate><SENprovision>K</SENprovision><EndDate>2024-01-01</EndDate></SEN>
    <SEN><StartDate>2024-01-02</StartDate><SENprovision>E</SENprovision></SEN></SENhistory>
    <FormerUPN>X990200122101</FormerUPN>
    <Languages><Type><LanguageType>F</LanguageType><Language>POL</Language></Type></Languages>"""
    found = values(one(more=more))
    assert (found["uln"], found["looked_after"], found["looked_after_la"], found["sen_status"]) == (
        "4853538681",
        "true",
        "990",
        "E",
    )
    assert (found["former_upn"], found["first_language"]) == ("X990200122101", "POL")


def test_what_has_no_field_is_kept() -> None:
    more = "<SuppInfo><SuppID>X</SuppID><NewAddressKnown>N</NewAddressKnown></SuppInfo><FSMhistory><A>1</A><A>2</A></FSMhistory>"
    assert values(one(more=more))["unmapped"] == {
        "suppinfo": {"suppid": "X", "newaddressknown": "N"},
        "fsmhistory": {"a": ["1", "2"]},
    }


def test_namespaces_comments_and_instructions_do_not_matter() -> None:
    content = one().replace(b"<CTfile>", b'<CTfile xmlns="urn:x"><?note x?>').replace(b"<Surname>", b"<!-- legal --><Surname>")
    assert values(content)["legal_surname"] == "O’Brien"


def test_a_text_with_a_comment_inside_is_whole() -> None:
    assert values(one().replace("O’Brien".encode(), "O’<!--x-->Brien".encode()))["legal_surname"] == "O’Brien"


@settings(max_examples=100, deadline=None)
@given(st.integers(60, 1800), st.binary(min_size=1, max_size=4))
def test_a_spoilt_file_is_refused_or_read_but_nothing_worse(at: int, junk: bytes) -> None:
    content = transfer()
    try:
        pupils(content[:at] + junk + content[at + len(junk) :])
    except RefusedError as refused:
        assert refused.hint


def test_memory_does_not_grow_with_the_pupils() -> None:
    import tracemalloc

    small, large = (transfer(pupils=[pupil("Sex", LEAVERS[0], LEFT)] * n) for n in (50, 3000))
    peaks = []
    for content in (small, large):
        found = read(content, "a.xml").transfer
        assert found is not None
        tracemalloc.start()
        assert sum(1 for _ in found.pupils()) in (50, 3000)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 1_000_000
