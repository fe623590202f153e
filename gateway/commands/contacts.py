"""``gateway contacts``: other authorities' addresses and keys."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from gateway.commands.call import call
from gateway.commands.present import listed, say, told
from gateway.domain.counting import counted

app = typer.Typer(add_completion=False, rich_markup_mode=None, help="Other authorities' addresses and keys.")
COLUMNS = (
    ("la", "Authority"),
    ("name", "Name"),
    ("channel", "Channel"),
    ("where", "Where"),
    ("verified_on", "Verified"),
    ("fingerprint", "Fingerprint of its keys"),
    ("lacks", "Lacks"),
)


@app.command("list")
def list_contacts() -> None:
    """Every authority of [contacts] in config.toml: its channel, its keys, and what is still lacking."""
    from gateway.bootstrap.trusting import contact_rows

    with call().open() as home:
        listed(
            contact_rows(home),
            COLUMNS,
            empty="no contact yet: write [contacts.991], with their digits, in config.toml: docs/how-to/it.md",
            then="gateway contacts trust LA FILE  trusts the card that they exported",
        )


@app.command()
def trust(
    la: Annotated[str, typer.Argument(help="the authority's three digits", show_default=False)],
    card: Annotated[Path, typer.Argument(help="what their `gateway keys export` wrote", show_default=False)],
    fingerprint: Annotated[str, typer.Option(help="the fingerprint they read out over a number you know from elsewhere")] = "",
) -> None:
    """Trust another authority's keys. Without --fingerprint only in a rehearsal: keys are believed on a person's voice."""
    from gateway.bootstrap.trusting import trust_card

    with call().open() as home:
        trusted = trust_card(home, la, card, fingerprint)
        known = la in home.settings.contacts
    told(
        {"la": la, "fingerprint": trusted.fingerprint, "valid_until": trusted.valid_until.isoformat()},
        f"{la}: {trusted.fingerprint} is trusted until {trusted.valid_until.isoformat()}",
    )
    if not known:
        say(f"next: write [contacts.{la}] in config.toml, with name, channel and where packages go: docs/how-to/it.md")


@app.command()
def revoke(
    la: Annotated[str, typer.Argument(help="the authority's three digits", show_default=False)],
    reason: Annotated[str, typer.Option(metavar="TEXT", help="what they said on the telephone; kept sealed")],
) -> None:
    """Take back the trust in another authority's keys: nothing is sealed for them or believed of them any more.

    For when they ring and say that a key was lost. A card with one of these keys is never trusted again; ask them for a new one.
    """
    from gateway.bootstrap.trusting import revoke_card

    with call().open() as home:
        cards = revoke_card(home, la, reason)
    told({"la": la, "fingerprints": [card.fingerprint for card in cards]},
         f"{la}: {counted(len(cards), 'card is', 'cards are')} revoked")
    say(f"gateway contacts trust {la} CARD  trusts their next one")
