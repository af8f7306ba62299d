"""Texts and bytes of which the source looks at fixed positions: headers, magic numbers, fields."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Any

from pytest_routes.generate import scalars
from pytest_routes.generate.choices import pick
from pytest_routes.generate.content import FRAGMENTS
from pytest_routes.generate.runs import is_run, run_of

if TYPE_CHECKING:
    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.recipes import Recipe
    from pytest_routes.generate.vocabulary.terms import Shape, Term

_MOST = 4096
_ORDERS = ("big", "little")
_COUNTED = (
    b"\x00\x01a", b"\x01a", b"\x00\x00\x00\x01a", b"\x00\x00\x00\x02", b"\x00\x02ab", b"\x00\x00",
    b"\x00\x01", b"\x02ab", b"\x01", b"\x00\x00\x00\x01",
)  # fmt: skip
"""Small numbers, and texts behind their length, as protocols write them."""
_BYTES_BEHIND = (*(b"",) * 12, *(b"a", b"abcd", b"hello") * 3, *FRAGMENTS)
"""Nothing, a name, or anything."""
_HEAD = 2
_TAILS = ("", "", "a", "0", "ab ", "é", "a" * 20)


def is_laid_out(term: Term, shape: Shape) -> bool:
    """The source looks at positions of a text or of bytes, and not at items of an array."""
    if term.role in ("split", "struct", "json", "msgpack", "cbor", "field", "index", "item"):
        return False
    if term.role == "message" and term.key == "json":
        return False
    return any(t in shape for role in ("slice", "index", "cursor") for t in term.of(role))


def laid_out(term: Term, shape: Shape, lengths: tuple[int, ...]) -> Recipe:
    """Everything in its place, on a ground of zeros, with something behind it.

    A number that the source reads of the bytes is often how many bytes there are behind it.
    """
    from pytest_routes.generate.recipes import is_binary, recipe

    binary = is_binary(term)
    places: list[tuple[int, int | None, Recipe]] = []
    numbers: list[tuple[int, int, str]] = []
    for part in (*term.of("slice"), *term.of("index")):
        start, stop = (part.key, part.key + 1) if part.role == "index" else part.key
        if part not in shape or (start or 0) < 0 or (stop or 0) < 0:
            continue
        order = next((o for o in _ORDERS if o in part.uses), None)
        if order is not None and stop is not None and not shape.asked_of(part):
            numbers.append((start or 0, stop, order))
        places.append((start or 0, stop, recipe(part, shape, text=not binary)))
    for other in term.of("struct"):
        if other in shape:
            from pytest_routes.generate.structs import unpacked

            places.append((0, None, unpacked(term, other, shape, False)))
    places.sort(key=lambda place: (place[0], place[1] is None))
    prefixes = [
        value
        for condition in shape.asked_of(term)
        if condition.operation == "prefix"
        for value in condition.values
    ]
    ground: Any = b"\x00" if binary else "a"
    headed = binary and all(stop is not None and stop <= _HEAD for _, stop, _ in places)
    """Of the bytes behind the first the source says nothing: it reads them one by one."""

    measured = [
        (other.key, child.key, condition.values[0].key[0] or 0)
        for other in _headers(term)
        for child in other.of("index")
        for condition in shape.asked_of(child)
        if condition.operation == "measures" and condition.values[0].role == "slice"
    ]

    run = run_of(term, shape) if is_run(term, shape) else None

    def whole(choices: Choices, memory: Memory) -> Any:
        made: Any = pick(choices, prefixes) if prefixes else ground[:0]
        for start, stop, make in places:
            value = make(choices, memory)
            if binary:
                value = bytes([value % 256]) if isinstance(value, int) else scalars.as_bytes(value)
            else:
                value = scalars.as_text(value)
            if stop is not None:
                width = stop - start
                value = (value + ground * width)[:width]
            made = made + ground * (start - len(made))
            made = made[:start] + value + made[start + len(value) :]
        if run is not None:
            return made + run(choices, memory)
        if lengths and not (measured and len(made) >= min(lengths) and choices.index(4)):
            length = min(pick(choices, lengths), _MOST)
            made = (made + ground * length)[:length]
        else:
            tails = _COUNTED if headed and choices.index(2) else _BYTES_BEHIND
            made += pick(choices, tails) if binary else pick(choices, _TAILS)
        for start, stop, order in numbers:
            if choices.index(2):
                rest = max(0, len(made) - stop) + (0, 0, 1, -1)[choices.index(4)]
                number = max(0, rest) % 256 ** (stop - start)
                made = (
                    made[:start].ljust(start, b"\0")
                    + number.to_bytes(stop - start, "little" if order == "little" else "big")
                    + made[stop:]
                )
        for layout, position, start in measured:
            made = _measured(made, layout, position, len(made) - start)
        return made

    return whole


def _headers(term: Term) -> list[Term]:
    """What `struct` unpacks from the beginning of the bytes."""
    heads = [s for s in term.of("slice") if not s.key[0]]
    return [each for part in (term, *heads) for each in part.of("struct")]


def _measured(made: bytes, layout: str, position: int, length: int) -> bytes:
    """The bytes with the length of what stands behind them in its place of their header."""
    try:
        values = list(struct.unpack_from(layout, made))
        values[position] = max(0, length)
        header = struct.pack(layout, *values)
    except (struct.error, IndexError):
        return made
    return header + made[len(header) :]
