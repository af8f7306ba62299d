"""Names and numbers at fixed places of bytes that the application looks up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate.choices import pick

if TYPE_CHECKING:
    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.recipes import Recipe
    from pytest_routes.generate.vocabulary.terms import Shape, Term

_ATTEMPTS = 3


def looked_up(term: Term, make: Recipe, shape: Shape) -> Recipe:
    """Mostly what was said before at such a place; where the branch wants what is not known yet,
    mostly something else."""
    if not term.told:
        return _placed(make) if "kept" in term.uses else make
    new = shape.avoids(term, "told") is not None
    asked = any(c.operation == "told" for c in shape.asked_of(term))

    def made(choices: Choices, memory: Memory) -> Any:
        value = make(choices, memory)
        known = [each for each in memory.placed if type(each) is type(value)]
        if new:
            for _ in range(_ATTEMPTS if memory.earnest else 0):
                if value not in known:
                    break
                value = make(choices, memory)
        elif known and choices.index(8 if asked else 4):
            value = known[0] if choices.index(2) == 0 else pick(choices, known)
        memory.place(value)
        return value

    return made


def _placed(make: Recipe) -> Recipe:
    """A name under which the application keeps something: others may look it up."""

    def made(choices: Choices, memory: Memory) -> Any:
        value = make(choices, memory)
        memory.place(value)
        return value

    return made
