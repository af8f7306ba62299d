"""What a branch leaves over: of the types of a declared union, of the words of a pattern."""

from __future__ import annotations

import types
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pytest_routes.generate.alternatives import alternatives

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_routes.generate.vocabulary.terms import Condition, Declared, Term

_DEEPEST = 8


def variants(annotation: Any) -> list[type]:
    """The classes of which a value of the type is one; empty when one of them is no class."""
    found = opened(annotation)
    return found if all(isinstance(each, type) for each in found) else []


def opened(annotation: Any) -> list[Any]:
    """The types of which a value of the type is one, classes or others."""
    found: list[Any] = [annotation]
    for _ in range(_DEEPEST):
        inner = [each for one in found for each in _opened(one)]
        if inner == found:
            return found
        found = inner
    return []


def _opened(annotation: Any) -> tuple[Any, ...]:
    origin = get_origin(annotation)
    if origin is Annotated:
        return get_args(annotation)[:1]
    if origin is Union or origin is types.UnionType:
        return get_args(annotation)
    if type(annotation).__name__ == "TypeAliasType":
        return (annotation.__value__,)
    return (annotation,)


def left_over(term: Term, models: Sequence[type], asked: Iterable[Condition]) -> list[type]:
    """What is left of a declared union when a value is of none of these types, nor of those
    that the branch has excluded before; empty when nothing is declared or none is left."""
    excluded = [*models]
    for condition in asked:
        if condition.term is term and condition.operation == "model" and not condition.holds:
            excluded += [declared.annotation for declared in condition.values]
    for declared in term.models:
        known = variants(declared.annotation)
        if len(known) > 1 and all(model in known for model in models):
            return [each for each in known if each not in excluded]
    return []


def is_known_to_be(term: Term, declared: Declared, asked: Iterable[Condition]) -> bool:
    """A test has told that the value is of the type, or it is one of a declared union."""
    tested = any(
        c.term is term and c.operation == "model" and c.holds and declared in c.values
        for c in asked
    )
    return tested or any(
        declared.annotation in variants(known.annotation)
        for known in term.models
        if known is not declared
    )


def alternatives_left(term: Term, values: Sequence[Any]) -> list[Any]:
    """What else a group of a pattern may match, where the pattern lists it."""
    if term.role != "group" or term.parent is None or not isinstance(term.parent.key, str):
        return []
    listed = alternatives(term.parent.key, term.key)
    return [each for each in listed if each not in values] if set(values) <= {*listed} else []
