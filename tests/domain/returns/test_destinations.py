from __future__ import annotations

import pytest

from gateway.domain.register.establishments import Register
from gateway.domain.register.lookup import index_register
from gateway.domain.returns.destinations import Destination, DestinationCells, DestinationTrouble, read_destination
from gateway.domain.returns.grounds import Ground
from gateway.domain.returns.record import DestinationType as Type
from tests.domain.register import places

INDEX = places.index()


def read(
    school: str | None = None,
    number: str | None = None,
    la: str | None = None,
    country: str | None = None,
    ground: Ground | None = None,
) -> Destination:
    return read_destination(DestinationCells(school, number, la, country), ground, INDEX)


@pytest.mark.parametrize(
    ("name", "kind", "laestab"),
    [
        ("Tanyard Academy", Type.SCHOOL, "9914010"),
        ("Larkrise House School", Type.INDEPENDENT, "9906001"),
        ("The Causeway Centre", Type.AP, "9901101"),
        ("Thornhaven Sixth Form College", Type.POST_16, "9908001"),
    ],
)
def test_a_school_of_the_register_gives_its_number_authority_and_type(name: str, kind: Type, laestab: str) -> None:
    assert read(name) == Destination(kind, name, laestab, laestab[:3])


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("EHE", Type.EHE),
        ("Elective home education", Type.EHE),
        ("Home educated", Type.EHE),
        ("Home schooling", Type.EHE),
        ("Unknown", Type.UNKNOWN),
        ("Not known", Type.UNKNOWN),
        ("Whereabouts unknown", Type.UNKNOWN),
        ("new school TBC", Type.UNKNOWN),
        ("Another school", Type.UNKNOWN),
        ("In custody", Type.CUSTODY),
        ("YOI", Type.CUSTODY),
        ("Deceased", Type.DECEASED),
        ("Sixth form", Type.POST_16),
        ("Apprenticeship", Type.POST_16),
        ("PRU", Type.AP),
        ("Alternative provision", Type.AP),
        ("Independent school", Type.INDEPENDENT),
        ("Out of area", Type.OTHER_LA),
        ("Abroad", Type.ABROAD),
    ],
)
def test_words_give_the_type_where_no_school_is_named(text: str, kind: Type) -> None:
    went = read(text)
    assert went.type is kind
    assert went.school is None
    assert went.words == text


@pytest.mark.parametrize(
    ("text", "country"),
    [
        ("Abroad - Ireland", "Ireland"),
        ("Abroad – Côte d'Ivoire", "Côte d'Ivoire"),
        ("Moved to Poland", "Poland"),
        ("Poland", "Poland"),
        ("Gone abroad (Spain)", "Spain"),
        ("moved to live in Spain", "Spain"),
        ("Krakow, Poland", "Poland"),
        ("Returned home to Romania", "Romania"),
        ("Overseas: India", "India"),
        ("Abroad", None),
        ("Abroad - unknown", None),
        ("Scotland", "Scotland"),
    ],
)
def test_abroad_gives_the_country_as_written(text: str, country: str | None) -> None:
    assert read(text).type is Type.ABROAD
    assert read(text).country == country


def test_a_country_column_makes_it_abroad_and_england_does_not() -> None:
    assert read(country="Portugal") == Destination(Type.ABROAD, country="Portugal")
    assert read("Tanyard Academy", country="England").type is Type.SCHOOL
    assert read("Lycee Pasteur", country="France").type is Type.ABROAD
    assert read("Lycee Pasteur", country="France").trouble is None


@pytest.mark.parametrize(
    "text", ["Pennygate LA", "Pennygate", "Pennygate Council", "Moved to Pennygate", "London Borough of Pennygate", "993LLLL"]
)
def test_an_authority_in_the_cell_is_another_authority(text: str) -> None:
    assert read(text).type is Type.OTHER_LA
    assert read(text).la == "993"


def test_an_authority_in_its_own_column_counts_where_no_school_is_named() -> None:
    assert read(la="East Wexmoor").la == "995"
    assert read("Unknown", la="995").type is Type.OTHER_LA
    assert read(la="Farawayshire").trouble is DestinationTrouble.AUTHORITY_UNKNOWN


@pytest.mark.parametrize("text", [None, "TBC", "N/A", "-", "none"])
def test_a_placeholder_says_nothing(text: str | None) -> None:
    assert read(text) == Destination()
    assert not read(text).given


def test_the_ground_decides_where_the_cells_say_nothing() -> None:
    assert read(ground=Ground(2024, "f")).type is Type.EHE
    assert read(ground=Ground(2006, "d")).type is Type.EHE
    assert read(ground=Ground(2024, "j")).type is Type.CUSTODY
    assert read(ground=Ground(2024, "k")).type is Type.DECEASED
    assert read(ground=Ground(2024, "l")).type is Type.POST_16
    assert read(ground=Ground(2024, "i")).type is Type.UNKNOWN
    assert read("Tanyard Academy", ground=Ground(2024, "f")).type is Type.SCHOOL


