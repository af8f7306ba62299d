"""Objects whose members the source goes through, or counts, whatever their names are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate import recipes
from pytest_routes.generate.choices import pick

if TYPE_CHECKING:
    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.recipes import Recipe
    from pytest_routes.generate.vocabulary import Shape, Term

_NAMES = ("a", "b", "name", "id", "c", "", "a b", "é")
_COUNTS = (1, 2, 0, 3)


def is_mapping(term: Term) -> bool:
    """The source takes the value for an object, and never for an array."""
    return "dict" in term.uses and "list" not in term.uses


def of_any_names(term: Term, shape: Shape) -> Recipe:
    """An object with a few members, of any names."""
    make = recipes.recipe(term.child("item"), shape)

    def made(choices: Choices, memory: Memory) -> dict[str, Any]:
        names = [pick(choices, _NAMES) for _ in range(pick(choices, _COUNTS))]
        return {name: make(choices, memory) for name in names}

    return made


def of_size(term: Term, shape: Shape) -> Recipe | None:
    """An object with as many members as the branch asks for: without some that it does not."""
    make = recipes.structured(term, shape, text=False)
    if make is None:
        return None
    asked = [c for c in shape.asked_of(term) if c.operation == "length"]
    wanted = {child.key for child in term.of("field") if shape.asked_of(child)}

    def fits(size: int) -> bool:
        return all(c.allows(size) if c.limits else size in c.values for c in asked)

    def made(choices: Choices, memory: Memory) -> Any:
        value = make(choices, memory)
        if isinstance(value, dict):
            for key in [key for key in reversed(value) if key not in wanted]:
                if fits(len(value)):
                    break
                del value[key]
        return value

    return made
