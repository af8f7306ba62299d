"""Nodes for numbers and strings: tables of values at, near and far from the bounds."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from pytest_routes.generate import nasty
from pytest_routes.generate.choices import pick
from pytest_routes.generate.schema.kinds import is_multiple
from pytest_routes.generate.schema.nodes import Drawn, Node, Nothing, Plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pytest_routes.generate.choices import Choices

WORDS: tuple[str, ...] = (
    "a", "b", "1", "c", "2", "0", "id", "name", "test", "hello", "x", "foo", "bar", "main",
    "admin", "user", "alice", "bob", "news", "lobby", "Hello, World!", "A1", "abc123", "some_key",
    "some-key", "some.key", "x y", "42", "3.14", "2024-01-31", "user@example.com",
    "http://example.com/", "true", "null", "Straße", "日本", "😀", "UPPER", "CamelCase", "xyz",
    "the quick brown fox", "00", "1,2", "k=v",
)  # fmt: skip
"""Ordinary strings, the simplest first. Short ones are many, so that names collide."""

KEYS: tuple[str, ...] = (
    "a", "b", "id", "name", "key", "type", "value", "data", "x", "1", "user", "text", "c", "y",
    "0", "items", "some_key", "some-key", "CamelCase", "ключ",
)  # fmt: skip

_MOST = 48
_ZEROS = 12
"""One usual number in so many is 0, beside those that are it anyway."""
_LONGEST = 65536
"""Characters that a string is made of at most, unless a schema asks for more."""
_TOO_LONG = 1 << 24


def distinct(values: Iterable[Any]) -> list[Any]:
    """Each value once; 1, 1.0 and True are different values."""
    return list({(type(value), str(value)): value for value in values}.values())


def number_node(schema: Mapping[str, Any], *, whole: bool) -> Node:
    """Integers, or numbers, within the bounds of a schema."""
    low, high = schema.get("minimum"), schema.get("maximum")
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    step = schema.get("multipleOf")

    def fits(value: float) -> bool:
        return (
            (low is None or value >= low)
            and (high is None or value <= high)
            and (above is None or value > above)
            and (below is None or value < below)
            and (step is None or _is_certain_multiple(value, step))
        )

    bounds = [bound for bound in (low, above, high, below) if bound is not None]
    candidates: Sequence[float]
    if step is not None:
        candidates = _multiples(step, bounds, whole=whole)
    elif whole:
        candidates = _integers(bounds)
    else:
        candidates = _numbers(bounds, low, high, above, below)
    fitting = sorted(distinct(filter(fits, candidates)), key=_simplicity)
    if whole:
        fitting = [int(value) for value in fitting]
    if not fitting:
        return Nothing(f"no {'integer' if whole else 'number'} is {_words(schema)}")
    usual = [value for value in fitting if abs(value) < 10**6] or fitting
    return Plain(_with_more_zeros(usual[:_MOST]), _at_bounds(fitting, usual, bounds))


def _with_more_zeros(values: Sequence[Any]) -> Sequence[Any]:
    """Nothing at all of what is counted is where most programs differ from what was meant."""
    return [*[values[0]] * (len(values) // _ZEROS), *values] if values[0] == 0 else values


def _words(schema: Mapping[str, Any]) -> str:
    words = {
        "minimum": "at least",
        "exclusiveMinimum": "over",
        "maximum": "at most",
        "exclusiveMaximum": "under",
        "multipleOf": "a multiple of",
    }
    return " and ".join(f"{text} {schema[key]}" for key, text in words.items() if key in schema)


def _simplicity(value: float) -> tuple[float, bool, bool]:
    return (abs(value), isinstance(value, float), value < 0)


def _at_bounds(fitting: Sequence[Any], usual: Sequence[Any], bounds: Sequence[float]) -> list[Any]:
    """What is drawn less often, but often enough: the extremes."""
    extremes = [min(fitting), max(fitting)] if bounds else []
    far = [value for value in fitting if value not in usual[:_MOST]]
    return distinct([*extremes, *far])[:64]


def _integers(bounds: Sequence[float]) -> list[int]:
    edges = [edge for bound in bounds if math.isfinite(bound) for edge in _around(bound)]
    return [
        *range(25),
        42,
        99,
        100,
        1234,
        99999,
        123456,
        255,
        256,
        1000,
        4096,
        65536,
        -2,
        -10,
        *nasty.INTEGERS,
        *edges,
    ]


def _around(bound: float) -> list[int]:
    whole = math.floor(bound)
    return [whole + offset for offset in (-2, -1, 0, 1, 2, 3)]


def _numbers(
    bounds: Sequence[float],
    low: float | None,
    high: float | None,
    above: float | None,
    below: float | None,
) -> list[float]:
    small = (0, 1, -1, 2, 3, 5, 10, 42, 100, 1000, 2**31, 2**53, 2.0**63)
    parts = (0.25, 0.1, 0.01, 1.5, 2.5, 3.14, 99.99, -0.5, -273.15, 1e6, 123456.789)
    edges: list[float] = [
        edge for bound in bounds if math.isfinite(bound) for edge in _around(bound)
    ]
    for bound in (above, below):
        if bound is not None:
            edges += [math.nextafter(bound, math.inf), math.nextafter(bound, -math.inf)]
    start = low if low is not None else above
    end = high if high is not None else below
    if start is not None and end is not None:
        edges += [start + (end - start) * share for share in (0.5, 0.25, 0.75, 0.1, 0.9)]
    else:
        edges += [bound + offset for bound in bounds for offset in (0.5, -0.5)]
    return [*small, *parts, *nasty.FLOATS, *edges, *bounds]


def _multiples(step: float, bounds: Sequence[float], *, whole: bool) -> list[float]:
    unit = Fraction(str(step))
    counts = {*range(-8, 25), *(2**n for n in range(5, 32)), 100, 1000, 10**6}
    for bound in bounds:
        if math.isfinite(bound):
            nearest = math.floor(Fraction(str(bound)) / unit)
            counts.update(range(nearest - 2, nearest + 4))
    found: list[float] = []
    for count in counts:
        product = unit * count
        if product.denominator == 1:
            found.append(int(product))
        elif not whole:
            found.append(float(product))
    if whole and unit.denominator != 1:
        found += [int(unit * unit.denominator * count) for count in counts]
    return found


def _is_certain_multiple(value: float, step: float) -> bool:
    """A multiple by decimal arithmetic and by the remainder of doubles, which libraries use."""
    if isinstance(value, int) and isinstance(step, int):
        return value % step == 0
    try:
        return is_multiple(value, step) and math.fmod(value, step) == 0
    except OverflowError:
        return False


def string_node(schema: Mapping[str, Any], *, key: bool = False) -> Node:
    """Strings within the lengths of a schema, counted in code points."""
    least = int(schema.get("minLength", 0))
    most = schema.get("maxLength", math.inf)
    if least > most:
        return Nothing(f"no string has at least {least} and at most {most} characters")
    if least > _TOO_LONG:
        return Nothing(f"a string of at least {least} characters is more than is ever made")

    def fits(text: str) -> bool:
        return least <= len(text) <= most and is_carried(text, schema)

    # The default bound of a text's length is ours: a schema that says nothing is not tested
    # with the longest text that could be.
    longest = int(min(most, max(least, _LONGEST)))
    plain = KEYS if key else WORDS
    odd: tuple[str, ...] = nasty.KEYS if key else nasty.STRINGS
    usual = [text for text in plain if fits(text)]
    if len(usual) < 8:
        usual += [_fitted(text, least, longest) for text in plain]
    edges = [filling * length for length in _edges(least, most) for filling in ("a", "é", "😀")]
    unusual = [text for text in (*edges, *odd) if fits(text)]
    bounds = ["a" * int(length) for length in (least, most) if length <= _LONGEST]
    usual = distinct(filter(fits, [*usual[: _MOST - 2], *bounds]))
    if not usual:
        usual, unusual = unusual[:1], unusual[1:]
    if not usual:
        return Nothing(f"no string was found for minLength {least} and maxLength {most}")
    ready = Plain(usual, distinct(unusual)[:128])
    return Drawn(lambda choices: _text(choices, ready, fits)) if most >= _ROOM else ready


_ROOM = 16
"""Characters that a string must be allowed to have for others to be put together."""
_SEPARATORS = ("", " ", "_", "-", ".", "/", ":", "\x00", "\n", ",")


def _text(choices: Choices, ready: Plain, fits: Callable[[str], bool]) -> str:
    """A ready string, or, now and then, one with something nasty in its middle."""
    index = choices.index(ready.total + 2)
    if index < len(ready.values):
        return ready.values[index]  # type: ignore[no-any-return]
    if index < ready.total:
        return pick(choices, ready.nasty)  # type: ignore[no-any-return]
    word: str = pick(choices, ready.values)
    together = word + pick(choices, _SEPARATORS) + pick(choices, ready.nasty or ready.values)
    together += pick(choices, ready.values)
    return together if fits(together) else word


def _fitted(text: str, least: int, longest: int) -> str:
    text = text[:longest]
    if len(text) >= least:
        return text
    return ((text or "a") * (least // max(1, len(text)) + 1))[:least]


def _edges(least: int, most: float) -> list[int]:
    """Lengths at and beside the bounds."""
    lengths = [least, least + 1]
    if most <= _LONGEST:
        lengths += [int(most), int(most) - 1]
    return [length for length in distinct(lengths) if least <= length <= most]


def is_carried(text: str, schema: Mapping[str, Any]) -> bool:
    """Whether a string keeps its length when the library that declares the type cleans it."""
    if schema.get("x-strip") and text != text.strip():
        return False
    return text.isascii() if schema.get("x-ascii") else True
