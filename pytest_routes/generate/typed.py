"""Values of a declared type, with what the source asks of their members."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, get_origin

from pytest_routes.generate import apart, members, recipes, remembered
from pytest_routes.generate.choices import pick
from pytest_routes.generate.declared import maker_of, named_values, open_members
from pytest_routes.generate.envelopes import Envelope
from pytest_routes.generate.nested import Nested

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.recipes import Recipe
    from pytest_routes.generate.vocabulary.terms import Condition, Shape, Term


def of_type(annotation: Any, term: Term, shape: Shape) -> Recipe | None:
    """A value of a declared type, with what the source asks of its members."""
    asked = {
        child.key: c.values
        for child in term.of("field")
        for c in shape.asked_of(child)
        if c.operation == "is"
    }
    make = maker_of(annotation, asked)
    if make is None:
        return None
    opened = open_members(annotation)
    fixed = [
        (
            child.key,
            recipes.recipe(child, shape),
            1 if shape.asked_of(child) or _deep(child, shape) else 3,
        )
        for child in term.of("field")
        if child in shape
        and (
            shape.asked_of(child)
            or recipes.says_something(child)
            or any(recipes.says_something(item) and item in shape for item in child.of("item"))
            or any(t in shape and t.role in _FOUND for t in child.children.values())
        )
        if not _is_only(child, shape, ("told",)) and not _is_only(child, shape, _BY_TYPE)
    ]
    fixed += [
        (child.key, recipes.recipe(child, shape), 1)
        for child in term.of("field")
        if child in shape and child.key in opened and any(t in shape for t in child.of("field"))
    ]
    picky = [
        (child.key, remembered.fitting(child, shape))
        for child in term.of("field")
        if child in shape and _is_only(child, shape, _BY_TYPE)
    ]
    within = {
        child.key: shape.asked_of(child)
        for child in term.of("field")
        if child in shape and _is_only(child, shape, ("near", "type"))
    }
    """Numbers of which the type may ask more than the branch does."""
    free = get_origin(annotation) in (dict, Mapping)
    told = {child.key for child in term.of("field") if child in shape and child.told}
    told -= {key for key, _, one_in in fixed if one_in == 1}
    listed_there = {
        child.key: _as_told(child, shape) for child in term.of("field") if child.key in told
    }
    looked_up_with = {
        child.key: remembered.looked_up_with(child)
        for child in term.of("field")
        if child.key in told
    }
    new = {
        child.key
        for child in term.of("field")
        if child.key in told and not listed_there[child.key]
        if shape.avoids(child, "is") or shape.avoids(child, "told")
    }
    twins = members.twins_of(term, shape)
    listed = _Listed(annotation)
    envelope = Envelope(annotation, term, shape)
    nested = Nested(term, shape)
    named = apart.Apart(term, shape)

    def typed(choices: Choices, memory: Memory) -> Any:
        value = make(choices)
        if isinstance(value, dict):
            if envelope and memory.earnest:
                envelope.narrow(value, make, choices)
            nested.fill(value, choices, memory)
            for key, wanted in picky:
                for _ in range(_ATTEMPTS):
                    if key in value and wanted(value[key]):
                        break
                    other = make(choices)
                    if not isinstance(other, dict) or not other:
                        continue
                    if free:
                        # Whatever a mapping holds, it may hold under this key.
                        value[key] = pick(choices, list(other.values()))
                    elif key in other:
                        value[key] = other[key]
            for key, inner, one_in in fixed:
                known = key in value or one_in == 1
                if key in value and key in within and _within(value[key], within[key]):
                    known = choices.index(_TYPED) == 0
                if known and (one_in == 1 or choices.index(one_in) == one_in - 1):
                    value[key] = inner(choices, memory)
            if told and memory.clean and memory.answered:
                _there(value, told, make, choices)
            for key, old in value.items():
                if key in new and choices.index(_NEW) > 0:
                    continue
                if key in told:
                    there = listed_there[key]
                    if there and _is_rather_there(key, looked_up_with[key], choices, memory):
                        value[key] = pick(choices, there)
                        continue
                    likely = memory.likely(key, remembered.alike(old), looked_up_with[key])
                    said = remembered.one_of(choices, likely)
                    value[key] = old if said is None else said
                elif isinstance(key, str) and not _is_fixed(key, fixed) and not listed[key]:
                    values = memory.values_for(key)
                    if values and choices.index(4) >= 2:
                        said = pick(choices, values[:3])
                        value[key] = said if remembered.alike(old)(said) else old
            named.keep(value, choices, memory)
            members.agree(value, twins, choices)
        return value

    return typed


def _as_told(term: Term, shape: Shape) -> list[Any]:
    """What the source puts into the table that the branch looks the member up in."""
    avoided = shape.avoids(term, "is")
    return [
        value
        for condition in shape.asked_of(term)
        if condition.operation == "told"
        for value in condition.values
        if not (avoided and value in avoided)
    ]


def _is_rather_there(key: str, others: Sequence[str], choices: Choices, memory: Memory) -> bool:
    """One of the names that are there from the first, rather than one that the server has told:
    mostly, as long as it has told none."""
    which = choices.index(_LISTED_THERE)
    return which == 1 or (which > 1 and not any(memory.has_told(k) for k in (key, *others)))


def _there(
    value: dict[str, Any], told: set[Any], make: Callable[[Choices], Any], choices: Choices
) -> None:
    """Give what the application looks up a value, where the type would do without."""
    for key in sorted(key for key in told if value.get(key) is None):
        for _ in range(_ATTEMPTS):
            other = make(choices)
            if isinstance(other, dict) and other.get(key) is not None:
                value[key] = other[key]
                break


class _Listed(dict[str, bool]):
    """Whether the type lists the values of a member: no other would do."""

    def __init__(self, annotation: Any) -> None:
        super().__init__()
        self._annotation = annotation

    def __missing__(self, key: str) -> bool:
        self[key] = bool(named_values(self._annotation, key))
        return self[key]


def _within(value: Any, asked: Sequence[Condition]) -> bool:
    """What the type has made is what the branch wants, too."""
    numbers = [c for c in asked if c.operation == "near"]
    return isinstance(value, (int, float)) and all(c.allows(value) for c in numbers)


_TYPED = 3
"""One such number in so many is at the limits of the branch, whatever its type says."""
_BY_TYPE = ("true", "type", "present")


_FOUND = frozenset({"found", "tokens"})
"""What a text must have in it, of which its type says nothing."""
_ATTEMPTS = 4
_LISTED_THERE = 3
"""All but one of so many values that are looked up are some that the source has put there."""
_NEW = 4
"""All but one of so many values are new where the branch wants none that the source has listed."""


def _is_only(term: Term, shape: Shape, operations: Sequence[str]) -> bool:
    """Something is asked of the value, and nothing but this."""
    asked = shape.asked_of(term)
    if any(inner in shape for inner in term.children.values()):
        return False
    return bool(asked) and all(c.operation in operations for c in asked)


def _is_fixed(key: str, fixed: Sequence[tuple[Any, Recipe, int]]) -> bool:
    return any(name == key and one_in == 1 for name, _, one_in in fixed)


def _deep(term: Term, shape: Shape) -> bool:
    """The branch asks something of a part of the value."""
    return any(c.holds and c.term is not term and term in _line(c.term) for c in shape.conditions)


def _line(term: Term | None) -> list[Term]:
    line = []
    while term is not None:
        line.append(term)
        term = term.parent
    return line
