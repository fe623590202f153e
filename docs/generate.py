"""The reference pages that are made from the program itself: ``make docs`` writes them, ``--check`` says which are stale."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from itertools import groupby
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

MADE = "<!-- Made by `make docs` from {source}. Change it there. -->\n\n"


def rules() -> str:
    """Every rule by severity, in the words that a school reads."""
    from gateway.domain.rules.rule import ANY_FIELD
    from gateway.domain.rules.table import ALL

    parts = [
        "# Rules\n\n" + MADE.format(source="gateway/domain/rules/"),
        f"{len(ALL)} rules look at what schools send. An **error** holds its row until it is corrected; "
        "a **query** asks to fix or explain, and the row flows; a **note** only tells. A code never changes its meaning.\n",
    ]
    order = ["error", "query", "note"]
    ranked = sorted(ALL, key=lambda rule: (order.index(rule.severity.value), rule.code))
    for severity, some in groupby(ranked, key=lambda rule: rule.severity.value):
        parts.append(f"\n## {severity.capitalize()}\n")
        for rule in some:
            source = f"\n\nSource: {rule.source}." if rule.source else ""
            looks = ", ".join("every field" if name == ANY_FIELD else f"`{name}`" for name in rule.fields)
            parts.append(
                f"\n### {rule.code}\n\n**{rule.title}** Looks at the {rule.scope.value}{f': {looks}' if looks else ''}.\n\n"
                f"> {rule.wording}\n\nWhat to do: {rule.hint}{source}\n"
            )
    return "".join(parts)


def routing() -> str:
    """The routing table: ground down, destination across, then what each outcome means."""
    from gateway.pipeline.route import table as t

    head = "| ground | " + " | ".join(f"`{d}`" for d in t.DESTINATIONS) + " |\n|" + "---|" * (len(t.DESTINATIONS) + 1) + "\n"
    body = "".join(f"| **{g}** | " + " | ".join(t.TABLE[g, d] for d in t.DESTINATIONS) + " |\n" for g in t.GROUNDS)
    return (
        "# Routing\n\n"
        + MADE.format(source="gateway/pipeline/route/table.py")
        + _plain(t.__doc__)
        + "\n## The table\n\n"
        + head
        + body
        + "\n## Outcomes\n\n"
        + _table(("outcome", "what happens"), ((f"`{k}`", v) for k, v in t.OUTCOMES.items()))
        + "\n## Destinations\n\n"
        + _table(("column", "meaning"), ((f"`{k}`", v) for k, v in t.DESTINATIONS.items()))
    )


def config() -> str:
    """Every key of config.toml."""
    from gateway.config.example import heading_of, purpose, sample, sections
    from gateway.config.toml import key, written

    parts = [
        "# config.toml\n\n" + MADE.format(source="gateway/config/"),
        "A key that is not listed here is a fault. Each can also come from the environment as `GATEWAY_<SECTION>__<KEY>`, "
        "which goes before the file. `gateway config show` prints every value and where it came from; `gateway config check` "
        "says what is wrong.\n\n`rehearsal = true` stands at the top of a rehearsal home's file. Only `gateway init "
        "--rehearsal` writes it, and the environment cannot set it.\n",
    ]
    for name, field, model, many in sections():
        needed = " Required." if field.is_required() else ""
        rows = [
            (
                f"`{key(sub)}`",
                part.description or "",
                "required" if part.is_required() else _default(part.get_default(call_default_factory=True)),
                f"`{written(sample(part))}`",
            )
            for sub, part in model.model_fields.items()
        ]
        parts.append(f"\n## {heading_of(name, many)}\n\n{_sentence(purpose(field, model))}{needed}\n\n")
        parts.append(_table(("key", "meaning", "default", "for example"), rows))
    return "".join(parts)


def commands() -> str:
    """The command line, from the table and each command's own help."""
    from gateway.commands.help import overview
    from gateway.commands.table import GROUPS

    parts = ["# Commands\n\n" + MADE.format(source="gateway/commands/"), f"```\n{overview()}\n```\n"]
    for title, entries in GROUPS:
        parts.append(f"\n## {title}\n")
        parts += [
            f"\n### gateway {entry.name}\n\n{_sentence(entry.summary)}\n\n```\n{_help(entry.name)}\n```\n" for entry in entries
        ]
    return "".join(parts)


