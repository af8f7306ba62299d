"""Functions that a test chooses between: `handle = on_text if kind == "text" else on_image`.

What is called in the end is the one or the other: what the test asks of the message holds in
just the function that was chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.values import Atom, Bound, Guarded, Live, Local, Value

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from pytest_routes.generate.vocabulary.terms import Condition

_MOST_GUARDS = 4


def guarded(value: Value, conditions: Sequence[Condition]) -> Value:
    """The functions among the alternatives, each with what was asked where it was chosen."""
    if not conditions or not any(map(_is_function, value)):
        return value
    return tuple(_behind(atom, conditions) if _is_function(atom) else atom for atom in value)


def guard_names(
    names: dict[str, Value], before: Mapping[str, Value], conditions: Iterable[Condition]
) -> None:
    """The same of what a branch has given names to."""
    asked = tuple(conditions)
    for name, value in names.items() if asked else ():
        if before.get(name) is not value:
            names[name] = guarded(value, asked)


def _behind(atom: Atom, conditions: Sequence[Condition]) -> Any:
    for condition in reversed(conditions[-_MOST_GUARDS:]):
        atom = Guarded(condition, atom)
    return atom


def _is_function(atom: Any) -> bool:
    if isinstance(atom, Guarded):
        return _is_function(atom.value)
    if isinstance(atom, Live):
        return callable(atom.object) and not isinstance(atom.object, type)
    return isinstance(atom, (Bound, Local))
