"""From a JSON Schema (draft 2020-12) to the nodes that make its values."""

from __future__ import annotations

import itertools
import json
import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from pytest_routes.generate.schema.anything import Anything
from pytest_routes.generate.schema.containers import Array, Entries, Object, Shape
from pytest_routes.generate.schema.document import Document, Schema, target
from pytest_routes.generate.schema.errors import UnsatisfiableSchema
from pytest_routes.generate.schema.kinds import TYPES
from pytest_routes.generate.schema.merge import (
    ALTERNATIVES,
    ANNOTATIONS,
    PATTERNS,
    Flat,
    both,
    flat,
    merged,
)
from pytest_routes.generate.schema.nodes import (
    Checked,
    Mapped,
    Node,
    Nothing,
    Plain,
    Preferred,
    Reference,
    Table,
    Union,
    settle,
)
from pytest_routes.generate.schema.patterns import pattern_node
from pytest_routes.generate.schema.regex import compiled
from pytest_routes.generate.schema.scalars import number_node, string_node
from pytest_routes.generate.schema.texts import text_node
from pytest_routes.generate.schema.validation import Validator

DEPTH = 3
"""How often a recursive type is entered, at most, before the smallest value is taken."""

_ALL_TYPES = ("string", "integer", "object", "array", "number", "boolean", "null")
_TYPE_OF_KEYWORD = {
    "object": ("properties", "required", "additionalProperties", "patternProperties",
               "propertyNames", "minProperties", "maxProperties", "dependentRequired"),
    "array": ("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"),
    "string": ("minLength", "maxLength", "pattern", "format", "contentEncoding",
               "contentMediaType", PATTERNS),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}  # fmt: skip
# What nodes do not see to themselves: their values are tested.
_CHECKED = ("not", "contains", "dependentRequired", "dependentSchemas")
_HOLDS_OTHERS = frozenset(
    {"properties", "additionalProperties", "patternProperties", "items", "prefixItems", "contains",
     "allOf", "anyOf", "oneOf", "not", "if", "contentSchema"}
)  # fmt: skip
_MOST_COMBINATIONS = 64
_MOST_NESTED = 150
_MOST_ITEMS = 10_000


