"""Texts that the source puts together around one value: `f"step_{name}"`, `"on_" + name`.

As the key of a table, or of a module's names, such a text says what the value may be.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.values import Live, Scope, Value, constants, parts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Term


@dataclass(frozen=True, slots=True)
class Template:
    """A part of a message with a fixed text before and after it."""

    term: Term
    prefix: str
    suffix: str

    def undo(self, text: Any) -> str | None:
        """What the part is when the text is known; None when the text is none of those."""
        ends = len(self.prefix) + len(self.suffix)
        if not isinstance(text, str) or len(text) <= ends:
            return None
        if not (text.startswith(self.prefix) and text.endswith(self.suffix)):
            return None
        return text[len(self.prefix) : len(text) - len(self.suffix)]


def template_of(value: Value) -> Template | None:
    """The text as it is put together around a part of a message; the part itself may be all."""
    found = next((atom for atom in value if isinstance(atom, Template)), None)
    terms = parts(value)
    return found or (Template(terms[0], "", "") if terms else None)


def joined(reader: Reader, node: Any, scope: Scope) -> Value:
    """`f"step_{name}"`: the texts that it may be, when the source tells."""
    around = ["", ""]
    inner: list[Value] = []
    for piece in node.values:
        if isinstance(piece, ast.FormattedValue):
            inner.append(reader.evaluate(piece.value, scope))
        elif isinstance(piece, ast.Constant):
            around[bool(inner)] += str(piece.value)
    return within(around[0], inner[0], around[1]) if len(inner) == 1 else ()


def within(prefix: str, value: Value, suffix: str) -> Value:
    """The value with a text before and after it."""
    terms = parts(value)
    if terms:
        return tuple(Template(term, prefix, suffix) for term in terms) if prefix or suffix else ()
    known = [v for v in constants(value) if isinstance(v, str)]
    return tuple(Live(prefix + v + suffix) for v in known[:_MOST_TEXTS])


def undone(template: Template, items: Iterable[tuple[Any, Value]]) -> list[tuple[str, Value]]:
    """The entries of a table whose keys are such texts, by what the part must be."""
    found = ((template.undo(key), value) for key, value in items)
    return [(known, value) for known, value in found if known is not None]


_MOST_TEXTS = 64
