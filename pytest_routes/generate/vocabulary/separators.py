"""What stands between a name and its value in one piece of a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.terms import Term

_SPACE = r"(?:(?:\\s| )[*+?]?)?"
_BETWEEN = re.compile(
    rf"[^()]*\((?!\?[:=!<])(?:\\.|[^()\\])*\){_SPACE}"
    rf"(?P<between>(?:\\[^\w\s]|[^\w\s()\[\]\\*+?{{}}|^$.])*){_SPACE}\((?!\?[:=!<])"
)
"""A group, then one or a few fixed characters or nothing, then another group."""


def between(pair: Term, name: object) -> str | bytes | None:
    """The separator of a piece that is split in two, or that matches a pattern of a name and a
    value; `name` is the group that the name is."""
    if pair.role == "split":
        return pair.key  # type: ignore[no-any-return]
    if pair.role != "group" or not isinstance(pair.key, str):
        return None
    found = _BETWEEN.match(pair.key)
    if found is None or name not in _first_group(pair.key):
        return None
    return found["between"].replace("\\", "")


def _first_group(pattern: str) -> tuple[object, ...]:
    """The number and the name of the first group."""
    names = re.compile(pattern).groupindex
    return (1, *(name for name, number in names.items() if number == 1))
