"""Does a value satisfy a JSON Schema, and if not, why and where?

Draft 2020-12, as far as pydantic, msgspec and people write it. Formats are not checked here:
by the specification they are annotations (Validation, 7.2.1).
"""

from __future__ import annotations

import functools
import math
import re
import warnings
from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any, TypeAlias

from pytest_routes.generate.schema.containers import identity
from pytest_routes.generate.schema.document import Document, Schema, target

_Check: TypeAlias = Callable[["Validator", Any, Any, Mapping[str, Any]], str | None]

TYPES: dict[str, Callable[[Any], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: (
        isinstance(value, int | float) and not isinstance(value, bool) and _is_whole(value)
    ),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "string": lambda value: isinstance(value, str | bytes),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def _is_whole(value: float) -> bool:
    return isinstance(value, int) or (math.isfinite(value) and value == int(value))


class Validator:
    """Says what is wrong with a value, in the terms of one schema."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._following: set[tuple[str, int]] = set()

    def problem(self, value: Any, schema: Schema | None = None) -> str | None:
        """What is wrong, with the place (`.items[0]: expected ...`); None: nothing."""
        if schema is None:
            schema = self.document.root
        if schema is True:
            return None
        if schema is False:
            return "expected nothing here"
        assert isinstance(schema, Mapping)
        reference = target(schema)
        if reference is not None:
            found = self._follow(value, reference)
            if found is not None:
                return found
        for keyword, check in _CHECKS.items():
            if keyword in schema:
                found = check(self, value, schema[keyword], schema)
                if found is not None:
                    return found
        return None

    def fits(self, value: Any, schema: Schema | None = None) -> bool:
        return self.problem(value, schema) is None

    def _follow(self, value: Any, reference: str) -> str | None:
        # A definition that refers to itself without taking the value apart says nothing.
        key = (reference, id(value))
        if key in self._following:
            return None
        self._following.add(key)
        try:
            return self.problem(value, self.document.find(reference))
        finally:
            self._following.discard(key)


def shown(value: Any) -> str:
    """A value in a message, shortened."""
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:40]}...{text[-12:]}"


def at(place: str, problem: str) -> str:
    """A problem of a part, with the part's place before it."""
    inner, separator, rest = problem.partition(": ")
    if separator and inner[:1] in (".", "["):
        return f"{place}{inner}: {rest}"
    return f"{place}: {problem}"


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


def _number(holds: Callable[[Any, Any], bool], words: str) -> _Check:
    def check(_: Validator, value: Any, bound: Any, __: Any) -> str | None:
        if not TYPES["number"](value) or holds(value, bound):
            return None
        return f"expected a number {words} {bound}, got {shown(value)}"

    return check


def is_multiple(value: Any, divisor: Any) -> bool:
    """Whether a number is a multiple, with both read as the decimals that are written."""
    if isinstance(value, float) and not math.isfinite(value):
        return False
    return (Fraction(str(value)) / Fraction(str(divisor))).denominator == 1


def _size(kind: type | tuple[type, ...], holds: Callable[[int, int], bool], words: str) -> _Check:
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


@functools.lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str] | None:
    """A pattern as Python reads it; None where it is of another dialect."""
    if "[[:" in pattern:
        return None  # a class such as [[:alpha:]], which Python takes for its letters
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", FutureWarning)
            return re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return None


def _pattern(_: Validator, value: Any, pattern: str, __: Any) -> str | None:
    regex = compiled(pattern)
    if not isinstance(value, str) or regex is None or regex.search(value):
        return None
    return f"expected text like {pattern}, got {shown(value)}"


def _properties(validator: Validator, value: Any, properties: Any, __: Any) -> str | None:
    if isinstance(value, dict):
        for name, schema in properties.items():
            if name in value:
                found = validator.problem(value[name], schema)
                if found is not None:
                    return at(f".{name}", found)
    return None


def _required(_: Validator, value: Any, names: Any, __: Any) -> str | None:
    if isinstance(value, dict):
        for name in names:
            if name not in value:
                return f"expected a member {name!r}, got {shown(value)}"
    return None


def _pattern_properties(validator: Validator, value: Any, patterns: Any, __: Any) -> str | None:
    if isinstance(value, dict):
        for pattern, schema in patterns.items():
            regex = compiled(pattern)
            for name in value:
                if regex is not None and regex.search(name):
                    found = validator.problem(value[name], schema)
                    if found is not None:
                        return at(f".{name}", found)
    return None


def _additional_properties(
    validator: Validator, value: Any, schema: Any, around: Mapping[str, Any]
) -> str | None:
    if not isinstance(value, dict):
        return None
    declared = around.get("properties", {})
    patterns = [compiled(pattern) for pattern in around.get("patternProperties", {})]
    for name, member in value.items():
        if name in declared or any(p is not None and p.search(name) for p in patterns):
            continue
        if schema is False:
            return f"expected no member {name!r}"
        found = validator.problem(member, schema)
        if found is not None:
            return at(f".{name}", found)
    return None


def _property_names(validator: Validator, value: Any, schema: Any, __: Any) -> str | None:
    if isinstance(value, dict):
        for name in value:
            found = validator.problem(name, schema)
            if found is not None and not _is_other_key(validator, name, schema):
                return f"the name of member {name!r}: {found}"
    return None


def _is_other_key(validator: Validator, name: str, schema: Any) -> bool:
    """A name that stands for a number or a boolean, as the declared type of the key says."""
    try:
        key = {"true": True, "false": False}.get(name)
        return validator.fits(float(name) if key is None else key, schema)
    except ValueError:
        return False


def _dependent_required(_: Validator, value: Any, dependencies: Any, __: Any) -> str | None:
    if isinstance(value, dict):
        for name, others in dependencies.items():
            for other in others:
                if name in value and other not in value:
                    return f"expected a member {other!r} beside {name!r}"
    return None


def _dependent_schemas(validator: Validator, value: Any, schemas: Any, __: Any) -> str | None:
    if isinstance(value, dict):
        for name, schema in schemas.items():
            if name in value:
                found = validator.problem(value, schema)
                if found is not None:
                    return found
    return None


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


_CHECKS: dict[str, _Check] = {
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
    "required": _required,
    "properties": _properties,
    "patternProperties": _pattern_properties,
    "additionalProperties": _additional_properties,
    "propertyNames": _property_names,
    "minProperties": _size(dict, _at_least, "at least {} members"),
    "maxProperties": _size(dict, _at_most, "at most {} members"),
    "dependentRequired": _dependent_required,
    "dependentSchemas": _dependent_schemas,
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