def test_a_closed_school_keeps_its_own_number_and_names_its_successor() -> None:
    went = read("Oldfield Lane Primary School")
    assert went.laestab == places.OLDFIELD_LANE_PRIMARY
    assert went.trouble is DestinationTrouble.CLOSED
    assert "990/2105" in went.about


def test_a_school_that_the_register_does_not_know_stays_text() -> None:
    went = read("Nethercote Free School", la="Marlowick")
    assert (went.type, went.laestab, went.la, went.trouble) == (Type.SCHOOL, None, "991", DestinationTrouble.NOT_IN_REGISTER)


def test_a_shared_name_stays_unresolved_until_number_or_authority_tells() -> None:
    name = "Holy Trinity Primary School"
    assert read(name).laestab is None
    assert read(name).trouble is DestinationTrouble.SHARED_NAME
    assert read(name, la="Saltmarch Vale").laestab == "9922011"
    assert read(name, number="991/2010").laestab == "9912010"


def test_a_number_that_agrees_resolves_and_one_that_contradicts_resolves_nothing() -> None:
    assert read("Tanyard Academy", number="9914010").trouble is None
    odd = read("Tanyard Academy", number="9902001")
    assert odd.laestab is None
    assert odd.trouble is DestinationTrouble.NUMBER_DISAGREES
    assert read("Oldfield Lane Academy", number="9902005").laestab == places.OLDFIELD_LANE_ACADEMY


def test_numbers_are_understood_in_every_notation_and_by_urn() -> None:
    for text in ("9914010", "991/4010", "990122"):
        assert read(text).laestab == "9914010"
        assert read(number=text).school == "Tanyard Academy"
    assert read("Tanyard Academy (991/4010)").laestab == "9914010"
    assert read(number="9919999").trouble is DestinationTrouble.NUMBER_UNKNOWN


def test_the_schools_own_authority_counts_and_another_beside_it_is_odd() -> None:
    went = read("Tanyard Academy", la="Pennygate")
    assert went.la == "991"
    assert went.trouble is DestinationTrouble.AUTHORITY_DISAGREES


def test_the_letters_of_a_transfer_file_are_understood() -> None:
    assert read(number="XXXXXXX").type is Type.UNKNOWN
    assert read(number="MMMMMMM").type is Type.UNKNOWN
    assert read(number="995LLLL").type is Type.OTHER_LA
    assert read(number="995LLLL").la == "995"


@pytest.mark.parametrize("text", [
    "Lostock Hall Academy", "Lostwithiel School", "Missenden Abbey School", "Unknownby Primary School", "Homefield School",
    "Applegate Primary School", "Cmearth Academy", "University Academy", "Cavendish University Technical College",
    "Employment Lane School",
    "Prison Lane Primary School", "Collegiate High School", "Elective Mutes Academy", "Home Farm Primary School",
    "Otherton Academy",
    "Nonesuch High School", "Independent Jewish Day School", "Nowhere Hall Special School", "Workington Academy",
    "Deathridge Academy",
    "Jobes Dairy School", "Awaiting House School", "Missing Link Academy", "Moved Hall Primary School",
    "Lost Lane Primary School",
    "St Mary's", "Quillmead",
])
@pytest.mark.parametrize("listed", [True, False])
def test_a_name_that_begins_like_a_word_is_a_name(text: str, listed: bool) -> None:
    went = read_destination(DestinationCells(text), None, INDEX if listed else index_register(Register()))
    assert went.school == text
    assert went.type in (Type.SCHOOL, Type.INDEPENDENT)


@pytest.mark.parametrize("text", [
    "Other", "other - see notes", "Other (please specify)", "Others", "Elsewhere", "Somewhere else", "Various", "See notes",
    "as above",
    "Same", "ditto", "Left", "Leaver", "Left school", "Moved on", "New place", "Yes", "Y", "Local", "Waiting list",
    "On the waiting list for Tanyard Academy", "Applied for Tanyard Academy", "Applying to Tanyard Academy", "Appeal pending",
    "Awaiting place", "Waiting for a place at Tanyard Academy", "No offer yet", "Lost contact", "Lost touch with the family",
    "Missing since May", "CME", "Lost", "Missing", "Parents did not say", "Not attending", "Not sure yet",
    "Awaiting school place",
    "Offered Tanyard Academy, refused", "Declined place at Tanyard Academy", "Looking for a school", "No longer at this school",
    "Refuge", "Traveller site", "Foster placement", "Care home", "Dad's house", "Home - parents' decision", "In-year transfer",
    "Gone home", "Hospital", "Temporary accommodation", "Left - no details", "Any", "Misc", "Refused to say", "With family",
    "Mum", "Grandparents", "Place offered",
    "Place not confirmed",
])
def test_words_that_name_no_place_leave_it_unknown(text: str) -> None:
    went = read(text)
    assert (went.type, went.school, went.laestab) == (Type.UNKNOWN, None, None)
    assert went.words == text


def test_without_a_register_a_school_stays_text_without_complaint() -> None:
    went = read_destination(DestinationCells("Tanyard Academy"), None, index_register(Register()))
    assert went == Destination(Type.SCHOOL, "Tanyard Academy")
