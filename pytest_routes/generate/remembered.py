"""When a value that was said before may stand in for a new one, and what is close to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate.choices import pick

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.vocabulary.terms import Condition, Shape, Term

LOOSE = frozenset({"type", "near", "length", "true", "present"})
"""Conditions that leave a choice: what was said before may satisfy them too."""
_NUMBERS = frozenset({"int", "float"})
"""Uses of a value that is taken for a number, and for nothing else."""
_CONTAINERS = frozenset({"list", "dict"})
"""Uses of a value that is no scalar, which is all that is remembered."""
_TYPES = {"str": str, "int": int, "float": (int, float), "bytes": bytes}


def fitting(term: Term, shape: Shape) -> Callable[[Any], bool]:
    """Whether a value satisfies what the branch asks loosely."""
    asked = [c for c in shape.asked_of(term) if c.operation in LOOSE]
    types = [
        tuple(t for name in c.values for t in _classes(name))
        for c in asked
        if c.operation == "type"
    ]
    if not types and _is_numbered(term):
        types = [(int, float)]
    if not types and term.uses and term.uses.keys() <= _CONTAINERS:
        return lambda value: False  # noqa: ARG005
    limits = [c for c in asked if c.operation == "near"]
    lengths = [c for c in asked if c.operation == "length"]
    true = any(c.operation == "true" for c in asked)
    present = any(c.operation == "present" for c in asked)

    def fits(value: Any) -> bool:
        if (true and not value) or (present and value is None):
            return False
        if any(not isinstance(value, wanted) for wanted in types):
            return False
        if lengths and not (isinstance(value, str) and all(_is_as_long(c, value) for c in lengths)):
            return False
        if limits:
            return isinstance(value, (int, float)) and all(c.allows(value) for c in limits)
        return True

    return fits


def words_for(term: Term, memory: Memory) -> list[Any]:
    """The words that may be a name at this place of a text: those that begin as the source
    wants it there, or else those that do not begin as it wants them at another place."""
    words = memory.told_words
    if term.prefixes:
        wanted = tuple(p for p in term.prefixes if isinstance(p, str) and p)
        fitting = memory.beginning_with(wanted) if wanted else []
    else:
        others = tuple(_prefixes_beside(term))
        fitting = [w for w in words if not str(w).startswith(others)] if others else []
    return fitting or words


def _prefixes_beside(term: Term) -> Iterator[str]:
    beside = term.parent.of("index") if term.parent is not None and term.role == "index" else ()
    for other in beside:
        yield from (p for p in other.prefixes if isinstance(p, str) and p)


def listed_first(
    term: Term, memory: Memory, known: list[Any], wanted: Callable[[Any], bool]
) -> list[Any]:
    """What the source lists and a client has said is there, whatever else is known."""
    if not known or not term.values or known[0] in term.values:
        return known
    said = memory.values_for(term.key)
    listed = [v for v in said if isinstance(v, str) and v in term.values and wanted(v)]
    return [*listed, *known] if listed else known


def looked_up_with(term: Term) -> tuple[str, ...]:
    """The keys of what the application looks up where it looks this up: of the `node` of one
    message, where another one has a `parent`."""
    if not term.among:
        return ()
    found = (
        other.key
        for other in term.root.walk()
        if other is not term and not other.among.keys().isdisjoint(term.among)
    )
    return tuple(dict.fromkeys(k for k in found if isinstance(k, str) and k != term.key))


def others_first(term: Term, memory: Memory, known: list[Any]) -> list[Any]:
    """Names of others before the one that the client has given itself: what it first said under
    the key."""
    if memory.speaker is None or len(known) < 2:
        return known
    said = memory.said_by(memory.speaker)
    own = next((m[term.key] for m in said if isinstance(m, dict) and term.key in m), None)
    return sorted(known, key=lambda value: bool(value == own))


def _is_numbered(term: Term) -> bool:
    """A member that is looked up, and that is taken for a number and for nothing else."""
    numbers = bool(term.uses) and term.uses.keys() <= _NUMBERS
    return numbers and term.told and term.role == "field"


def _is_as_long(condition: Condition, value: str) -> bool:
    """The length of the value is within the limits, or one of those that are asked for."""
    if condition.limits:
        return condition.allows(len(value))
    return len(value) in condition.values


def _classes(name: str) -> tuple[type, ...]:
    found = _TYPES.get(name, object)
    return found if isinstance(found, tuple) else (found,)


def beside(choices: Choices, value: Any) -> Any:
    """Another value that an application may take for the same, or for the next one."""
    if isinstance(value, str):
        return pick(choices, (value.swapcase(), f"{value} ", value[:-1], f"{value}a"))
    return value + pick(choices, (1, -1, 2))


def alike(value: Any) -> Callable[[Any], bool]:
    """Whether another value is of the same type."""
    return lambda other: type(other) is type(value)


def one_of(choices: Choices, known: Sequence[Any]) -> Any:
    """Mostly one of the known values, rather the first; None now and then, and without any."""
    which = choices.index(16) if known else 0
    if which == 0:
        return None
    if which == 15:
        return beside(choices, pick(choices, known))
    return known[0] if which < 7 else pick(choices, known)