class Compiler:
    """Builds the nodes of one document."""

    def __init__(self, document: Document, known: Mapping[str, Sequence[Any]]) -> None:
        self.document = document
        self.validator = Validator(document)
        self.known = known
        self.nodes: list[Node] = []
        self.recursive = False
        self._references: dict[str, Reference] = {}
        self._open: list[str] = []

    def root(self) -> Node:
        """The node of the whole document, ready to make values."""
        node = self.node(self.document.root)
        settle(self.nodes, DEPTH)
        return node

    def _add(self, node: Node) -> Node:
        self.nodes.append(node)
        inner = getattr(node, "node", None)
        if isinstance(inner, Node) and inner not in self.nodes:
            self.nodes.insert(-1, inner)
        return node

    def node(self, schema: Schema) -> Node:
        """The node of a schema: one that is written like another shares its node."""
        if isinstance(schema, bool):
            return self._of_flat(schema, schema)
        reference = target(schema)
        if reference is not None and len(schema.keys() - ANNOTATIONS) == 1:
            found = self.document.find(reference)
            if isinstance(found, Mapping) and target(found) is None:
                return self._shared(found, reference.rpartition("/")[2])
        if reference is not None or not _HOLDS_OTHERS.isdisjoint(schema):
            return self._shared(schema, str(schema.get("title", "it")))
        return self._of_flat(flat(schema, self.document), schema)

    def _shared(self, schema: Mapping[str, Any], name: str) -> Node:
        key = json.dumps(schema, sort_keys=True, default=repr)
        known = self._references.get(key)
        if known is not None:
            if key in self._open:
                known.recursive = self.recursive = True
            return known
        if len(self._open) > _MOST_NESTED:
            raise UnsatisfiableSchema(f"{_text(schema)} nests more than {_MOST_NESTED} deep")
        node = self._references[key] = Reference(name)
        self._open.append(key)
        node.target = self._of_flat(flat(schema, self.document), schema)
        self._open.pop()
        return self._add(node)

    def _of_flat(self, schema: Flat, written: Schema) -> Node:
        if isinstance(schema, bool):
            if schema:
                return self._add(Anything())
            return self._add(Nothing(f"nothing satisfies {_text(written)}"))
        if schema.get(ALTERNATIVES):
            return self._alternatives(schema, written)
        node = self._typed(schema, written)
        return self._tested(node, schema, written)

    def _tested(self, node: Node, schema: Mapping[str, Any], written: Schema) -> Node:
        if not any(key in schema for key in _CHECKED):
            return node
        return self._check(node, _without(schema, ALTERNATIVES), written)

    def _check(self, node: Node, schema: Schema, written: Schema) -> Node:
        fits = self.validator.fits
        reason = f"no value was found that satisfies {_text(written)}"
        return self._add(Checked(node, lambda value: fits(value, schema), reason))

    def _alternatives(self, schema: Mapping[str, Any], written: Schema) -> Node:
        rest = _without(schema, ALTERNATIVES)
        options: list[Node] = []
        combinations = itertools.product(*schema[ALTERNATIVES])
        for combination in itertools.islice(combinations, _MOST_COMBINATIONS):
            if not rest and len(combination) == 1:
                options.append(self.node(combination[0]))
                continue
            together: Flat = rest
            for part in combination:
                together = merged(together, flat(part, self.document))
            options.append(self._of_flat(together, written))
        options = [option for option in options if not isinstance(option, Nothing)]
        if not options:
            return self._add(Nothing(f"nothing satisfies {_text(written)}"))
        node = options[0] if len(options) == 1 else self._add(Union(options))
        if isinstance(written, Mapping) and self._must_be_one(written):
            return self._check(node, written, written)
        return node

    def _must_be_one(self, written: Mapping[str, Any]) -> bool:
        """Whether the alternatives of a `oneOf` could fit both; a discriminator, or types that
        have nothing in common, say that they cannot. Conditions are always tested."""
        if "if" in written or "allOf" in written:
            return True
        options = written.get("oneOf", ())
        if len(options) < 2 or "discriminator" in written:
            return False
        types = [self._types(flat(option, self.document)) for option in options]
        names = [("number" if t == "integer" else t) for each in types for t in set(each)]
        return len(names) != len(set(names))

    def _types(self, schema: Mapping[str, Any] | bool) -> list[str]:
        if isinstance(schema, bool):
            return list(_ALL_TYPES) if schema else []
        declared = schema.get("type")
        if isinstance(declared, str):
            return [declared]
        if declared is not None:
            return list(declared)
        if "enum" in schema:
            return list({name: None for value in schema["enum"] for name, is_of in TYPES.items()
                         if name != "number" and is_of(value)})  # fmt: skip
        by_keyword = [
            name
            for name, keywords in _TYPE_OF_KEYWORD.items()
            if not schema.keys().isdisjoint(keywords)
        ]
        return by_keyword or list(_ALL_TYPES)

    def _typed(self, schema: Mapping[str, Any], written: Schema) -> Node:
        if "enum" in schema:
            allowed = [
                value
                for value in schema["enum"]
                if self.validator.fits(value, _without(schema, "enum"))
            ]
            if not allowed:
                return self._add(Nothing(f"none of the values of {_text(written)} satisfies it"))
            large = len(allowed) > 64
            return self._add(Plain(allowed[:48], allowed[48:]) if large else Table(allowed))
        types = self._types(schema)
        if "type" not in schema and set(types) == set(_ALL_TYPES):
            return self._add(Anything())
        if "number" in types and "integer" in types:
            types.remove("integer")
        makers = [_MAKERS[name](self, schema, written) for name in types if name in TYPES]
        options = [node for node in makers if not isinstance(node, Nothing)]
        if not options:
            return (
                makers[0]
                if makers
                else self._add(Nothing(f"no value has the type that {_text(written)} asks for"))
            )
        node = options[0] if len(options) == 1 else self._add(Union(options))
        return self._with_examples(node, schema)

    def _with_examples(self, node: Node, schema: Mapping[str, Any]) -> Node:
        """Values that the author of a schema names are worth more than ours; but a default that
        stands for nothing (an empty text, zero) says nothing."""
        default = schema.get("default")
        named = [*schema.get("examples", ()), *([default] if default else ())]
        if isinstance(node, Table) or not named:
            return node
        if _unsure(schema):
            return node
        fitting = [v for v in named if v is not None and self.validator.fits(v, schema)][:8]
        if not fitting:
            return node
        return self._add(Preferred(fitting, node))

    def _null(self, schema: Mapping[str, Any], written: Schema) -> Node:  # noqa: ARG002
        return self._add(Table((None,)))

    def _boolean(self, schema: Mapping[str, Any], written: Schema) -> Node:  # noqa: ARG002
        return self._add(Table((False, True)))

    def _integer(self, schema: Mapping[str, Any], written: Schema) -> Node:  # noqa: ARG002
        return self._add(number_node(schema, whole=True))

    def _number(self, schema: Mapping[str, Any], written: Schema) -> Node:  # noqa: ARG002
        return self._add(number_node(schema, whole=False))

    def _string(self, schema: Mapping[str, Any], written: Schema) -> Node:  # noqa: ARG002
        if schema.get("contentMediaType") == "application/json" and "contentSchema" in schema:
            return self._add(Mapped(self.node(schema["contentSchema"]), json.dumps))
        return self._add(text_node(schema))

    def _array(self, schema: Mapping[str, Any], written: Schema) -> Node:
        first = tuple(self.node(each) for each in schema.get("prefixItems", ()))
        unique = bool(schema.get("uniqueItems"))
        wanted: Schema = schema.get("items", True)
        least = int(schema.get("minItems", 0))
        if "contains" in schema and schema.get("minContains", 1) > 0:
            # Items of the kind that is asked for are what makes such an array likely at all.
            wanted = {"anyOf": [both(wanted, schema["contains"]), wanted]}
            least = max(least, int(schema.get("minContains", 1)))
        node = Array(
            first,
            self.node(wanted),
            least,
            schema.get("maxItems", math.inf),
            unique=unique,
        )
        if least > _MOST_ITEMS:
            return self._add(
                Nothing(f"an array of at least {least} items is more than is ever made")
            )
        self._add(node)
        return self._check(node, True, written) if unique and least > 1 else node

    def _object(self, schema: Mapping[str, Any], written: Schema) -> Node:
        declared: Mapping[str, Schema] = schema.get("properties", {})
        patterns: Mapping[str, Schema] = schema.get("patternProperties", {})
        names: Schema = schema.get("propertyNames", True)
        additional: Schema = schema.get("additionalProperties", True)
        required = frozenset(schema.get("required", ()))
        shape = Shape(
            required=required,
            least=int(schema.get("minProperties", 0)),
            most=schema.get("maxProperties", math.inf),
        )
        for name in dict.fromkeys([*declared, *sorted(required)]):
            asked = member_schema(name, schema)
            member = self.node(asked)
            if names is not True and not self.validator.fits(name, names):
                member = self._add(Nothing(f"{_text(written)} does not allow a member {name!r}"))
            if not isinstance(member, Nothing) or name in required:
                shape.members[name] = self._knowing(name, member, asked)
        shape.entries = tuple(self._entries(declared, patterns, names, additional))
        node = self._add(Object(shape))
        return self._check(node, True, written) if shape.least > 0 and shape.entries else node

    def _knowing(self, name: str, node: Node, asked: Schema) -> Node:
        values = self.known.get(name)
        if not values or isinstance(node, Nothing):
            return node
        fitting = [v for v in values if self.validator.fits(v, asked) and not _unsure(asked)][:24]
        return self._add(Preferred(fitting, node)) if fitting else node

    def _entries(
        self,
        declared: Mapping[str, Schema],
        patterns: Mapping[str, Schema],
        names: Schema,
        additional: Schema,
    ) -> list[Entries]:
        def named(name: str) -> bool:
            return names is True or self.validator.fits(name, names)

        found: list[Entries] = []
        for pattern, schema in patterns.items():
            key = self._add(pattern_node(pattern))
            value = self.node(schema)
            if not isinstance(value, Nothing):
                found.append(Entries(key, value, lambda n: n not in declared and named(n)))
        if additional is not False:
            value = self.node(additional)
            if not isinstance(value, Nothing):
                key = self._add(string_node({}, key=True)) if names is True else self.node(names)
                found.append(
                    Entries(
                        key,
                        value,
                        lambda name: (
                            name not in declared
                            and not any(_found(pattern, name) for pattern in patterns)
                        ),
                    )
                )
        return found


