"""Functions that return a part of a message when it is as wanted, and None otherwise.

`name = text_of(data, "name")` says nothing yet; behind `if name is None: return` all that
`text_of` asks holds.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_routes.generate.vocabulary.exits import leaves
from pytest_routes.generate.vocabulary.values import Atom, Live, Value, merged, parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.generate.vocabulary.comparisons import Sides
    from pytest_routes.generate.vocabulary.terms import Condition


@dataclass(frozen=True, slots=True)
class Given:
    """What holds of a message when the value is not None."""

    conditions: tuple[Condition, ...]


def either(node: ast.IfExp, values: tuple[Value, Value], sides: Sides) -> Value:
    """`value if ... else None`: the alternatives, and what holds for the first of them."""
    for value, other, conditions in zip(values, (node.orelse, node.body), sides, strict=True):
        if _is_none(other) and parts(value) and conditions:
            return merged([*values, (Given(tuple(conditions)),)])
    return merged(values)


def returned(value: Value, before: Sequence[Condition]) -> Value:
    """What is returned behind tests that have returned early."""
    known = next((atom for atom in value if isinstance(atom, Given)), None)
    inner = known.conditions if known is not None else ()
    if not parts(value) or not (before or inner):
        return value
    rest = tuple(atom for atom in value if atom is not known)
    return (*rest, Given((*before, *inner)))


def settled(value: Sequence[Atom], body: Sequence[ast.stmt]) -> Value:
    """All that a function returns; what is asked for one of several parts is not asked at all.
    None comes last: it is what the function returns for want of a part."""
    given = {atom for atom in value if isinstance(atom, Given)}
    nothing = [atom for atom in value if _stands_for_none(atom)]
    maybe = bool(nothing) or not leaves(body)
    kept = given if len(given) == 1 and maybe else set()
    rest = [a for a in value if not isinstance(a, Given) and not _stands_for_none(a)]
    if not parts(tuple(rest)):
        return merged([tuple(a for a in value if not isinstance(a, Given))])
    return merged([tuple(rest), tuple(nothing), tuple(kept)])


def sides_of_none(value: Value) -> Sides | None:
    """What it asks that the value is not None, and that it is."""
    for atom in value:
        if isinstance(atom, Given):
            apart = [c.negated() for c in atom.conditions] if len(atom.conditions) == 1 else []
            return list(atom.conditions), apart
    return None


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _stands_for_none(atom: Atom) -> bool:
    return isinstance(atom, Live) and atom.object is None
