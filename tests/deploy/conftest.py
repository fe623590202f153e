from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conftest import in_ci
from tests.deploy.machine import forbidden, lacks
from tests.deploy.town import Town, deployed


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A deployed machine, shared by tests that leave it running."""
    possible()
    with deployed(tmp_path_factory.mktemp("town")) as town:
        yield town


def possible() -> None:
    """Where the machine is not allowed to be made there is nothing to run; what is only not installed fails under CI."""
    if why := forbidden():
        pytest.skip(why)
    if missing := lacks():
        assert not in_ci(), f"not installed, and CI demands it: {', '.join(missing)}"
        pytest.skip(f"not installed: {', '.join(missing)}")
