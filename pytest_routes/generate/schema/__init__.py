"""From a declared type, or a JSON Schema, to values that it allows, and to values that break it.

`maker_for(list[int])` is a function: `make(choices)` is what `json.dumps` takes, such as
`[0, 7]`, and `make.broken(choices)` the like with one thing wrong, such as `[0, "7"]`.
"""

from __future__ import annotations

from pytest_routes.generate.schema.errors import UnsatisfiableSchema
from pytest_routes.generate.schema.values import (
    Maker,
    Values,
    maker_for,
    maker_for_pattern,
    maker_for_schema,
)

__all__ = [
    "Maker",
    "UnsatisfiableSchema",
    "Values",
    "maker_for",
    "maker_for_pattern",
    "maker_for_schema",
]
