"""Texts of names and values, and others in which a regular expression is found several times."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from pytest_routes.generate import matches, members, pieces, recipes, scalars, tokens
from pytest_routes.generate.choices import pick

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.recipes import Recipe
    from pytest_routes.generate.vocabulary.terms import Shape, Term

_BETWEEN = (" ", ",", ";", "&", "\n", "")
"""What may stand between two matches; the first that keeps them apart is taken."""
_READABLE = ":/,@ "
_COUNTS = (1, 1, 2, 2, 3)


def query(term: Term, inner: Term, shape: Shape, text: bool) -> Recipe:  # noqa: ARG001
    """Percent-encoded names and values: `a=1&b=x+y`."""
    make = members.object_of(inner, shape)

    def written(choices: Choices, memory: Memory) -> str:
        return "&".join(
            f"{_quoted(name)}={_quoted(value)}" for name, value in make(choices, memory).items()
        )

    return written


def _quoted(value: Any) -> str:
    return quote_plus(scalars.as_text(value), safe=_READABLE, errors="replace")


def found(term: Term, inner: Term, shape: Shape, text: bool) -> Recipe:
    """A text in which the source finds all matches of a pattern."""
    pattern = inner.key
    whole = matches.pattern_recipe([pattern])
    if whole is None or isinstance(pattern, bytes):
        return whole or recipes.scalar_of(term, [], text)
    compiled = re.compile(pattern)
    make = _matches_of(inner, shape, compiled)

    def several(choices: Choices, memory: Memory) -> str:
        made = []
        for groups in make(choices, memory):
            one = whole(choices, memory)
            for group, value in groups.items():
                one = replaced(compiled, one, group, scalars.as_text(value))
            made.append(one)
        return _together(compiled, made)

    return several


def _matches_of(
    inner: Term, shape: Shape, compiled: re.Pattern[str]
) -> Callable[[Choices, Memory], list[dict[Any, Any]]]:
    """What the groups of each match say."""
    groups = [g for g in inner.of("group") if g in shape]
    for pairs in inner.of("pairs"):
        value = next((g.key for g in groups if g.key != pairs.key[0]), None)
        if pairs in shape and value is not None:
            return _named(pairs, shape, pairs.key[0], value)
    if groups:
        made = {
            g.key: pieces.word_of(recipes.recipe(g, shape, text=True), shape.asked_of(g), g.values)
            for g in groups
        }
        return lambda choices, memory: [
            {key: make(choices, memory) for key, make in made.items()}
            for _ in range(pick(choices, _COUNTS))
        ]
    if compiled.groups == 2:
        return _named(inner, shape, 1, 2)
    expression = tokens.expression_of(compiled.pattern)
    if expression is not None and not any(t in shape for t in inner.of("index")):
        return lambda choices, memory: [
            {0: match.group()} for match in compiled.finditer(expression(choices, memory))
        ]
    words = pieces.pieces_of(inner, shape, True, ())
    group = min(compiled.groups, 1)
    return lambda choices, memory: [{group: word} for word in words(choices, memory)]


def _named(
    term: Term, shape: Shape, name: int | str, value: int | str
) -> Callable[[Choices, Memory], list[dict[Any, Any]]]:
    """One match for each member; the groups of its name and of its value."""
    make = members.object_of(term, shape)
    return lambda choices, memory: [
        {value: said, name: each} for each, said in make(choices, memory).items()
    ]


def replaced(compiled: re.Pattern[str], text: str, group: int | str, value: str) -> str:
    """The text with something else in a group, if it still matches."""
    match = compiled.fullmatch(text)
    if match is None or match[group] is None:
        return text
    start, stop = match.span(group)
    other = f"{text[:start]}{value}{text[stop:]}"
    again = compiled.fullmatch(other)
    return other if again is not None and again[group] == value else text


def _together(compiled: re.Pattern[str], made: list[str]) -> str:
    for between in _BETWEEN:
        whole = between.join(made)
        if [match.group() for match in compiled.finditer(whole)] == made:
            return whole
    return " ".join(made)
