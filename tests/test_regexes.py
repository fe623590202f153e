"""Every regular expression of the product takes time in proportion to the text, or is asked about short texts only.

1. They are found by walking the source: what stands compiled in a module, alone or in a table, what is written into a call of
   ``re``, and pydantic's patterns. Each is tried by the methods by which the product uses it.
2. Each is tried on texts made from its own parts: what may repeat in it repeats, and what should follow does not come.
3. Four times the text may take eight times the time: a linear one takes four, a quadratic sixteen. Ratios are compared, of the
   thread's own time, where there is enough of it to be measured.
4. A ``Brief`` one is tried at its longest, and must be done in the blink of an eye; longer texts it does not look at.
"""

from __future__ import annotations

import ast
import importlib
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import pytest

from gateway.domain.brief import Brief

ROOT = Path(__file__).parents[1]
ROOMS = ("gateway", "adapters", "schemas", "keys")
LENGTH = 50_000
MEASURABLE = 0.004  # seconds: fifty thousand characters in less cost nothing, whatever the shape
STEEPEST = 8.0
BLINK = 0.05  # seconds, for the longest text of a brief one
TRIES: dict[str, Callable[[Any, Any], object]] = {
    "search": lambda p, t: p.search(t),
    "match": lambda p, t: p.match(t),
    "fullmatch": lambda p, t: p.fullmatch(t),
    "sub": lambda p, t: p.sub("" if isinstance(p.pattern, str) else b"", t),
    "split": lambda p, t: p.split(t),
    "findall": lambda p, t: p.findall(t),
}


@dataclass
class Expression:
    """One expression, how it is used, and the longest text it is asked about (None: any)."""

    pattern: re.Pattern[Any]
    methods: set[str] = field(default_factory=set)
    longest: int | None = None


@cache
def sources() -> dict[str, str]:
    paths = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in sorted(paths)}


@cache
def expressions() -> dict[str, Expression]:
    """Every expression by where it stands."""
    found: dict[str, Expression] = {}
    for where, text in sources().items():
        tree = ast.parse(text)
        if re.search(r"^import re$|\bbrief\(", text, re.MULTILINE):
            module = importlib.import_module(where.removesuffix(".py").replace("/", ".").removesuffix(".__init__"))
            for name, value in vars(module).items():
                for number, (pattern, longest) in enumerate(_compiled(value)):
                    found[f"{where}:{name}.{number}"] = Expression(pattern, _used(name), longest)
        for node in ast.walk(tree):
            for method, literal in _literals(node):
                found[f"{where}:{literal!r}"] = Expression(re.compile(literal), {method})
    return found


def _compiled(value: Any) -> Iterator[tuple[re.Pattern[Any], int | None]]:
    if isinstance(value, re.Pattern):
        yield value, None
    elif isinstance(value, Brief):
        yield value.pattern, value.longest
    elif isinstance(value, tuple | list):
        for one in value:
            yield from _compiled(one)


@cache
def _used(name: str) -> set[str]:
    """The methods by which an expression of that name is used, anywhere."""
    said = {m for text in sources().values() for m in re.findall(rf"\b{name}\.(\w+)\b", text)}
    used = {{"finditer": "findall", "subn": "sub"}.get(m, m) for m in said} & set(TRIES)
    return used or {"match", "fullmatch"}


def _literals(node: ast.AST) -> Iterator[tuple[str, str | bytes]]:
    if not isinstance(node, ast.Call):
        return
    method = node.func.attr if isinstance(node.func, ast.Attribute) else ""
    of_re = isinstance(node.func, ast.Attribute) and isinstance(node.func.value, ast.Name) and node.func.value.id == "re"
    asked = [node.args[0]] if of_re and method in TRIES and node.args else []
    asked += [keyword.value for keyword in node.keywords if keyword.arg == "pattern"]
    for argument in asked:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str | bytes):
            yield method if of_re else "search", argument.value


def sample(parts: Any) -> str:
    """A short text that these parts of an expression match, more or less."""
    return "".join(_sample(str(op), value) for op, value in parts)


