"""A GraphQL schema, as introspection tells it (GraphQL specification, section 4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

TypeReference: TypeAlias = "tuple[str, TypeReference] | str"
"""The name of a type, or `("NON_NULL", ...)` or `("LIST", ...)` around one."""


@dataclass(frozen=True, slots=True)
class Input:
    """An argument or a field of an input object."""

    name: str
    type: TypeReference
    has_default: bool

    @property
    def required(self) -> bool:
        return not self.has_default and is_required(self.type)


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    type: TypeReference
    arguments: tuple[Input, ...]


@dataclass(frozen=True, slots=True)
class NamedType:
    name: str
    kind: str
    """`SCALAR`, `ENUM`, `OBJECT`, `INTERFACE`, `UNION` or `INPUT_OBJECT`."""
    fields: tuple[Field, ...] = ()
    inputs: tuple[Input, ...] = ()
    values: tuple[str, ...] = ()
    """Of an enumeration."""
    possible: tuple[str, ...] = ()
    """The objects of an interface or a union."""


@dataclass(frozen=True, slots=True)
class GraphQLSchema:
    types: dict[str, NamedType]
    roots: tuple[tuple[str, str], ...]
    """The keyword of each kind of operation that there is, and its root type."""

    def operations(self) -> list[tuple[str, Field]]:
        """Every root field with its keyword; subscriptions first, as they are what a
        WebSocket is for."""
        found = []
        for keyword in ("subscription", "query", "mutation"):
            name = dict(self.roots).get(keyword)
            if name in self.types:
                found += [(keyword, field) for field in self.types[name].fields]
        return found


def is_required(reference: TypeReference) -> bool:
    return isinstance(reference, tuple) and reference[0] == "NON_NULL"


def named(reference: TypeReference) -> str:
    """The name of the type under lists and non-nulls."""
    while isinstance(reference, tuple):
        reference = reference[1]
    return reference


def written(reference: TypeReference) -> str:
    """The type as a variable definition writes it: `[Int!]!`."""
    if isinstance(reference, str):
        return reference
    wrapper, inner = reference
    return f"{written(inner)}!" if wrapper == "NON_NULL" else f"[{written(inner)}]"


INTROSPECTION = """query Introspection {
  __schema {
    queryType { name } mutationType { name } subscriptionType { name }
    types {
      kind name
      fields(includeDeprecated: true) { name args { ...Input } type { ...Type } }
      inputFields { ...Input }
      enumValues(includeDeprecated: true) { name }
      possibleTypes { name }
    }
  }
}
fragment Input on __InputValue { name type { ...Type } defaultValue }
fragment Type on __Type {
  kind name
  ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType {
    kind name ofType { kind name }
  } } } } }
}"""


def schema_from_introspection(answer: Any) -> GraphQLSchema | None:
    """The schema in the `data` of an answer to `INTROSPECTION`; None when it is not there."""
    described = answer.get("__schema") if isinstance(answer, dict) else None
    if not isinstance(described, dict) or not isinstance(described.get("types"), list):
        return None
    roots = []
    for keyword in ("query", "mutation", "subscription"):
        root = described.get(f"{keyword}Type")
        if isinstance(root, dict) and isinstance(root.get("name"), str):
            roots.append((keyword, root["name"]))
    types = {t["name"]: _named_type(t) for t in described["types"] if isinstance(t, dict)}
    return GraphQLSchema(types, tuple(roots))


def _named_type(described: dict[str, Any]) -> NamedType:
    return NamedType(
        described["name"],
        described["kind"],
        fields=tuple(
            Field(f["name"], _reference(f["type"]), tuple(map(_input, f.get("args") or ())))
            for f in described.get("fields") or ()
        ),
        inputs=tuple(map(_input, described.get("inputFields") or ())),
        values=tuple(v["name"] for v in described.get("enumValues") or ()),
        possible=tuple(p["name"] for p in described.get("possibleTypes") or ()),
    )


def _input(described: dict[str, Any]) -> Input:
    return Input(
        described["name"],
        _reference(described["type"]),
        described.get("defaultValue") is not None,
    )


def _reference(described: dict[str, Any]) -> TypeReference:
    if described["kind"] in ("NON_NULL", "LIST"):
        return described["kind"], _reference(described["ofType"])
    return str(described["name"])


def schema_from_library(schema: Any) -> GraphQLSchema | None:
    """The schema of an object of graphql-core, the library under most servers in Python."""
    from graphql import introspection_from_schema

    return schema_from_introspection(introspection_from_schema(schema, descriptions=False))


def schema_from_sdl(text: str) -> GraphQLSchema:
    """The schema that a document in the schema definition language describes.

    Raises ImportError without graphql-core, and its `GraphQLError` when it is no schema.
    """
    from graphql import build_schema

    schema = schema_from_library(build_schema(text))
    assert schema is not None
    return schema
