"""What the validators of an attrs class ask of its fields, as JSON Schema.

They are known by the names of their classes: attrs need not be installed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_TYPES = {str: "string", int: "integer", float: "number", bool: "boolean", list: "array",
          dict: "object", type(None): "null"}  # fmt: skip
_BOUNDS = {
    "<": "exclusiveMaximum", "<=": "maximum", ">": "exclusiveMinimum", ">=": "minimum",
}  # fmt: skip


def constraints(validator: Any) -> list[Mapping[str, Any]]:
    """What a validator asks; nothing for one that is not known."""
    known = _KNOWN.get(type(validator).__name__)
    return known(validator) if known is not None else []


def has_validators(annotation: Any) -> bool:
    """An attrs class that asks more of its fields than their types."""
    fields = annotation.__dict__.get("__attrs_attrs__") if isinstance(annotation, type) else None
    return any(constraints(field.validator) for field in fields or ())


def of_field(cls: type, name: str) -> list[Mapping[str, Any]]:
    """What the validators of one field ask, by the name it is given under."""
    for field in cls.__dict__.get("__attrs_attrs__", ()):
        if field.alias == name:
            return constraints(field.validator)
    return []


def _instance(validator: Any) -> list[Mapping[str, Any]]:
    wanted = validator.type if isinstance(validator.type, tuple) else (validator.type,)
    names = [_TYPES[cls] for cls in wanted if cls in _TYPES]
    return [{"type": names}] if len(names) == len(wanted) else []


def _among(validator: Any) -> list[Mapping[str, Any]]:
    options = getattr(validator, "_original_options", None) or validator.options
    try:
        return [{"enum": [getattr(option, "value", option) for option in options]}]
    except TypeError:
        return []


def _number(validator: Any) -> list[Mapping[str, Any]]:
    keyword = _BOUNDS.get(validator.compare_op)
    return [{keyword: validator.bound}] if keyword is not None else []


def _matching(validator: Any) -> list[Mapping[str, Any]]:
    pattern = validator.pattern
    return [{"pattern": f"^(?:{pattern.pattern})$"}] if isinstance(pattern, re.Pattern) else []


def _longest(validator: Any) -> list[Mapping[str, Any]]:
    return [{"maxLength": validator.max_length, "maxItems": validator.max_length}]


def _shortest(validator: Any) -> list[Mapping[str, Any]]:
    return [{"minLength": validator.min_length, "minItems": validator.min_length}]


def _each(validator: Any) -> list[Mapping[str, Any]]:
    inner = constraints(validator.member_validator)
    outer = constraints(validator.iterable_validator)
    return [*outer, *([{"items": {"allOf": inner}}] if inner else [])]


def _all(validator: Any) -> list[Mapping[str, Any]]:
    return [found for inner in validator._validators for found in constraints(inner)]


def _optional(validator: Any) -> list[Mapping[str, Any]]:
    inner = constraints(validator.validator)
    return [{"anyOf": [{"type": "null"}, {"allOf": inner}]}] if inner else []


_KNOWN: dict[str, Callable[[Any], list[Mapping[str, Any]]]] = {
    "_InstanceOfValidator": _instance,
    "_InValidator": _among,
    "_NumberValidator": _number,
    "_MatchesReValidator": _matching,
    "_MaxLengthValidator": _longest,
    "_MinLengthValidator": _shortest,
    "_DeepIterable": _each,
    "_AndValidator": _all,
    "_OptionalValidator": _optional,
}
