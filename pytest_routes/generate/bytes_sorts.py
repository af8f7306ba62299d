"""The sorts of binary messages, and how often each is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate import breaking, content
from pytest_routes.generate.recipes import Recipe, forgetful
from pytest_routes.generate.scalars import as_bytes
from pytest_routes.generate.sorts import (
    Sort,
    Sorts,
    again_of,
    always,
    answered_of,
    commands_of,
    either_of,
    in_earnest,
)

if TYPE_CHECKING:
    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.vocabulary import Vocabulary


def bytes_sorts(vocabulary: Vocabulary, max_size: int) -> Sorts:
    loops: list[Recipe] = []
    first: list[Recipe] = []
    for site in vocabulary.sites:
        commands = commands_of(site, None) if site.frame == "bytes" else None
        told = site.term.children or site.term.values or site.term.prefixes
        if commands is not None and told:
            (loops if site.repeated else first).append(commands)
    usual = either_of(loops or first) or _plain_bytes
    sorts: list[tuple[int, Sort]] = [
        (14, _as_bytes(usual)),
        (9, _as_bytes(_plain_bytes)),
        (4, always(b"")),
        (12, _broken_bytes(usual)),
        (8, forgetful(lambda choices: content.nasty_binary(choices))),
        (8, _large_bytes(max_size)),
        (4, again_of("bytes")),
        (2, answered_of("bytes")),
        (3, _longer(usual)),
    ]
    earnest = in_earnest(
        _as_bytes(usual),
        again_of("bytes"),
        _broken_bytes(usual),
        _longer(usual),
        always(b""),
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
