"""What an entry of a dispatch table has beside its function: the types of its arguments, say.

`types, function = COMMANDS[verb]` stands for several tuples, each reached by a message of its
own; what is made with the types goes together with the function of the same entry.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from pytest_routes.generate.vocabulary.values import (
    Atom,
    Display,
    Guarded,
    Live,
    Part,
    Value,
    Verdict,
    parts,
)

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Term
    from pytest_routes.generate.vocabulary.values import Scope

_PIECES = frozenset({"split", "slice"})


def chosen(reader: Reader, value: Value) -> Value:
    """The alternatives of the present branch, without what guards them."""
    if not any(isinstance(atom, Guarded) for atom in value):
        return value
    return tuple(
        atom.value if isinstance(atom, Guarded) else atom
        for atom in value
        if not isinstance(atom, Guarded) or reader.is_known(atom.condition)
    )


def zipped_each(reader: Reader, first: Value, second: Value) -> Value:
    """`zip(types, words)`: each word with what an entry has for it, entry by entry."""
    words = next((term for term in parts(second) if term.role in _PIECES), None)
    found: list[Atom] = []
    for atom in first if words is not None else ():
        if not isinstance(atom, Guarded):
            continue
        items = _items(atom.value)
        if items is None:
            continue
        with reader.under((atom.condition,)):
            found.append(Guarded(atom.condition, Display(_pairs(reader, items, words))))
    return tuple(found)


def _pairs(reader: Reader, items: list[Value], words: Term | None) -> tuple[Value, ...]:
    assert words is not None
    read: list[Part] = [reader.read(words.child("index", n)) for n in range(len(items))]
    return tuple((Display((item, (part,))),) for item, part in zip(items, read, strict=True))


def _items(atom: Atom) -> list[Value] | None:
    if isinstance(atom, Live) and isinstance(atom.object, (tuple, list)):
        return [(Live(item),) for item in atom.object[:_MOST_ITEMS]]
    return list(atom.items) if isinstance(atom, Display) else None


def needed_by_entry(reader: Reader, test: ast.expr, scope: Scope) -> None:
    """`if missing:` refuses: what each entry of a table asks for is needed in its branch."""
    named = test.target if isinstance(test, ast.NamedExpr) else test
    if not isinstance(named, (ast.Name, ast.ListComp)):
        return
    for atom in reader.evaluate(named, scope):
        if isinstance(atom, Guarded) and isinstance(atom.value, Verdict):
            with reader.under((atom.condition,)):
                reader.note_needed(atom.value.when_false)


_MOST_ITEMS = 16
