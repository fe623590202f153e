"""A dozen sessions at once, some of which break off: the short form of ``python -m tests.deploy.sessions``."""

from __future__ import annotations

import os
import random

from tests.deploy.sessions import crowd
from tests.deploy.town import FERNBRIDGE, QUILLMEAD, Town


def test_no_file_is_lost_doubled_halved_or_left_unanswered_however_many_send_at_once(town: Town) -> None:
    seed = int(os.environ.get("GATEWAY_TEST_SEED", "") or random.SystemRandom().randrange(1_000_000))
    print(f"GATEWAY_TEST_SEED={seed}")
    figures = crowd(town, sessions=12, files=4, seed=seed)
    assert figures.errors == {}
    assert len(figures.sent) == 48
    assert (figures.unanswered, figures.doubled, figures.foreign) == (0, 0, 0)
    left = [path.name for school in (FERNBRIDGE, QUILLMEAD) for path in town.drop(school).iterdir() if path.name[0].isdigit()]
    assert left == []
