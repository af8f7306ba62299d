"""Texts that regular expressions match, with what the branch asks of their groups."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_routes.generate import pieces, recipes, scalars
from pytest_routes.generate.choices import pick
from pytest_routes.generate.matched import also_said_before
from pytest_routes.generate.memory import Memory
from pytest_routes.generate.schema.enumeration import Simplest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.recipes import Recipe
    from pytest_routes.generate.vocabulary.terms import Shape, Term


def matching(term: Term, pattern: str | bytes, shape: Shape) -> Recipe | None:
    """Texts that the regular expression matches, with what the branch asks of its groups."""
    whole = pattern_recipe([pattern])
    if whole is None:
        return None
    inner = term.children.get(("group", pattern))
    if inner is None or isinstance(pattern, bytes):
        return also_said_before(term, pattern, shape, whole)
    compiled = re.compile(pattern)
    # A branch may ask for a group that another pattern has.
    known = {*compiled.groupindex, *range(compiled.groups + 1)}
    groups = [g for g in inner.of("group") if g in shape and g.key in known]
    if not groups:
        return also_said_before(term, pattern, shape, whole)
    simplest = whole(Simplest(), Memory())
    fits = _Fits(compiled, simplest)
    makers = [
        (
            g.key,
            _looked_up(_group(g, shape), fits, g.key) if _is_name(g) else _group(g, shape),
            bool(shape.asked_of(g)) or g.told,
            recipes.says_something(g),
        )
        for g in groups
    ]
    small = {key: _fitting(compiled, simplest, key) for key, *_ in makers}

    def filled(choices: Choices, memory: Memory) -> Any:
        made = whole(choices, memory)
        for key, make, asked, told in makers:
            found = compiled.search(made)
            if found is None or found[key] is None:
                continue
            # What the source compares a group with elsewhere is one of several that match.
            if asked or (told and choices.index(2)):
                value = make(choices, memory)
            elif told:
                continue
            elif memory.anything and choices.index(8) < (3 if memory.clean else 5):
                value = pick(choices, memory.anything)
            elif memory.clean and choices.index(3) and small[key]:
                value = pick(choices, small[key])
            else:
                memory.put(found[key])
                continue
            start, stop = found.span(key)
            other = f"{made[:start]}{scalars.as_text(value)}{made[stop:]}"
            again = compiled.search(other)
            if again is not None and again[key] == scalars.as_text(value):
                made = other
        return made

    return filled


class _Fits(dict[tuple[Any, str], bool]):
    """Whether a word may stand in a group, as far as the simplest text tells."""

    def __init__(self, compiled: re.Pattern[str], simplest: str) -> None:
        super().__init__()
        self._compiled = compiled
        self._simplest = simplest

    def __call__(self, key: Any, word: Any) -> bool:
        return self[key, scalars.as_text(word)]

    def __missing__(self, place: tuple[Any, str]) -> bool:
        key, word = place
        found = self._compiled.search(self._simplest)
        fitting = False
        if found is not None and found[key] is not None:
            start, stop = found.span(key)
            again = self._compiled.search(f"{self._simplest[:start]}{word}{self._simplest[stop:]}")
            fitting = again is not None and again[key] == word
        if len(self) < _MOST_KNOWN:
            self[place] = fitting
        return fitting


_MOST_KNOWN = 1000


def _is_name(term: Term) -> bool:
    """The application looks it up, and not by its position."""
    return term.told and "int" not in term.uses


def _looked_up(make: Recipe, fits: _Fits, key: Any) -> Recipe:
    """What the application looks up: of the words that it may know, those that fit."""

    def made(choices: Choices, memory: Memory) -> Any:
        value = make(choices, memory)
        if isinstance(value, (str, int, float)) and not fits(key, value):
            known = [w for w in memory.told_words if fits(key, w)]
            value = pick(choices, known) if known else value
        return value

    return made


def _fitting(compiled: re.Pattern[str], made: str, key: Any) -> list[str]:
    """The plain words that may stand in a group: with few of them, what one message names is
    what another one speaks of."""
    found = compiled.search(made)
    if found is None or found[key] is None:
        return []
    start, stop = found.span(key)
    again = ((word, compiled.search(f"{made[:start]}{word}{made[stop:]}")) for word in _WORDS)
    return [word for word, match in again if match is not None and match[key] == word]


_WORDS = ("a", "b", "1", "x", "0", "2")


def _group(term: Term, shape: Shape) -> Recipe:
    asked = shape.asked_of(term)
    word = pieces.word_of(recipes.recipe(term, shape, text=True), asked, term.values)
    return pieces.told_word(term, word) if term.told and not asked else word


def pattern_recipe(patterns: Sequence[str | bytes]) -> Recipe | None:
    """Texts or bytes that one of the regular expressions matches as a whole."""
    makers = [make for make in map(_matches_of, patterns) if make is not None]
    if not makers:
        return None
    return recipes.forgetful(lambda choices: pick(choices, makers)(choices))


def _matches_of(pattern: str | bytes) -> Callable[[Choices], Any] | None:
    from pytest_routes.generate.schema.nodes import Nothing, Run
    from pytest_routes.generate.schema.patterns import pattern_node

    # A pattern of bytes is one of the texts whose characters are those bytes.
    text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
    node = pattern_node(text, whole=True)
    if isinstance(node, Nothing):
        return None
    if isinstance(pattern, str):
        return lambda choices: node.make(Run(choices), 1)
    return lambda choices: node.make(Run(choices), 1).encode("latin-1", "replace")
