"""On which line of a TOML file a key stands.

TOML parsers do not tell. This is no second parser: it cuts a text that is known to be valid
into statements, each the fewest lines that the real parser accepts, and asks the parser for
the keys of each statement by itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import tomli

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

KeyPath: TypeAlias = tuple[str | int, ...]
_ENDINGS = ("]", "}", '"""', "'''")


def key_lines(text: str) -> dict[KeyPath, int]:
    """The line (from 1) of every table, key and element of an array.

    An array of tables has an index in the path: `("tool", "x", "overrides", 0, "path")`. What
    stands within one line has that line.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    found: dict[KeyPath, int] = {}
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for first, last in _statements(lines):
        parsed = _parse("\n".join(lines[first:last]))
        keys = _single_path(parsed)
        header = lines[first].lstrip()
        if header.startswith("["):
            table = _table_path(keys, counts, appends=header.startswith("[["))
            for depth in range(1, len(table) + 1):
                found.setdefault(table[:depth], first + 1)
            continue
        elements = _element_lines(lines, first, last)
        for path in _paths(parsed):
            element = path[len(keys)] if len(path) > len(keys) else ""
            found.setdefault(table + path, elements.get(element, first + 1))
    return found


def _statements(lines: Sequence[str]) -> Iterator[tuple[int, int]]:
    """First line and line after the last of each statement, counted from 0."""
    first = 0
    while first < len(lines):
        stripped = lines[first].strip()
        last = first + 1
        if stripped and not stripped.startswith("#"):
            while last < len(lines) and not _complete(lines, first, last):
                last += 1
            yield first, last
        first = last


def _complete(lines: Sequence[str], first: int, last: int) -> bool:
    ending = lines[last - 1].partition("#")[0].rstrip()
    if last - first > 1 and not ending.endswith(_ENDINGS) and "#" not in lines[last - 1]:
        return False
    return _parse("\n".join(lines[first:last])) is not None


def _parse(statement: str) -> dict[str, Any] | None:
    try:
        return tomli.loads(statement)
    except tomli.TOMLDecodeError:
        return None


def _single_path(parsed: Any) -> tuple[str, ...]:
    """The keys down to the first value that is not a table with a single key."""
    path: tuple[str, ...] = ()
    while isinstance(parsed, dict) and len(parsed) == 1:
        ((key, parsed),) = parsed.items()
        path = (*path, key)
    return path


def _table_path(keys: tuple[str, ...], counts: dict[KeyPath, int], *, appends: bool) -> KeyPath:
    """The path of a header's table, with the index of each array of tables it is in."""
    path: KeyPath = ()
    for depth, key in enumerate(keys):
        path = (*path, key)
        if appends and depth == len(keys) - 1:
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _paths(value: Any, path: KeyPath = ()) -> Iterator[KeyPath]:
    if path:
        yield path
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _paths(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _paths(inner, (*path, index))


def _element_lines(lines: Sequence[str], first: int, last: int) -> dict[str | int, int]:
    """The line of each element of an array that is written over several lines."""
    found: dict[str | int, int] = {}
    start = first
    for end in range(first + 1, last):
        parsed = _parse("\n".join(lines[first:end]) + "\n]")
        value: Any = parsed
        for key in _single_path(parsed):
            value = value[key]
        if isinstance(value, list):
            for index in range(len(found), len(value)):
                found[index] = _first_text(lines, start, end) + 1
            start = end
    return found


def _first_text(lines: Sequence[str], start: int, end: int) -> int:
    for line in range(start, end):
        stripped = lines[line].strip()
        if stripped and not stripped.startswith("#"):
            return line
    return start
