"""Numbers that the source computes from a part of a message, forwards and backwards."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

Steps: TypeAlias = tuple[tuple[str, int], ...]
"""Operators with their right operands, the first that is applied first."""

_Operation: TypeAlias = "Callable[[int, int], int]"

_MOST_SHIFTED = 64
_DONE: dict[str, _Operation] = {
    ">>": lambda number, other: number >> (other % _MOST_SHIFTED),
    "<<": lambda number, other: number << (other % _MOST_SHIFTED),
    "&": operator.and_,
    "%": lambda number, other: number % other if other else 0,
    "-": operator.sub,
    "+": operator.add,
    "//": lambda number, other: number // other if other else 0,
    "*": operator.mul,
    "^": operator.xor,
}
_UNDONE: dict[str, _Operation] = {
    ">>": _DONE["<<"],
    "<<": _DONE[">>"],
    "&": lambda result, other: result,  # noqa: ARG005
    "%": lambda result, other: result,  # noqa: ARG005
    "-": operator.add,
    "+": operator.sub,
    "//": operator.mul,
    "*": _DONE["//"],
    "^": operator.xor,
}


def done(steps: Steps, number: int) -> int:
    """What the source computes from the number."""
    for symbol, other in steps:
        number = _DONE[symbol](number, other)
    return number


def undone(steps: Steps, result: int) -> int:
    """From what number the source computes the result, or one that is close to it."""
    for symbol, other in reversed(steps):
        result = _UNDONE[symbol](result, other)
    return result
