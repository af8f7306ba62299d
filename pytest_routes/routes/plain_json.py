"""Which types JSON decodes to without being told."""

from __future__ import annotations

import types
import typing
from typing import Any, Literal, Union, get_args, get_origin

_SCALARS = frozenset({str, int, float, bool, None, type(None)})
_CONTAINERS = frozenset({list, dict})


def is_plain_json(annotation: Any) -> bool:
    """Whether decoded JSON can be of this type: `dict[str, int]`, but no dataclass.

    `Any` and `object` say nothing, and are not counted.
    """
    return _is_plain(annotation, depth=0)


def _is_plain(annotation: Any, depth: int) -> bool:
    if depth > 20:  # a type that contains itself
        return True
    if typing.is_typeddict(annotation):
        hints = typing.get_type_hints(annotation)
        return all(_is_plain(hint, depth + 1) for hint in hints.values())
    if annotation in _SCALARS or annotation in _CONTAINERS:
        return True
    origin = get_origin(annotation)
    arguments = get_args(annotation)
    if origin in (list, dict, Union, types.UnionType, typing.Required, typing.NotRequired):
        return all(each is Any or _is_plain(each, depth + 1) for each in arguments)
    if origin is Literal:
        return all(type(value) in _SCALARS for value in arguments)
    return origin is typing.Annotated and _is_plain(arguments[0], depth + 1)
