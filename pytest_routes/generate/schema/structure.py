"""JSON Schema of a type by its structure alone, for what no one library knows as a whole: a
dataclass with members of several libraries' types, an attrs class where msgspec is missing."""

from __future__ import annotations

import collections
import collections.abc as c
import dataclasses
import enum
import inspect
import sys
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Union, get_args, get_origin

from pytest_routes.generate.schema import attrs_validators
from pytest_routes.generate.schema.document import Schema, moved_in

Leaf = Callable[[Any], "Mapping[str, Any]"]

_ARRAYS = (
    list, set, frozenset, c.Sequence, c.MutableSequence, c.Set, c.MutableSet, c.Iterable,
    c.Collection, collections.deque,
)  # fmt: skip
_OBJECTS = (dict, c.Mapping, c.MutableMapping)
_SETS = (set, frozenset, c.Set, c.MutableSet)


def schema_by_structure(annotation: Any, leaf: Leaf) -> dict[str, Any]:
    """What the structure of a type says; `leaf` tells the schema of its smallest parts."""
    reader = _Reader(leaf)
    found = reader.schema(annotation)
    if not reader.definitions:
        return dict(found)
    return {**found, "$defs": reader.definitions}


class _Reader:
    def __init__(self, leaf: Leaf) -> None:
        self.leaf = leaf
        self.definitions: dict[str, Any] = {}
        self.names: dict[Any, str] = {}

    def schema(self, annotation: Any) -> Mapping[str, Any]:
        if annotation in (Any, object) or isinstance(annotation, typing.TypeVar | str):
            return {}
        if annotation in (None, type(None)):
            return {"type": "null"}
        if hasattr(annotation, "__supertype__"):
            return self.schema(annotation.__supertype__)
        if hasattr(annotation, "__value__"):  # `type X = ...`
            return self.named(annotation, lambda: self.schema(annotation.__value__))
        origin = get_origin(annotation)
        if origin is not None:
            return self.generic(annotation, origin, get_args(annotation))
        members = members_of(annotation)
        if members is not None:
            return self.named(annotation, lambda: self.record(annotation, members))
        return self.part(annotation)

    def part(self, annotation: Any) -> Mapping[str, Any]:
        return moved_in(self.leaf(annotation), self.definitions, f"part-{len(self.definitions)}")

    def named(self, annotation: Any, make: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
        if annotation not in self.names:
            name = f"{getattr(annotation, '__name__', 'Type')}-{len(self.names)}"
            self.names[annotation] = name
            self.definitions[name] = make()
        return {"$ref": f"#/$defs/{self.names[annotation]}"}

    def generic(self, annotation: Any, origin: Any, inner: tuple[Any, ...]) -> Mapping[str, Any]:
        if origin is typing.Annotated:
            return self.annotated(annotation, inner)
        if origin in (typing.Required, typing.NotRequired, typing.ClassVar, typing.Final):
            return self.schema(inner[0])
        if origin in (Union, types.UnionType):
            return {"anyOf": [self.schema(each) for each in inner]}
        if origin is Literal:
            return {"enum": [v.value if isinstance(v, enum.Enum) else v for v in inner]}
        if origin is tuple:
            return self.tuple(inner)
        if origin in _OBJECTS:
            return {"type": "object", "additionalProperties": self.schema(inner[1])}
        if origin in _ARRAYS:
            unique = {"uniqueItems": True} if origin in _SETS else {}
            return {"type": "array", "items": self.schema(inner[0]), **unique}
        return self.part(annotation)

    def annotated(self, annotation: Any, inner: tuple[Any, ...]) -> Mapping[str, Any]:
        found = self.part(annotation)
        return found or self.schema(inner[0])

    def tuple(self, inner: tuple[Any, ...]) -> dict[str, Any]:
        if len(inner) == 2 and inner[1] is Ellipsis:
            return {"type": "array", "items": self.schema(inner[0])}
        items = [self.schema(each) for each in inner]
        return {
            "type": "array",
            "prefixItems": items,
            "items": False,
            "minItems": len(items),
            "maxItems": len(items),
        }

    def record(self, cls: Any, members: Mapping[str, bool]) -> Mapping[str, Any]:
        hints = hints_of(cls)
        schemas: dict[str, Schema] = {
            n: _all_of(self.schema(hints.get(n, Any)), attrs_validators.of_field(cls, n))
            for n in members
        }
        if issubclass(cls, tuple):
            least = sum(members.values())
            return {
                "type": "array",
                "prefixItems": list(schemas.values()),
                "items": False,
                "minItems": least,
                "maxItems": len(schemas),
            }
        required = [name for name, is_required in members.items() if is_required]
        return {
            "title": cls.__name__,
            "type": "object",
            **({"additionalProperties": False} if "__attrs_attrs__" in cls.__dict__ else {}),
            "properties": schemas,
            "required": required,
        }


def _all_of(schema: Schema, more: Sequence[Schema]) -> Schema:
    return {"allOf": [schema, *more]} if more else schema


def hints_of(cls: Any) -> dict[str, Any]:
    try:
        return typing.get_type_hints(cls, include_extras=True)
    except Exception:  # a name that exists only for type checkers, say
        return dict(inspect.get_annotations(cls)) if isinstance(cls, type) else {}


def members_of(annotation: Any) -> dict[str, bool] | None:
    """The fields of a dataclass, TypedDict, NamedTuple or attrs class, and whether each must be
    given; None for other types."""
    if not isinstance(annotation, type):
        return None
    if dataclasses.is_dataclass(annotation):
        missing = dataclasses.MISSING
        return {
            field.name: field.default is missing and field.default_factory is missing
            for field in dataclasses.fields(annotation)
            if field.init
        }
    # `typing.is_typeddict` does not know those of typing_extensions.
    required: frozenset[str] | None = getattr(annotation, "__required_keys__", None)
    if required is not None:
        # Where annotations are text, the class does not see what stands in them.
        said = {name: get_origin(hint) for name, hint in hints_of(annotation).items()}
        return {
            name: said.get(name) is typing.Required
            or (name in required and said.get(name) is not typing.NotRequired)
            for name in annotation.__annotations__
        }
    if issubclass(annotation, tuple) and hasattr(annotation, "_fields"):
        defaults = annotation._field_defaults  # type: ignore[attr-defined]
        return {name: name not in defaults for name in annotation._fields}
    attributes = annotation.__dict__.get("__attrs_attrs__")
    if attributes is not None:
        nothing = sys.modules["attr"].NOTHING
        return {a.alias: a.default is nothing for a in attributes if a.init}
    return None
