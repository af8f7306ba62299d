"""Texts and bytes of which the source looks at fixed positions: headers, magic numbers, fields."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate import scalars
from pytest_routes.generate.choices import pick
from pytest_routes.generate.content import FRAGMENTS
from pytest_routes.generate.counts import fitted, measures, written
from pytest_routes.generate.placed import looked_up
from pytest_routes.generate.runs import head_of, is_run, run_of

if TYPE_CHECKING:
    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.counts import Written
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
    looked_at = any(t in shape for role in ("slice", "index", "cursor") for t in term.of(role))
    return looked_at or bool(measures(term, shape))


def laid_out(term: Term, shape: Shape, lengths: tuple[int, ...]) -> Recipe:
    """Everything in its place, on a ground of zeros, with something behind it.

    A number that the source reads of the bytes is often how many bytes there are behind it.
    """
    from pytest_routes.generate.recipes import is_binary

    binary = is_binary(term)
    places = _places(term, shape, binary)
    lengthy = _lengthy(term, shape)
    prefixes = [
        value
        for condition in shape.asked_of(term)
        if condition.operation == "prefix"
        for value in condition.values
    ]
    ground: Any = b"\x00" if binary else "a"
    headed = binary and all(stop is not None and stop <= _HEAD for _, stop, _ in places)
    """Of the bytes behind the first the source says nothing: it reads them one by one."""

    measured = measures(term, shape)
    run = run_of(term, shape) if is_run(term, shape) else None
    head = head_of(term, shape)
    exact = any(_is_exact(inner, shape) for inner in (term, *term.of("slice")))

    def whole(choices: Choices, memory: Memory) -> Any:
        made: Any = pick(choices, prefixes) if prefixes else ground[:0]
        for start, stop, make in places:
            value = make(choices, memory)
            if stop is not None:
                width = stop - start
                value = (value + ground * width)[:width]
            made = made + ground * (start - len(made))
            made = made[:start] + value + made[start + len(value) :]
        if run is not None:
            more, numbers = run(choices, memory)
            made = made.ljust(head, ground) + more
            for counter, number in numbers.items():
                write = written(counter, term)
                made = made if write is None else write(made, number)
            return fitted(made, measured)
        if lengths and not (measured and len(made) >= min(lengths) and choices.index(4)):
            length = min(pick(choices, lengths), _MOST)
            made = (made + ground * length)[:length]
        elif not (exact and memory.earnest and choices.index(_LONGER) < _LONGER - 1):
            tails = _COUNTED if headed and choices.index(2) else _BYTES_BEHIND
            made += pick(choices, tails) if binary else pick(choices, _TAILS)
        for stop, write in lengthy:
            if choices.index(2):
                rest = max(0, len(made) - stop) + (0, 0, 1, -1)[choices.index(4)]
                made = write(made, max(0, rest))
        return fitted(made, measured) if binary else made

    return whole


def _places(term: Term, shape: Shape, binary: bool) -> list[tuple[int, int | None, Recipe]]:
    """Where each part begins and ends, and what it is, as bytes or as a text."""
    from pytest_routes.generate.recipes import recipe
    from pytest_routes.generate.structs import unpacked

    places: list[tuple[int, int | None, Recipe]] = []
    for part in (*term.of("slice"), *term.of("index")):
        start, stop = (part.key, part.key + 1) if part.role == "index" else part.key
        if part not in shape or (start or 0) < 0 or (stop or 0) < 0:
            continue
        make = recipe(part, shape, text=not binary)
        if binary:
            make = _as_bytes(part, looked_up(part, make, shape))
        places.append((start or 0, stop, make if binary else _as_text(make)))
    for other in term.of("struct"):
        if other in shape:
            places.append((0, None, unpacked(term, other, shape, False)))
    return sorted(places, key=lambda place: (place[0], place[1] is None))


def _is_exact(term: Term, shape: Shape) -> bool:
    """A layout says how long the value is, to its end."""
    to_the_end = term.role != "slice" or term.key[1] is None
    return to_the_end and any(t in shape and "exact" in t.uses for t in term.of("struct"))


_LONGER = 12
"""One message in so many is longer than a layout says."""


def _as_text(make: Recipe) -> Recipe:
    return lambda choices, memory: scalars.as_text(make(choices, memory))


def _as_bytes(part: Term, make: Recipe) -> Recipe:
    """What is made, written as the source reads it there."""
    start, stop = (0, 1) if part.role == "index" else part.key
    width = 1 if stop is None else max(1, stop - (start or 0))
    order: Any = "little" if "little" in part.uses else "big"
    number = part.role == "index" or any(each in part.uses for each in _ORDERS)

    def made(choices: Choices, memory: Memory) -> bytes:
        value = make(choices, memory)
        if isinstance(value, int) and number:
            return int(value % 256**width).to_bytes(width, order)
        return scalars.as_bytes(value)

    return made


def _lengthy(term: Term, shape: Shape) -> list[tuple[int, Written]]:
    """The numbers of which the source does not say what they are: where they end, and how they
    are written."""
    found: list[tuple[int, Written]] = []
    for part in term.of("slice"):
        start, stop = part.key
        if part not in shape or (start or 0) < 0 or stop is None or stop < 0:
            continue
        write = written(part, term)
        if write and any(o in part.uses for o in _ORDERS) and not shape.asked_of(part):
            found.append((stop, write))
    return found
