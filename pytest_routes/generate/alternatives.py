"""The words that a group of a regular expression lets one choose from."""

from __future__ import annotations

import re

_PIECE = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\((?:\?P<(\w+)>|(?!\?))", re.DOTALL)
_WORDS = re.compile(r"([\w-]+(?:\|[\w-]+)+)\)")


def alternatives(pattern: str, group: int | str) -> list[str]:
    """`open` and `close` of the group in `(open|close) .*`; nothing for any other group.

    `group` is its name, or its number from 1.
    """
    number = 0
    for piece in _PIECE.finditer(pattern):
        if not piece[0].startswith("("):
            continue
        number += 1
        if group in (number, piece[1]):
            words = _WORDS.match(pattern, piece.end())
            return words[1].split("|") if words is not None else []
    return []
