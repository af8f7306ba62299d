"""Values by position: arrays, the words of a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate import members, recipes, remembered, scalars
from pytest_routes.generate.choices import pick
from pytest_routes.generate.vocabulary.terms import Term

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.recipes import Recipe
    from pytest_routes.generate.vocabulary.terms import Condition, Role, Shape

_MOST_INDEX = 16
_SOME = (1, 2, 1, 3)
"""How many pieces there are where the source goes through them, however many."""


def several_of(term: Term, shape: Shape) -> Recipe:
    make = recipes.recipe(term.child("item"), shape)

    def several(choices: Choices, memory: Memory) -> list[Any]:
        return [make(choices, memory) for _ in range((1, 0, 2, 3)[choices.index(4)])]

    return several


def pieces_of(term: Term, shape: Shape, text: bool, lengths: tuple[int, ...]) -> Recipe:
    """Values by position: an array, the words of a command, the bytes of a header."""
    positions: dict[int, Recipe] = {}
    inside_text = text or term.role == "split"
    reach = 0
    joined: set[int] = set()
    for child in term.of("index"):
        if child in shape and isinstance(child.key, int) and 0 <= child.key < _MOST_INDEX:
            make = recipes.recipe(_as_items(child, shape), shape, text=inside_text)
            positions[child.key] = _piece_of(child, make, shape)
    for rest in term.of("slice"):
        # What stands behind the first words: `name, args = words[0], words[1:]`.
        start, stop = rest.key
        if rest not in shape or stop is not None or not isinstance(start, int):
            continue
        for child in rest.of("index"):
            if child in shape and isinstance(child.key, int) and 0 <= child.key < _MOST_INDEX:
                make = recipes.recipe(child, shape, text=inside_text)
                positions[start + child.key] = _piece_of(child, make, shape)
        for child in rest.of("tail"):
            if child in shape and start not in positions:
                positions[start] = recipes.recipe(child, shape, text=True)
                joined.add(start)
        asked = [n for c in shape.asked_of(rest) if c.operation == "length" for n in c.values]
        lengths = lengths or tuple(start + n for n in asked if n >= 0)
        if not term.of("pairs"):
            reach = max(reach, start + _reach(rest, shape))
    most = max(max(positions, default=0) + 1, reach)
    open_ended = {
        child.key
        for child in term.of("index")
        if child in shape and any(t.key == term.key and t in shape for t in child.of("split"))
    }
    open_ended |= joined
    """The positions of pieces that the source takes apart by the same separator, or joins with
    those behind it."""
    last = max(positions, default=0)
    if any(c.key == last and _is_taken_apart(c, shape) for c in term.of("index")):
        # What is left behind the last separator, as `partition` says it.
        open_ended.add(last)
    counts = lengths or (most, most, most, max(most - 1, 0), most + 1, most + 2)
    few = tuple(n for n in counts if n <= most + 2) or counts
    """As many as the source looks at, or a few more."""
    item = next((t for t in (*term.of("item"), *term.of("slice")) if t in shape), None)
    if item is not None and item.role == "slice":
        item = next((t for t in item.of("item") if t in shape), Term("item", None, term))
    other = recipes.recipe(item or Term("item", None, term), shape, text=inside_text)
    several = term.role == "split" and item is not None and not positions and most == 1
    twins = members.twins_of(term, shape)
    named = next((t for t in term.of("pairs") if t in shape), None)
    paired = None if named is None else members.object_of(named, shape)
    between = scalars.as_text(named.key[1]) if named is not None else ""

    def pieces(choices: Choices, memory: Memory) -> Any:
        usual = memory.earnest and not lengths and (memory.clean or choices.index(8) < 7)
        if usual and several:
            count = pick(choices, _SOME)
        elif usual or paired is not None:
            count = most
        else:
            count = pick(choices, few if memory.earnest else counts)
        made = [positions.get(i, other)(choices, memory) for i in range(min(count, 64))]
        members.agree(made, twins, choices)
        if paired is not None:
            pairs = paired(choices, memory).items()
            made += [f"{name}{between}{scalars.as_text(value)}" for name, value in pairs]
        if term.role == "split":
            separator = term.key
            if memory.earnest:
                made = [
                    value if i in open_ended else _unsplit(value, separator)
                    for i, value in enumerate(made)
                ]
            if isinstance(separator, bytes):
                return separator.join(map(scalars.as_bytes, made))
            return separator.join(map(scalars.as_text, made))
        return made

    return pieces


def _as_items(term: Term, shape: Shape) -> Term:
    """The items, where the source says of them what it does not say of one position."""
    item = None if term.parent is None else term.parent.children.get(("item", None))
    silent = not (term.children or term.uses or term.told or recipes.says_something(term))
    between = all(c.operation in members.BETWEEN for c in shape.asked_of(term))
    if item is None or item not in shape or not silent or not between:
        return term
    return item


def _is_taken_apart(term: Term, shape: Shape) -> bool:
    """The source finds several things in the piece, whatever stands between them."""
    return any(t.role in _SEVERAL and t in shape for t in term.walk())


_SEVERAL: frozenset[Role] = frozenset({"tokens", "found", "json"})


def _reach(rest: Term, shape: Shape) -> int:
    """How many pieces there are at least of those that the source goes through."""
    behind: list[int] = [s.key[0] + 1 for s in rest.of("slice") if s in shape and s.key[1] is None]
    true = any(c.operation == "true" for c in shape.asked_of(rest))
    each = int(true or any(t in shape for t in rest.of("item")))
    return max([each, *(n for n in behind if 0 < n <= _MOST_INDEX)])


def _piece_of(term: Term, make: Recipe, shape: Shape) -> Recipe:
    """A piece that the source takes apart itself is no word."""
    if any(inner in shape for inner in term.children.values()):
        return make
    word = word_of(make, shape.asked_of(term), term.values)
    return told_word(term, word) if term.told and not shape.asked_of(term) else word


def told_word(term: Term, make: Recipe) -> Recipe:
    """A word that the application looks up: rather one that it knows."""

    def told(choices: Choices, memory: Memory) -> Any:
        value = remembered.one_of(choices, remembered.words_for(term, memory))
        return make(choices, memory) if value is None else value

    return told


def _unsplit(value: Any, separator: str | bytes) -> Any:
    """A word that stays one word."""
    if isinstance(value, str) and isinstance(separator, str) and (separator in value or not value):
        return value.replace(separator, "_") or "a"
    return value


def word_of(make: Recipe, asked: Sequence[Condition], named: Sequence[Any] = ()) -> Recipe:
    """A word of a text: one that the source names, or that was used before, or that the server
    said, or another."""
    if any(c.operation == "is" for c in asked):
        return make

    def word(choices: Choices, memory: Memory) -> Any:
        if named and not asked and choices.index(2):
            return pick(choices, named)
        if memory.anything and not asked:
            which = choices.index(8)
            if which >= 6 or (which >= 3 and memory.words):
                return pick(choices, memory.anything if which >= 5 else memory.words)
        made = make(choices, memory)
        if isinstance(made, str):
            memory.put(made)
        return made

    return word
