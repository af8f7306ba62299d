"""JSON of no declared type: scalars, and small arrays and objects of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate import nasty
from pytest_routes.generate.choices import pick
from pytest_routes.generate.schema.nodes import Node
from pytest_routes.generate.schema.scalars import KEYS, WORDS

if TYPE_CHECKING:
    from pytest_routes.generate.schema.nodes import Run

_NUMBERS = tuple(number for number in nasty.NUMBERS if abs(number) < 1e300)
_SCALARS = (None, *WORDS[:20], *range(4), True, False, 0.5, -1, "")
_ODD = (*nasty.STRINGS, *_NUMBERS)
_KINDS = ("scalar",) * 10 + ("object",) * 3 + ("array",) * 2 + ("odd",) * 2
_SIZES = (0, 1, 1, 2, 3)


class Anything(Node):
    """Any JSON value."""

    __slots__ = ()

    def make(self, run: Run, depth: int) -> Any:
        return _any(run, min(depth, 2))


def _any(run: Run, depth: int) -> Any:
    run.left -= 1
    choices = run.choices
    kind = pick(choices, _KINDS)
    if kind == "odd":
        return pick(choices, _ODD)
    if kind == "scalar" or depth <= 0 or run.left <= 0:
        return pick(choices, _SCALARS)
    size = pick(choices, _SIZES)
    if kind == "array":
        return [_any(run, depth - 1) for _ in range(size)]
    return {pick(choices, KEYS): _any(run, depth - 1) for _ in range(size)}
