"""``gateway migrate``: the store to the schema of this version."""

from __future__ import annotations

from gateway.commands.call import call
from gateway.commands.present import told
from gateway.domain.actor import Role, require


def migrate() -> None:
    """Bring the case store to this version's schema. Stop the daemon and make a backup first."""
    from gateway.bootstrap.upkeep import migrate_home

    with call().open() as home:
        require(home.actor, Role.OPERATOR)
        before, after = migrate_home(home)
    done = before != after
    told({"before": before, "after": after, "changed": done},
         f"the store was at {before or 'nothing'} and is now at {after}" if done else f"the store is at {after}: nothing to do")
