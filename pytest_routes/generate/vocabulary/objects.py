"""Objects of the running application: looked at, without running any code of it."""

from __future__ import annotations

import contextlib
import enum
import functools
import struct
from types import (
    FunctionType,
    MappingProxyType,
    MemberDescriptorType,
    MethodType,
    ModuleType,
)
from typing import Any

ABSENT: Any = object()


def plain(thing: Any) -> Any:
    """An enumeration's member as the value that travels; everything else as it is."""
    return thing._value_ if isinstance(thing, enum.Enum) else thing


def members(cls: type) -> list[Any]:
    """The members of an enumeration."""
    return list(cls.__dict__.get("_member_map_", {}).values())


def attribute(thing: Any, name: str) -> Any:
    """An attribute that can be read without running any code of the application."""
    if isinstance(thing, ModuleType):
        return thing.__dict__.get(name, ABSENT)
    if isinstance(thing, enum.Enum):
        return {"value": thing._value_, "name": thing._name_}.get(name, ABSENT)
    if isinstance(thing, type):
        if issubclass(thing, enum.Enum) and name in thing.__dict__.get("_member_map_", {}):
            return thing.__dict__["_member_map_"][name]
        if name == "__name__":
            return thing.__name__
        return class_attribute(thing, name)
    if isinstance(thing, MethodType):
        return ABSENT
    if isinstance(thing, FunctionType) and name == "__name__":
        return thing.__name__
    if isinstance(thing, struct.Struct):
        return {"size": thing.size, "format": thing.format}.get(name, ABSENT)
    try:
        own = object.__getattribute__(thing, "__dict__")
    except (AttributeError, TypeError):
        own = {}
    if isinstance(own, dict) and name in own:
        return own[name]
    if type(thing).__name__ == "State":
        return _in_state(thing, name)
    return class_attribute(type(thing), name, thing)


def _in_state(thing: Any, name: str) -> Any:
    """What the `state` of an application has under this name."""
    try:
        known = object.__getattribute__(thing, "_state")
    except AttributeError:
        known = {}
    if isinstance(known, dict) and name in known:
        return known[name]
    return class_attribute(type(thing), name)


def class_attribute(cls: type, name: str, thing: Any = ABSENT) -> Any:
    """What a class has under a name; of a slot what `thing` has in it."""
    for owner in cls.__mro__:
        if name in owner.__dict__:
            found = owner.__dict__[name]
            return _in_slot(found, thing) if isinstance(found, MemberDescriptorType) else found
    return ABSENT


def _in_slot(slot: MemberDescriptorType, thing: Any) -> Any:
    if thing is ABSENT:
        return ABSENT
    try:
        return slot.__get__(thing)
    except AttributeError:  # not filled yet
        return ABSENT


def registered_types(thing: Any) -> list[tuple[type, Any]]:
    """The functions of `functools.singledispatch`, or of the method of that kind, by type."""
    if isinstance(thing, functools.singledispatchmethod):
        thing = thing.dispatcher
    registry = getattr(thing, "registry", None) if isinstance(thing, FunctionType) else None
    return list(registry.items()) if isinstance(registry, MappingProxyType) else []


def underlying(thing: Any) -> FunctionType | None:
    """The plain function behind a static or class method, a wrapper or a property."""
    for _ in range(8):
        if isinstance(thing, FunctionType):
            if thing.__code__.co_filename != contextlib.__file__:
                return thing
            # A context manager that a generator makes.
            thing = getattr(thing, "__wrapped__", None)
        elif isinstance(thing, (staticmethod, classmethod, MethodType)):
            thing = thing.__func__
        elif isinstance(thing, property):
            thing = thing.fget
        else:
            return None
    return None


def annotations_of(function: FunctionType) -> dict[str, Any]:
    """The declared types of a function's parameters; those that are written as names, as all are
    behind `from __future__ import annotations`, are looked up."""
    return {
        name: _named(function, declared) if isinstance(declared, str) else declared
        for name, declared in function.__annotations__.items()
    }


def _named(function: FunctionType, declared: str) -> Any:
    first, *others = declared.strip().split(".")
    if not all(map(str.isidentifier, (first, *others))):
        return declared
    free = dict(zip(function.__code__.co_freevars, function.__closure__ or (), strict=False))
    try:
        found = free[first].cell_contents if first in free else function.__globals__[first]
    except (KeyError, ValueError):
        return declared
    for name in others:
        found = attribute(found, name)
    return declared if found is ABSENT else found
