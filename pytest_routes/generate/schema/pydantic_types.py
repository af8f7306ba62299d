"""JSON Schema of a type as pydantic reads it.

pydantic's own schema leaves out some of what it checks: the names of a dict's members, bounds
of dates, which URL schemes, how a string is cleaned. The generator below adds that under keys
beginning with `x-`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pydantic import ByteSize, TypeAdapter
from pydantic.errors import PydanticUserError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_BOUNDS = ("ge", "gt", "le", "lt")
_ZONES = {"aware": "aware", "naive": "naive"}


class NotReadByPydantic(Exception):
    """pydantic knows no schema for the type."""


def pydantic_schema(
    annotation: Any, *, answer: bool = False, by_alias: bool = True
) -> Mapping[str, Any]:
    """What pydantic takes for a type, or (`answer`) what it writes. Raises NotReadByPydantic."""
    try:
        adapter: TypeAdapter[Any] = TypeAdapter(annotation)
        return adapter.json_schema(
            by_alias=by_alias,
            schema_generator=_Answer if answer else _Wire,
            mode="serialization" if answer else "validation",
        )
    # A type whose names cannot be resolved raises NameError, and its author's own code (a
    # `__get_pydantic_json_schema__`) may raise anything.
    except (PydanticUserError, Exception) as error:
        raise NotReadByPydantic(f"{annotation!r}: {error}") from error


class _Answer(GenerateJsonSchema):
    """Does not mind what it does not know."""

    ignored_warning_kinds = {"skipped-choice", "non-serializable-default", "skipped-discriminator"}  # noqa: RUF012

    def handle_invalid_for_json_schema(self, schema: Any, error_info: str) -> JsonSchemaValue:  # noqa: ARG002
        return {}


class _Wire(_Answer):
    """Says more than the standard has words for."""

    def __init__(self, *arguments: Any, **keywords: Any) -> None:
        super().__init__(*arguments, **keywords)
        self._configs: list[Mapping[str, Any]] = [{}]

    def model_schema(self, schema: Any) -> JsonSchemaValue:
        return self._configured(schema, super().model_schema)

    def dataclass_schema(self, schema: Any) -> JsonSchemaValue:
        return self._configured(schema, super().dataclass_schema)

    def typed_dict_schema(self, schema: Any) -> JsonSchemaValue:
        return self._configured(schema, super().typed_dict_schema)

    def _configured(self, schema: Any, make: Callable[[Any], JsonSchemaValue]) -> JsonSchemaValue:
        """A model's configuration says how its own strings are cleaned, not those of others."""
        self._configs.append(schema.get("config") or {})
        try:
            return make(schema)
        finally:
            self._configs.pop()

    def str_schema(self, schema: Any) -> JsonSchemaValue:
        found = super().str_schema(schema)
        if found.get("pattern") == ByteSize.byte_string_pattern:
            # The pattern takes any word for a unit, what reads it afterwards does not.
            return {"type": "string", "format": "byte-size"}
        config = self._configs[-1]

        def asked(name: str) -> Any:
            return schema.get(name, config.get(f"str_{name}"))

        if asked("strip_whitespace"):
            found["x-strip"] = True
        if asked("to_upper") or asked("to_lower") or schema.get("ascii_only"):
            found["x-ascii"] = True
        for name, keyword in (("min_length", "minLength"), ("max_length", "maxLength")):
            if asked(name):
                found.setdefault(keyword, asked(name))
        return found

    def bytes_schema(self, schema: Any) -> JsonSchemaValue:
        found = super().bytes_schema(schema)
        if "min_length" in schema or "max_length" in schema:
            found["x-ascii"] = True  # it is the bytes of UTF-8 that are counted
        return found

    def date_schema(self, schema: Any) -> JsonSchemaValue:
        return {**super().date_schema(schema), **_limits(schema)}

    def time_schema(self, schema: Any) -> JsonSchemaValue:
        return {**super().time_schema(schema), **_limits(schema)}

    def datetime_schema(self, schema: Any) -> JsonSchemaValue:
        return {**super().datetime_schema(schema), **_limits(schema)}

    def timedelta_schema(self, schema: Any) -> JsonSchemaValue:
        return {"type": "string", "format": "duration", **_limits(schema)}

    def decimal_schema(self, schema: Any) -> JsonSchemaValue:
        found = {"format": "decimal", "x-number": True, "type": "string", **_limits(schema)}
        for key, word in _DECIMALS.items():
            if schema.get(key) is not None:
                found[word] = schema[key]
        return found

    def complex_schema(self, schema: Any) -> JsonSchemaValue:  # noqa: ARG002
        return {"type": "string", "format": "complex"}

    def url_schema(self, schema: Any) -> JsonSchemaValue:
        found = super().url_schema(schema)
        found["x-schemes"] = schema.get("allowed_schemes") or []
        return found

    def multi_host_url_schema(self, schema: Any) -> JsonSchemaValue:
        found = super().multi_host_url_schema(schema)
        found["x-schemes"] = schema.get("allowed_schemes") or []
        return found

    def dict_schema(self, schema: Any) -> JsonSchemaValue:
        found = super().dict_schema(schema)
        keys = schema.get("keys_schema")
        if "patternProperties" in found:
            found["additionalProperties"] = False
        elif keys is not None and "propertyNames" not in found:
            names = self.generate_inner(keys)
            if names and names != {"type": "string"}:
                found["propertyNames"] = names
        return found


_DECIMALS = {"max_digits": "x-digits", "decimal_places": "x-places", "multiple_of": "x-multiple"}


def _limits(schema: Any) -> JsonSchemaValue:
    """Bounds of a value that JSON has no type for, and its time zone."""
    found: JsonSchemaValue = {}
    bounds = {name: schema[name] for name in _BOUNDS if schema.get(name) is not None}
    if bounds:
        found["x-bounds"] = bounds
    if schema.get("now_op"):
        found["x-now"] = schema["now_op"]
    zone = _ZONES.get(schema.get("tz_constraint"))
    if zone:
        found["x-zone"] = zone
    return found
