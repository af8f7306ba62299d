"""Breaking a valid message in exactly one place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate.choices import pick
from pytest_routes.generate.content import copied

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.generate.choices import Choices

Place = tuple[Any, Any]
"""A container, and the key or index in it."""

_MOST_PLACES = 32
_REPLACEMENTS: dict[type, tuple[object, ...]] = {
    # What a value of a type is replaced with: null, then other types, the nearest last.
    str: (None, 0, [], {}, True, "", 1.5, ["a"]),
    int: (None, "a", [], {}, True, 1.5, "0", ""),
    float: (None, "a", [], {}, True, "0"),
    bool: (None, "a", [], {}, 2, "true"),
    list: (None, {}, "a", 0, "", [None]),
    dict: (None, [], "a", 0, "", {"a": None}),
    type(None): ("a", 0, [], {}, True),
}
_REMOVE, _REPLACE, _RENAME, _ADD = range(4)
_WAYS = (_REMOVE,) * 6 + (_REPLACE,) * 8 + (_RENAME, _ADD)


def places(value: Any) -> list[Place]:
    """Every place within a JSON value, outermost first."""
    found: list[Place] = []
    level = [value]
    while level and len(found) < _MOST_PLACES:
        below: list[Any] = []
        for container in level:
            keys = container if isinstance(container, dict) else range(len(container))
            for key in keys:
                found.append((container, key))
                if isinstance(container[key], (dict, list)):
                    below.append(container[key])
        level = below
    return found[:_MOST_PLACES]


def broken(choices: Choices, value: Any) -> Any:
    """A JSON value with one thing wrong: a member missing, renamed or added, or a value of
    another type."""
    if not isinstance(value, (dict, list)):
        return copied(pick(choices, _REPLACEMENTS.get(type(value), (None,))))
    value = copied(value)
    found = places(value)
    way = pick(choices, _WAYS) if found else _ADD
    if way == _ADD:
        if isinstance(value, list):
            return [*value, None]
        return {**value, "extra": None}
    container, key = pick(choices, found)
    if way == _REMOVE:
        del container[key]
    elif way == _REPLACE or isinstance(container, list):
        options = _REPLACEMENTS.get(type(container[key]), (None,))
        container[key] = copied(pick(choices, options))
    else:
        container[pick(choices, _renamed(str(key)))] = container.pop(key)
    return value


def _renamed(key: str) -> tuple[str, ...]:
    return (key.upper() if key != key.upper() else key.lower(), f"_{key}", f"{key} ")


def opened(choices: Choices, value: Any) -> tuple[Any, Callable[[Any], Any]]:
    """A place of a scalar in the value: what stands there, and a function that returns the
    whole with something else in its stead."""
    if not isinstance(value, (dict, list)):
        return value, lambda leaf: leaf
    value = copied(value)
    leaves = [(c, k) for c, k in places(value) if not isinstance(c[k], (dict, list))]
    if leaves:
        container, key = pick(choices, leaves)
    elif isinstance(value, dict):
        container, key = value, "a"
        value[key] = 0
    else:
        container, key = value, len(value)
        value.append(0)

    def filled(leaf: Any) -> Any:
        container[key] = leaf
        return value

    return container[key], filled


def broken_text(choices: Choices, text: str) -> str:
    """A text with something missing, doubled or written otherwise."""
    words = text.split(" ")
    ways = (
        text[:-1],
        " ".join(words[:-1]),
        words[-1],
        text.swapcase(),
        f"{text} ",
        f" {text}",
        text.replace(" ", "  "),
        f"{text}\n",
        text[1:],
        text + text,
        f"{text} extra",
        text.replace(":", "").replace(",", ""),
    )
    return pick(choices, ways)


def broken_bytes(choices: Choices, data: bytes) -> bytes:
    """Bytes of which some are missing, added or changed."""
    middle = len(data) // 2
    flipped = bytes([data[0] ^ 0xFF]) if data else b""
    ways = (
        data[:-1],
        data[:middle],
        data[:1],
        data + b"\x00",
        data + data,
        flipped + data[1:],
        data[1:],
        data[::-1],
    )
    return pick(choices, ways)
