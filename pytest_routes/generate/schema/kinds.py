"""The types of JSON Schema, and what a multiple of a number is."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

TYPES: dict[str, Callable[[Any], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: (
        isinstance(value, int | float) and not isinstance(value, bool) and _is_whole(value)
    ),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "string": lambda value: isinstance(value, str | bytes),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def _is_whole(value: float) -> bool:
    return isinstance(value, int) or (math.isfinite(value) and value == int(value))


def is_multiple(value: Any, divisor: Any) -> bool:
    """Whether a number is a multiple, with both read as the decimals that are written."""
    if isinstance(value, float) and not math.isfinite(value):
        return False
    return (Fraction(str(value)) / Fraction(str(divisor))).denominator == 1
