"""Dicts that the application puts more into while it runs: rooms, boards, users."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.terms import Condition, Term, remember
from pytest_routes.generate.vocabulary.values import Table, Value, constants

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.comparisons import Sides


def grows(value: Value) -> bool:
    """Something is put into it under keys that the source does not tell."""
    return any(
        isinstance(atom, Table) and any(not constants(key) for key, _ in atom.added)
        for atom in value
    )


def known_or_told(term: Term, values: list[Any]) -> Sides:
    """One of the names that are there from the first, or one that was given since."""
    term.told = True
    remember(term.values, values)
    condition = Condition(term, "told", tuple(values))
    return [condition], [condition.negated()]
