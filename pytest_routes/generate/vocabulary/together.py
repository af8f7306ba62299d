"""Several parts of a message that are looked up together: `if (row, column) in board`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.terms import Condition
from pytest_routes.generate.vocabulary.values import Display, Live, Value, constants, parts

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.comparisons import Sides
    from pytest_routes.generate.vocabulary.terms import Term


def looked_up_together(left: Value, container: Value) -> Sides | None:
    """What it asks that a tuple is among what the running application knows."""
    if any(isinstance(atom, Live) and not _is_empty(atom.object) for atom in container):
        return None
    if constants(container):
        return None
    for atom in left:
        if isinstance(atom, Display):
            terms = _one_of_each(atom)
            if terms:
                return _told(terms)
    return None


def _is_empty(thing: Any) -> bool:
    """Something is put there while the application runs."""
    return isinstance(thing, (dict, set, list)) and not thing


def _one_of_each(display: Display) -> list[Term]:
    """The parts of one message of which the tuple consists."""
    found = [parts(item)[:1] for item in display.items]
    terms = [term for each in found for term in each]
    together = len(terms) == len(found) > 1 and len({term.root for term in terms}) == 1
    return terms if together else []


def _told(terms: list[Term]) -> Sides:
    parents = {term.parent for term in terms}
    (parent,) = parents if len(parents) == 1 else (None,)
    if parent is not None and all(term.role == "index" for term in terms):
        terms = [parent]  # a list that is looked up as a whole
    elif any(term.role != "field" for term in terms):
        return [], []
    for term in terms:
        term.told = True
    conditions = [Condition(term, "told") for term in terms]
    return conditions, [c.negated() for c in conditions] if len(conditions) == 1 else []
