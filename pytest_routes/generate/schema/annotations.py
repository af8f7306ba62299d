"""JSON Schema of a declared type, told by the library that will read it."""

from __future__ import annotations

import enum
import importlib.util
import sys
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args, get_origin

from pytest_routes.generate.schema.attrs_validators import has_validators
from pytest_routes.generate.schema.structure import hints_of, members_of, schema_by_structure

if TYPE_CHECKING:
    from collections.abc import Mapping

Library: TypeAlias = Literal["pydantic", "msgspec"]


def schema_of(annotation: Any, prefer: Library | None = None) -> Mapping[str, Any]:
    """What may be sent for a type.

    `prefer` is the library that reads types which both know, such as a dataclass; without it
    that is pydantic, unless the type is made of what only msgspec knows. A type that no
    library knows may be anything: `{}`.
    """
    if is_upload(annotation):
        return UPLOAD
    if has_validators(annotation):
        return schema_by_structure(annotation, lambda part: _leaf(part, "msgspec"))
    if prefer is None:
        prefer = "msgspec" if _needs_msgspec(annotation) else "pydantic"
    found = _by_library(annotation, prefer)
    if found is not None:
        return found
    return schema_by_structure(annotation, lambda part: _leaf(part, prefer))


def answer_schemas(annotation: Any) -> list[Mapping[str, Any]]:
    """What may be answered for a type: by its aliases, or by its names. Empty: not known."""
    from pytest_routes.generate.schema.pydantic_types import NotReadByPydantic, pydantic_schema

    if not _needs_msgspec(annotation):
        try:
            return [
                pydantic_schema(annotation, answer=True, by_alias=by_alias)
                for by_alias in (True, False)
            ]
        except NotReadByPydantic:
            pass
    found = _by_msgspec(annotation)
    return [found] if found is not None else []


UPLOAD: dict[str, Any] = {"type": "string", "format": "binary", "x-file": True}
"""A file of a multipart form."""


def is_upload(annotation: Any) -> bool:
    """Whether the type is a framework's uploaded file."""
    if not isinstance(annotation, type):
        return False
    owners = {owner.__module__.partition(".")[0] for owner in annotation.__mro__}
    return annotation.__name__ == "UploadFile" and bool(owners & {"starlette", "litestar"})


def _leaf(annotation: Any, prefer: Library) -> Mapping[str, Any]:
    if is_upload(annotation):
        return UPLOAD
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return {"enum": [member.value for member in annotation if _is_json(member.value)]}
    return _by_library(annotation, prefer) or {}


def _is_json(value: Any) -> bool:
    return value is None or isinstance(value, str | int | float | list | tuple | dict)


def _by_library(annotation: Any, prefer: Library) -> Mapping[str, Any] | None:
    order = (_by_msgspec, _by_pydantic) if prefer == "msgspec" else (_by_pydantic, _by_msgspec)
    for read in order:
        found = read(annotation)
        if found is not None:
            return found
    return None


def _by_pydantic(annotation: Any) -> Mapping[str, Any] | None:
    from pytest_routes.generate.schema.pydantic_types import NotReadByPydantic, pydantic_schema

    try:
        return pydantic_schema(annotation)
    except NotReadByPydantic:
        return None


def _by_msgspec(annotation: Any) -> Mapping[str, Any] | None:
    if importlib.util.find_spec("msgspec") is None:
        return None
    from pytest_routes.generate.schema.msgspec_types import NotReadByMsgspec, msgspec_schema

    try:
        return msgspec_schema(annotation, _of_custom)
    except NotReadByMsgspec:
        return None


def _of_custom(cls: Any) -> Mapping[str, Any]:
    """A class that msgspec leaves to the framework's hooks."""
    return UPLOAD if is_upload(cls) else _by_pydantic(cls) or {}


def _needs_msgspec(annotation: Any) -> bool:
    """Whether a type is made of Structs, `Meta` or attrs classes, which pydantic ignores."""
    msgspec = sys.modules.get("msgspec")
    waiting, met = [annotation], set()
    while waiting:
        part = waiting.pop()
        if id(part) in met:
            continue
        met.add(id(part))
        if msgspec is not None:
            if isinstance(part, type) and issubclass(part, msgspec.Struct):
                return True
            if any(isinstance(m, msgspec.Meta) for m in getattr(part, "__metadata__", ())):
                return True
        if isinstance(part, type) and "__attrs_attrs__" in part.__dict__:
            return True
        waiting.extend(get_args(part) if get_origin(part) is not Literal else ())
        if members_of(part) is not None:
            waiting.extend(hints_of(part).values())
    return False
