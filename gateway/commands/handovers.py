"""``gateway handovers``: children handed to another team."""

from __future__ import annotations

from typing import Annotated

import typer
from typer import Argument, Option

from gateway.commands.call import call
from gateway.commands.filters import one_of
from gateway.commands.present import listed, told
from gateway.domain.actor import Role, require

app = typer.Typer(
    add_completion=False, rich_markup_mode=None, help="Children handed to another team. gateway handovers lists them."
)
COLUMNS = (
    ("id", "Hand-over"),
    ("team", "Team"),
    ("legal_surname", "Surname"),
    ("legal_forename", "Forename"),
    ("dob", "Born"),
    ("school", "School"),
    ("reason", "Why"),
    ("since", "Since"),
    ("due", "Due"),
    ("acknowledged_at", "Acknowledged"),
)


@app.command("list")
def list_handovers(
    all: Annotated[bool, Option("--all", help="also what was acknowledged")] = False,
    team: Annotated[str | None, Option(metavar="TEAM", help="of one team")] = None,
) -> None:
    """What other teams were given and have not acknowledged. Reading this list is written down."""
    from gateway.pipeline import views
    from gateway.pipeline.route.leavers import TEAMS

    one_of("--team", team, TEAMS)
    with call().open() as home, home.store.writing() as tx:
        require(home.actor, *Role)
        rows = views.handovers(tx, home.actor, home.clock.now(), past=all)
    listed(
        (row for row in rows if team in (None, row["team"])),
        COLUMNS,
        empty="every hand-over was acknowledged",
        then="gateway handovers ack ID  when the team has taken the child",
    )


@app.command()
def ack(id: Annotated[str, Argument(metavar="ID", help="the hand-over")]) -> None:
    """The team has taken the child."""
    from gateway.pipeline import officer

    with call().open() as home, home.store.writing() as tx:
        handover = officer.acknowledge_handover(tx, home.ports, id, home.actor, home.clock.now())
    told(
        {"handover": handover.id, "team": handover.team, "acknowledged_by": handover.acknowledged_by},
        f"{handover.id}: acknowledged by {handover.acknowledged_by} for {handover.team}",
    )
