"""Bytes whose layout depends on the message: `struct.unpack(LAYOUTS[kind], data)`.

What stands for several layouts is settled where it is used: in the branch of one kind it is what
the layout of that kind says.
"""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.values import (
    Atom,
    Display,
    Guarded,
    Live,
    Part,
    Value,
    constants,
)

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.parameters import Arguments
    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Condition, Term


def made(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    """`struct.Struct(">HB")`: it is only looked at."""
    found: list[Atom] = []
    for layout in constants(arguments.named("format", 0)):
        if isinstance(layout, (str, bytes)):
            try:
                found.append(Live(struct.Struct(layout)))
            except struct.error:
                continue
    return tuple(found)


def numbers_of(reader: Reader, term: Term) -> tuple[Value, ...]:
    """Everything that a layout reads, one after the other."""
    try:
        count = len(struct.unpack(term.key, bytes(struct.calcsize(term.key))))
    except (struct.error, MemoryError):
        return ()
    return tuple((reader.read(term.child("index", n)),) for n in range(min(count, _MOST)))


_MOST = 64


def behind(reader: Reader, targets: int, starred: int, position: int, term: Term) -> Value | None:
    """What a name receives of `first, *rest, last = struct.unpack(...)`, behind the first ones."""
    numbers = numbers_of(reader, term)
    after = targets - 1 - starred
    if len(numbers) < targets - 1:
        return None
    if position == starred:
        return (Display(numbers[starred : len(numbers) - after]),)
    return numbers[len(numbers) - (targets - position)]


def settled(reader: Reader, value: Value) -> Value:
    """The parts of a message that are there in the present branch, without what guards them."""
    if not any(isinstance(atom, Guarded) and _is_read(atom.value) for atom in value):
        return value
    present = reader.present
    found: list[Atom] = []
    for atom in value:
        if not isinstance(atom, Guarded) or not _is_read(atom.value):
            found.append(atom)
        elif not any(_contradict(atom.condition, other) for other in present):
            found.append(atom.value)
    return tuple(dict.fromkeys(found))


def _is_read(atom: Any) -> bool:
    """A part of bytes, or some of them, that a layout has read."""
    if isinstance(atom, Part):
        inner: Term | None = atom.term
        while inner is not None and inner.role != "struct":
            inner = inner.parent
        return inner is not None
    return isinstance(atom, Display) and any(_is_read(a) for item in atom.items for a in item)


def _contradict(one: Condition, other: Condition) -> bool:
    if one.term is not other.term or other.operation != "is":
        return False
    shared = one.typed & other.typed
    return not shared if other.holds else one.typed <= other.typed


def apart(value: Value) -> list[Value]:
    """The same number as several layouts read it: each of them by itself."""
    found: dict[Term, list[Atom]] = {}
    for atom in value:
        place = atom.term.parent if isinstance(atom, Part) else None
        if place is None or place.role != "struct":
            return []
        found.setdefault(place, []).append(atom)
    return [tuple(atoms) for atoms in found.values()] if len(found) > 1 else []


def guarded_by(entry: Guarded, value: Value | None) -> Value | None:
    """What the layout of one entry reads is there only in its branch: `LAYOUTS[kind].unpack()`."""
    if value is None or not any(map(_is_read, value)):
        return value
    return tuple(Guarded(entry.condition, a) if _is_read(a) else a for a in value)


def kept_under(key: Value) -> None:
    """The application keeps something under a number of bytes: `self.boats[number] = boat`."""
    for atom in key:
        place = atom.term.parent if isinstance(atom, Part) else None
        if isinstance(atom, Part) and place is not None and place.role == "struct":
            atom.term.use("kept")
