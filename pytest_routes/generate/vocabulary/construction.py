"""What making an object of a declared class says about the parts of a message it is made of."""

from __future__ import annotations

import inspect
from types import FunctionType
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.schema.attrs_validators import constraints
from pytest_routes.generate.vocabulary.comparisons import compared
from pytest_routes.generate.vocabulary.methods import converted
from pytest_routes.generate.vocabulary.nested import declared_member
from pytest_routes.generate.vocabulary.objects import class_attribute
from pytest_routes.generate.vocabulary.parameters import USES, Arguments
from pytest_routes.generate.vocabulary.validators import AFTERWARDS
from pytest_routes.generate.vocabulary.values import (
    Bound,
    Decoder,
    Instance,
    Live,
    Part,
    Table,
    Value,
    constants,
    parts,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Term


def modelled(reader: Reader, cls: type, arguments: Arguments) -> Value:
    """`Model(**data)` converts the message; `Model(x=data["x"])` tells the type of a part, and
    what is asked of it."""
    parent = _members_of(arguments.double_star)
    if parent is not None:
        return converted(reader, Decoder(cls, None), Arguments(((Part(parent),),)))
    if arguments.double_star and not arguments.dumped:
        return converted(reader, Decoder(cls, None), Arguments((arguments.double_star,)))
    annotations: dict[str, Any] = {}
    for owner in reversed(cls.__mro__):
        annotations.update(inspect.get_annotations(owner))
    given = [*zip(annotations, arguments.positional, strict=False), *arguments.keywords]
    instance = Instance(cls, dict(given))
    for name, value in given:
        annotation = annotations.get(name)
        if isinstance(annotation, type) and annotation.__module__ == "builtins":
            annotation = annotation.__name__
        for term in parts(value):
            term.use(*USES.get(str(annotation), ()))
        if hasattr(cls, "__pydantic_validator__"):
            declared_member(reader, value, cls, name)
        _validated(reader, instance, name, value)
    for method in AFTERWARDS:
        function = class_attribute(cls, method)
        if isinstance(function, FunctionType) and reader.owns(function):
            reader.call(Bound(Live(function), ((instance,),)), Arguments())
    return (instance,)


def _members_of(spread: Value) -> Term | None:
    """The part of a message whose members, each under its own name, were put into a dict:
    `values[name] = data[name]`."""
    found: dict[Term, None] = {}
    for table in (atom for atom in spread if isinstance(atom, Table)):
        for name, value in table.entries:
            for term in parts(value):
                if term.role != "field" or term.parent is None or term.key not in constants(name):
                    return None
                found[term.parent] = None
    return next(iter(found)) if len(found) == 1 else None


def _validated(reader: Reader, instance: Instance, name: str, value: Value) -> None:
    """What the validators of an attrs class ask of one of its fields."""
    fields = instance.cls.__dict__.get("__attrs_attrs__", ())
    for validator in (v for field in fields if field.alias == name for v in _each(field.validator)):
        if isinstance(validator, FunctionType):
            if reader.owns(validator):
                reader.call(Live(validator), Arguments(((instance,), (), value)))
            continue
        for term in parts(value):
            for asked in constraints(validator):
                kinds = asked.get("type", ())
                term.use(*(_USES[kind] for kind in kinds if kind in _USES))
                reader.insist(compared(term, "is", list(asked.get("enum", ())))[0])
                shortest = asked.get("minLength")
                if shortest:
                    reader.insist(compared(term, "length", [shortest, shortest + 1])[0])


def _each(validator: Any) -> Iterator[Any]:
    """The validators of a field one by one; a method is one of the class's functions."""
    inner: Iterable[Any] = getattr(validator, "_validators", None) or ()
    yield from inner or ([] if validator is None else [validator])


_USES = {
    "string": "str", "integer": "int", "number": "float", "boolean": "bool", "array": "list",
    "object": "dict",
}  # fmt: skip
