"""From a declared type, or a JSON Schema, to values that it allows, and to values that break it.

    make = maker_for(list[int])
    make(choices)         # what json.dumps takes, such as [0, 7]
    make.broken(choices)  # the same, wrong in one place, such as [0, "7"]
"""

from __future__ import annotations

from pytest_routes.generate.schema.nodes import UnsatisfiableSchema
from pytest_routes.generate.schema.values import Maker, Values, maker_for, maker_for_schema

__all__ = ["Maker", "UnsatisfiableSchema", "Values", "maker_for", "maker_for_schema"]
