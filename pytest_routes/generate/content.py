"""Plain content of messages: short texts, small JSON, a few bytes, and large ones of all sizes.

Everything is looked up in tables, so that a text costs a draw or two, and the first entry of
each table is the simplest.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_routes.generate import nasty
from pytest_routes.generate.choices import pick

if TYPE_CHECKING:
    from pytest_routes.generate.choices import Choices

Maker: TypeAlias = Callable[["Choices"], Any]

WORDS: tuple[str, ...] = (
    "a", "b", "0", "1", "hello", "world", "Hello, World!", "test", "ping", "A", "x y", "foo bar",
    "-1", "42", "1.5", "true", "null", "admin", "user-1", "é", "ñandú", "😀", "漢字", "@#$%", "a,b",
    "a:b", "a=b", "a/b", "/a", "/help", "/a b", "!a", "#a", "@a b", "a\nb", "a\tb", " a ", '"a"',
    "\x00", "a\x00b", "\U0001d7d9",
    "a@example.com", "https://example.com/?a=1&b=2", "2024-02-29T12:00:00Z", "12:30",
    "00000000-0000-0000-0000-000000000000", "lorem ipsum dolor sit amet", "a" * 64, "a" * 300,
)  # fmt: skip
PIECES: tuple[str, ...] = ("a", " ", "0", "b", "-", "é", ":", ",", "/", "\n", "😀", "'", '"', "<")
NAMES: tuple[str, ...] = ("a", "b", "id", "type", "name", "data", "key", "value", "text", "items")
FRAGMENTS: tuple[bytes, ...] = (
    b"\x00", b"\x01", b"a", b"\x02", b"\xff", b"\x7f", b"\x80", b"\n", b"\x00\x01", b"\x00\x02",
    b"\x00\x00\x00\x01", b"\x00\x01\x02", b"\xff\xfe\xfd", b"abcd", b"\x01\x00\x00\x00",
    b"\xde\xad\xbe\xef", b"hello", b"{}", b"\x10", b"\x20",
)  # fmt: skip
JSON_SCALARS: tuple[object, ...] = (
    0, None, "", False, True, "a", 1, -1, 1.5, "hello", 42, 100, "0", "é", -0.5, 2**31, "😀",
)  # fmt: skip
_SMALL_JSON: tuple[object, ...] = (
    {},
    [],
    *JSON_SCALARS,
    {"a": 0},
    {"a": None},
    {"a": []},
    {"a": {}},
    {"key": "value"},
    {"id": 1},
    {"type": "a"},
    {"a": {"b": {"c": 0}}},
    [0],
    [None],
    [[]],
    [{}],
    [1, 2, 3],
    ["a", "b"],
    [1, "a", None, True],
    {"array": [1, 2, 3], "boolean": True, "null": None},
)
EMPTY_JSON: tuple[object, ...] = ({}, None, [], "", None, 0, {}, [{}], [[]], {"": ""}, False)

# Content that strict parsers of JSON (msgspec, orjson, RFC 8259 read literally) refuse.
_LENIENT = (*nasty.NOT_FINITE, 10**400, *nasty.SURROGATES)


_LIMITS = re.compile(r"(?:[\[{][^\[{]*){1000}|\d{4301}")
"""Nesting and digits at which parsers give up, other than by saying that it is no JSON. Which do
depends on Python's version, and what is sent must not."""


def _within_limits(text: str) -> bool:
    return _LIMITS.search(text) is None


def _strict(text: str) -> bool:
    """Every parser reads it."""
    try:
        value = json.loads(text, parse_constant=_refuse)
        written = json.dumps(value, ensure_ascii=False, allow_nan=False)
        written.encode()
    except (ValueError, RecursionError):
        return False
    return len(written) < 300 or "k" in written


def _refuse(constant: str) -> None:
    raise ValueError(constant)


_DEEP = ("[" * 250 + "]" * 250, '{"a":' * 250 + "0" + "}" * 250)
"""Deep for a function that calls itself, but not for the parser, whose limit counts the frames
of whoever runs the application too."""
_NESTED_TEXTS = ("(" * 1100 + ")" * 1100, "a" + "[" * 1100 + "]" * 1100)
"""Deeper than a function may call itself, and for a parser of JSON wrong from the start."""
JSON_TEXTS = (*filter(_within_limits, nasty.JSON_TEXTS), *_DEEP, *_DEEP)
STRICT_JSON_TEXTS = tuple(filter(_strict, JSON_TEXTS))
NOT_JSON = nasty.NOT_JSON
_STRICT_VALUES = (*nasty.STRINGS, "\x00", "a\x00", *(n for n in nasty.NUMBERS if abs(n) < 2**63))
_ALL_VALUES = (
    *nasty.SURROGATES,
    *nasty.SURROGATES,
    *_STRICT_VALUES,
    *(n for n in nasty.NUMBERS if abs(n) >= 2**63),
    *_LENIENT,
)


