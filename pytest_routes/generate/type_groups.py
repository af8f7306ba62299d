"""Shapes sorted by the declared type that they ask for, where the types are the commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.generate.vocabulary import Shape, Term


def types_tell(shapes: Sequence[Shape], term: Term | None) -> bool:
    """The values of the term are asked for under more than one type: a `district` is no command
    where a `Report` has one, and a `Recount`."""
    owner = None if term is None else term.parent
    if owner is None:
        return False
    known: dict[Any, Any] = {}
    for shape in shapes:
        declared = _type_of(shape, owner)
        said = [c for c in shape.asked_of(term) if c.operation == "is"]  # type: ignore[arg-type]
        if declared is None or not said:
            continue
        for value in said[0].typed:
            if known.setdefault(value, declared) is not declared:
                return True
    return False


def by_type(shapes: Sequence[Shape], owner: Term) -> dict[Any, list[Shape]]:
    """The shapes by the one type that the value must be of, those of several types first."""
    groups: dict[Any, list[Shape]] = {None: []}
    for shape in shapes:
        declared = _type_of(shape, owner)
        groups.setdefault(None if declared is None else (declared,), []).append(shape)
    return {command: members for command, members in groups.items() if members}


def _type_of(shape: Shape, owner: Term) -> Any:
    asked = [c for c in shape.asked_of(owner) if c.operation == "model" and len(c.values) == 1]
    return asked[0].values[0] if asked else None
