"""Numbers in bytes that say how many bytes there are elsewhere."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING

from pytest_routes.generate.vocabulary.computing import done, undone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import TypeAlias

    from pytest_routes.generate.vocabulary.computing import Steps
    from pytest_routes.generate.vocabulary.terms import Shape, Term

    Written: TypeAlias = "Callable[[bytes, int], bytes]"

_MOST = 4096


def counted(content: bytes, steps: Steps, ground: bytes = b"\0") -> tuple[bytes, int]:
    """The bytes, cut or filled up so that a number can say how many there are, and that
    number."""
    number = max(0, undone(steps, len(content)))
    length = done(steps, number)
    if steps and 0 <= length <= _MOST:
        content = content[:length].ljust(length, ground)
    return content, number


def measures(term: Term, shape: Shape) -> list[tuple[Written, int, Steps]]:
    """For each number that measures the end of the bytes: how it is written, where the end
    begins, and how its length is computed."""
    found = []
    for number in _numbers(term):
        for condition in shape.asked_of(number):
            if condition.operation != "measures":
                continue
            measured, steps = condition.values
            write = written(number, term)
            if write is None:
                continue
            if measured is term:
                found.append((write, 0, steps))
            elif measured.role == "slice" and measured.parent is term and measured.key[1] is None:
                found.append((write, measured.key[0] or 0, steps))
    return found


def fitted(made: bytes, measured: Iterable[tuple[Written, int, Steps]]) -> bytes:
    """The bytes with the numbers that say how long they are."""
    for write, start, steps in measured:
        end, number = counted(made[start:], steps)
        made = write(made[:start] + end, number)
    return made


def _numbers(term: Term) -> list[Term]:
    """The parts of the bytes that may be numbers."""
    parts = [*term.of("slice"), *term.of("index")]
    heads = [each for part in (term, *term.of("slice")) for each in part.of("struct")]
    return parts + [child for head in heads for child in head.of("index")]


def written(number: Term, whole: Term) -> Written | None:
    """Writes a number into its place in the bytes; None when it has no place of its own."""
    parent = number.parent
    if parent is whole and number.role == "index" and number.key >= 0:
        return _at(number.key, number.key + 1, "big")
    if parent is whole and number.role == "slice":
        start, stop = number.key[0] or 0, number.key[1]
        little = "little" in number.uses
        return None if stop is None else _at(start, stop, "little" if little else "big")
    if parent is None or parent.role != "struct":
        return None
    if parent.parent is whole:
        return _packed(parent.key, number.key, 0)
    if parent.parent is not None and parent.parent.parent is whole:
        return _packed(parent.key, number.key, parent.parent.key[0] or 0)
    return None


def _at(start: int, stop: int, order: str) -> Written:
    width = stop - start

    def write(made: bytes, number: int) -> bytes:
        if start < 0 or width < 1:
            return made
        digits = int(number % 256**width).to_bytes(width, "little" if order == "little" else "big")
        return made[:start].ljust(start, b"\0") + digits + made[stop:]

    return write


def _packed(layout: str, position: int, start: int) -> Written:
    def write(made: bytes, number: int) -> bytes:
        try:
            values = list(struct.unpack_from(layout, made, start))
            values[position] = number
            header = struct.pack(layout, *values)
        except (struct.error, IndexError):
            return made
        return bytes(made[:start] + header + made[start + len(header) :])

    return write
