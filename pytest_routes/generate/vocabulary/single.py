"""Objects with one member, whose name says what to do: `[(verb, body)] = message.items()`.

The name is any that the object may have, until it is compared: from then on the value beside it
is the member of that name.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.mappings import KeyOf
from pytest_routes.generate.vocabulary.terms import Condition
from pytest_routes.generate.vocabulary.values import Atom, Guarded, Part, Value, View

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_routes.generate.vocabulary.parameters import Arguments
    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Term
    from pytest_routes.generate.vocabulary.values import Scope


def note_named(reader: Reader, name: Value, conditions: Iterable[Condition], scope: Scope) -> None:
    """Remember which names of the source stand for the member that the conditions are about."""
    for condition in conditions:
        if not _is_member(condition) or not any(
            isinstance(atom, KeyOf) and atom.term is condition.term.parent for atom in name
        ):
            continue
        for each, value in scope.names.items():
            if value and all(_beside(atom, condition.term) for atom in value):
                reader.equals[scope, (each,)] = condition


def as_many(targets: Sequence[ast.expr], value: Value) -> list[Condition]:
    """`[(verb, body)] = message.items()`: what holds behind it, for it would have raised an
    exception otherwise."""
    counts = {
        len(target.elts)
        for target in targets
        if isinstance(target, (ast.Tuple, ast.List))
        and not any(isinstance(each, ast.Starred) for each in target.elts)
    }
    found: list[Condition] = []
    for atom in value if len(counts) == 1 else ():
        if isinstance(atom, View) and atom.what in ("keys", "values", "items"):
            atom.term.compare("length", [*counts])
            found.append(Condition(atom.term, "length", tuple(counts)))
    return found


def _is_member(condition: Condition) -> bool:
    return condition.operation == "present" and condition.term.role == "field" and condition.holds


def _beside(atom: Atom, member: Term) -> bool:
    """Any member of the same object."""
    return isinstance(atom, Part) and atom.term.role == "item" and atom.term.parent is member.parent


def by_name(reader: Reader, name: Value, items: Sequence[tuple[Any, Value]]) -> Value:
    """`HANDLERS[verb]`: what the table has, each for an object with such a member."""
    found: list[Atom] = []
    for term in (atom.term for atom in name if isinstance(atom, KeyOf)):
        for key, value in items:
            if isinstance(key, str):
                member = term.child("field", key)
                member.optional = True
                reader.read(member)
                found += [Guarded(Condition(member, "present"), atom) for atom in value]
    return tuple(found)


def with_member(arguments: Arguments, condition: Condition) -> Arguments:
    """`HANDLERS[verb](body)`: the body is the member of the name that leads there."""
    if not _is_member(condition):
        return arguments
    member = Part(condition.term)
    return replace(
        arguments,
        positional=tuple(
            tuple(member if _beside(atom, condition.term) else atom for atom in value)
            for value in arguments.positional
        ),
    )
