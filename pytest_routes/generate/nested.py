"""Members of a declared type that are objects of declared types themselves, or arrays of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate import recipes

if TYPE_CHECKING:
    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.recipes import Recipe
    from pytest_routes.generate.vocabulary.terms import Shape, Term


class Nested:
    """What the branch asks of the members of members."""

    def __init__(self, term: Term, shape: Shape) -> None:
        self._objects: dict[Any, Recipe] = {}
        self._arrays: dict[Any, Recipe] = {}
        for child in term.of("field"):
            if _is_looked_into(child, shape):
                self._objects[child.key] = recipes.recipe(child, shape)
            for item in child.of("item"):
                if _is_looked_into(item, shape):
                    self._arrays[child.key] = recipes.recipe(item, shape)

    def fill(self, value: dict[Any, Any], choices: Choices, memory: Memory) -> None:
        """Put them there, where the type has put others: an array stays as long as it is."""
        for key, make in self._objects.items():
            if isinstance(value.get(key), dict):
                value[key] = make(choices, memory)
        for key, make in self._arrays.items():
            items = value.get(key)
            if isinstance(items, list):
                value[key] = [
                    make(choices, memory) if isinstance(item, dict) else item for item in items
                ]


def _is_looked_into(term: Term, shape: Shape) -> bool:
    return bool(term.models) and any(t in shape for t in term.of("field"))
