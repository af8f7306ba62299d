"""Bytes that `struct.unpack` takes apart."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from pytest_routes.generate import recipes, scalars
from pytest_routes.generate.choices import pick
from pytest_routes.generate.content import FRAGMENTS
from pytest_routes.generate.placed import looked_up
from pytest_routes.generate.vocabulary.terms import Term

if TYPE_CHECKING:
    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.recipes import Recipe
    from pytest_routes.generate.vocabulary.terms import Shape


def unpacked(term: Term, inner: Term, shape: Shape, text: bool) -> Recipe:  # noqa: ARG001
    """Bytes that `struct.unpack` takes apart as the source does."""
    layout = inner.key
    try:
        width = struct.calcsize(layout)
        count = len(struct.unpack(layout, bytes(width)))
    except struct.error:
        return recipes.forgetful(lambda choices: pick(choices, FRAGMENTS))
    zero = struct.unpack(layout, bytes(width))
    makers = []
    for position in range(count):
        child = inner.children.get(("index", position))
        if child is None or child not in shape:
            child = Term("index", position, inner)
            child.use("bytes" if isinstance(zero[position], bytes) else "int")
        make = recipes.recipe(child, shape)
        plain = zero[position]
        told = child.told and isinstance(plain, bytes) and plain
        make = _told_bytes(make, len(plain)) if told else looked_up(child, make, shape)
        makers.append(make)

    def packed(choices: Choices, memory: Memory) -> bytes:
        values = [make(choices, memory) for make in makers]
        return _pack(layout, values, zero)

    return packed


def _told_bytes(make: Recipe, width: int) -> Recipe:
    """Bytes that the application looks up: mostly such as it has told, behind a head or not."""

    def told(choices: Choices, memory: Memory) -> Any:
        answers = [m.data for m in memory.answers if isinstance(m.data, bytes)]
        answers = [data for data in answers if len(data) >= width][:_MOST_ANSWERS]
        known = [
            data[start : start + width]
            for data in answers
            for start in dict.fromkeys((min(len(data) - width, _HEADS[-1]), *_HEADS))
            if len(data) >= start + width
        ]
        if known and choices.index(8):
            return known[0] if choices.index(2) else pick(choices, known)
        return make(choices, memory)

    return told


_HEADS = (1, 0, 2, 3, 4)
"""Where in an answer names of things usually stand."""
_MOST_ANSWERS = 4


def _pack(layout: str, values: list[Any], zero: tuple[Any, ...]) -> bytes:
    """The values in their places; one that does not fit is cut until it does."""
    fitting: list[Any] = []
    for position, value in enumerate(values):
        plain = zero[position]
        if isinstance(plain, bytes):
            value = scalars.as_bytes(value)
        elif isinstance(plain, float):
            value = float(value) if isinstance(value, (int, float)) else 0.0
        elif isinstance(plain, bool):
            value = bool(value)
        else:
            value = value if isinstance(value, int) else 0
        for attempt in (value, *_cut(value), plain):
            try:
                struct.pack(layout, *fitting, attempt, *zero[position + 1 :])
            except (struct.error, OverflowError):
                continue
            fitting.append(attempt)
            break
    return struct.pack(layout, *fitting)


def _cut(value: Any) -> list[Any]:
    if isinstance(value, bool) or not isinstance(value, int):
        return []
    return [value & mask for mask in (2**63 - 1, 2**32 - 1, 2**31 - 1, 0xFFFF, 0xFF, 0x7F)]
