"""The keywords of JSON Schema that speak of the members of an object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.schema.document import target
from pytest_routes.generate.schema.regex import compiled
from pytest_routes.generate.schema.wording import at, shown

if TYPE_CHECKING:
    from pytest_routes.generate.schema.validation import Validator


def declared(validator: Validator, value: Any, properties: Any, __: Any) -> str | None:
    if isinstance(value, dict):
        for name, schema in properties.items():
            if name in value:
                found = validator.problem(value[name], schema)
                if found is not None:
                    return at(f".{name}", found)
    return None


def required(_: Validator, value: Any, names: Any, __: Any) -> str | None:
    if isinstance(value, dict):
        for name in names:
            if name not in value:
                return f"expected a member {name!r}, got {shown(value)}"
    return None


def matching(validator: Validator, value: Any, patterns: Any, __: Any) -> str | None:
    if isinstance(value, dict):
        for pattern, schema in patterns.items():
            regex = compiled(pattern)
            for name in value:
                if regex is not None and regex.search(name):
                    found = validator.problem(value[name], schema)
                    if found is not None:
                        return at(f".{name}", found)
    return None


def additional(
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


def names(validator: Validator, value: Any, schema: Any, __: Any) -> str | None:
    if isinstance(value, dict):
        for name in value:
            found = validator.problem(name, schema)
            if found is not None and not _is_other_key(validator, name, schema):
                return f"the name of member {name!r}: {found}"
    return None


def _is_other_key(validator: Validator, name: str, schema: Any) -> bool:
    """A name that stands for a number or a boolean, as the declared type of the key says."""
    if isinstance(schema, Mapping) and target(schema) is not None:
        schema = validator.document.find(str(target(schema)))
    try:
        key = json.loads(name)
    except ValueError:
        return False
    says = schema.get("type", "string" if "enum" not in schema else None)
    is_other = not isinstance(key, str | None) and says != "string"
    return is_other and validator.fits(key, schema)


def required_beside(_: Validator, value: Any, dependencies: Any, __: Any) -> str | None:
    if isinstance(value, dict):
        for name, others in dependencies.items():
            for other in others:
                if name in value and other not in value:
                    return f"expected a member {other!r} beside {name!r}"
    return None


def asked_beside(validator: Validator, value: Any, schemas: Any, __: Any) -> str | None:
    if isinstance(value, dict):
        for name, schema in schemas.items():
            if name in value:
                found = validator.problem(value, schema)
                if found is not None:
                    return found
    return None


def unevaluated(
    validator: Validator, value: Any, schema: Any, around: Mapping[str, Any]
) -> str | None:
    if not isinstance(value, dict):
        return None
    seen = _evaluated(validator, value, around)
    for name, member in value.items():
        if name not in seen:
            if schema is False:
                return f"expected no member {name!r}"
            found = validator.problem(member, schema)
            if found is not None:
                return at(f".{name}", found)
    return None


def _evaluated(validator: Validator, value: dict[str, Any], schema: Any) -> set[str]:
    """The members that a schema, or one that is applied with it, has a word for."""
    if isinstance(schema, bool):
        return set()
    if schema.get("additionalProperties", False) is not False:
        return set(value)
    found = set(schema.get("properties", ()))
    patterns = [compiled(pattern) for pattern in schema.get("patternProperties", ())]
    found |= {name for name in value if any(p is not None and p.search(name) for p in patterns)}
    applied = list(schema.get("allOf", ()))
    reference = target(schema)
    if reference is not None:
        applied.append(validator.document.find(reference))
    for keyword in ("anyOf", "oneOf"):
        applied += [each for each in schema.get(keyword, ()) if validator.fits(value, each)]
    if "if" in schema:
        holds = validator.fits(value, schema["if"])
        applied += [schema["if"], schema.get("then", True)] if holds else [schema.get("else", True)]
    for each in applied:
        found |= _evaluated(validator, value, each)
    return found
