"""Loops, turn by turn where the source tells what each turn is about."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_routes.generate.vocabulary.exits import ends_the_function
from pytest_routes.generate.vocabulary.unpacking import store
from pytest_routes.generate.vocabulary.values import (
    Display,
    Guarded,
    Live,
    Part,
    Value,
    constants,
    merged,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Condition
    from pytest_routes.generate.vocabulary.values import Atom, Scope

Turns: TypeAlias = "list[tuple[Condition | None, list[Value]]]"
"""What each turn sees, by what a message must say for the loop to be about that."""
_MOST_TURNS = 64
_MOST_NAMES = 12


def turns_of(node: Any, value: Value) -> Turns:
    """The turns of a loop over a list of patterns or names with their functions, say, or over
    the names of members: what belongs together is read together."""
    if isinstance(node, ast.AsyncFor):
        return []
    found: Turns = []
    for atom in value:
        guard = atom.condition if isinstance(atom, Guarded) else None
        rows = _rows(atom.value if isinstance(atom, Guarded) else atom, node)
        if rows is None or (guard is None and len(value) > 1):
            return []
        found.append((guard, rows))
    return found if any(rows for _, rows in found) else []


def _rows(atom: Atom, node: Any) -> list[Value] | None:
    if isinstance(atom, Display):
        names = [constants(item) for item in atom.items]
        named = all(len(each) == 1 and isinstance(each[0], str) for each in names)
        named = named or all(map(_is_said, atom.items))
        return list(atom.items) if named and len(names) <= _MOST_NAMES else None
    if not isinstance(atom, Live):
        return None
    rows = atom.object
    if isinstance(node.target, ast.Tuple):
        if not isinstance(rows, (list, tuple)) or len(rows) > _MOST_TURNS:
            return None
        together = all(type(row) is tuple and any(map(callable, row)) for row in rows)
        return [(Live(row),) for row in rows] if together else None
    if isinstance(rows, (set, frozenset)):
        rows = sorted(rows, key=repr)
    if not isinstance(rows, (list, tuple, dict)) or not len(rows) <= _MOST_NAMES:
        return None
    return [(Live(row),) for row in rows] if all(type(row) is str for row in rows) else None


def _is_said(item: Value) -> bool:
    """A part of a message, or its name and the part: `for zone in (origin, target)`."""
    (atom,) = item if len(item) == 1 else (None,)
    return isinstance(atom, Part) or (isinstance(atom, Display) and any(map(_is_said, atom.items)))


def read_turns(reader: Reader, node: Any, turns: Turns, scope: Scope) -> Sequence[Condition]:
    """Read each turn; what the turns insist on holds in those behind them, and behind the loop."""
    implied: list[Condition] = []
    after: dict[str, Value] = {}
    for guard, rows in turns:
        kept: list[Condition] = []
        with reader.under(() if guard is None else (guard,)):
            for row in rows:
                with reader.under(kept):
                    kept += _turn(reader, node, row, scope)
                after = {n: merged([after.get(n, ()), v]) for n, v in scope.names.items()}
        if guard is None:
            implied += kept
    scope.names.update(after)
    return implied


def _turn(reader: Reader, node: Any, row: Value, scope: Scope) -> list[Condition]:
    store(reader, node.target, row, scope)
    return list(reader.execute(node.body, scope, keeping=ends_the_function))
