"""GraphQL documents: valid operations of a schema, and broken ones."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.choices import pick
from pytest_routes.generate.graphql.schema import (
    INTROSPECTION,
    Field,
    GraphQLSchema,
    Input,
    NamedType,
    TypeReference,
    is_required,
    named,
    written,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_routes.generate.choices import Choices

Payload = dict[str, Any]

_SCALARS: dict[str, Sequence[Any]] = {
    "Int": (1, 0, -1, 2, 10, 100, 2**31 - 1, -(2**31)),
    "Float": (1.5, 0.0, -1.0, 1, 1e308, -0.0),
    "String": ("a", "", "hello", "é", "😀", "\x00", '"', "a" * 300, "\n", "null"),
    "Boolean": (True, False),
    "ID": ("1", "a", "", "0", 7, "-1"),
}
_UNKNOWN_SCALAR: Sequence[Any] = ("a", 0, "2024-01-01T00:00:00Z", "", {"a": 1}, [1], 1.5, True)
_DEEPEST = 3
_PLAIN, _ALIAS, _NAMED, _INLINE, _DIRECTIVE = range(5)
_STYLES = (_PLAIN,) * 8 + (_ALIAS, _NAMED, _INLINE, _DIRECTIVE)
_LITERAL, _VARIABLES = range(2)

WITHOUT_SCHEMA: tuple[str, ...] = (
    "{ __typename }",
    "query { __typename }",
    "query Q { a: __typename b: __typename }",
    "{ __schema { queryType { name } } }",
    "query Q($a: String!) { __type(name: $a) { name } }",
    "fragment F on Query { __typename } query { ...F }",
    INTROSPECTION,
)
BROKEN: tuple[str, ...] = (
    "{ noSuchField }",
    "",
    "{",
    "subscription { noSuchField }",
    "mutation { noSuchField }",
    "subscription { __typename }",
    "query",
    "{ __typename { name } }",
    "{ ...Missing }",
    "query A { __typename } query B { __typename }",
    "query Q($a: NoSuchType) { __typename }",
    "query Q($a: Int) { __typename }",
    "{ __typename @noSuchDirective }",
    "fragment F on Query { ...F } { ...F }",
    "type A { a: Int }",
    "{ __typename } \x00",
    "subscription { a: __typename b: __typename }",
    "{ " + "a: __typename " * 400 + "}",
    "{" * 60 + "}" * 60,
)
_BROKEN_PAYLOADS: tuple[object, ...] = (
    {},
    None,
    "{ __typename }",
    [],
    {"query": None},
    {"query": 0},
    {"query": {}},
    {"query": "{ __typename }", "variables": []},
    {"query": "{ __typename }", "variables": "a"},
    {"query": "{ __typename }", "operationName": "Missing"},
    {"query": "{ __typename }", "operationName": 0},
    {"query": "{ __typename }", "extensions": "a"},
    {"query": "{ __typename }", "unknown": 1},
    {"variables": {}},
)


def operation(choices: Choices, schema: GraphQLSchema | None) -> Payload:
    """The payload of a valid operation."""
    known = [] if schema is None else schema.operations()
    if schema is None or not known or choices.index(8) == 7:
        query = pick(choices, WITHOUT_SCHEMA)
        return {"query": query, "variables": {"a": "Query"}} if "$a" in query else {"query": query}
    keyword, field = pick(choices, known)
    return _Document(choices, schema).payload(keyword, field)


def broken_operation(choices: Choices, schema: GraphQLSchema | None) -> object:
    """A payload that a server has to refuse, with an error or a close code."""
    which = choices.index(3)
    if which == 0:
        return {"query": pick(choices, BROKEN)}
    if which == 1:
        return pick(choices, _BROKEN_PAYLOADS)
    payload = operation(choices, schema)
    return _WAYS_TO_BREAK[choices.index(len(_WAYS_TO_BREAK))](payload)


def _without_variables(payload: Payload) -> Payload:
    return {"query": payload["query"]}


def _with_wrong_variables(payload: Payload) -> Payload:
    return {**payload, "variables": {key: {"a": []} for key in payload.get("variables", {"a": 0})}}


def _cut_off(payload: Payload) -> Payload:
    return {**payload, "query": payload["query"][:-1]}


def _without_arguments(payload: Payload) -> Payload:
    query: str = payload["query"]
    head, bracket, rest = query.partition("(")
    return {"query": head + rest.partition(")")[2] if bracket else f"{query} {query}"}


def _null_variables(payload: Payload) -> Payload:
    return {**payload, "variables": dict.fromkeys(payload.get("variables", ()))}


_WAYS_TO_BREAK: tuple[Callable[[Payload], Payload], ...] = (
    _without_variables,
    _with_wrong_variables,
    _cut_off,
    _without_arguments,
    _null_variables,
)


class _Document:
    """One operation while it is written."""

    def __init__(self, choices: Choices, schema: GraphQLSchema) -> None:
        self._choices = choices
        self._schema = schema
        self._variables: dict[str, Any] = {}
        self._definitions: list[str] = []

    def payload(self, keyword: str, field: Field) -> Payload:
        style = pick(self._choices, _STYLES)
        in_variables = self._choices.index(3) == _VARIABLES
        chosen = self._field(field, _DEEPEST, in_variables)
        root = dict(self._schema.roots)[keyword]
        fragment = ""
        if style == _ALIAS:
            chosen = f"renamed: {chosen}"
        elif style == _NAMED:
            fragment = f" fragment Part on {root} {{ {chosen} }}"
            chosen = "...Part"
        elif style == _INLINE:
            chosen = f"... on {root} {{ {chosen} }}"
        elif style == _DIRECTIVE and keyword != "subscription":  # forbidden at its root
            chosen = f"... @include(if: true) {{ {chosen} }}"
        defined = f"({', '.join(self._definitions)})" if self._definitions else ""
        name = " Operation" if defined or style != _PLAIN else ""
        payload: Payload = {"query": f"{keyword}{name}{defined} {{ {chosen} }}{fragment}"}
        if self._variables:
            payload["variables"] = self._variables
        if name and self._choices.index(2):
            payload["operationName"] = "Operation"
        return payload

    def _field(self, field: Field, depth: int, in_variables: bool) -> str:
        arguments = []
        for argument in field.arguments:
            if not argument.required and self._choices.index(2) == 0:
                continue
            value = self._value(argument.type)
            if in_variables:
                variable = f"v{len(self._definitions)}"
                self._definitions.append(f"${variable}: {written(argument.type)}")
                self._variables[variable] = value
                arguments.append(f"{argument.name}: ${variable}")
            else:
                arguments.append(f"{argument.name}: {self._literal(value, argument.type)}")
        given = f"({', '.join(arguments)})" if arguments else ""
        return field.name + given + self._selection(named(field.type), depth, in_variables)

    def _selection(self, name: str, depth: int, in_variables: bool) -> str:
        found = self._schema.types.get(name)
        if found is None or found.kind in ("SCALAR", "ENUM"):
            return ""
        inner = ["__typename"] if found.kind == "UNION" else []
        leaves: list[Field] = []
        deeper: list[Field] = []
        for field in found.fields:
            kind = self._schema.types.get(named(field.type))
            if any(argument.required for argument in field.arguments) and depth < _DEEPEST:
                continue
            leaf = kind is None or kind.kind in ("SCALAR", "ENUM")
            (leaves if leaf else deeper).append(field)
        inner += [self._field(field, depth - 1, in_variables) for field in leaves[:12]]
        if deeper and depth > 1:
            chosen = self._choices.index(len(deeper) + 1)
            if chosen:
                inner.append(self._field(deeper[chosen - 1], depth - 1, in_variables))
        if found.possible and depth > 1 and self._choices.index(2):
            kind_name = pick(self._choices, found.possible)
            inner.append(f"... on {kind_name}{self._selection(kind_name, 1, in_variables)}")
        return f" {{ {' '.join(inner) or '__typename'} }}"

    def _value(self, reference: TypeReference, depth: int = _DEEPEST) -> Any:
        """A value of an input type, as variables carry it."""
        if not is_required(reference) and self._choices.index(8) == 7:
            return None
        if isinstance(reference, tuple):
            wrapper, inner = reference
            if wrapper == "NON_NULL":
                return self._present(inner, depth)
        return self._present(reference, depth)

    def _present(self, reference: TypeReference, depth: int) -> Any:
        if isinstance(reference, tuple):
            count = (1, 0, 2)[self._choices.index(3)] if depth else 0
            return [self._value(reference[1], depth - 1) for _ in range(count)]
        found = self._schema.types.get(reference)
        if found is not None and found.kind == "ENUM":
            return pick(self._choices, found.values) if found.values else None
        if found is not None and found.kind == "INPUT_OBJECT":
            return self._input_object(found, depth)
        return pick(self._choices, _SCALARS.get(reference, _UNKNOWN_SCALAR))

    def _input_object(self, found: NamedType, depth: int) -> dict[str, Any]:
        return {
            field.name: self._value(field.type, depth - 1)
            for field in found.inputs
            if field.required or (depth > 0 and self._choices.index(2))
        }

    def _literal(self, value: Any, reference: TypeReference) -> str:
        """The value as a document writes it (GraphQL specification, 2.9)."""
        name = named(reference)
        found = self._schema.types.get(name)
        if value is None:
            return "null"
        if isinstance(value, list):
            return f"[{', '.join(self._literal(item, _item_of(reference)) for item in value)}]"
        if isinstance(value, dict):
            fields: dict[str, Input] = {f.name: f for f in found.inputs} if found else {}
            members = (
                f"{key}: {self._literal(item, fields[key].type if key in fields else 'String')}"
                for key, item in value.items()
            )
            return f"{{{', '.join(members)}}}"
        if found is not None and found.kind == "ENUM":
            return str(value)
        if isinstance(value, float) and not math.isfinite(value):
            return "0.0"
        return json.dumps(value)


def _item_of(reference: TypeReference) -> TypeReference:
    """The type of the elements of a list; of anything else itself, as lists are coerced."""
    while isinstance(reference, tuple):
        wrapper, inner = reference
        if wrapper == "LIST":
            return inner
        reference = inner
    return reference
