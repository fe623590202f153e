from __future__ import annotations

import pytest

from tests.schemas.package.authorities import Authority, acquainted


@pytest.fixture(scope="session")
def towns() -> dict[str, Authority]:
    """Thornhaven, Marlowick and Saltmarch Vale, each with keys made for this run; all know each other."""
    return acquainted("990", "991", "992")
