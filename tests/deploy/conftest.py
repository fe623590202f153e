from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import in_ci
from tests.deploy.machine import cannot
from tests.deploy.town import Town, deployed


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A deployed machine, shared by tests that leave it running."""
    possible()
    with deployed(tmp_path_factory.mktemp("town")) as town:
        yield town


def possible() -> None:
    """Skip where no machine can be made; fail under CI."""
    why = cannot()
    if why and not in_ci():
        pytest.skip(why)
    assert why is None, f"{why}, and CI demands it"
