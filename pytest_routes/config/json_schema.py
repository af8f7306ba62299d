"""The JSON Schema of `[tool.pytest-routes]`, for editors.

It has the form that SchemaStore takes for a `tool.*` table of `pyproject.toml`: draft 7, one
self-contained file, no key that is not described.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_routes.config.catalogue import option_of, table_of
from pytest_routes.config.checks import HttpChecks, WebSocketChecks
from pytest_routes.config.model import Config, Override
from pytest_routes.config.tables import AuthConfig, HttpConfig, WebSocketConfig

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import BaseModel

Schema: TypeAlias = dict[str, Any]

_REFERENCE = "#/definitions/"
_TABLES: tuple[type[BaseModel], ...] = (
    AuthConfig,
    WebSocketConfig,
    WebSocketChecks,
    HttpConfig,
    HttpChecks,
)


def json_schema() -> Schema:
    """The schema as plain JSON data."""
    generated = Config.model_json_schema(ref_template=_REFERENCE + "{model}")
    definitions = {name: _tidy(schema) for name, schema in generated.pop("$defs").items()}
    for model in _TABLES:
        name = f"{model.__name__}PerRoute"
        definitions[name] = _per_route(model, definitions[model.__name__])
    definitions["Override"] = _override(definitions)
    table = _tidy(generated)
    table["properties"]["auth"] = _auth("AuthConfig", definitions)
    return {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "$id": "https://www.schemastore.org/partial-pytest-routes.json",
        "$comment": "tool.pytest-routes table in pyproject.toml",
        **{key: table[key] for key in ("description", "type", "additionalProperties")},
        "properties": table["properties"],
        "definitions": dict(sorted(definitions.items())),
    }


def _tidy(schema: Any) -> Any:
    """Without titles, without `null` (TOML has none), without defaults beside a reference."""
    if isinstance(schema, list):
        return [_tidy(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    if "$ref" in schema:
        return {"$ref": schema["$ref"]}
    if "allOf" in schema:  # a reference with a default beside it, before pydantic 2.9
        return _tidy(schema["allOf"][0])
    tidy = {
        key: _tidy(value)
        for key, value in schema.items()
        if not (key == "title" and isinstance(value, str))
        and not (key == "default" and value in (None, [], {}))
    }
    members = [item for item in tidy.get("anyOf", ()) if item != {"type": "null"}]
    if len(members) == 1 and "anyOf" in tidy:
        del tidy["anyOf"]
        tidy = {**members[0], **tidy}
    if "description" in tidy and isinstance(tidy["description"], str):
        first = tidy["description"].partition("\n\n")[0]
        tidy["description"] = " ".join(first.split()).replace("`", "")
    return tidy


def _per_route(model: type[BaseModel], table: Schema) -> Schema:
    """A table as an override may have it: without the options of the whole run."""
    properties = {}
    for name, schema in table["properties"].items():
        field = model.model_fields[name]
        below = table_of(field)
        option = option_of(field)
        if below is not None:
            properties[name] = {"$ref": f"{_REFERENCE}{below.__name__}PerRoute"}
        elif option is not None and option.per_route:
            properties[name] = _without_default(schema)
    return {**table, "properties": properties}


def _override(definitions: dict[str, Schema]) -> Schema:
    """An override; it may name the options of the tables without the table."""
    override = deepcopy(definitions["Override"])
    properties: dict[str, Schema] = {}
    for name, schema in override["properties"].items():
        below = table_of(Override.model_fields[name])
        if name == "auth":
            properties[name] = _auth("AuthConfigPerRoute", definitions)
        elif below is not None:
            properties[name] = {"$ref": f"{_REFERENCE}{below.__name__}PerRoute"}
        else:
            properties[name] = _without_default(schema)
    for name, schema in _short_forms(definitions):
        properties.setdefault(name, schema)
    return {**override, "properties": properties}


def _short_forms(definitions: dict[str, Schema]) -> Iterator[tuple[str, Schema]]:
    for table in ("WebSocketConfigPerRoute", "HttpConfigPerRoute"):
        for name, schema in definitions[table]["properties"].items():
            if "$ref" not in schema:
                yield name, schema
    checks = {
        **definitions["HttpChecksPerRoute"]["properties"],
        **definitions["WebSocketChecksPerRoute"]["properties"],
    }
    yield (
        "checks",
        {
            "type": "object",
            "description": "severities of checks, for WebSocket and HTTP routes alike",
            "additionalProperties": False,
            "properties": checks,
        },
    )


def _auth(definition: str, definitions: dict[str, Schema]) -> Schema:
    """The table, or the credentials alone."""
    credentials = _without_default(definitions["AuthConfig"]["properties"]["credentials"])
    return {"anyOf": [credentials, {"$ref": _REFERENCE + definition}]}


def _without_default(schema: Schema) -> Schema:
    return {key: value for key, value in schema.items() if key != "default"}
