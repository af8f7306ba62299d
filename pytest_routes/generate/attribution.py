"""What the ids in an answer are ids of, as far as the words beside them tell.

Many servers answer `{"event": "card_added", "id": "a8c7"}` and ask for `{"card": "a8c7"}` later.
The name is then a word of the event, of the command that was answered, or of the key under which
the object stands: `{"card": {"id": "a8c7"}}`, `{"cards": [{"id": "a8c7"}]}`, `"card_id"`.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.told import WORDS_OF_NAMES, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterator

GENERIC = frozenset({
    "id", "uid", "uuid", "guid", "key", "ref", "no", "nr", "num", "number", "handle", "code",
    "name", "slug",
})  # fmt: skip
"""Last words of keys that name something without saying what."""
_IDENTIFIER = re.compile(r"[A-Za-z]+(?:[ _.:/-]?[A-Za-z]+){0,4}")
_SHORTEST_WORD = 3
_MOST_LEFT = 40
_MOST_READ = 4_000


@lru_cache(maxsize=512)
def kinds_in(data: str | bytes) -> tuple[tuple[str, Scalar], ...]:
    """The ids in an answer, each with the words of which it may be the id."""
    if data[:1] not in ("{", b"{", "[", b"[") or len(data) > _MOST_READ:
        return ()
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return ()
    return tuple(dict.fromkeys(_kinds(value, (), _MOST_LEFT)))


def ids_in(data: str | bytes) -> tuple[Scalar, ...]:
    """The ids in an answer."""
    return tuple(dict.fromkeys(value for _, value in kinds_in(data)))


def _kinds(value: Any, around: tuple[str, ...], left: int) -> Iterator[tuple[str, Scalar]]:
    if isinstance(value, list):
        for item in value[: min(left, 5)]:
            yield from _kinds(item, around, left // 2)
    if not isinstance(value, dict):
        return
    members = list(value.items())[:left]
    said = [each for _, each in members if isinstance(each, str)]
    words = (*around, *(word for each in said for word in words_of(each)))
    for key, item in members:
        *first, last = [word.lower() for word in WORDS_OF_NAMES.findall(key)] or [""]
        if isinstance(item, (dict, list)):
            yield from _kinds(item, (_singular("".join((*first, last))),), left // 2)
        elif last in GENERIC and _is_name(item):
            yield "", item
            for word in ("".join(first),) if first else words:
                yield word, item


def words_of(text: str) -> list[str]:
    """The words of an identifier: `card_added`, `cardAdded`, `card.added`."""
    if len(text) > 60 or not _IDENTIFIER.fullmatch(text):
        return []
    words = [word.lower() for word in WORDS_OF_NAMES.findall(text)]
    return [word for word in words if len(word) >= _SHORTEST_WORD]


def _singular(word: str) -> str:
    if word.endswith("ies"):
        return f"{word[:-3]}y"
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def _is_name(value: Any) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool) and value != ""


def named(key: str) -> str | None:
    """What a key asks for the id of: `card` for `card_id`."""
    *first, last = [word.lower() for word in WORDS_OF_NAMES.findall(key)] or [""]
    return "".join(first) if first and last in GENERIC else None
