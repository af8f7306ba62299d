"""Several parts of a message that must all be known: `if not {first, second} <= known`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.generate.vocabulary.terms import Condition
from pytest_routes.generate.vocabulary.values import Display, Value, parts

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Term


def all_told(reader: Reader, value: Value) -> list[Condition]:
    """What it asks of the items that a set holds all of them. What the present branch knows
    of one of them goes for the others: they are names of the same things."""
    terms = [
        term for atom in value if isinstance(atom, Display) for i in atom.items for term in parts(i)
    ]
    listed = next((c for c in reader.present if _lists(c, terms)), None)
    found: list[Condition] = []
    for term in terms:
        term.told = True
        if listed is not None and not any(_lists(c, [term]) for c in reader.present):
            term.compare("is", list(listed.values))
            found.append(Condition(term, "is", listed.values))
        found.append(Condition(term, "told"))
    return found


def _lists(condition: Condition, terms: list[Term]) -> bool:
    return condition.operation == "is" and condition.holds and condition.term in terms
