"""One schema that asks for what several ask for together: `allOf`, and `$ref` with siblings.

A *flat* schema has no `$ref` and no `allOf` at its top. What cannot be merged into it stays
beside it: alternatives, of which each list must be satisfied, in `ALTERNATIVES`; patterns
after the first in `PATTERNS`.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_routes.generate.schema.containers import identity
from pytest_routes.generate.schema.document import Document, Schema, target
from pytest_routes.generate.schema.regex import compiled

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Flat: TypeAlias = "dict[str, Any] | bool"

ALTERNATIVES = "x-alternatives"
PATTERNS = "x-patterns"

ANNOTATIONS = frozenset(
    {"$defs", "definitions", "$comment", "$id", "$schema", "title", "description", "deprecated"}
)


def flat(schema: Schema, document: Document, following: tuple[str, ...] = ()) -> Flat:
    """A schema with its references and `allOf` merged in."""
    if isinstance(schema, bool):
        return schema
    result: Flat = {
        key: value for key, value in schema.items() if key not in _APART and key not in ANNOTATIONS
    }
    assert isinstance(result, dict)
    if "const" in result:
        only = result.pop("const")
        allowed = result.get("enum", [only])
        result["enum"] = [only] if identity(only) in map(identity, allowed) else []
        if not result["enum"]:
            return False
    lists = [list(schema[key]) for key in ("anyOf", "oneOf") if key in schema]
    if "if" in schema:
        condition = schema["if"]
        lists.append(
            [
                {"allOf": [condition, schema.get("then", True)]},
                {"allOf": [{"not": condition}, schema.get("else", True)]},
            ]
        )
    if lists:
        result[ALTERNATIVES] = [*result.get(ALTERNATIVES, ()), *lists]
    if result.get("unevaluatedProperties") is False:
        result.setdefault("additionalProperties", False)
    if result.get("unevaluatedItems") is False:
        result.setdefault("items", False)
    parts: list[Schema] = list(schema.get("allOf", ()))
    reference = target(schema)
    if reference is not None:
        if reference in following:
            return False  # nothing but itself: no value can be told from it
        following = (*following, reference)
        parts.insert(0, document.find(reference))
    for part in parts:
        result = merged(flat(part, document, following), result)
    return result


_APART = frozenset({"$ref", "$dynamicRef", "allOf", "anyOf", "oneOf", "if", "then", "else"})


def merged(one: Flat, other: Flat) -> Flat:
    """What satisfies both; where only one can be told (a default), the other's."""
    if one is True or other is True:
        return other if one is True else one
    if one is False or other is False:
        return False
    assert isinstance(one, dict)
    assert isinstance(other, dict)
    result = {**one, **other}
    for key in one.keys() & other.keys():
        rule = _RULES.get(key)
        if rule is not None:
            result[key] = rule(one[key], other[key])
    if result.get("type") == [] or result.get("enum") == []:
        return False
    _merge_members(one, other, result)
    _merge_items(one, other, result)
    if "pattern" in one and "pattern" in other and one["pattern"] != other["pattern"]:
        result[PATTERNS] = [*result.get(PATTERNS, ()), one["pattern"]]
    return result


def both(one: Schema, other: Schema) -> Schema:
    """What satisfies both, to be merged when it is looked into: it may be recursive."""
    if one is False or other is False:
        return False
    if one is True or other is True:
        return other if one is True else one
    return {"allOf": [one, other]}


def _listed(types: Any) -> list[str]:
    return [types] if isinstance(types, str) else list(types)


def _types(one: Any, other: Any) -> list[str]:
    first, second = _listed(one), _listed(other)
    kept = [name for name in first if name in second]
    # Every integer is a number.
    if "integer" not in kept and (
        ("integer" in first and "number" in second) or ("number" in first and "integer" in second)
    ):
        kept.append("integer")
    return kept


def _enums(one: Any, other: Any) -> list[Any]:
    allowed = {identity(value) for value in other}
    return [value for value in one if identity(value) in allowed]


def _multiples(one: Any, other: Any) -> Any:
    first, second = Fraction(str(one)), Fraction(str(other))
    common = Fraction(
        math.lcm(first.numerator, second.numerator), math.gcd(first.denominator, second.denominator)
    )
    return int(common) if common.denominator == 1 else float(common)


def _joined(one: Any, other: Any) -> list[Any]:
    return list(dict.fromkeys([*one, *other]))


def _property_wise(one: Any, other: Any) -> dict[str, Any]:
    return {
        name: both(one[name], other[name]) if name in one and name in other
        else one.get(name, other.get(name))
        for name in _joined(one, other)
    }  # fmt: skip


def _either(one: Any, other: Any) -> Any:
    return {"anyOf": [one, other]}


_RULES: dict[str, Callable[[Any, Any], Any]] = {
    "type": _types,
    "enum": _enums,
    "minimum": max,
    "exclusiveMinimum": max,
    "maximum": min,
    "exclusiveMaximum": min,
    "multipleOf": _multiples,
    "minLength": max,
    "maxLength": min,
    "minItems": max,
    "maxItems": min,
    "minProperties": max,
    "maxProperties": min,
    "uniqueItems": lambda one, other: one or other,
    "required": _joined,
    "dependentRequired": lambda one, other: {
        name: _joined(one.get(name, ()), other.get(name, ())) for name in _joined(one, other)
    },
    "dependentSchemas": _property_wise,
    "patternProperties": _property_wise,
    "propertyNames": both,
    "contains": lambda one, other: one if one == other else both(one, other),
    "not": _either,
    ALTERNATIVES: lambda one, other: [*one, *other],
    PATTERNS: _joined,
}


def _merge_members(one: dict[str, Any], other: dict[str, Any], result: dict[str, Any]) -> None:
    if "properties" not in one and "properties" not in other:
        if "additionalProperties" in one and "additionalProperties" in other:
            result["additionalProperties"] = both(
                one["additionalProperties"], other["additionalProperties"]
            )
        return
    mine, theirs = one.get("properties", {}), other.get("properties", {})
    result["properties"] = {
        name: both(_member(one, mine, name), _member(other, theirs, name))
        for name in _joined(mine, theirs)
    }
    additional = both(*(each.get("additionalProperties", True) for each in (one, other)))
    if additional is not True:
        result["additionalProperties"] = additional


def _member(schema: dict[str, Any], properties: Mapping[str, Any], name: str) -> Schema:
    """What a schema asks of the member with a name that another schema declares."""
    found: Schema = properties.get(name, True)
    matched = False
    for pattern, inner in schema.get("patternProperties", {}).items():
        regex = compiled(pattern)
        if regex is not None and regex.search(name):
            matched = True
            found = both(found, inner)
    if name not in properties and not matched:
        found = schema.get("additionalProperties", True)
    return found


def _merge_items(one: dict[str, Any], other: dict[str, Any], result: dict[str, Any]) -> None:
    mine, theirs = one.get("prefixItems", []), other.get("prefixItems", [])
    my_rest, their_rest = one.get("items", True), other.get("items", True)
    if mine or theirs:
        result["prefixItems"] = [
            both(
                mine[i] if i < len(mine) else my_rest,
                theirs[i] if i < len(theirs) else their_rest,
            )
            for i in range(max(len(mine), len(theirs)))
        ]
    if "items" in one and "items" in other:
        result["items"] = both(my_rest, their_rest)
