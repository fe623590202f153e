"""A small register for tests: five invented authorities and their schools."""

from __future__ import annotations

from gateway.domain.register.establishments import Authority, Establishment, Register
from gateway.domain.register.lookup import RegisterIndex, index_register

FERNBRIDGE_PRIMARY = "9902001"
ALL_HALLOWS = "9902002"
QUILLMEAD_PRIMARY = "9902003"
OLDFIELD_LANE_PRIMARY = "9902005"  # closed
OLDFIELD_LANE_ACADEMY = "9902105"  # followed it
THORNHAVEN_HIGH = "9904001"
TANYARD_ACADEMY = "9914010"

_SCHOOLS = (
    ("990101", FERNBRIDGE_PRIMARY, "Fernbridge Primary School", True, "Community school", None),
    ("990102", ALL_HALLOWS, "All Hallows Thornhaven CofE Primary School", True, "Voluntary controlled school", None),
    ("990103", QUILLMEAD_PRIMARY, "Quillmead Primary School", True, "Community school", None),
    ("990104", OLDFIELD_LANE_PRIMARY, "Oldfield Lane Primary School", False, "Community school", None),
    ("990105", OLDFIELD_LANE_ACADEMY, "Oldfield Lane Academy", True, "Academy converter", OLDFIELD_LANE_PRIMARY),
    ("990106", THORNHAVEN_HIGH, "Thornhaven High School", True, "Community school", None),
    ("990107", "9904002", "St Dymphna's Catholic Academy", True, "Academy converter", None),
    ("990108", "9906001", "Larkrise House School", True, "Other independent school", None),
    ("990110", "9901101", "The Causeway Centre", True, "Pupil referral unit", None),
    ("990111", "9908001", "Thornhaven Sixth Form College", True, "Sixth form centres", None),
    ("990121", "9912010", "Holy Trinity Primary School", True, "Community school", None),
    ("990122", TANYARD_ACADEMY, "Tanyard Academy", True, "Academy converter", None),
    ("990123", "9922011", "Holy Trinity Primary School", True, "Academy converter", None),
    ("990124", "9924020", "Saltmarch Vale Community School", True, "Community school", None),
)
_AUTHORITIES = (
    ("990", "Thornhaven"),
    ("991", "Marlowick"),
    ("992", "Saltmarch Vale"),
    ("993", "Pennygate"),
    ("995", "East Wexmoor"),
)


def register() -> Register:
    """The register as read."""
    return Register(
        {
            laestab: Establishment(urn, laestab, name, is_open, kind, predecessor=before)
            for urn, laestab, name, is_open, kind, before in _SCHOOLS
        },
        {code: Authority(code, name) for code, name in _AUTHORITIES},
        {"ZY1": "990", "ZY3": "991", "ZY3 9": "992", "ZY3 9AB": "993"},
    )


def index() -> RegisterIndex:
    """The register with its indexes."""
    return index_register(register())
