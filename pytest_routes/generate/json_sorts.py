"""The sorts of JSON messages, and how often each is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate import breaking, content, nasty
from pytest_routes.generate.choices import pick
from pytest_routes.generate.declared import maker_of
from pytest_routes.generate.recipes import Recipe, forgetful
from pytest_routes.generate.sorts import (
    Sort,
    Sorts,
    again_of,
    answered_of,
    commands_of,
    either_of,
    in_earnest,
)
from pytest_routes.routes.model import MISSING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.vocabulary import Vocabulary
    from pytest_routes.routes.model import Route
    from pytest_routes.simulator.conversation import MessageKind

_LOOSE = 12
_STRICT_FRAMEWORKS = frozenset({"litestar"})
"""Those that parse JSON by the letter of RFC 8259: a message with NaN or a lone surrogate is
not JSON for them."""


def json_sorts(route: Route, kind: MessageKind, vocabulary: Vocabulary, max_size: int) -> Sorts:
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
    valid = either_of(loops or first or ([loose] if loose else [])) or _plain_json
    strict = route.framework in _STRICT_FRAMEWORKS and _by_framework(vocabulary)
    sorts = _json_shares(kind, valid, loose, strict=strict, max_size=max_size)
    earnest = in_earnest(
        _json(valid),
        again_of(kind),
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
        (5, nasty_json_text(strict=strict)),
        (5, _large_json(usual, max_size)),
        (5, again_of(kind)),
        (1, answered_of(kind)),
    ]


_empty_json = forgetful(lambda choices: content.dumps(pick(choices, content.EMPTY_JSON)))


def _by_framework(vocabulary: Vocabulary) -> bool:
    return vocabulary.frames is None or "text" not in vocabulary.frames


def _json(make: Recipe) -> Sort:
    return lambda choices, memory: content.dumps(make(choices, memory))


def _either(declared: Recipe, mined: Sequence[Recipe]) -> Recipe:
    inner = either_of(mined)
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
    words: list[Any] = [
        word.decode("latin-1") if isinstance(word, bytes) else word for word in vocabulary.words
    ]
    words += content.JSON_SCALARS[:_LOOSE]

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


def nasty_json_text(*, strict: bool) -> Sort:
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
