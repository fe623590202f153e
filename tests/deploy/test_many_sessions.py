"""A dozen sessions at once, some of which break off: the short form of ``python -m tests.deploy.sessions``."""

from __future__ import annotations

from tests.deploy.sessions import crowd
from tests.deploy.town import FERNBRIDGE, QUILLMEAD, Town
from tests.seed import seed_of_the_run


def test_no_file_is_lost_doubled_halved_or_left_unanswered_however_many_send_at_once(town: Town) -> None:
    seed = seed_of_the_run()
    figures = crowd(town, sessions=12, files=4, seed=seed)
    assert figures.errors == {}
    assert len(figures.sent) == 48
    assert (figures.unanswered, figures.doubled, figures.foreign) == (0, 0, 0)
    left = [path.name for school in (FERNBRIDGE, QUILLMEAD) for path in town.drop(school).iterdir() if path.name[0].isdigit()]
    assert left == []