def exit_codes() -> str:
    """What a script may rely on."""
    from gateway.commands.table import EXIT_CODES

    rows = ((str(code), meaning, then) for code, meaning, then in EXIT_CODES)
    return (
        "# Exit codes\n\n"
        + MADE.format(source="gateway/commands/table.py")
        + _table(("code", "meaning", "what to do"), rows)
        + "\nA script should treat a code it does not know as failure. With several files `gateway check` exits with the worst: "
        '65 before 80 before 0. `--json` prints an error as one object on stderr: `{"error": {"code", "message", "hint", '
        '"exit_code"}}`; its `code` never changes its meaning.\n'
    )


def exchange() -> str:
    """The exchange between authorities, well enough for another supplier to build it."""
    from docs.exchange_page import page

    return page(MADE, _table)


def reliability() -> str:
    """The page as a person wrote it, with the figures of the last full run and what each test does."""
    from tests.faults.figures import HEADINGS, cells, kept
    from tests.faults.table import FAULTS

    measured = {row["test"]: row for row in kept()}
    table = _table(HEADINGS, (cells(measured[fault.name]) for fault in FAULTS if fault.name in measured))
    done = "".join(f"- **{fault.name}**: {fault.what}.\n" for fault in FAULTS)
    text = (ROOT / "docs/reliability.md").read_text(encoding="utf-8")
    before, _, rest = text.partition("<!-- figures")
    return (f"{before}<!-- figures: made by `make faults`, then `make docs` -->\n\n{table}\n{done}\n"
            f"<!-- /figures -->{rest.partition('<!-- /figures -->')[2]}")


PAGES: dict[str, Callable[[], str]] = {
    "docs/reference/rules.md": rules,
    "docs/reference/routing.md": routing,
    "docs/reference/config.md": config,
    "docs/reference/commands.md": commands,
    "docs/reference/exit-codes.md": exit_codes,
    "docs/reference/exchange.md": exchange,
    "docs/reliability.md": reliability,
}


def config_example() -> str:
    """config.example.toml."""
    from gateway.config.example import example

    return example()


def _help(name: str) -> str:
    """Every help page of one command, its subcommands' after its own."""
    from gateway.commands.app import help_pages

    return "\n\n".join(page.rstrip() for page in help_pages(name))


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(cells).replace("\n", " ") + " |" for cells in (head, ("---",) * len(head), *rows)]
    return "\n".join(lines) + "\n"


def _default(value: object) -> str:
    from gateway.config.toml import written

    return "" if value is None or value in ("", (), {}) else f"`{written(value)}`"


def _plain(text: str | None) -> str:
    return (text or "").strip().replace("``", "`") + "\n"


def _sentence(text: str) -> str:
    whole = text[:1].upper() + text[1:]
    return whole if whole.endswith(".") else whole + "."


def main() -> int:
    """Write the pages, or with ``--check`` compare them; 1 when one was not current."""
    checking = "--check" in sys.argv[1:]
    stale = []
    for name, page in {**PAGES, "config.example.toml": config_example}.items():
        path, text = ROOT / name, page()
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(name)
            if not checking:
                path.write_text(text, encoding="utf-8")
    if stale and checking:
        print(f"not current: {', '.join(stale)}; type: make docs", file=sys.stderr)
        return 1
    print(f"written: {', '.join(stale)}" if stale else "all pages are current")
    return 0


if __name__ == "__main__":
    sys.exit(main())
