"""Attributes whose assignment runs a function of the application."""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING

from pytest_routes.generate.vocabulary.objects import class_attribute
from pytest_routes.generate.vocabulary.parameters import Arguments
from pytest_routes.generate.vocabulary.values import Bound, Instance, Live, Value

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.reader import Reader


def set_property(reader: Reader, instance: Instance, name: str, value: Value) -> bool:
    """Read the setter of a property; False: the attribute has none."""
    found = class_attribute(instance.cls, name)
    setter = found.fset if isinstance(found, property) else None
    if not isinstance(setter, FunctionType) or not reader.owns(setter):
        return False
    reader.call(Bound(Live(setter), ((instance,),)), Arguments((value,)))
    return True
