"""From what was read, and under which conditions, to shapes of messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from pytest_routes.generate.vocabulary.terms import Condition, Shape, Term

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pytest_routes.generate.vocabulary.reader import Reader

Branch: TypeAlias = tuple[Condition, ...]

_MOST_SHAPES = 96


def shapes_of(reader: Reader, message: Term) -> tuple[Shape, ...]:
    """One shape for each way through the handler that asks something of the message, the
    plainest (which asks nothing) first."""
    reads = {(_plain(where), term): None for where, term in reader.reads.get(message, {})}
    branches = {_plain(b): None for b in [(), *reader.branches.get(message, {})]}
    for where, _ in reads:
        branches.setdefault(where)
    conversions = [b for b in branches if any(c.operation == "model" for c in b)]
    found: dict[tuple[frozenset[Condition], frozenset[Term]], Shape] = {}
    for branch in sorted(branches, key=len):
        if _contradicts_itself(branch):
            continue
        asked = tuple(c for c in branch if c.holds)
        asked += tuple(_converted_on_the_way(branch, conversions))
        terms = {term for where, term in reads if _compatible(where, branch)}
        terms.update(c.term for c in asked)
        closed = frozenset(_with_parents(terms))
        key = (frozenset(c for c in asked if not _is_said_by_reading(c)), closed)
        if key not in found:
            found[key] = Shape(asked, closed)
    return tuple(found.values())[:_MOST_SHAPES]


def _plain(branch: Branch) -> Branch:
    """Each condition once, and what must be one of some values and one of others as what it
    can still be."""
    found: list[Condition] = []
    for condition in dict.fromkeys(branch):
        position = next(
            (
                i
                for i, c in enumerate(found)
                if c.term is condition.term and c.operation == condition.operation == "is"
                if c.holds and condition.holds and _typed(c) & _typed(condition)
            ),
            None,
        )
        if position is None:
            found.append(condition)
        else:
            other = _typed(condition)
            values = tuple(v for v in found[position].values if (type(v), v) in other)
            found[position] = Condition(condition.term, "is", values)
    return tuple(found)


def _converted_on_the_way(branch: Branch, conversions: Iterable[Branch]) -> Iterator[Condition]:
    """The types that values are converted to in the branches that this one is a part of."""
    known = {c.term for c in branch if c.operation == "model" and c.holds}
    for conversion in conversions:
        rest = [c for c in conversion if c.operation != "model"]
        if all(c in branch for c in rest):
            for condition in conversion:
                if condition.operation == "model" and condition.term not in known:
                    known.add(condition.term)
                    yield condition


def _contradicts_itself(branch: Branch) -> bool:
    for condition in branch:
        if not condition.holds or condition.operation != "is":
            continue
        for other in branch:
            if other.term is condition.term and other.operation == "is":
                shared = _typed(other) & _typed(condition)
                if (other.holds and not shared) or (
                    not other.holds and _typed(condition) <= _typed(other)
                ):
                    return True
    return False


def _compatible(where: Branch, branch: Branch) -> bool:
    """What is read there can be read by a message that satisfies the branch."""
    for condition in where:
        same = [
            c for c in branch
            if c.term is condition.term and c.operation == condition.operation
        ]  # fmt: skip
        asked = [c for c in same if c.holds]
        if condition.holds:
            if not any(_typed(c) & _typed(condition) or c == condition for c in asked):
                return False
        elif any(_typed(c) <= _typed(condition) for c in asked):
            return False
    return True


def _is_said_by_reading(condition: Condition) -> bool:
    """What reads the value says the same: that it is there, that it is an object."""
    if condition.operation == "type":
        return set(condition.values) <= {"dict", "list"}
    return condition.operation == "present"


def _typed(condition: Condition) -> set[tuple[type, object]]:
    return {(type(value), value) for value in condition.values}


def _with_parents(terms: Iterable[Term]) -> set[Term]:
    closed: set[Term] = set()
    for term in terms:
        inner: Term | None = term
        while inner is not None and inner not in closed:
            closed.add(inner)
            inner = inner.parent
    return closed