_MAKERS: dict[str, Callable[[Compiler, Mapping[str, Any], Schema], Node]] = {
    "null": Compiler._null,
    "boolean": Compiler._boolean,
    "integer": Compiler._integer,
    "number": Compiler._number,
    "string": Compiler._string,
    "array": Compiler._array,
    "object": Compiler._object,
}


def _without(schema: Mapping[str, Any], dropped: str) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != dropped}


def member_schema(name: str, schema: Mapping[str, Any]) -> Schema:
    """What the schema of an object asks of the member with a name."""
    declared = schema.get("properties", {})
    patterns: Mapping[str, Schema] = schema.get("patternProperties", {})
    matching = [each for pattern, each in patterns.items() if _found(pattern, name)]
    if name not in declared and not matching:
        additional: Schema = schema.get("additionalProperties", True)
        return additional
    asked: Schema = declared.get(name, True)
    for each in matching:
        asked = both(asked, each)
    return asked


def _found(pattern: str, name: str) -> bool:
    expression = compiled(pattern)
    return expression is not None and expression.search(name) is not None


def _unsure(schema: Schema) -> bool:
    """Whether a value may be wrong although it satisfies the schema: formats are not checked."""
    return isinstance(schema, Mapping) and any(
        key == "format" or key.startswith(("x-", "content")) for key in schema
    )


def _text(schema: Schema) -> str:
    """A schema in a message."""
    text = json.dumps(schema, default=repr)
    return text if len(text) <= 160 else f"{text[:150]}..."
