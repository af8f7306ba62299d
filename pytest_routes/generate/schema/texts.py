"""Strings: files, formats, patterns and plain text."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.schema.formats import FORMATS, format_node
from pytest_routes.generate.schema.merge import PATTERNS
from pytest_routes.generate.schema.nodes import Drawn, Node
from pytest_routes.generate.schema.patterns import pattern_node
from pytest_routes.generate.schema.regex import compiled
from pytest_routes.generate.schema.scalars import is_carried, string_node
from pytest_routes.generate.uploads import upload

if TYPE_CHECKING:
    from collections.abc import Mapping


def text_node(schema: Mapping[str, Any]) -> Node:
    """What a schema of the type `string` asks for."""
    if schema.get("x-file") or schema.get("contentMediaType") == "application/octet-stream":
        return Drawn(upload)
    name = schema.get("format")
    if schema.get("contentEncoding") in ("base64", "base64url") and name not in FORMATS:
        name = schema["contentEncoding"]
    by_format = format_node(schema, name) if isinstance(name, str) else None
    if "pattern" not in schema:
        return by_format if by_format is not None else string_node(schema)
    others = schema.get(PATTERNS, ())

    def fits(text: str) -> bool:
        found = (compiled(pattern) for pattern in others)
        return is_carried(text, schema) and all(p is None or p.search(text) for p in found)

    plain = not others and not schema.get("x-strip") and not schema.get("x-ascii")
    return pattern_node(
        schema["pattern"],
        None if plain else fits,
        least=schema.get("minLength", 0),
        most=schema.get("maxLength", math.inf),
        beside=others,
    )
