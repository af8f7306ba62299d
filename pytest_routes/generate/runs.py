"""Bytes that are read one after the other: numbers, and what is as long as they say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate import recipes, scalars
from pytest_routes.generate.choices import pick
from pytest_routes.generate.content import FRAGMENTS
from pytest_routes.generate.counts import counted
from pytest_routes.generate.placed import looked_up
from pytest_routes.generate.vocabulary.terms import Shape

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeAlias

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.recipes import Recipe
    from pytest_routes.generate.vocabulary.terms import Term

    Numbers: TypeAlias = dict[Term, int]

_NUMBERS = (0, 1, 2, 3, 5, 100, 255, 0xFFFF, 0x7FFFFFFF)
_BEYOND = (0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, -1)
"""By how much a number of bytes is wrong."""
_EMPTY = 6
"""One content in so many is empty."""


def is_run(term: Term, shape: Shape) -> bool:
    return any(t in shape for t in term.of("cursor"))


def head_of(term: Term, shape: Shape) -> int:
    """Where the numbers end that stand before everything, at places of their own, and say how
    long the fields are."""
    counters = [field.key[2] for field in term.of("cursor") if field in shape]
    ends = [0]
    for counter in counters:
        if counter is not None and counter.parent is term and counter.role in _PLACED:
            ends.append(counter.key + 1 if counter.role == "index" else counter.key[1] or 0)
    return max(ends)


_PLACED = frozenset({"index", "slice"})


def run_of(term: Term, shape: Shape) -> Callable[[Choices, Memory], tuple[bytes, Numbers]]:
    """One field after the other, in the order in which the source reads them, and the numbers
    in front of them that say how long they are."""
    fields = sorted((t for t in term.of("cursor") if t in shape), key=lambda t: t.key[0])
    made = [(field, looked_up(field, _field(field, shape), shape)) for field in fields]

    def run(choices: Choices, memory: Memory) -> tuple[bytes, Numbers]:
        values: dict[Term, bytes] = {}
        numbers: Numbers = {}
        for field, make in made:
            _, _, counter, steps = field.key
            values[field] = make(choices, memory)
            if counter is None:
                continue
            off = 0 if memory.clean else pick(choices, _BEYOND)
            values[field], number = counted(values[field], steps)
            number = max(0, number + off)
            if counter in values:
                values[counter] = _number(counter, number, len(values[counter]))
            else:
                numbers[counter] = number
        return b"".join(values.values()), numbers

    return run


def _field(field: Term, shape: Shape) -> Recipe:
    width = field.key[1]
    rest = tuple(c for c in shape.conditions if c.term is not field or c.operation != "length")
    if width is None:
        make = recipes.recipe(field, shape)
        content = _content(field, shape)
        filled = any(c.operation == "true" for c in shape.asked_of(field))

        def counted(choices: Choices, memory: Memory) -> bytes:
            if not filled and choices.index(_EMPTY) == _EMPTY - 1:
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
        any(c.operation not in _OF_ANY for c in shape.asked_of(field))
        or recipes.says_something(field)
        or any(inner in shape for inner in field.children.values())
    )


_OF_ANY = frozenset({"true", "present", "told"})
"""What may be asked of bytes whatever they are like."""


def _any_bytes(choices: Choices, memory: Memory) -> Any:
    return pick(choices, _NAMES if memory.clean and choices.index(4) < 3 else _ANYTHING)


_NAMES = (b"a", b"b", b"hello", b"test", b"1", b"c", b"ann", b"x")
_ANYTHING = (b"a", b"hello", *FRAGMENTS)


def _number(field: Term, value: int, width: int) -> bytes:
    number: int = value % 256**width
    return number.to_bytes(width, "little" if "little" in field.uses else "big")
