"""Functions that are given their first arguments before they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.generate.vocabulary.values import Atom, Bound, Live, Local, Value

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.parameters import Arguments
    from pytest_routes.generate.vocabulary.reader import Reader


def partially(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    """`functools.partial(function, first, ...)`."""
    first = arguments.positional[1:]
    found: list[Atom] = []
    for atom in arguments.named("func", 0):
        if isinstance(atom, Bound):
            found.append(Bound(atom.function, (*atom.arguments, *first)))
        elif isinstance(atom, (Live, Local)):
            found.append(Bound(atom, first))
    return tuple(found)
