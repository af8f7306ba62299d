"""From what was read, and under which conditions, to shapes of messages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_routes.generate.vocabulary.terms import Condition, Shape, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_routes.generate.vocabulary.reader import Reader

Branch: TypeAlias = tuple[Condition, ...]

_MOST_SHAPES = 1000
_AVOIDED = frozenset({"is", "told", "type", "prefix", "suffix", "infix"})
"""What it matters for a branch that a value is not."""


def shapes_of(reader: Reader, message: Term) -> tuple[Shape, ...]:
    """One shape for each way through the handler that asks something of the message, the
    plainest (which asks nothing) first."""
    places: dict[Branch, list[Term]] = {}
    for where, term in reader.reads.get(message, {}):
        places.setdefault(_plain(where), []).append(term)
    branches = {_plain(b): None for b in [(), *reader.branches.get(message, {}), *places]}
    entered = {_plain(b) for b, done in reader.branches.get(message, {}).items() if done}
    entered.add(())
    order = {branch: place for place, branch in enumerate(branches)}
    conversions = [b for b in branches if any(c.operation == "model" for c in b)]
    made = [_plain(b) for b in reader.conversions.get(message, ())]
    vain = {_plain(b) for b in reader.vain.get(message, ())}
    vain |= {_plain(b) for b in reader.doubted.get(message, ())} - entered
    needed: dict[Branch, list[Term]] = {}
    for where, term in reader.needed.get(message, {}):
        needed.setdefault(_plain(where), []).append(term)
    settings: dict[Branch, frozenset[Condition]] = {}
    for b, setting in reader.settings.get(message, {}).items():
        settings[_plain(b)] = settings.get(_plain(b), setting) & setting
    index, index_of_needed = _Index(places), _Index(needed)
    read = {term for terms in places.values() for term in terms}
    found: dict[tuple[frozenset[Condition], frozenset[Term]], Shape] = {}
    for branch in sorted(branches, key=len):
        if _contradicts_itself(branch):
            continue
        asked = tuple(c for c in branch if c.holds)
        asked += tuple(_asked_of_models(branch, conversions))
        asked += tuple(_converted_on_the_way(branch, made))
        terms = {term for where in index.compatible(branch) for term in places[where]}
        terms = {term for term in terms if _is_reached(term, terms, read)}
        asked = tuple(c for c in asked if _is_reached(c.term, terms, read))
        terms -= _left_out(branch, terms)
        terms.update(c.term for c in asked)
        terms.add(message)
        closed = frozenset(_with_parents(terms))
        key = (frozenset(c for c in asked if not _is_said_by_reading(c)), closed)
        avoided = tuple(c for c in branch if not c.holds and c.operation in _AVOIDED)
        if key not in found or (found[key].refused and branch not in vain):
            there = index_of_needed.compatible(branch)
            without = frozenset(term for where in there for term in needed[where])
            found[key] = Shape(
                asked,
                closed,
                avoided,
                branch in vain,
                without,
                branch not in entered,
                settings.get(branch, frozenset()),
                order[branch],
            )
        elif branch not in vain and (
            any(c.operation != "is" for c in avoided)
            or _is_refused_otherwise(branch, vain)
            or _wants_others(asked, avoided)
        ):
            # The way goes on only with something that is not known yet, of another type, or none
            # of the values that are refused.
            known = found[key]
            found[key] = replace(known, avoided=tuple(dict.fromkeys((*known.avoided, *avoided))))
    return tuple(found.values())[:_MOST_SHAPES]


def _is_reached(term: Term, terms: set[Term], read: set[Term]) -> bool:
    """What the value is taken from is read in the branch as well, where it is read at all: a
    variable may stand for what one branch has unpacked, and for what another one has."""
    inner = term.parent
    while inner is not None:
        if inner.role == "struct" and inner in read and inner not in terms:
            return False
        inner = inner.parent
    return True


def _left_out(branch: Branch, terms: set[Term]) -> set[Term]:
    """The members without which only a message gets into the branch, and all that is in them."""
    missing = {
        c.term
        for c in branch
        if not c.holds and c.operation in ("true", "present") and c.term.role == "field"
    }
    return {t for t in terms if not missing.isdisjoint(_with_parents([t]))} if missing else set()


class _Index:
    """Finds the places of the source that a message reaches, without looking at all of them."""

    def __init__(self, places: Iterable[Branch]) -> None:
        self._anywhere: list[Branch] = []
        self._by_value: dict[Any, list[Branch]] = {}
        for where in places:
            first = next((c for c in where if c.holds), None)
            if first is None:
                self._anywhere.append(where)
                continue
            for key in _keys(first):
                self._by_value.setdefault(key, []).append(where)

    def compatible(self, branch: Branch) -> Iterator[Branch]:
        """The places that can be reached by a message that satisfies the branch."""
        asked: dict[Any, list[frozenset[Any]]] = {}
        more: dict[Any, tuple[Any, ...]] = {}
        candidates = dict.fromkeys(self._anywhere)
        for condition in branch:
            if condition.holds:
                values = condition.typed
                asked.setdefault((condition.term, condition.operation), []).append(values)
                for key in _keys(condition):
                    candidates.update(dict.fromkeys(self._by_value.get(key, ())))
                for implied in _implied(condition):
                    more.setdefault(implied[:2], implied)
        for place, implied in more.items():
            if place not in asked:
                asked[place] = _NOTHING if implied[2] is None else [frozenset((implied[2],))]
                candidates.update(dict.fromkeys(self._by_value.get(implied, ())))
        for where in candidates:
            if all(_allows(asked.get((c.term, c.operation), ()), c) for c in where):
                yield where


def _implied(condition: Condition) -> Iterator[tuple[Any, ...]]:
    """What else is true of a message that satisfies a condition on one of its members, as
    `_keys` says it: the message is an object, and the member is there."""
    term = condition.term
    if term.role == "field":
        yield term.parent, "type", (str, "dict")
        if condition.operation == "is" and None not in condition.values:
            yield term, "present", None
            kinds = {type(value).__name__ for value in condition.values}
            if len(kinds) == 1:
                yield term, "type", (str, kinds.pop())


_NOTHING: list[frozenset[Any]] = [frozenset()]


def _keys(condition: Condition) -> list[Any]:
    values: frozenset[Any] = condition.typed
    return [(condition.term, condition.operation, value) for value in values or (None,)]


def _allows(asked: Sequence[frozenset[Any]], condition: Condition) -> bool:
    """What is asked of the same term leaves room for the condition."""
    if not asked:
        return not condition.holds
    values = condition.typed
    if condition.holds:
        return any(not known.isdisjoint(values) or known == values for known in asked)
    return not any(map(values.issuperset, asked))


def _plain(branch: Branch) -> Branch:
    """Each condition once, and what must be one of some values and one of others as what it
    can still be."""
    found: list[Condition] = []
    for condition in dict.fromkeys(branch):
        position = next(
            (
                i
                for i, c in enumerate(found)
                if c.term is condition.term and c.operation == condition.operation
                if c.operation in ("is", "model")
                if c.holds and condition.holds and c.typed & condition.typed
            ),
            None,
        )
        if position is None:
            found.append(condition)
        else:
            other = condition.typed
            values = tuple(v for v in found[position].values if (type(v), v) in other)
            found[position] = Condition(condition.term, condition.operation, values)
    denied = [c for c in found if not c.holds and c.operation == "is"]
    return tuple(_narrowed(found, denied) if denied else found)


def _narrowed(branch: list[Condition], denied: list[Condition]) -> Iterator[Condition]:
    """Without the values that the branch is not entered with: what is left in the `else` of one
    of two."""
    for condition in branch:
        values = condition.values
        if len(values) > 1 and condition.holds and condition.operation == "is":
            others = {v for c in denied if c.term is condition.term for v in c.typed}
            left = tuple(v for v in values if (type(v), v) not in others)
            if left and len(left) < len(values):
                condition = Condition(condition.term, "is", left)
        yield condition


def _converted_on_the_way(branch: Branch, conversions: Iterable[Branch]) -> Iterator[Condition]:
    """The types that values are converted to in the branches that this one is a part of."""
    known = {c.term for c in branch if c.operation == "model" and c.holds}
    for conversion in conversions:
        rest = [c for c in conversion if c.operation != "model"]
        if all(c in branch for c in rest):
            for condition in conversion:
                if (
                    condition.operation == "model"
                    and condition.term not in known
                    and condition.negated() not in branch
                ):
                    known.add(condition.term)
                    yield condition


def _asked_of_models(branch: Branch, conversions: Iterable[Branch]) -> Iterator[Condition]:
    """What else a message says that is converted to the types which the branch asks for: the
    word by which the source has chosen the type."""
    asked = {c.term for c in branch if c.operation == "is"}
    for condition in branch:
        if condition.operation != "model" or not condition.holds:
            continue
        for conversion in conversions:
            if condition not in conversion:
                continue
            # What is asked after the conversion is a branch of its own.
            before = conversion[: conversion.index(condition)]
            rest = [c for c in before if c.holds and c.operation == "is"]
            if rest and asked.isdisjoint(c.term for c in rest):
                yield from rest
                break


def _is_refused_otherwise(branch: Branch, vain: set[Branch]) -> bool:
    """One of the values that the branch does not take leads to a refusal."""
    return any(
        tuple(c.negated() if c is avoided else c for c in branch) in vain
        for avoided in branch
        if avoided.operation == "is" and not avoided.holds
    )


def _wants_others(asked: Iterable[Condition], avoided: Iterable[Condition]) -> bool:
    """Of what is looked up, the way goes on with none of the names that are there from the
    first: the root of a tree is not moved."""
    refused = {(c.term, each) for c in avoided if c.operation == "is" for each in c.typed}
    listed = [c for c in asked if c.operation == "told" and c.values]
    return any(all((c.term, each) in refused for each in c.typed) for c in listed)


def _contradicts_itself(branch: Branch) -> bool:
    for condition in branch:
        if not condition.holds or condition.operation != "is":
            continue
        for other in branch:
            if other.term is condition.term and other.operation == "is":
                shared = other.typed & condition.typed
                if (other.holds and not shared) or (
                    not other.holds and condition.typed <= other.typed
                ):
                    return True
    return False


def _is_said_by_reading(condition: Condition) -> bool:
    """What reads the value says the same: that it is there, that it is an object."""
    if condition.operation == "type":
        return set(condition.values) <= {"dict", "list"}
    # A declared type may have a null there.
    declared = condition.term.parent is not None and "model" in condition.term.parent.uses
    return condition.operation == "present" and not declared


def _with_parents(terms: Iterable[Term]) -> set[Term]:
    closed: set[Term] = set()
    for term in terms:
        inner: Term | None = term
        while inner is not None and inner not in closed:
            closed.add(inner)
            inner = inner.parent
    return closed
