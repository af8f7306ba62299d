"""The globs that name routes, everywhere in the configuration and the public API.

A glob is matched against a route's path *as declared*: `/ws/{room_id:int}`, not `/ws/5`.

    *        any text within a segment
    **       any text across segments; `/a/**` is `/a` too, `/a/**/b` is `/a/b` too
    ?        one character within a segment
    {a,b}    one of the alternatives, which may be globs
    {name}   without a comma: a declared parameter, whatever its name
    {name:type}  a declared parameter of that type, whatever its name

A glob that is literally the declared path always matches it.
"""

from __future__ import annotations

import re
from difflib import SequenceMatcher
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_PARAMETER = r"(?:\{[^{}]*\}|<[^<>]*>)"
_BEGINNINGS = ("/", "*", "{")


def matches(glob: str, path: str) -> bool:
    """Whether the declared `path` is one of those that `glob` names."""
    return glob == path or _compiled(glob).fullmatch(path) is not None


def matches_any(globs: Iterable[str], path: str) -> bool:
    return any(matches(glob, path) for glob in globs)


def check(glob: str, noun: str = "a glob") -> str:
    """Return `glob`, or raise ValueError that says what was expected instead."""
    if not glob.startswith(_BEGINNINGS):
        raise ValueError("expected a glob that begins with / or *")
    if any(character.isspace() for character in glob):
        raise ValueError(f"expected {noun} without white space")
    depth = 0
    for character in glob:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            break
    if depth:
        raise ValueError(f"expected {noun} whose {{ and }} are in pairs")
    return glob


def check_path(path: str) -> str:
    """Return `path`, which a client can connect to, or raise ValueError: it is no glob, and has
    no query."""
    if not path.startswith("/"):
        raise ValueError("expected a path that begins with /")
    if "?" in path or "#" in path:
        raise ValueError("expected a path without a query (parameters gives values for it)")
    if "*" in path:
        raise ValueError("expected a path, not a glob (a parameter is written {name})")
    return check(path, "a path")


def nearest(text: str, candidates: Iterable[str], at_least: float = 0.6) -> str | None:
    """The candidate most like `text`, for a "did you mean", or None when none is near.

    `at_least` is the smallest likeness that counts, from 0 (anything) to 1 (the same text);
    case, and the difference of `-` and `_`, do not count.
    """
    wanted = _plain(text)
    best, likeness = None, at_least
    for candidate in candidates:
        ratio = SequenceMatcher(None, wanted, _plain(candidate)).ratio()
        if ratio >= likeness and (best is None or ratio > likeness):
            best, likeness = candidate, ratio
    return best


def split_outside_braces(text: str) -> list[str]:
    """The parts of `text` between those commas that no `{...}` encloses."""
    parts, depth = [""], 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if character == "," and depth <= 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _plain(text: str) -> str:
    return text.lower().replace("-", "_")


@lru_cache(maxsize=4096)
def _compiled(glob: str) -> re.Pattern[str]:
    return re.compile(_expression(glob), re.DOTALL)


def _expression(glob: str) -> str:
    expression = ""
    position = 0
    while position < len(glob):
        character = glob[position]
        if character == "{":
            end = _closing(glob, position)
            expression += _braces(glob[position + 1 : end])
            position = end + 1
        elif character == "*":
            end = position
            while glob[end : end + 1] == "*":
                end += 1
            after_slash = glob[position - 1 : position] == "/"
            if end - position == 1:
                expression += "[^/]*"
            elif after_slash and glob[end : end + 1] == "/":
                expression += "(?:.*/)?"
                end += 1
            elif after_slash and end == len(glob):
                expression = expression[:-1] + "(?:/.*)?"
            else:
                expression += ".*"
            position = end
        else:
            expression += "[^/]" if character == "?" else re.escape(character)
            position += 1
    return expression


def _closing(glob: str, opening: int) -> int:
    """Where the brace at `opening` closes (the end of the glob when it never does)."""
    depth = 0
    for position in range(opening, len(glob)):
        depth += (glob[position] == "{") - (glob[position] == "}")
        if depth == 0:
            return position
    return len(glob)


def _braces(content: str) -> str:
    alternatives = split_outside_braces(content)
    if len(alternatives) > 1:
        return "(?:" + "|".join(map(_expression, alternatives)) + ")"
    _, colon, kind = content.partition(":")
    if colon:
        return r"\{[^{}:]*:" + re.escape(kind) + r"\}"
    return _PARAMETER
