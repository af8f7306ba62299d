"""What a declared type says about the types of its members, and of theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pytest_routes.generate.schema.structure import hints_of
from pytest_routes.generate.vocabulary.parameters import is_data_model
from pytest_routes.generate.vocabulary.unions import opened, variants
from pytest_routes.generate.vocabulary.values import Instance, Table, constants, parts

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.parameters import Arguments
    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Term
    from pytest_routes.generate.vocabulary.values import Value


def declared_member(reader: Reader, value: Value, cls: type, name: str) -> None:
    """The parts that an object of a declared class is made of are of the types that it declares
    for its members, where those are classes whose members are declared again."""
    annotation = _hints(cls).get(name)
    classes = [] if annotation is None else variants(annotation)
    if classes and all(map(is_data_model, classes)):
        for term in parts(value):
            reader.declare(term, annotation)


def wrapped(reader: Reader, cls: Any, arguments: Arguments) -> Value:
    """`Envelope.model_validate({"body": message})`: an object that the source wraps around a
    message is converted together with what it holds."""
    for value in arguments.positional if is_data_model(cls) else ():
        for table in (atom for atom in value if isinstance(atom, Table)):
            instance = Instance(cls)
            for key, member in table.entries:
                for name in constants(key):
                    if isinstance(name, str):
                        instance.attributes[name] = member
                        declared_member(reader, member, cls, name)
            return (instance,)
    return ()


def has_declared_fields(term: Term, name: str) -> bool:
    """The types of what the value stands in say that it is an object with such a member; it is
    one of theirs from then on."""
    found = [
        annotation
        for annotation in _annotations_of(term)
        if any(name in _hints(each) for each in _models_of(annotation))
    ]
    for annotation in found:
        declared = term.declare(annotation)
        if declared not in term.models:
            term.models.append(declared)
    return bool(found)


def _annotations_of(term: Term) -> Iterator[Any]:
    """What the types that are declared for a value, or for what it stands in, say of it."""
    if term.declared:
        yield from (declared.annotation for declared in term.declared)
    elif term.parent is not None and term.role in ("field", "item"):
        for annotation in _annotations_of(term.parent):
            yield from _within(annotation, term)


def _within(annotation: Any, term: Term) -> Iterator[Any]:
    """The types of a member of an object, or of the items of an array."""
    if term.role == "field":
        hints = (_hints(cls) for cls in _models_of(annotation))
        yield from (known[term.key] for known in hints if term.key in known)
        return
    for each in opened(annotation):
        if get_origin(each) in _ARRAYS:
            yield from get_args(each)[:1]


_ARRAYS = frozenset({list, tuple, set, frozenset, Sequence, Iterable, Collection})


def _models_of(annotation: Any) -> list[type]:
    return [each for each in opened(annotation) if is_data_model(each)]


@lru_cache(maxsize=256)
def _hints(cls: type) -> dict[str, Any]:
    return hints_of(cls)
