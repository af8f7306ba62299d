"""JSON Schema of a type as msgspec reads it, from what msgspec says of the type.

msgspec's own schema leaves out the keys of a dict and what a time without `tz` looks like.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from msgspec import inspect as i

from pytest_routes.generate.schema.document import moved_in

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class NotReadByMsgspec(Exception):
    """msgspec knows no schema for the type."""


def msgspec_schema(annotation: Any, other: Callable[[Any], Mapping[str, Any]]) -> dict[str, Any]:
    """What msgspec takes for a type; `other` tells the schema of what it does not know.

    Raises NotReadByMsgspec.
    """
    try:
        found = i.type_info(annotation)
    except Exception as error:  # whatever the author's own classes raise
        raise NotReadByMsgspec(f"{annotation!r}: {error}") from error
    return _Reader(other).document(found)


class _Reader:
    def __init__(self, other: Callable[[Any], Mapping[str, Any]]) -> None:
        self.other = other
        self.definitions: dict[str, Any] = {}
        self.names: dict[int, str] = {}

    def document(self, root: i.Type) -> dict[str, Any]:
        found = self.schema(root)
        return {**found, "$defs": self.definitions} if self.definitions else found

    def schema(self, info: i.Type) -> dict[str, Any]:
        reader = _READERS.get(type(info))
        return reader(self, info) if reader is not None else {}

    def defined(self, info: Any, make: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """A class is described once, and referred to: it may refer to itself."""
        # msgspec gives a class one object, and a generic class one for each of its arguments.
        name = self.names.get(id(info))
        if name is None:
            title = info.cls.__name__
            name = title if title not in self.definitions else f"{title}-{len(self.names)}"
            self.names[id(info)] = name
            self.definitions[name] = {}
            self.definitions[name] = {"title": title, **make()}
        return {"$ref": f"#/$defs/{name}"}

    def fields(self, fields: Any) -> dict[str, Any]:
        return {
            "type": "object",
            "properties": {field.encode_name: self.schema(field.type) for field in fields},
            "required": [field.encode_name for field in fields if field.required],
        }


def _number(kind: str) -> Callable[[_Reader, Any], dict[str, Any]]:
    words = {
        "ge": "minimum",
        "gt": "exclusiveMinimum",
        "le": "maximum",
        "lt": "exclusiveMaximum",
        "multiple_of": "multipleOf",
    }

    def read(_: _Reader, info: Any) -> dict[str, Any]:
        found = {word: getattr(info, key) for key, word in words.items()}
        return {"type": kind, **_given(found)}

    return read


def _given(found: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in found.items() if value is not None}


def _string(_: _Reader, info: i.StrType) -> dict[str, Any]:
    found = {
        "minLength": info.min_length,
        "maxLength": info.max_length,
        "pattern": info.pattern,
    }
    return {"type": "string", **_given(found)}


def _bytes(_: _Reader, info: Any) -> dict[str, Any]:
    found = {"type": "string", "format": "base64"}
    if info.min_length is None and info.max_length is None:
        return found
    most = math.inf if info.max_length is None else info.max_length
    return {**found, "x-bytes": (info.min_length or 0, most)}


def _text(name: str) -> Callable[[_Reader, Any], dict[str, Any]]:
    return lambda _, __: {"type": "string", "format": name}


def _time(name: str) -> Callable[[_Reader, Any], dict[str, Any]]:
    def read(_: _Reader, info: Any) -> dict[str, Any]:
        zone = {True: "aware", False: "naive"}.get(info.tz)
        return {"type": "string", "format": name, **({"x-zone": zone} if zone else {})}

    return read


def _array(reader: _Reader, info: Any) -> dict[str, Any]:
    found = {
        "minItems": info.min_length,
        "maxItems": info.max_length,
        "uniqueItems": True if isinstance(info, i.SetType | i.FrozenSetType) else None,
    }
    return {"type": "array", "items": reader.schema(info.item_type), **_given(found)}


def _tuple(reader: _Reader, info: i.TupleType) -> dict[str, Any]:
    return _fixed([reader.schema(each) for each in info.item_types], len(info.item_types))


def _fixed(items: list[dict[str, Any]], least: int) -> dict[str, Any]:
    return {
        "type": "array",
        "prefixItems": items,
        "items": False,
        "minItems": least,
        "maxItems": len(items),
    }


def _dict(reader: _Reader, info: i.DictType) -> dict[str, Any]:
    names = reader.schema(info.key_type)
    found = {
        "minProperties": info.min_length,
        "maxProperties": info.max_length,
        "propertyNames": names if names not in ({"type": "string"}, {}) else None,
    }
    return {
        "type": "object",
        "additionalProperties": reader.schema(info.value_type),
        **_given(found),
    }


def _union(reader: _Reader, info: i.UnionType) -> dict[str, Any]:
    return {"anyOf": [reader.schema(each) for each in info.types]}


def _literal(_: _Reader, info: i.LiteralType) -> dict[str, Any]:
    # msgspec sorts them by hash; the order has to be the same in every run.
    return {"enum": sorted(info.values, key=lambda value: (str(type(value)), str(value)))}


def _enum(_: _Reader, info: i.EnumType) -> dict[str, Any]:
    return {"enum": [member.value for member in info.cls]}


def _metadata(reader: _Reader, info: i.Metadata) -> dict[str, Any]:
    return {**reader.schema(info.type), **(info.extra_json_schema or {})}


def _struct(reader: _Reader, info: i.StructType) -> dict[str, Any]:
    return reader.defined(info, lambda: _fields_of_struct(reader, info))


def _fields_of_struct(reader: _Reader, info: i.StructType) -> dict[str, Any]:
    tag = {"const": info.tag} if info.tag_field is not None else None
    if info.array_like:
        items = [reader.schema(field.type) for field in info.fields]
        required = [field.required for field in info.fields]
        least = len(required) if all(required) else required.index(False)
        if tag is not None:
            items, least = [tag, *items], least + 1
        found = _fixed(items, least)
        if not info.forbid_unknown_fields:
            found.pop("maxItems")
            found.pop("items")
        return found
    found = reader.fields(info.fields)
    if tag is not None:
        found["properties"] = {info.tag_field: tag, **found["properties"]}
        found["required"] = [info.tag_field, *found["required"]]
    if info.forbid_unknown_fields:
        found["additionalProperties"] = False
    return found


def _named_tuple(reader: _Reader, info: i.NamedTupleType) -> dict[str, Any]:
    return reader.defined(
        info,
        lambda: _fixed(
            [reader.schema(field.type) for field in info.fields],
            sum(field.required for field in info.fields),
        ),
    )


def _record(reader: _Reader, info: Any) -> dict[str, Any]:
    return reader.defined(info, lambda: reader.fields(info.fields))


def _custom(reader: _Reader, info: i.CustomType) -> dict[str, Any]:
    schema = reader.other(info.cls)
    prefix = f"{info.cls.__name__}-{len(reader.definitions)}"
    return dict(moved_in(schema, reader.definitions, prefix))


_READERS: dict[type, Callable[[_Reader, Any], dict[str, Any]]] = {
    i.NoneType: lambda _, __: {"type": "null"},
    i.BoolType: lambda _, __: {"type": "boolean"},
    i.IntType: _number("integer"),
    i.FloatType: _number("number"),
    i.StrType: _string,
    i.BytesType: _bytes,
    i.ByteArrayType: _bytes,
    i.MemoryViewType: _bytes,
    i.DateTimeType: _time("date-time"),
    i.TimeType: _time("time"),
    i.DateType: _text("date"),
    i.TimeDeltaType: _text("duration"),
    i.UUIDType: _text("uuid"),
    i.DecimalType: lambda _, __: {"type": "string", "format": "decimal", "x-number": True},
    i.ListType: _array,
    i.VarTupleType: _array,
    i.SetType: _array,
    i.FrozenSetType: _array,
    i.CollectionType: _array,
    i.TupleType: _tuple,
    i.DictType: _dict,
    i.UnionType: _union,
    i.LiteralType: _literal,
    i.EnumType: _enum,
    i.Metadata: _metadata,
    i.StructType: _struct,
    i.NamedTupleType: _named_tuple,
    i.DataclassType: _record,
    i.TypedDictType: _record,
    i.CustomType: _custom,
}
if hasattr(i, "FrozenDictType"):  # msgspec 0.20
    _READERS[i.FrozenDictType] = _dict
