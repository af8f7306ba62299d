"""Parts of a message that are there when it is as wanted, where there is None otherwise.

`name = text_of(data, "name")` says nothing yet; behind `if name is None: return` all that
`text_of` asks holds; so it does behind `if name == "ann"`.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.exits import leaves
from pytest_routes.generate.vocabulary.handlers import guarded
from pytest_routes.generate.vocabulary.values import Atom, Live, Value, merged, parts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.generate.vocabulary.comparisons import Sides
    from pytest_routes.generate.vocabulary.terms import Condition


@dataclass(frozen=True, slots=True)
class Given:
    """What holds of a message when the value is not what it is otherwise."""

    conditions: tuple[Condition, ...]
    otherwise: Any = None
    """None, or another constant that says that there is nothing."""


def either(node: ast.IfExp, values: tuple[Value, Value], sides: Sides) -> Value:
    """`value if ... else None`: the alternatives, and what holds for the first of them."""
    for value, other, conditions in zip(values, (node.orelse, node.body), sides, strict=True):
        if isinstance(other, ast.Constant) and not other.value and parts(value) and conditions:
            return merged([*values, (Given(tuple(conditions), other.value),)])
    return merged(map(guarded, values, sides))


def returned(value: Value, before: Sequence[Condition]) -> Value:
    """What is returned behind tests that have returned early."""
    known = _given(value)
    inner = known.conditions if known is not None else ()
    if not parts(value) or not (before or inner):
        return value
    rest = tuple(atom for atom in value if atom is not known)
    otherwise = None if known is None else known.otherwise
    return (*rest, Given((*before, *inner), otherwise))


def settled(value: Sequence[Atom], body: Sequence[ast.stmt]) -> Value:
    """All that a function returns; what is asked for one of several parts is not asked at all.
    None comes last: it is what the function returns for want of a part."""
    given = {atom for atom in value if isinstance(atom, Given)}
    nothing = [atom for atom in value if _stands_for_none(atom)]
    maybe = bool(nothing) or not leaves(body) or any(g.otherwise is not None for g in given)
    kept = given if len(given) == 1 and maybe else set()
    rest = [a for a in value if not isinstance(a, Given) and not _stands_for_none(a)]
    if not parts(tuple(rest)):
        return merged([tuple(a for a in value if not isinstance(a, Given))])
    return merged([tuple(rest), tuple(nothing), tuple(kept)])


def sides_of_none(value: Value) -> Sides | None:
    """What it asks that the value is not None, and that it is."""
    known = _given(value)
    if known is None or known.otherwise is not None:
        return None
    return list(known.conditions), _apart(known)


def sides_of_truth(value: Value) -> Sides | None:
    """What it asks that there is a value, and that there is none."""
    known = _given(value)
    return None if known is None else (list(known.conditions), _apart(known))


def implied_by(value: Value, constants: Sequence[Any]) -> tuple[Condition, ...]:
    """What holds when the value is one of the constants."""
    known = _given(value)
    return () if known is None or known.otherwise in constants else known.conditions


def _given(value: Value) -> Given | None:
    return next((atom for atom in value if isinstance(atom, Given)), None)


def _apart(given: Given) -> list[Condition]:
    return [c.negated() for c in given.conditions] if len(given.conditions) == 1 else []


def _stands_for_none(atom: Atom) -> bool:
    return isinstance(atom, Live) and atom.object is None
