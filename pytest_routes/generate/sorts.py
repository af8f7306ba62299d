"""The sorts of messages of each kind, and how often each is sent.

Half of the messages are what the handler is made for. The others are what it should survive:
broken in one place, empty, large, unusual, said before. Each sort is frequent enough to occur
several times in a hundred conversations.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pytest_routes.generate import breaking, content, nasty
from pytest_routes.generate.choices import pick
from pytest_routes.generate.commands import Commands
from pytest_routes.generate.declared import maker_of
from pytest_routes.generate.recipes import Recipe, forgetful, later
from pytest_routes.generate.scalars import as_bytes, as_text
from pytest_routes.routes.model import MISSING
from pytest_routes.simulator.conversation import Message, MessageKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.vocabulary import Site, Vocabulary
    from pytest_routes.routes.model import Route

Sort: TypeAlias = Callable[["Choices", "Memory"], "str | bytes"]

_SLOTS = 64
_KNOWN_SITE = 8
_LOOSE = 12
_STRICT_FRAMEWORKS = frozenset({"litestar"})
"""Those that parse JSON by the letter of RFC 8259: a message with NaN or a lone surrogate is
not JSON for them."""


class Sorts:
    """Makes the messages of one kind."""

    __slots__ = ("_earnest", "_first", "_kind", "_sorts", "meaningful")

    def __init__(
        self,
        kind: MessageKind,
        sorts: Sequence[tuple[int, Sort]],
        first: Sequence[Sort] = (),
        *,
        earnest: Sequence[tuple[int, Sort]],
        meaningful: bool,
    ) -> None:
        self._kind = kind
        self._sorts = _slots(sorts)
        self._earnest = _slots(earnest)
        """The sorts of a conversation that is held in earnest."""
        self.meaningful = meaningful
        """The source or a declaration says what such messages are like."""
        self._first = tuple(first)
        """What the handler takes first, before it enters its loop."""

    def __call__(self, choices: Choices, memory: Memory, client: int | None = None) -> Message:
        memory.speaker = client
        if self._first:
            position = memory.position(client)
            if position < len(self._first) and choices.index(_KNOWN_SITE) < _KNOWN_SITE - 1:
                return Message(self._kind, self._first[position](choices, memory))
        sorts = self._earnest if memory.earnest and self.meaningful else self._sorts
        return Message(self._kind, pick(choices, sorts)(choices, memory))


def _slots(sorts: Sequence[tuple[int, Sort]]) -> tuple[Sort, ...]:
    return tuple(sort for share, sort in sorts for _ in range(share))[:_SLOTS]


def _in_earnest(
    usual: Sort, again: Sort, broken: Sort, nasty_content: Sort, empty: Sort, large: Sort
) -> list[tuple[int, Sort]]:
    return [(47, usual), (4, again), (4, broken), (4, nasty_content), (2, empty), (3, large)]


def sorts_for(route: Route, kind: MessageKind, vocabulary: Vocabulary, max_size: int) -> Sorts:
    """The messages of one kind for one route."""
    if kind == "bytes":
        return _bytes_sorts(vocabulary, max_size)
    if kind == "text":
        return _text_sorts(vocabulary, max_size)
    return _json_sorts(route, kind, vocabulary, max_size)


def commands_of(site: Site, codec: Literal["json"] | None) -> Recipe | None:
    """The messages that a place takes, by command: the value behind the codec, or the message
    itself; None when the source does not look at it."""
    term = site.term if codec is None else site.term.children.get((codec, None))
    if term is None:
        return None
    shapes = [shape for shape in site.shapes if term in shape]
    return Commands(term, shapes, lambda shape: later(term, shape)) if shapes else None


def _json_sorts(route: Route, kind: MessageKind, vocabulary: Vocabulary, max_size: int) -> Sorts:
    loops: list[Recipe] = []
    first: list[Recipe] = []
    for site in vocabulary.sites:
        commands = commands_of(site, None if site.frame == "json" else "json")
        if site.frame != "bytes" and commands is not None:
            (loops if site.repeated else first).append(commands)
    declared = _declared(route)
    if declared is not None:
        loops = [_either(declared, loops) if loops else declared]
    loose = _loose_objects(vocabulary)
    valid = _pick(loops or first or ([loose] if loose else [])) or _plain_json
    strict = route.framework in _STRICT_FRAMEWORKS and _by_framework(vocabulary)
    sorts = _json_shares(kind, valid, loose, strict=strict, max_size=max_size)
    earnest = _in_earnest(
        _json(valid),
        _again(kind),
        _json(_broken(valid)),
        _json(_nasty(valid, strict=strict)),
        _empty_json,
        _large_json(valid, max_size),
    )
    opening = [_json(make) for make in first] if loops else ()
    return Sorts(kind, sorts, opening, earnest=earnest, meaningful=bool(loops or first))


def _plain_json(choices: Choices, memory: Memory) -> Any:  # noqa: ARG001
    return content.small_json(choices)


def _json_shares(
    kind: MessageKind, usual: Recipe, loose: Recipe | None, *, strict: bool, max_size: int
) -> list[tuple[int, Sort]]:
    return [
        (16, _json(usual)),
        (10, _json(_broken(usual))),
        (8, _empty_json),
        (2, _json(loose or _plain_json)),
        (2, _json(_plain_json)),
        (10, _json(_nasty(usual, strict=strict))),
        (5, _nasty_json_text(strict=strict)),
        (5, _large_json(usual, max_size)),
        (5, _again(kind)),
        (1, _answered(kind)),
    ]


_empty_json = forgetful(lambda choices: content.dumps(pick(choices, content.EMPTY_JSON)))


def _by_framework(vocabulary: Vocabulary) -> bool:
    return vocabulary.frames is None or "text" not in vocabulary.frames


def _json(make: Recipe) -> Sort:
    return lambda choices, memory: content.dumps(make(choices, memory))


def _pick(recipes: Sequence[Recipe]) -> Recipe | None:
    if len(recipes) < 2:
        return recipes[0] if recipes else None
    return lambda choices, memory: pick(choices, recipes)(choices, memory)


def _either(declared: Recipe, mined: Sequence[Recipe]) -> Recipe:
    inner = _pick(mined)
    assert inner is not None
    return lambda choices, memory: (inner if choices.index(2) else declared)(choices, memory)


def _declared(route: Route) -> Recipe | None:
    """Values of the type that the route declares for a message."""
    if route.message is MISSING or route.message in (str, bytes, Any, dict, list, object):
        return None
    make = maker_of(route.message)
    return None if make is None else forgetful(make)


def _loose_objects(vocabulary: Vocabulary) -> Recipe | None:
    """Objects of keys and words of which the source does not tell how they belong together."""
    keys = vocabulary.keys
    if not keys:
        return None
    words = (*vocabulary.words, *content.JSON_SCALARS[:_LOOSE])

    def loose(choices: Choices, memory: Memory) -> Any:  # noqa: ARG001
        members = range(1 + choices.index(3))
        return {pick(choices, keys): pick(choices, words) for _ in members}

    return loose


def _broken(usual: Recipe) -> Recipe:
    return lambda choices, memory: breaking.broken(choices, usual(choices, memory))


def _nasty(usual: Recipe, *, strict: bool) -> Recipe:
    def made(choices: Choices, memory: Memory) -> Any:
        value = usual(choices, memory)
        if choices.index(6) == 5 and isinstance(value, dict):
            leaf = content.nasty_value(choices, strict=strict)
            return {**value, pick(choices, nasty.KEYS): leaf}
        old, filled = breaking.opened(choices, value)
        return filled(content.nasty_value(choices, strict=strict, instead_of=old))

    return made


def _nasty_json_text(*, strict: bool) -> Sort:
    texts = content.STRICT_JSON_TEXTS if strict else content.JSON_TEXTS
    return forgetful(lambda choices: pick(choices, texts))


def _large_json(usual: Recipe, max_size: int) -> Sort:
    def large(choices: Choices, memory: Memory) -> str:
        length = content.size(choices, max_size)
        if choices.index(6) == 5:
            return "[" + ",".join(["0"] * max(1, (length - 1) // 2)) + "]"
        _, filled = breaking.opened(choices, usual(choices, memory))
        around = len(content.dumps(filled("")).encode())
        return content.dumps(filled(content.large_plain(choices, max(0, length - around))))

    return large


def _again(kind: MessageKind) -> Sort:
    """Something that was sent before, word for word."""

    def again(choices: Choices, memory: Memory) -> str | bytes:
        known = [m.data for m in memory.messages if m.kind == kind]
        return pick(choices, known) if known else _NOTHING[kind]

    return again


def _answered(kind: MessageKind) -> Sort:
    """Something that the server said, sent back."""
    wanted = bytes if kind == "bytes" else str
    fits: Callable[[str], bool] = _is_json if kind in ("json", "graphql") else bool

    def answered(choices: Choices, memory: Memory) -> str | bytes:
        known = [m.data for m in memory.answers if isinstance(m.data, wanted)]
        said = pick(choices, known) if known else _NOTHING[kind]
        return said if isinstance(said, bytes) or fits(said) else _NOTHING[kind]

    return answered


_NOTHING: dict[MessageKind, str | bytes] = {"text": "", "bytes": b"", "json": "{}", "graphql": "{}"}


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def _text_sorts(vocabulary: Vocabulary, max_size: int) -> Sorts:
    loops: list[Recipe] = []
    first: list[Recipe] = []
    parsed = False
    for site in vocabulary.sites:
        if site.frame != "text":
            continue
        parsed = parsed or ("json", None) in site.term.children
        commands = commands_of(site, None)
        if commands is not None and _says_something(site):
            (loops if site.repeated else first).append(commands)
    words = _loose_words(vocabulary)
    usual = _pick(loops or first) or words or _plain_text
    sorts: list[tuple[int, Sort]] = [
        (10, _as_text(usual)),
        (13, _as_text(_plain_text)),
        (5, _always("")),
        (8, _broken_text(usual)),
        (2, _as_text(words or _plain_text)),
        (11, forgetful(lambda choices: content.nasty_text(choices))),
        (6, _large_text(max_size)),
        (4, _again("text")),
        (2, _answered("text")),
        (3, _nasty_json_text(strict=False)),
    ]
    if parsed:
        not_json = forgetful(lambda choices: pick(choices, content.NOT_JSON))
        sorts[1:2] = [(4, sorts[1][1]), (8, not_json)]
    nasty_text = forgetful(lambda choices: content.nasty_text(choices))
    earnest = _in_earnest(
        _as_text(usual),
        _again("text"),
        _broken_text(usual),
        nasty_text,
        _always(""),
        _large_text(max_size),
    )
    opening = [_as_text(make) for make in first] if loops else ()
    return Sorts("text", sorts, opening, earnest=earnest, meaningful=bool(loops or first))


def _says_something(site: Site) -> bool:
    """The source tells more of the message than that it is a text, or JSON."""
    term = site.term
    return (
        any(role != "json" for role, _ in term.children)
        or any((term.values, term.prefixes, term.suffixes, term.infixes, term.patterns))
        or bool(term.lengths)
        or bool(set(term.uses) - {"str"})
    )


def _plain_text(choices: Choices, memory: Memory) -> Any:  # noqa: ARG001
    return content.text(choices)


def _loose_words(vocabulary: Vocabulary) -> Recipe | None:
    words = [word for word in vocabulary.words if isinstance(word, str)]
    if not words:
        return None

    def loose(choices: Choices, memory: Memory) -> str:  # noqa: ARG001
        made = pick(choices, words)
        return f"{made} {content.text(choices)}" if choices.index(3) == 2 else made

    return loose


def _text(value: Any) -> str:
    made = as_text(value)
    if made.isascii():
        return made
    return made.encode("utf-8", "replace").decode()


def _as_text(make: Recipe) -> Sort:
    return lambda choices, memory: _text(make(choices, memory))


def _always(data: str | bytes) -> Sort:
    return lambda choices, memory: data  # noqa: ARG005


def _broken_text(usual: Recipe) -> Sort:
    return lambda choices, memory: breaking.broken_text(choices, _text(usual(choices, memory)))


def _large_text(max_size: int) -> Sort:
    return forgetful(lambda choices: content.large_text(choices, content.size(choices, max_size)))


def _bytes_sorts(vocabulary: Vocabulary, max_size: int) -> Sorts:
    loops: list[Recipe] = []
    first: list[Recipe] = []
    for site in vocabulary.sites:
        commands = commands_of(site, None) if site.frame == "bytes" else None
        told = site.term.children or site.term.values or site.term.prefixes
        if commands is not None and told:
            (loops if site.repeated else first).append(commands)
    usual = _pick(loops or first) or _plain_bytes
    sorts: list[tuple[int, Sort]] = [
        (14, _as_bytes(usual)),
        (9, _as_bytes(_plain_bytes)),
        (4, _always(b"")),
        (12, _broken_bytes(usual)),
        (8, forgetful(lambda choices: content.nasty_binary(choices))),
        (8, _large_bytes(max_size)),
        (4, _again("bytes")),
        (2, _answered("bytes")),
        (3, _longer(usual)),
    ]
    earnest = _in_earnest(
        _as_bytes(usual),
        _again("bytes"),
        _broken_bytes(usual),
        _longer(usual),
        _always(b""),
        _large_bytes(max_size),
    )
    opening = [_as_bytes(make) for make in first] if loops else ()
    return Sorts("bytes", sorts, opening, earnest=earnest, meaningful=bool(loops or first))


def _plain_bytes(choices: Choices, memory: Memory) -> Any:  # noqa: ARG001
    return content.binary(choices)


def _as_bytes(make: Recipe) -> Sort:
    return lambda choices, memory: as_bytes(make(choices, memory))


def _broken_bytes(usual: Recipe) -> Sort:
    return lambda choices, memory: breaking.broken_bytes(choices, as_bytes(usual(choices, memory)))


def _longer(usual: Recipe) -> Sort:
    return lambda choices, memory: as_bytes(usual(choices, memory)) + content.binary(choices)


def _large_bytes(max_size: int) -> Sort:
    return forgetful(lambda choices: content.large_binary(choices, content.size(choices, max_size)))
