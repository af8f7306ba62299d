"""Regular expressions as the source means them: with the flags that stand beside them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary.values import Live, Value, constants

if TYPE_CHECKING:
    from collections.abc import Iterator

_LETTERS = {re.VERBOSE: "x", re.ASCII: "a"}
"""Flags without which a pattern means something else, or more; what the others add may be
left out."""


def written(pattern: str | bytes, flags: int) -> str | bytes:
    """The pattern with its flags written into it: `(?x)a b  # and no space`."""
    kept = (flag for flag in _LETTERS if flags & flag and not _says(pattern, flag))
    letters = "".join(_LETTERS[flag] for flag in kept)
    if not letters:
        return pattern
    if isinstance(pattern, bytes):
        return f"(?{letters})".encode() + pattern
    return f"(?{letters}){pattern}"


def _says(pattern: str | bytes, flag: re.RegexFlag) -> bool:
    """The flag is written in the pattern already, or is that of all patterns of bytes."""
    if isinstance(pattern, bytes) and flag is re.ASCII:
        return True
    start = pattern[:8].decode("latin-1") if isinstance(pattern, bytes) else pattern[:8]
    found = re.match(r"\(\?([a-zA-Z]+)\)", start)
    return found is not None and _LETTERS[flag] in found[1]


def expressions(value: Value, flags: Value = ()) -> Iterator[str | bytes]:
    """The regular expressions among the alternatives, compiled or written."""
    beside = [c for c in constants(flags) if isinstance(c, int)]
    found = False
    for each in constants(value):
        if isinstance(each, (str, bytes)):
            found = True
            yield written(each, beside[0] if beside else 0)
    if not found:
        for atom in value:
            if isinstance(atom, Live) and isinstance(atom.object, re.Pattern):
                yield written(atom.object.pattern, atom.object.flags)


def is_flags(value: Value) -> bool:
    """The argument is `re.VERBOSE`, not the position where matching begins."""
    return bool(_flags(value))


def both(left: Value, right: Value) -> Value:
    """`re.VERBOSE | re.ASCII`."""
    one, other = _flags(left), _flags(right)
    return (Live(one[0] | other[0]),) if one and other else ()


def _flags(value: Value) -> list[re.RegexFlag]:
    things: list[Any] = [atom.object for atom in value if isinstance(atom, Live)]
    return [thing for thing in things if isinstance(thing, re.RegexFlag)]
