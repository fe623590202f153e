"""The reference page of the exchange, made from the state machine, the message bodies and the guard themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

MADE_FROM = "gateway/domain/referrals/ and schemas/package/"

PACKAGE = """
A package is one file, named `FROM-TO-ID-HASH.age`: two authorities' codes, the message's id, and the first eight digits of the
file's SHA-256. Nothing about a child is in a name.

```
age file (age-encryption.org/v1), one X25519 recipient: the other authority's package key; no passphrase, no armour
└── zip, every member stored, exactly two in this order, dated 1980-01-01
    ├── manifest.note    a signed note
    └── payload.json     canonical JSON: keys sorted, no spaces, UTF-8
```

The zip is canonical: written again from its two members it is the same bytes. A reader refuses every other.

The manifest is a C2SP signed note whose first line is `cme-gateway-manifest/1`, then one line for each value, `name: JSON`, in
ASCII, in this order:

| line | value |
|---|---|
| `from` | the sender's three digits |
| `to` | the recipient's three digits; the key that seals the package is looked up by this code |
| `id` | the message's id; see below |
| `kind` | `enquiry`, `referral`, `answer`, `withdrawal` or `receipt` |
| `sha256`, `size` | of the payload, in hex and in bytes |
| `created`, `expires` | ISO 8601 with a zone; thirty days apart |

It is signed with Ed25519 by the sender's receipt key, which the recipient has pinned (`gateway contacts trust`).

## In which order a package is believed

1. It opens with our key, whole to its last byte.
2. It is the one canonical zip.
3. Its sender is a contact with a pinned key, and the one whose channel it came by.
4. The manifest is a note of the manifest's type, signed by that key.
5. It says: from that contact, to us, within its time, these payload bytes.
6. Only then is the payload parsed: nothing is taken that is not listed below, and nothing is converted.
7. Its id is new. The same package again gets the original receipt; another under a used id is refused.
8. What it speaks about is an exchange that is held with that authority, and that can go that way.

What is refused changes nothing, is in the ledger by its code, and waits for a person who is told the same day. From step 5 on its
sender is proven, and gets a receipt that says so.

## Ids

An exchange is named by the id of the enquiry or the referral that begins it: letters and digits, at most forty. What is said
about it adds to that name: `-A1`, `-A2` … an answer, `-W1` the withdrawal, `-R` and eight digits of the received file's SHA-256
a receipt.
"""


def page(made: str, table: Callable[[tuple[str, ...], Iterable[tuple[str, ...]]], str]) -> str:
    """The page as Markdown."""
    from gateway.domain.referrals import guard, minimal
    from gateway.domain.referrals.exchange import diagram
    from gateway.domain.referrals.referral import Direction
    from schemas.package.bodies import SHAPES

    parts = ["# The exchange between authorities\n\n" + made.format(source=MADE_FROM)]
    for title, direction in (("Ours to them", Direction.OUT), ("Theirs to us", Direction.IN)):
        parts.append(f"\n## {title}\n\n```mermaid\n{diagram(direction)}```\n")
    parts.append("\nSent is not accepted. Only *accepted*, or *on roll* with school and date, closes a case.\n")
    parts.append(f"\n## The guard\n\n{_doc(guard.__doc__)}\n## What travels\n\n{_doc(minimal.__doc__)}")
    parts.append("\n## The package\n" + PACKAGE)
    seen: set[str] = set()
    for shape in dict.fromkeys(SHAPES.values()):
        kinds = " or ".join(kind.value for kind, its in SHAPES.items() if its is shape)
        parts.append(f"\n## Payload of: {kinds}\n\n")
        parts.append(table(("field", "needed", "holds"), _fields(shape.model_json_schema())))
        for name, definition in shape.model_json_schema().get("$defs", {}).items():
            if name not in seen and "properties" in definition:
                seen.add(name)
                parts.append(f"\n### {name}\n\n" + table(("field", "needed", "holds"), _fields(definition)))
    return "".join(parts)


def _fields(schema: dict[str, Any]) -> Iterable[tuple[str, ...]]:
    needed = set(schema.get("required", ()))
    for name, field in schema["properties"].items():
        yield f"`{name}`", "yes" if name in needed else "", _type(field)


def _type(field: dict[str, Any]) -> str:
    if "$ref" in field:
        return str(field["$ref"]).rsplit("/", 1)[-1]
    if "anyOf" in field:
        return " or ".join(_type(part) for part in field["anyOf"] if part.get("type") != "null")
    if "enum" in field:
        return ", ".join(field["enum"])
    sort = field.get("type", "object")
    if sort == "array":
        return f"list of {_type(field['items'])}, at most {field.get('maxItems', 'any')}"
    if sort == "object":
        return "yes or no by name"
    if sort == "string":
        return {"date": "date, ISO", "date-time": "moment, ISO with a zone"}.get(field.get("format", ""), _text(field))
    return {"boolean": "true or false", "integer": "whole number"}.get(sort, str(sort))


def _text(field: dict[str, Any]) -> str:
    if "maxLength" in field:
        return f"text, at most {field['maxLength']}"
    return f"`{field['pattern']}`".replace("|", "\\|") if "pattern" in field else "text"


def _doc(text: str | None) -> str:
    return (text or "").strip().replace("``", "`") + "\n"
