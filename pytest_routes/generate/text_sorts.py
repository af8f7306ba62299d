"""The sorts of text messages, and how often each is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate import breaking, content
from pytest_routes.generate.choices import pick
from pytest_routes.generate.json_sorts import nasty_json_text
from pytest_routes.generate.recipes import Recipe, forgetful
from pytest_routes.generate.scalars import as_text
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
    from pytest_routes.generate.vocabulary import Site, Vocabulary


def text_sorts(vocabulary: Vocabulary, max_size: int) -> Sorts:
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
    usual = either_of(loops or first) or words or _plain_text
    sorts: list[tuple[int, Sort]] = [
        (10, _as_text(usual)),
        (11, _as_text(_plain_text)),
        (5, always("")),
        (8, _broken_text(usual)),
        (2, _as_text(words or _plain_text)),
        (11, forgetful(content.nasty_text)),
        (6, _large_text(max_size)),
        (4, again_of("text")),
        (2, answered_of("text")),
        (3, nasty_json_text(strict=False)),
        (2, forgetful(content.nested_text)),
    ]
    if parsed:
        not_json = forgetful(lambda choices: pick(choices, content.NOT_JSON))
        sorts[1:2] = [(3, sorts[1][1]), (8, not_json)]
    nasty_text = forgetful(content.nasty_text)
    earnest = in_earnest(
        _as_text(usual),
        again_of("text"),
        _broken_text(usual),
        nasty_text,
        always(""),
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


def _broken_text(usual: Recipe) -> Sort:
    return lambda choices, memory: breaking.broken_text(choices, _text(usual(choices, memory)))


def _large_text(max_size: int) -> Sort:
    return forgetful(lambda choices: content.large_text(choices, content.size(choices, max_size)))
