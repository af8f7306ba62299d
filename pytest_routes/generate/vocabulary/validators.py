"""What the application's own validators ask of a message that a declared type is made of.

A pydantic model's `model_validator` and `field_validator`, and the `__post_init__` of a dataclass
or of a msgspec struct, run while the message is converted. What pydantic and msgspec turn into an
error of validation of their own is a refusal.
"""

from __future__ import annotations

from types import FunctionType
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.objects import class_attribute
from pytest_routes.generate.vocabulary.parameters import Arguments
from pytest_routes.generate.vocabulary.terms import Condition
from pytest_routes.generate.vocabulary.unions import variants
from pytest_routes.generate.vocabulary.values import Bound, Live, Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Term

AFTERWARDS = ("__post_init__", "__attrs_post_init__")
"""What dataclasses, msgspec structs and attrs classes call when all fields are set."""


def read_validators(reader: Reader, term: Term, annotation: Any) -> None:
    """Read the validators of the classes that a value is one of, each in a branch of its own."""
    classes = variants(annotation)
    for cls in classes:
        found = [(f, a) for f, a in _validators(cls, term) if reader.owns(f)]
        if not found:
            continue
        one_of = (Condition(term, "model", (term.declare(cls),)),) if len(classes) > 1 else ()
        with reader.under(one_of), reader.handling(_refusals(cls)):
            for function, arguments in found:
                reader.call(Bound(Live(function), ((Part(term),),)), arguments)


def _refusals(cls: type) -> tuple[type, ...]:
    """The exceptions of a validator that its library turns into one of its own."""
    if hasattr(cls, "__pydantic_decorators__"):
        return (ValueError, AssertionError)
    return (ValueError, TypeError) if hasattr(cls, "__struct_fields__") else ()


def _validators(cls: type, term: Term) -> Iterator[tuple[FunctionType, Arguments]]:
    """The functions, with what they are called with behind the object or class itself."""
    for method in AFTERWARDS:
        function = class_attribute(cls, method)
        if isinstance(function, FunctionType):
            yield function, Arguments()
    decorators = getattr(cls, "__pydantic_decorators__", None)
    if decorators is None:
        return
    for validator in decorators.model_validators.values():
        if validator.info.mode == "after" and isinstance(validator.func, FunctionType):
            yield validator.func, Arguments()
    for validator in decorators.field_validators.values():
        function = getattr(validator.func, "__func__", validator.func)
        if validator.info.mode in ("before", "after") and isinstance(function, FunctionType):
            for name in validator.info.fields:
                yield function, Arguments(((Part(term.child("field", name)),),))
