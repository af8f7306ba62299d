"""Objects with the members that a branch reads, and members that agree with each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate import apart, positions, recipes, remembered
from pytest_routes.generate.choices import pick
from pytest_routes.generate.vocabulary.computing import undone
from pytest_routes.generate.vocabulary.terms import COMPARISONS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.recipes import Recipe
    from pytest_routes.generate.vocabulary.terms import Condition, Shape, Term


def object_of(term: Term, shape: Shape) -> Recipe:
    """An object with the members that the branch reads."""
    members = []
    optional = []
    read: list[Any] = []
    """Members that the branch reads without asking for them."""
    for child in term.of("field"):
        if child not in shape:
            continue
        asked = shape.asked_of(child)
        any_ = term.children.get(("item", None))
        plain = not child.children and not child.uses and not recipes.says_something(child)
        source = any_ if plain and any_ is not None and any_ in shape else child
        make = recipes.recipe(source, shape)
        if positions.is_position(child, shape):
            new = shape.avoids(child, "told") is not None
            make = (positions.never_said if new else positions.said_before)(child, make)
        if child.optional and not asked and child not in shape.needed:
            optional.append((child, make))
        else:
            open_ = all(c.operation in remembered.LOOSE for c in asked)
            open_ = open_ and not any(inner in shape for inner in child.children.values())
            make = _remembering(child, make, shape) if open_ else make
            members.append((child.key, make))
            if not asked:
                read.append(child.key)
    extras = [
        (
            child.key,
            make
            if any(inner in shape for inner in child.children.values())
            else _remembering(child, make, shape),
        )
        for child, make in optional
    ]
    doubtful = {child.key for child, _ in optional if child.demanded}
    elsewhere = {child.key for child, _ in optional if _is_taken_apart_elsewhere(child, shape)}
    twins = twins_of(term, shape)
    named = apart.Apart(term, shape)

    def made(choices: Choices, memory: Memory) -> dict[str, Any]:
        result = {key: make(choices, memory) for key, make in members}
        if read and not memory.clean and choices.index(_LEFT_OUT) == _LEFT_OUT - 1:
            del result[pick(choices, read)]
        if extras:
            # None of the optional members (the simplest), all of them, or some.
            how = choices.index(12)
            how = min(how, 8) if memory.clean else how
            for key, make in extras:
                if how and (how < 9 or choices.index(2)):
                    if key in doubtful and choices.index(_LEFT_OUT_SOMETIMES) == 1:
                        continue
                    if key in elsewhere and memory.clean and choices.index(_ELSEWHERE):
                        continue
                    result[key] = make(choices, memory)
        named.keep(result, choices, memory)
        agree(result, twins, choices)
        return result

    return made


_LEFT_OUT = 12
"""One object in so many lacks a member that the source takes for granted."""
_LEFT_OUT_SOMETIMES = 4
"""The same of a member that it takes for granted at one place, and not at another."""
_ELSEWHERE = 4
"""One object in so many has a member that the source takes apart only on another branch."""


def _is_taken_apart_elsewhere(term: Term, shape: Shape) -> bool:
    """`None if value is None else parsed(value)`, where it is None."""
    inside = [t for t in term.children.values() if t.role in _PARTS]
    return bool(inside) and not any(t in shape for t in inside)


_PARTS = frozenset({"index", "field"})


def twins_of(term: Term, shape: Shape) -> list[tuple[Any, Any, Condition]]:
    """The keys or positions of which the branch asks that their values are the same, that one
    is the length of the other, or that one is less or more than the other."""
    return [
        (child.key, condition.values[0].key, condition)
        for child in term.children.values()
        for condition in shape.asked_of(child)
        if condition.operation in BETWEEN and condition.values[0].parent is term
    ]


BETWEEN = frozenset({"same", "measures", "order"})
"""What is asked of two values together."""


def agree(made: Any, twins: Sequence[tuple[Any, Any, Condition]], choices: Choices) -> None:
    """Make the values under some keys, or at some positions, those that others ask for."""
    for key, other, condition in twins:
        if isinstance(made, list):
            if not (0 <= key < len(made) and 0 <= other < len(made)):
                continue
        elif other not in made:
            continue
        value = made[other]
        if condition.operation == "same":
            made[key] = value
        elif condition.operation == "order":
            _in_order(made, key, other, condition, choices)
        elif isinstance(value, (str, bytes, list, dict)):
            made[key] = undone(condition.values[1], len(value))


def _in_order(made: Any, key: Any, other: Any, condition: Condition, choices: Choices) -> None:
    """The one as much as the other, where that will do, or both the other way round."""
    if isinstance(made, dict) and key not in made:
        return
    one, two = made[key], made[other]
    ((how, _),) = condition.limits
    if "=" in how and choices.index(_EQUAL) == _EQUAL - 1:
        made[key] = two
        return
    try:
        if not COMPARISONS[how](one, two):
            made[key], made[other] = two, one
    except TypeError:
        return


_EQUAL = 3
"""One pair in so many is two equal values, where the source allows it."""


def _remembering(term: Term, make: Recipe, shape: Shape) -> Recipe:
    """Sometimes a value that was said before under the same key, or a similar one."""
    key = term.key
    wanted = remembered.fitting(term, shape)
    if term.told and shape.avoids(term, "told") is not None:
        return _new(key, make)
    if term.told:
        return _told(term, make, wanted)

    def made(choices: Choices, memory: Memory) -> Any:
        known = [value for value in memory.values_for(key) if wanted(value)]
        if known:
            which = choices.index(8)
            if which in (4, 5):
                return known[0]
            if which == 6:
                return pick(choices, known)
            if which == 7:
                return remembered.beside(choices, pick(choices, known))
        elif memory.answered:
            which = choices.index(8)
            if which == 7:
                said = pick(choices, memory.answered)
                return said if wanted(said) else make(choices, memory)
        return make(choices, memory)

    return made


def _told(term: Term, make: Recipe, wanted: Callable[[Any], bool]) -> Recipe:
    """What the application looks up: mostly something that it may know."""
    key = term.key
    others = remembered.looked_up_with(term)

    def made(choices: Choices, memory: Memory) -> Any:
        likely = memory.likely(key, wanted, others)
        known = remembered.listed_first(term, memory, likely, wanted)
        which = choices.index(16) if known else 0
        if which < 3:
            return make(choices, memory)
        if which >= 14:
            return remembered.beside(choices, pick(choices, known))
        return known[0] if which < 9 else pick(choices, known)

    return made


def _new(key: Any, make: Recipe) -> Recipe:
    """A name of something new: mostly none that was said before."""

    def made(choices: Choices, memory: Memory) -> Any:
        known = memory.values_for(key)
        value = make(choices, memory)
        for _ in range(_ATTEMPTS if known else 0):
            if value not in known:
                break
            if choices.index(4) == 3:
                return pick(choices, known)
            value = make(choices, memory)
        return value

    return made


_ATTEMPTS = 3
