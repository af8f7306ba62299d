"""What the handshake of a client decides about its messages: `/desk/{role}`, `?mode=admin`."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_routes.generate.vocabulary import Shape, Vocabulary
    from pytest_routes.generate.vocabulary.terms import Condition
    from pytest_routes.simulator.conversation import Handshake

Setting: TypeAlias = "frozenset[Condition]"


def settings_of(shapes: Iterable[Shape]) -> tuple[Setting, ...]:
    """What a command asks of the handshake, in one or another of its branches; empty when it
    asks for nothing."""
    found = {frozenset(c for c in shape.setting if c.operation == "is") for shape in shapes}
    return () if frozenset() in found else tuple(found)


def suits(setting: Setting, handshake: Handshake) -> bool:
    """The handshake says what the source asks of it, as far as single words tell."""
    words = _words(handshake)
    return all(c.holds != words.isdisjoint(map(_word, c.values)) for c in setting)


def _word(value: object) -> str:
    return str(value).lower()


@lru_cache(maxsize=256)
def _words(handshake: Handshake) -> frozenset[str]:
    found = [unquote(part) for part in handshake.path.split("/")]
    found += [value for _, value in (*handshake.query, *handshake.headers)]
    return frozenset(map(str.lower, found))


def settings_in(vocabulary: Vocabulary) -> tuple[Setting, ...]:
    """All that single branches of the source ask of the handshake."""
    shapes = (shape for site in vocabulary.sites for shape in site.shapes)
    asked = (frozenset(c for c in s.setting if c.operation == "is") for s in shapes)
    return tuple(dict.fromkeys(setting for setting in asked if setting))


def in_another_role(
    first: Handshake, other: Handshake, settings: Iterable[Setting]
) -> Handshake | None:
    """The first handshake with just that of another one which makes a difference for the
    source; the other one, when no single thing does; None when nothing does."""
    role = [suits(setting, first) for setting in settings]
    for mixed in (*_mixed_paths(first, other), *_mixed_queries(first, other)):
        if [suits(setting, mixed) for setting in settings] != role:
            return mixed
    return other if [suits(setting, other) for setting in settings] != role else None


def _mixed_paths(first: Handshake, other: Handshake) -> Iterator[Handshake]:
    segments, others = first.path.split("/"), other.path.split("/")
    if len(segments) == len(others):
        for i, segment in enumerate(others):
            if segment != segments[i]:
                yield replace(first, path="/".join([*segments[:i], segment, *segments[i + 1 :]]))


def _mixed_queries(first: Handshake, other: Handshake) -> Iterator[Handshake]:
    for name, value in other.query:
        if (name, value) not in first.query:
            rest = tuple(pair for pair in first.query if pair[0] != name)
            yield replace(first, query=(*rest, (name, value)))
