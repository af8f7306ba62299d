"""The keywords of JSON Schema, each with what is wrong with a value that does not satisfy it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_routes.generate.schema import members
from pytest_routes.generate.schema.containers import identity
from pytest_routes.generate.schema.kinds import TYPES, is_multiple
from pytest_routes.generate.schema.regex import compiled
from pytest_routes.generate.schema.wording import at, shown

if TYPE_CHECKING:
    from pytest_routes.generate.schema.validation import Validator

Check: TypeAlias = Callable[["Validator", Any, Any, Mapping[str, Any]], str | None]


def _type(_: Validator, value: Any, names: Any, __: Any) -> str | None:
    wanted = [names] if isinstance(names, str) else names
    if any(TYPES.get(name, bool)(value) for name in wanted):
        return None
    return f"expected {' or '.join(wanted)}, got {shown(value)}"


def _enum(_: Validator, value: Any, allowed: Any, __: Any) -> str | None:
    if any(_same(value, each) for each in allowed):
        return None
    return f"expected one of {', '.join(map(shown, allowed))}, got {shown(value)}"


def _same(one: Any, other: Any) -> bool:
    try:
        return identity(one) == identity(other)
    except (TypeError, ValueError):
        return bool(one == other)


def _const(validator: Validator, value: Any, allowed: Any, schema: Any) -> str | None:
    return _enum(validator, value, [allowed], schema)


def _number(holds: Callable[[Any, Any], bool], words: str) -> Check:
    def check(_: Validator, value: Any, bound: Any, __: Any) -> str | None:
        if not TYPES["number"](value) or holds(value, bound):
            return None
        return f"expected a number {words} {bound}, got {shown(value)}"

    return check


def _size(kind: type | tuple[type, ...], holds: Callable[[int, int], bool], words: str) -> Check:
    def check(_: Validator, value: Any, bound: Any, __: Any) -> str | None:
        if not isinstance(value, kind):
            return None
        size = len(value)  # type: ignore[arg-type]
        if holds(size, bound):
            return None
        return f"expected {words.format(bound)}, got {size}: {shown(value)}"

    return check


def _at_least(one: int, other: int) -> bool:
    return one >= other


def _at_most(one: int, other: int) -> bool:
    return one <= other


def _pattern(_: Validator, value: Any, pattern: str, __: Any) -> str | None:
    regex = compiled(pattern)
    if not isinstance(value, str) or regex is None or regex.search(value):
        return None
    return f"expected text like {pattern}, got {shown(value)}"


def _items(validator: Validator, value: Any, schema: Any, around: Mapping[str, Any]) -> str | None:
    if not isinstance(value, list):
        return None
    start = len(around.get("prefixItems", ()))
    for index in range(start, len(value)):
        found = validator.problem(value[index], schema)
        if found is not None:
            return at(f"[{index}]", found)
    return None


def _prefix_items(validator: Validator, value: Any, schemas: Any, __: Any) -> str | None:
    if isinstance(value, list):
        for index, schema in enumerate(schemas[: len(value)]):
            found = validator.problem(value[index], schema)
            if found is not None:
                return at(f"[{index}]", found)
    return None


def _contains(
    validator: Validator, value: Any, schema: Any, around: Mapping[str, Any]
) -> str | None:
    if not isinstance(value, list):
        return None
    least, most = around.get("minContains", 1), around.get("maxContains", math.inf)
    count = sum(validator.fits(item, schema) for item in value)
    if least <= count <= most:
        return None
    return f"expected {least} to {most} items of the kind that it must contain, got {count}"


def _unique_items(_: Validator, value: Any, wanted: Any, __: Any) -> str | None:
    if not wanted or not isinstance(value, list):
        return None
    if len({identity(item) for item in value}) == len(value):
        return None
    return f"expected different items, got {shown(value)}"


def _all_of(validator: Validator, value: Any, schemas: Any, __: Any) -> str | None:
    for schema in schemas:
        found = validator.problem(value, schema)
        if found is not None:
            return found
    return None


def _any_of(validator: Validator, value: Any, schemas: Any, __: Any) -> str | None:
    problems = []
    for schema in schemas:
        found = validator.problem(value, schema)
        if found is None:
            return None
        problems.append(found)
    if not problems:
        return f"unexpected {shown(value)}: nothing is allowed"
    parts = [problem.removeprefix("expected ").partition(", got ") for problem in problems]
    if len({got for _, _, got in parts}) == 1 and all(got for _, _, got in parts):
        return f"expected {' or '.join(dict.fromkeys(p for p, _, _ in parts))}, got {parts[0][2]}"
    # The alternative that came furthest is the one that was meant.
    return max(problems, key=_depth)


def _depth(problem: str) -> int:
    """How deep in the value the place of a problem lies."""
    place = problem.partition(": ")[0]
    return place.count(".") + place.count("[") if place[:1] in (".", "[") else 0


def _one_of(
    validator: Validator, value: Any, schemas: Any, around: Mapping[str, Any]
) -> str | None:
    found = _any_of(validator, value, schemas, around)
    if found is not None:
        return found
    fitting = sum(validator.fits(value, schema) for schema in schemas)
    return None if fitting == 1 else f"expected one of the alternatives to fit, {fitting} did"


def _not(validator: Validator, value: Any, schema: Any, __: Any) -> str | None:
    return f"unexpected {shown(value)}" if validator.fits(value, schema) else None


def _if(validator: Validator, value: Any, schema: Any, around: Mapping[str, Any]) -> str | None:
    branch = "then" if validator.fits(value, schema) else "else"
    return validator.problem(value, around.get(branch, True))


KEYWORDS: dict[str, Check] = {
    "type": _type,
    "const": _const,
    "enum": _enum,
    "minimum": _number(lambda value, bound: bool(value >= bound), "of at least"),
    "maximum": _number(lambda value, bound: bool(value <= bound), "of at most"),
    "exclusiveMinimum": _number(lambda value, bound: bool(value > bound), "over"),
    "exclusiveMaximum": _number(lambda value, bound: bool(value < bound), "under"),
    "multipleOf": _number(is_multiple, "that is a multiple of"),
    "minLength": _size(str, _at_least, "at least {} characters"),
    "maxLength": _size(str, _at_most, "at most {} characters"),
    "pattern": _pattern,
    "required": members.required,
    "properties": members.declared,
    "patternProperties": members.matching,
    "additionalProperties": members.additional,
    "propertyNames": members.names,
    "unevaluatedProperties": members.unevaluated,
    "minProperties": _size(dict, _at_least, "at least {} members"),
    "maxProperties": _size(dict, _at_most, "at most {} members"),
    "dependentRequired": members.required_beside,
    "dependentSchemas": members.asked_beside,
    "prefixItems": _prefix_items,
    "items": _items,
    "minItems": _size(list, _at_least, "at least {} items"),
    "maxItems": _size(list, _at_most, "at most {} items"),
    "uniqueItems": _unique_items,
    "contains": _contains,
    "allOf": _all_of,
    "anyOf": _any_of,
    "oneOf": _one_of,
    "not": _not,
    "if": _if,
}
