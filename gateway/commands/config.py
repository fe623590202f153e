"""``gateway config show|check``: what is set, and where it came from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import typer

from gateway.commands.call import call
from gateway.commands.present import emit, line, told
from gateway.config import Settings
from gateway.config.parties import Server
from gateway.config.settings import plain
from gateway.config.toml import written

app = typer.Typer(add_completion=False, rich_markup_mode=None, help="Every setting and its origin; and what is wrong with them.")
REDACTED = "(secret, not shown)"
_REFERENCES = ("passwords_from", "password_from")


@app.command()
def show() -> None:
    """Print every setting, its value and where it came from. Secrets are references and stay hidden."""
    settings = call().settings()
    values = _redacted(plain(settings))
    if call().json:
        emit(
            values
            | {
                "home": str(settings.home),
                "origins": {key: settings.origins.get(key, "default") for key, _ in _leaves(values)},
                "folders": [
                    {"path": str(f.path), "sender": f.sender, "channel": f.channel.value, "poll": f.poll.value}
                    for f in settings.watched()
                ],
            }
        )
        return
    for key, value in _leaves(values):
        line(f"{key} = {'(not set)' if value is None else written(value)}   # {settings.origins.get(key, 'default')}")
    for folder in settings.watched():
        line(f"# watched: {folder.path}   sender {folder.sender}, channel {folder.channel.value}")


@app.command()
def check() -> None:
    """Read config.toml and the secrets it points to; exit 78 with every fault when it is not right."""
    from gateway.bootstrap.identity import check_identity

    settings = call().settings()
    settings.policy()
    _missing_files(settings)
    check_identity(settings)
    told(
        {"ok": True, "home": str(settings.home)}, f"{settings.home / 'config.toml'} is right: {len(settings.origins)} values set"
    )


def _missing_files(settings: Settings) -> None:
    """Files that a setting names must be there before the daemon needs them."""
    from gateway.config.secrets import read_secret
    from gateway.errors import ConfigError

    if settings.mail.password_from:
        read_secret(settings.mail.password_from, settings.home, "mail.password_from")
    servers: list[tuple[str, Server]] = [(f"inboxes.{i}", inbox) for i, inbox in enumerate(settings.inboxes)]
    servers += [(f"contacts.{la}", contact) for la, contact in settings.contacts.items() if contact.channel == "sftp"]
    for key, server in servers:
        if server.key_file and not (settings.home / server.key_file).is_file():
            raise ConfigError(
                f'{key}.key_file = "{server.key_file}": there is no such file',
                code="CONFIG-FILE",
                hint="Make one with ssh-keygen -t ed25519 and give its public half to the server's administrator.",
            )


def _redacted(values: dict[str, Any]) -> dict[str, Any]:
    out: dict[str, Any] = {}
    for key, value in values.items():
        if isinstance(value, Mapping):
            out[key] = _redacted(dict(value))
        else:
            out[key] = REDACTED if key in _REFERENCES and value else value
    return out


def _leaves(values: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if isinstance(value, Mapping) and value and key != "headings":
            yield from _leaves(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", value
