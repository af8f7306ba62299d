"""Types of parameters under names of their own: `Role = Literal["rider", "driver"]`."""

from __future__ import annotations

import enum
import types
import typing
from datetime import date, time
from decimal import Decimal
from typing import Any
from uuid import UUID

_PLAIN: tuple[type, ...] = (str, int, float, Decimal, UUID, date, time, enum.Enum)


def is_plain_type(annotation: Any) -> bool:
    """A parameter of the handshake may have it: what is written in a path or a query, and no
    dependency."""
    annotation = getattr(annotation, "__value__", annotation)
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        marks = {type(mark).__name__ for mark in annotation.__metadata__}
        return "Depends" not in marks and is_plain_type(annotation.__origin__)
    if origin is typing.Literal:
        return True
    if origin in (typing.Union, types.UnionType):
        return any(map(is_plain_type, typing.get_args(annotation)))
    made_of = getattr(annotation, "__supertype__", annotation)
    return isinstance(made_of, type) and issubclass(made_of, _PLAIN)
