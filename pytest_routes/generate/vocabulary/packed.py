"""Numbers that the source reads of bytes: `struct`, `int.from_bytes`."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.values import (
    Atom,
    Guarded,
    Part,
    Value,
    constants,
    parts,
)

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.parameters import Arguments
    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Term


def unpacked(reader: Reader, arguments: Arguments, name: str) -> Value:
    """`struct.unpack(layout, data)`: one number after the other."""
    layouts = arguments.named("", 0)
    offsets = constants(arguments.named("offset", 2))
    found: list[Atom] = []
    for atom in layouts:
        if isinstance(atom, Guarded):
            with reader.under((atom.condition,)):
                each = _laid_out(reader, arguments, (atom.value,), name, offsets)
            found += [Guarded(atom.condition, part) for part in each]
    others = tuple(atom for atom in layouts if not isinstance(atom, Guarded))
    return (*found, *_laid_out(reader, arguments, others, name, offsets))


def _laid_out(
    reader: Reader, arguments: Arguments, layouts: Value, name: str, offsets: list[Any]
) -> list[Part]:
    found = []
    for layout in constants(layouts):
        for term in parts(arguments.named("", 1)):
            if isinstance(layout, (str, bytes)):
                text = layout if isinstance(layout, str) else layout.decode("ascii", "replace")
                term.use("bytes")
                place = _from_offset(reader, term, text, offsets)
                found.append(reader.read(place.child("struct", text)))
                if name.endswith("unpack") and "iter" not in name:
                    found[-1].term.use("exact")
    return found


def _from_offset(reader: Reader, term: Term, layout: str, offsets: list[Any]) -> Term:
    """`unpack_from(layout, data, 4)`: the part of the bytes that begins there."""
    try:
        width = struct.calcsize(layout)
    except struct.error:
        return term
    if len(offsets) != 1 or not isinstance(offsets[0], int) or offsets[0] < 1:
        return term
    return reader.read(term.child("slice", (offsets[0], offsets[0] + width))).term


def from_bytes(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
    """The order of the bytes is remembered as a use, beside that they are bytes."""
    order = constants(arguments.named("byteorder", 1)) or ["big"]
    read = parts(arguments.named("", 0))
    for term in read:
        kind = "int" if term.role == "slice" else "bytes"
        term.use(kind, *(o for o in order if isinstance(o, str)))
    return tuple(Part(term) for term in read if term.role in ("cursor", "slice"))
