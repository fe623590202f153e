"""config.example.toml and a new home's config.toml, written from the settings model so that they cannot fall behind it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic.fields import FieldInfo

from gateway.config.section import Section
from gateway.config.settings import Settings
from gateway.config.toml import key, table, written

NAMES = {"people": "alice", "senders": "9902001", "contacts": "991", "outboxes": "handover:ehe"}
"""What stands in the example where the reader puts their own name: ``[people.alice]``."""

_HEAD = """\
# The gateway's settings. A line that begins with # shows a default or an example; remove the # to set it.
# Each setting can also come from the environment: GATEWAY_CLOCKS__HELD_ROW_DAYS=5
# gateway config show prints every value and where it came from; gateway config check reads this file and says what is wrong.
"""


def example() -> str:
    """config.example.toml: every section and key, with its meaning."""
    parts = [_HEAD]
    for name, field, model, many in sections():
        heading = heading_of(name, many)
        comment = "" if field.is_required() else "# "
        lines = [f"# {line}" for line in purpose(field, model).splitlines()]
        lines.append(comment + heading)
        for sub, part in model.model_fields.items():
            off = comment or ("" if part.is_required() else "# ")
            lines.append(f"{off}{key(sub)} = {written(sample(part))}".ljust(44) + f"  # {part.description}")
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def sections() -> Iterator[tuple[str, FieldInfo, type[Section], str]]:
    """Every table of config.toml: name, its field, its model, and whether it is one, a ``dict`` of them or a ``list``."""
    for name, field in Settings.model_fields.items():
        annotation: Any = field.annotation
        arguments = [a for a in getattr(annotation, "__args__", (annotation,)) if isinstance(a, type) and issubclass(a, Section)]
        if arguments:
            origin = getattr(annotation, "__origin__", None)
            yield name, field, arguments[0], "dict" if origin is dict else "list" if origin is tuple else "one"


def heading_of(name: str, many: str) -> str:
    """``[clocks]``, ``[people.alice]`` or ``[[folders]]``."""
    if many == "list":
        return f"[[{name}]]"
    return f"[{name}.{key(NAMES[name])}]" if many == "dict" else f"[{name}]"


def purpose(field: FieldInfo, model: type[Section]) -> str:
    """What a section is for."""
    return field.description or (model.__doc__ or "").replace("``", "").strip()


def sample(field: FieldInfo) -> Any:
    """A value to show: the example, or the default."""
    return field.examples[0] if field.examples else field.get_default(call_default_factory=True)


def first_config(values: Mapping[str, Mapping[str, Any]], *, rehearsal: bool) -> str:
    """A new home's config.toml. A required section without values is there as a comment to be filled in."""
    parts = ["# The gateway's settings: gateway config show lists them all; config.example.toml explains them.\n"]
    if rehearsal:
        parts.append(
            "rehearsal = true   # every receipt, page and file says so; never remove this line to go live, make a new home\n"
        )
    for name, _, model, many in sections():
        if name in values and many == "one":
            parts.append(table(name, values[name]))
        elif name in values:
            parts += [
                table(f"{name}.{key(entry)}" if "." in entry else f"{name}.{entry}", body) for entry, body in values[name].items()
            ]
        elif Settings.model_fields[name].is_required():
            body = {sub: sample(part) for sub, part in model.model_fields.items()}
            parts.append(
                "# To be filled in before the first run:\n" + "".join(f"# {line}\n" for line in table(name, body).splitlines())
            )
    return "\n".join(parts)