_STRICT_NUMBERS = tuple(n for n in nasty.NUMBERS if abs(n) < 2**63)
_ALL_NUMBERS = (*nasty.NOT_FINITE, *nasty.NOT_FINITE, *nasty.NUMBERS, 10**400)


def text(choices: Choices) -> str:
    """A short text."""
    first = choices.index(len(WORDS) + 12)
    if first < len(WORDS):
        return WORDS[first]
    return "".join(pick(choices, PIECES) for _ in range(2 + choices.index(5)))


def nasty_text(choices: Choices) -> str:
    return pick(choices, nasty.STRINGS)


def nested_text(choices: Choices) -> str:
    return pick(choices, _NESTED_TEXTS)


def nasty_value(choices: Choices, *, strict: bool, instead_of: object = None) -> object:
    """A scalar of JSON that programs stumble over; `strict`: none that parsers may refuse.

    Instead of a number it is a number every other time: the other kinds are refused sooner.
    """
    a_number = isinstance(instead_of, (int, float)) and not isinstance(instead_of, bool)
    if a_number and choices.index(2):
        return pick(choices, _STRICT_NUMBERS if strict else _ALL_NUMBERS)
    return pick(choices, _STRICT_VALUES if strict else _ALL_VALUES)


def small_json(choices: Choices) -> Any:
    """A small JSON value, mostly an object."""
    first = choices.index(64)
    if first < len(_SMALL_JSON):
        return copied(_SMALL_JSON[first])
    if first < 58:
        members = range(1 + choices.index(3))
        return {pick(choices, NAMES): pick(choices, JSON_SCALARS) for _ in members}
    if first < 62:
        return [pick(choices, JSON_SCALARS) for _ in range(1 + choices.index(4))]
    return {pick(choices, NAMES): small_json(choices)}


def copied(value: Any) -> Any:
    """The value with containers of its own."""
    if isinstance(value, dict):
        return {key: copied(item) for key, item in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


def binary(choices: Choices) -> bytes:
    """A few bytes."""
    first = choices.index(len(FRAGMENTS) + 12)
    if first < len(FRAGMENTS):
        return FRAGMENTS[first]
    return b"".join(pick(choices, FRAGMENTS) for _ in range(2 + choices.index(5)))


def nasty_binary(choices: Choices) -> bytes:
    return pick(choices, nasty.BINARY)


def size(choices: Choices, most: int) -> int:
    """A number of bytes up to `most`, every magnitude about as often and the largest more so.

    The magnitude is drawn first, then which 64th of it, then the place in that. A shrinker
    lowers one draw at a time, so that it ends within a 64th of the smallest size that matters.
    """
    spans = _spans(most)
    low, high = spans[choices.index(len(spans))]
    step = (high - low) // _STEPS + 1
    # Some steps go beyond the end, so that the limit itself is not rare.
    within = choices.index(_STEPS) * (step + step // 16)
    return min(low + within + choices.index(_STEPS) * step // _STEPS, high)


_STEPS = 64


@lru_cache(maxsize=64)
def _spans(most: int) -> tuple[tuple[int, int], ...]:
    """Ranges of sizes, each twice as far as the one before; the last one goes to the limit."""
    spans: list[tuple[int, int]] = []
    start = 256
    while start * 2 < most:
        spans.append((start, start * 2 - 1))
        start *= 2
    top = (start if start < most else 0, most)
    return (*spans, top, top, top)


_FILLINGS: Sequence[str] = ("a", "0", " ", "ab ", "é", "😀", "a\n", "a,", "a:", '"', "\\", "a/")
_PLAIN_FILLINGS: Sequence[str] = ("a", "0", " ", "ab ", "é", "😀", "a,", "[")
_BINARY_FILLINGS: Sequence[bytes] = (b"\x00", b"a", b"\xff", b"\x00\x01\x02\x03", b"\x80", b"a\n")


def large_text(choices: Choices, length: int) -> str:
    """A text of exactly so many bytes in UTF-8."""
    unit = pick(choices, _FILLINGS)
    width = len(unit.encode())
    return unit * (length // width) + "a" * (length % width)


def large_plain(choices: Choices, length: int) -> str:
    """The same, of characters that JSON writes as they are."""
    unit = pick(choices, _PLAIN_FILLINGS)
    width = len(unit.encode())
    return unit * (length // width) + "a" * (length % width)


def large_binary(choices: Choices, length: int) -> bytes:
    unit = pick(choices, _BINARY_FILLINGS)
    return (unit * (length // len(unit) + 1))[:length]


def dumps(value: object) -> str:
    """JSON as it is usually written; what has no UTF-8 is escaped."""
    written = json.dumps(value, ensure_ascii=False)
    if written.isascii():
        return written
    try:
        written.encode()
    except UnicodeEncodeError:
        return json.dumps(value)
    return written
