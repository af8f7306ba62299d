"""The values of a schema, as a function of choices."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_routes.generate.choices import Choices, pick
from pytest_routes.generate.schema.annotations import Library, schema_of
from pytest_routes.generate.schema.breaking import Breaker
from pytest_routes.generate.schema.compiler import DEPTH, Compiler
from pytest_routes.generate.schema.document import Document, Schema
from pytest_routes.generate.schema.enumeration import Simplest
from pytest_routes.generate.schema.errors import UnsatisfiableSchema
from pytest_routes.generate.schema.nodes import (
    Checked,
    Run,
    reason,
    settle,
)
from pytest_routes.generate.schema.patterns import pattern_node

if TYPE_CHECKING:
    from pytest_routes.generate.schema.nodes import Node
    from pytest_routes.generate.schema.validation import Validator

Maker: TypeAlias = Callable[[Choices], Any]
"""Makes a value from choices: what `json.dumps` takes, unless its name says otherwise."""

# Deep values of recursive types find what recurses without a bound.
_DEPTHS = (DEPTH,) * 3 + (2, 2, 1, 1) + (DEPTH,) * 8 + (40,)


class Values:
    """Makes values that satisfy a schema; a `Maker`."""

    def __init__(self, schema: Schema, known: Mapping[str, Sequence[Any]] | None = None) -> None:
        """`known` has values that matter for members of certain names, wherever they fit.

        Raises UnsatisfiableSchema when there is no value.
        """
        self.schema = schema
        compiler = Compiler(Document(schema), known or {})
        self._node: Node = compiler.root()
        self._recursive = compiler.recursive
        self._validator: Validator = compiler.validator
        self._breaker = Breaker(compiler.validator)
        if self._node.height == math.inf:
            raise UnsatisfiableSchema(reason(self._node))

    def __call__(self, choices: Choices) -> Any:
        depth = pick(choices, _DEPTHS) if self._recursive else DEPTH
        return self._node.make(Run(choices), depth)

    def broken(self, choices: Choices) -> Any:
        """A value that is wrong in one place: a member missing or added, another type, null, out
        of bounds. One that is right only where the schema takes everything."""
        return self._breaker.broken(self(choices), choices)

    @property
    def simplest(self) -> Any:
        """The value that everything shrinks to."""
        return self(Simplest())

    def problem(self, value: Any) -> str | None:
        """Why a value does not satisfy the schema, with the place; None when it does."""
        return self._validator.problem(value)


def maker_for(
    annotation: Any,
    *,
    prefer: Library | None = None,
    known: Mapping[str, Sequence[Any]] | None = None,
) -> Values:
    """Values that may be sent for a declared type.

    `prefer` is the library that reads types which both pydantic and msgspec know (Litestar
    reads dataclasses with msgspec). Raises UnsatisfiableSchema when the type has no finite value.
    """
    return Values(schema_of(annotation, prefer), known)


def maker_for_pattern(pattern: str, *, whole: bool = False) -> Maker:
    """Texts that match a regular expression, as a `whole` or somewhere in them.

    Raises UnsatisfiableSchema when none is found, or the pattern cannot be read.
    """
    node = pattern_node(pattern, whole=whole)
    settle([*([node.node] if isinstance(node, Checked) else []), node], DEPTH)
    if node.height == math.inf:
        raise UnsatisfiableSchema(reason(node))
    return lambda choices: node.make(Run(choices), DEPTH)


def maker_for_schema(schema: Schema, *, known: Mapping[str, Sequence[Any]] | None = None) -> Values:
    """Values of a JSON Schema, draft 2020-12.

    Raises UnsatisfiableSchema, at once and with the reason, when no finite value exists or
    none can be found.
    """
    return Values(schema, known)
