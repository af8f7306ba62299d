"""The shapes of a place where messages are taken, sorted by the command that they say."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.alternatives import alternatives
from pytest_routes.generate.declared import named_values
from pytest_routes.generate.type_groups import by_type, types_tell
from pytest_routes.generate.vocabulary.terms import Condition

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.generate.vocabulary import Shape, Term

_MOST_VALUES = 24


def by_command(shapes: Sequence[Shape], message: Term) -> dict[Any, list[Shape]]:
    """The shapes by what they say of the term that tells most of them apart, or by the members
    that they ask for; those that ask for nothing come first, as the plainest shape does."""
    term = telling(shapes)
    if term is not None and term.parent is not None and types_tell(shapes, term):
        return by_type(shapes, term.parent)
    groups: dict[Any, list[Shape]] = {None: []}
    unnamed = _unnamed(shapes, message, term)
    in_batches = is_in_batches(term, message)
    named = [
        set(shape.conditions)
        for shape in shapes[:_MOST_COMPARED]
        if any(c.term is term and c.operation == "is" for c in shape.conditions)
    ]
    narrower = {
        (type(c.values[0]), c.values[0])
        for shape in shapes
        for c in shape.conditions
        if c.term is term and c.operation == "is" and len(c.values) == 1
    }
    for shape in shapes:
        asked = [c for c in shape.conditions if c.term is term and c.operation == "is"]
        if not asked:
            vague = any(set(shape.conditions) <= each for each in named)
            # That a value is of a wrong type is no command, nor that there are items to look at.
            vague = vague or (
                {c.operation for c in shape.conditions} == {"type"}
                and (shape.refused or (in_batches and len(shape.conditions) > 1))
            )
            groups.setdefault(None if vague else _members(shape, message), []).append(shape)
            continue
        values = asked[0].values
        if len(values) > _MOST_VALUES:
            groups.setdefault(_key(values), []).append(shape)
            continue
        for value in values:
            if len(values) > 1 and (type(value), value) in narrower:
                # Another shape knows what belongs to just this command.
                continue
            one = shape if len(values) == 1 else _saying(shape, asked[0], value)
            groups.setdefault(_key((value,)), []).append(one)
    for value in unnamed:
        assert term is not None
        # A group of a pattern is there only in what the pattern matches.
        whole = tuple(c for c in _first_asking(shapes, term) if c.operation == "pattern")
        conditions = (*whole, Condition(term, "is", (value,)))
        plain = replace(shapes[0], conditions=conditions, place=_LAST)
        groups.setdefault(_key((value,)), []).append(plain)
    found = {command: members for command, members in groups.items() if members}
    return found if term is None else _as_written(found, term)


def _as_written(groups: dict[Any, list[Shape]], term: Term) -> dict[Any, list[Shape]]:
    """The commands in the order in which the source handles them, whatever it asks for each."""
    known = {(type(value), value) for value in term.values}
    places = {
        command: min(shape.place for shape in members)
        for command, members in groups.items()
        if isinstance(command, tuple) and not known.isdisjoint(command)
    }
    written = iter(sorted(places, key=places.__getitem__))
    return {c: groups[c] for c in (next(written) if c in places else c for c in groups)}


_LAST = 1 << 30
"""The place of what the source does not name."""


def _unnamed(shapes: Sequence[Shape], message: Term, term: Term | None) -> list[Any]:
    """The commands that a declared type or a pattern lists and the source does not name: those
    of its last `else`."""
    if term is None:
        return []
    found: list[Any] = []
    if term.role == "group" and term.parent is not None and isinstance(term.parent.key, str):
        found = alternatives(term.parent.key, term.key)
    elif term.parent is message:
        found = [v for d in message.models for v in named_values(d.annotation, term.key)]
    named = {v for s in shapes for c in s.conditions if c.term is term for v in c.values}
    return [v for v in found if v not in named][:_MOST_VALUES]


def _first_asking(shapes: Sequence[Shape], term: Term) -> tuple[Condition, ...]:
    asking = (s.conditions for s in shapes if any(c.term is term for c in s.conditions))
    return next(asking, ())


def _members(shape: Shape, message: Term) -> Any:
    """The members of the message that the branch asks for, with what it compares them with."""
    asked: dict[Any, Any] = {}
    for condition in shape.conditions:
        if condition.operation == "model" and condition.holds:
            asked[condition.term.path] = condition.values
        elif condition.holds and condition.term.parent is message:
            known = asked.setdefault(condition.term.key, ())
            asked[condition.term.key] = condition.values if condition.operation == "is" else known
        elif condition.holds and condition.term is message and condition.operation in _FORMS:
            asked[None] = (condition.operation, *condition.values)
        elif condition.holds and condition.term.parent in message.of("split"):
            asked[_PIECES] = ()
    found = tuple((name, _key(values)) for name, values in asked.items())
    return found or None


_PIECES = object()
"""A text of which only pieces are asked for: a row, where commands are whole texts."""
_FORMS = frozenset({"is", "pattern", "prefix", "suffix", "infix"})
"""What a branch may ask of a message as a whole that is a command of its own."""


def _key(values: tuple[Any, ...]) -> Any:
    return tuple((type(value), value) for value in values)


def _saying(shape: Shape, condition: Condition, value: Any) -> Shape:
    one = replace(condition, values=(value,))
    return replace(shape, conditions=tuple(one if c is condition else c for c in shape.conditions))


def telling(shapes: Sequence[Shape]) -> Term | None:
    """The term whose values tell most shapes apart, when it is asked for by half of them."""
    known: dict[Term, dict[Any, None]] = {}
    times: dict[Term, int] = {}
    asking = 0
    for shape in shapes:
        asking += bool(shape.conditions)
        for term in {c.term: None for c in shape.conditions if c.operation == "is"}:
            times[term] = times.get(term, 0) + 1
        for condition in shape.conditions:
            if condition.operation == "is" and condition.term.role != "letter":
                said = known.setdefault(condition.term, {})
                said.update(dict.fromkeys((type(v), v) for v in condition.values))
    best = max(known, key=lambda term: (len(known[term]) > 1, times[term]), default=None)
    return best if best is not None and 2 * times[best] >= asking else None


def looked_up(shapes: Sequence[Shape]) -> frozenset[str]:
    """The keys of what a command can do nothing without, for the application looks it up."""
    full = [shapes[i] for i in fullest(shapes)]
    asked = [
        {t.key for t in shape.reads if t.role == "field" and _is_known(t, shape)} for shape in full
    ]
    return frozenset(asked[0].intersection(*asked[1:])) if asked else frozenset()


def _is_known(term: Term, shape: Shape) -> bool:
    """The branch wants something that is known, or a declared type has a place for it."""
    if shape.avoids(term, "told") is not None:
        return False
    asked = [c for c in shape.asked_of(term) if c.operation == "told"]
    if asked:
        avoided = shape.avoided_of(term)
        return any(c.typed <= avoided for c in asked)
    declared = any(c.operation == "model" and c.term is term.parent for c in shape.conditions)
    return declared and term.told


def fullest(shapes: Sequence[Shape]) -> list[int]:
    """Those of which no other shape asks the same and more, or reads more with the same, but
    for what is refused."""
    # That two values are the same is no more than that they are not: both are tried.
    asked = [frozenset(c for c in s.conditions if c.operation != "same") for s in shapes]
    if len(shapes) > _MOST_COMPARED:
        return list(range(len(shapes)))
    served = [i for i, shape in enumerate(shapes) if not shape.refused]
    served = served or list(range(len(shapes)))
    both = [(asked[i], shapes[i].reads) for i in served]
    return [
        i
        for i, (one, reads) in zip(served, both, strict=True)
        if not any(_says_more(more, one) or (one == more and reads < all_) for more, all_ in both)
        and not (shapes[i].halfway and any(one < more for more, _ in both))
    ]


def _says_more(one: frozenset[Condition], other: frozenset[Condition]) -> bool:
    """It asks all that the other does and more, and not only of a part that may be left out."""
    if not other < one:
        return False
    more = one - other
    left_out = {c.term for c in more if c.operation == "present" and c.term.optional}
    known = {(c.term, c.typed) for c in other if c.operation == "told" and c.values}
    return any(
        c.term not in left_out and not (c.operation == "is" and _is_one(c, known)) for c in more
    )


def _is_one(condition: Condition, known: set[tuple[Term, frozenset[tuple[type, Any]]]]) -> bool:
    """One of the names that are there from the first, where others are added to them."""
    return any(term is condition.term and condition.typed <= typed for term, typed in known)


_MOST_COMPARED = 200


def is_in_batches(term: Term | None, message: Term) -> bool:
    """What tells the commands apart stands in the items of an array."""
    inner = None if term is None else term.parent
    return inner is not None and inner.role == "item" and inner.parent is message
