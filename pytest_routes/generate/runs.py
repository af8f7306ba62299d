"""Bytes that are read one after the other: numbers, and what is as long as they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate import recipes, scalars
from pytest_routes.generate.choices import pick
from pytest_routes.generate.content import FRAGMENTS
from pytest_routes.generate.vocabulary.terms import Shape

if TYPE_CHECKING:
    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.recipes import Recipe
    from pytest_routes.generate.vocabulary.terms import Term

_NUMBERS = (0, 1, 2, 3, 5, 100, 255, 0xFFFF, 0x7FFFFFFF)
_BEYOND = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1)
"""By how much a number of bytes is wrong."""
_EMPTY = 6
"""One content in so many is empty."""


def is_run(term: Term, shape: Shape) -> bool:
    return any(t in shape for t in term.of("cursor"))


def run_of(term: Term, shape: Shape) -> Recipe:
    """One field after the other, in the order in which the source reads them."""
    fields = sorted((t for t in term.of("cursor") if t in shape), key=lambda t: t.key[0])
    made = [(field, _field(field, shape)) for field in fields]

    def run(choices: Choices, memory: Memory) -> bytes:
        values: dict[Term, bytes] = {}
        for field, make in made:
            values[field] = make(choices, memory)
            counter = field.key[2]
            if counter in values:
                off = 0 if memory.clean else pick(choices, _BEYOND)
                number = max(0, len(values[field]) + off)
                values[counter] = _number(counter, number, len(values[counter]))
        return b"".join(values.values())

    return run


def _field(field: Term, shape: Shape) -> Recipe:
    _, width, _ = field.key
    rest = tuple(c for c in shape.conditions if c.term is not field or c.operation != "length")
    if width is None:
        make = recipes.recipe(field, shape)
        content = _content(field, shape)

        def counted(choices: Choices, memory: Memory) -> bytes:
            if choices.index(_EMPTY) == _EMPTY - 1:
                return b""
            return scalars.as_bytes((make if content else _any_bytes)(choices, memory))

        return counted
    make = recipes.recipe(field, Shape(rest, shape.reads, shape.avoided))
    plain = "int" in field.uses and not recipes.says_something(field)

    def fixed(choices: Choices, memory: Memory) -> bytes:
        value = pick(choices, _NUMBERS) if plain else make(choices, memory)
        if isinstance(value, int):
            return _number(field, value, width)
        return scalars.as_bytes(value)[:width].ljust(width, b"\0")

    return fixed


def _content(field: Term, shape: Shape) -> bool:
    """The source tells what the bytes are like."""
    return bool(
        shape.asked_of(field)
        or recipes.says_something(field)
        or any(inner in shape for inner in field.children.values())
    )


def _any_bytes(choices: Choices, memory: Memory) -> Any:  # noqa: ARG001
    return pick(choices, (b"a", b"hello", *FRAGMENTS))


def _number(field: Term, value: int, width: int) -> bytes:
    number: int = value % 256**width
    return number.to_bytes(width, "little" if "little" in field.uses else "big")
