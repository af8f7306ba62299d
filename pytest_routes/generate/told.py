"""The values that a message holds, and the names that they go by."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_plus

if TYPE_CHECKING:
    from collections.abc import Iterator

Scalar = str | int | float | bool

_WORD = re.compile(r"[\w.@#+/-]{1,200}")
_PAIR = re.compile(r"(?:^|(?<=[\s&;,?]))([A-Za-z][\w-]{0,40})[=:] ?(?!//)([^\s&;,=\0]{1,200})")
"""A name and a value in a text: `a=1`, `a: 1`."""
_STATUS = re.compile(r"^\d{3}[ -]")
"""What protocols answer with first (RFC 5321, RFC 2812): no name of anything."""
_MOST_PAIRS = 12
_MOST_WORDS = 6
WORDS_OF_NAMES = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")


def names_of(key: str | None) -> list[str]:
    """A key, and the last word of it: what is known of a `user_id` may be an `id`."""
    if key is None:
        return []
    last = [word.lower() for word in WORDS_OF_NAMES.findall(key)[-1:]]
    return list(dict.fromkeys([plain_name(key), *last]))


def singular(key: str | None) -> list[str]:
    """What each of several is called: what was said among `dishes` may be a `dish`."""
    word = "" if key is None else "".join(WORDS_OF_NAMES.findall(key)[-1:]).lower()
    if len(word) < 3 or not word.endswith("s") or word.endswith("ss"):
        return []
    if word.endswith("ies"):
        return [word[:-3] + "y"]
    return [word[:-2]] if word.endswith(_SIBILANTS) else [word[:-1]]


_SIBILANTS = ("shes", "ches", "xes", "sses")


_COUNTS = re.compile(
    r"(?:.*[a-rt-z]s|.*(?:count|total|length|len|size|depth|left|remaining|amount|price|balance))$",
    re.IGNORECASE,
)


def is_count(key: str | None, value: Scalar) -> bool:
    """It says how many there are: `{"nodes": 2}`, `{"total": 9}`."""
    return key is not None and not isinstance(value, str) and _COUNTS.fullmatch(key) is not None


_LABELS = frozenset({
    "type", "event", "kind", "op", "action", "cmd", "command", "state", "role",
})  # fmt: skip
"""Keys under which a word says what an answer is, or what something is like."""


def is_label(key: str | None, value: Scalar) -> bool:
    """A word of the server's own, which names nothing."""
    named = key is not None and plain_name(key) in _LABELS
    return named and isinstance(value, str) and not has_digit(value)


def has_digit(text: str) -> bool:
    """It may be a name of something even in a complaint: a token, a number."""
    return len(text) <= _LONGEST_NAME and any(map(str.isdigit, text))


_LONGEST_NAME = 64


def is_plain(value: Scalar) -> bool:
    """No name that only a server makes up, such as a token: a number, a word."""
    return not (isinstance(value, str) and has_digit(value) and value.isascii())


def plain_name(key: str) -> str:
    return key.lower().replace("_", "").replace("-", "")


# An answer often is what was sent, and a server says the same again and again.
@lru_cache(maxsize=512)
def values_in(data: str | bytes) -> tuple[tuple[str | None, Scalar], ...]:
    """The scalars in a message with the keys they stand under."""
    if isinstance(data, bytes):
        try:
            data = data.decode()
        except UnicodeDecodeError:
            return ()
    if data[:1] in '{["':
        try:
            value = json.loads(data)
        except (ValueError, RecursionError):
            pass
        else:
            return tuple(scalars_in(None, value, 40))
    return tuple(_words_in(_STATUS.sub("", data)))


def _words_in(data: str) -> Iterator[tuple[str | None, Scalar]]:
    # Only as far as it is needed: a text may be long.
    pairs = []
    if "=" in data or ":" in data:
        pairs = [found.groups() for found in islice(_PAIR.finditer(data), _MOST_PAIRS)]
    encoded = "&" in data or "%" in data
    for name, value in pairs:
        yield name, unquote_plus(value) if encoded else value
    known = {value for _, value in pairs}
    known |= {name for name, _ in pairs if not has_digit(name)}
    for found in islice(_WORD.finditer(data), _MOST_WORDS):
        if found[0] not in known:
            yield None, found[0]
    if data and not pairs and data.isprintable():
        yield None, data


def scalars_in(key: str | None, value: Any, left: int) -> Iterator[tuple[str | None, Scalar]]:
    if isinstance(value, dict):
        for name, item in list(value.items())[:left]:
            yield from scalars_in(name, item, left // 2)
    elif isinstance(value, list):
        for item in value[: min(left, 5)]:
            yield from scalars_in(key, item, left // 2)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield key, value