def _sample(op: str, value: Any) -> str:
    if op == "LITERAL":
        return chr(value)
    if op in ("NOT_LITERAL", "ANY"):
        return "b" if value == ord("a") else "a"
    if op == "IN":
        return _of_set(value)
    if op == "BRANCH":
        return sample(value[1][0])
    if op == "SUBPATTERN":
        return sample(value[3])
    return sample(value[2]) * max(1, value[0]) if op.endswith("_REPEAT") else ""


def _of_set(items: Any) -> str:
    matcher = re.compile("[" + "".join(_set_source(str(op), value) for op, value in items) + "]")
    return next((text for text in "a0 A-.,;:'\"<>=/\\()_\n\té\u0301王\x80\x1b" if matcher.match(text)), "\u202e")


def _set_source(op: str, value: Any) -> str:
    if op == "NEGATE":
        return "^"
    if op == "CATEGORY":
        kind = str(value)
        letter = "d" if "DIGIT" in kind else "s" if "SPACE" in kind else "w"
        return "\\" + (letter.upper() if "NOT" in kind else letter)
    first, last = value if op == "RANGE" else (value, value)
    return f"{re.escape(chr(first))}-{re.escape(chr(last))}"


def repeats(parts: Any, before: str) -> Iterator[tuple[str, str]]:
    """What stands before each thing that may repeat, and the thing; alternatives each in turn."""
    for op, value in parts:
        kind = str(op)
        if kind.endswith("_REPEAT"):
            yield before, sample(value[2])
            yield from repeats(value[2], before)
        elif kind == "SUBPATTERN":
            yield from repeats(value[3], before)
        elif kind == "BRANCH":
            for branch in value[1]:
                yield from repeats(branch, before)
                yield before, sample(branch)
        before += _sample(kind, value)


def attacks(pattern: re.Pattern[Any]) -> list[tuple[str, str]]:
    """A beginning, and a piece to be repeated."""
    raw = pattern.pattern
    tree = parser.parse(raw if isinstance(raw, str) else raw.decode("latin-1"), pattern.flags)
    whole = sample(tree)
    general = ("a", " ", "0", "\n", "<", "a ", "0 ", "é", "((", whole, whole[:-1], whole + " ")
    return sorted({(before[-100:], piece) for before, piece in repeats(tree, "") if piece} | {("", p) for p in general if p})


def text_of(before: str, piece: str, length: int, pattern: re.Pattern[Any]) -> Any:
    text = before + piece * (length // len(piece)) + "\x01"
    return text if isinstance(pattern.pattern, str) else text.encode("latin-1", "replace")


def seconds(pattern: re.Pattern[Any], method: str, text: Any) -> float:
    """The least of three, of the thread's own time."""
    best = 1e9
    for again in range(3):
        start = time.thread_time()
        TRIES[method](pattern, text)
        best = min(best, time.thread_time() - start)
        if best <= MEASURABLE or (again and best >= 0.5):      # once more: the collector may have been at work
            break
    return best


def faults(expression: Expression) -> Iterator[tuple[float, str, str]]:
    """Where the time grows too fast, or the longest text takes too long."""
    pattern = expression.pattern
    for before, piece in attacks(pattern):
        for method in sorted(expression.methods):
            shown = method, (before + piece)[:60]
            if expression.longest is not None:
                took = seconds(pattern, method, text_of(before, piece, expression.longest, pattern))
                if took > BLINK:
                    yield took, *shown
                continue
            shorter = seconds(pattern, method, text_of(before, piece, LENGTH // 16, pattern))
            if shorter > 0.1:  # three thousand characters: it would not come back from fifty thousand
                yield shorter, *shown
                continue
            shorter = seconds(pattern, method, text_of(before, piece, LENGTH // 4, pattern))
            longer = seconds(pattern, method, text_of(before, piece, LENGTH, pattern)) if shorter < 0.5 else 1e9
            if longer > MEASURABLE and longer > STEEPEST * shorter:
                yield longer / shorter, *shown


def test_the_source_has_no_expression_that_was_not_found() -> None:
    written = sum(len(re.findall(r"\bre\.compile\(|\bbrief\(", text)) for text in sources().values())
    found = sum(1 for where in expressions() if not where.endswith("'"))
    assert found >= written - 2 > 60  # the two of ``brief`` itself


@pytest.mark.parametrize("where", sorted(expressions()))
def test_an_expression_takes_time_in_proportion_to_the_text(where: str) -> None:
    assert list(faults(expressions()[where])) == []
