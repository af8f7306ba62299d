"""Values that satisfy one condition of a branch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate import (
    mappings,
    matches,
    pieces,
    positions,
    recipes,
    remembered,
    scalars,
    typed,
)
from pytest_routes.generate.choices import pick
from pytest_routes.generate.content import copied
from pytest_routes.generate.layout import is_laid_out, laid_out
from pytest_routes.generate.letters import alphabet
from pytest_routes.generate.vocabulary.terms import Shape, Term

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.recipes import Recipe
    from pytest_routes.generate.vocabulary.terms import Condition


def _constant(term: Term, shape: Shape, condition: Condition, text: bool) -> Recipe | None:
    values = tuple(map(scalars.as_text, condition.values)) if text else condition.values
    key = "" if text else term.key
    new = shape.avoids(term, "told") is not None
    if term.told and len(values) > 1 and isinstance(key, str) and not new:
        return _said_before(values, key)
    return recipes.forgetful(lambda choices: pick(choices, values))


def _said_before(values: tuple[Any, ...], key: str) -> Recipe:
    """One of the values, often one that the application has been told."""

    def said(choices: Choices, memory: Memory) -> Any:
        known = memory.likely(key, lambda value: value in values)
        if known and choices.index(3):
            return pick(choices, known)
        return pick(choices, values)

    return said


def _near(term: Term, shape: Shape, condition: Condition, text: bool) -> Recipe | None:
    """A number at the limits that the branch compares with, or anywhere within them."""
    asked = [c for c in shape.asked_of(term) if c.operation == "near"]
    wanted = [v for c in asked for v in c.values]
    close = [v for v in dict.fromkeys(wanted) if all(c.allows(v) for c in asked)]
    unit = type(condition.values[0])
    others = [b + d for b in term.bounds for d in (0, 1, -1)]
    far = [unit(v) for v in (*others, *scalars.NUMBERS) if all(c.allows(v) for c in asked)]
    near = tuple(close or condition.values)
    if text and "digits" in term.uses:
        near, far = tuple(v for v in near if v >= 0) or near, [v for v in far if v >= 0]
    beyond = tuple(v for v in far if v not in near)
    special = [v for use in term.uses for v in scalars.BESIDE_NUMBERS.get(use, ())]
    table = scalars.Table([(10, near), (5, beyond), (2 if special else 0, special)])
    if text:
        return recipes.forgetful(lambda choices: scalars.as_text(table(choices)))
    return recipes.forgetful(table)


def _told(term: Term, shape: Shape, condition: Condition, text: bool) -> Recipe | None:
    """What was said before, rather by the server."""
    rest = tuple(c for c in shape.conditions if c != condition)
    usual = recipes.recipe(term, Shape(rest, shape.reads, shape.avoided), text=text)
    if term.role in _PLACES and recipes.is_binary(term):
        return usual  # what stands there was said in bytes
    if positions.is_position(term, shape) and not text:
        return positions.looked_up(term, usual)
    avoided = shape.avoided_of(term)
    there = tuple(v for v in condition.values if (type(v), v) not in avoided)
    if there:
        usual = _rather(there, usual)
    key = term.key if isinstance(term.key, str) else ""
    wanted = remembered.fitting(term, shape)
    others = shape.avoids(term, "told") is not None
    keys = remembered.looked_up_with(term)

    def told(choices: Choices, memory: Memory) -> Any:
        words = remembered.words_for(term, memory) if text or not key else []
        known = [w for w in words if wanted(w)]
        known = known or memory.likely(key, wanted, keys)
        if key and not text:
            known = remembered.listed_first(term, memory, known, wanted)
            # What is known, and is not what else the application knows: not the client itself.
            known = remembered.others_first(term, memory, known) if others else known
        value = remembered.one_of(choices, known)
        if value is None:
            return usual(choices, memory)
        return scalars.as_text(value) if text else value

    return told


_PLACES = frozenset({"index", "slice", "cursor"})


def _rather(values: tuple[Any, ...], usual: Recipe) -> Recipe:
    """One of the names that are there from the first."""
    return lambda choices, memory: (
        usual(choices, memory) if choices.index(4) == 3 else pick(choices, values)
    )


def _modelled(term: Term, shape: Shape, condition: Condition, text: bool) -> Recipe | None:
    if text:
        return None
    made = [typed.of_type(d.annotation, term, shape) for d in condition.values]
    return recipes.one_of([m for m in made if m is not None])


def _prefixed(term: Term, shape: Shape, condition: Condition, text: bool) -> Recipe | None:
    """What begins so, and what was said before and does."""
    make = _new_prefixed(term, shape, condition, text)
    lengths = [c for c in shape.asked_of(term) if c.operation == "length"]
    if make is not None and len(lengths) == 1 and lengths[0].values:
        make = _fitted(make, lengths[0])
    prefixes = tuple(p for p in condition.values if isinstance(p, str) and p)
    if make is None or not prefixes or term.role == "message":
        return make

    def prefixed(choices: Choices, memory: Memory) -> Any:
        known = memory.beginning_with(prefixes)
        which = choices.index(8) if known else 0
        if which >= 3:
            return known[0] if which < 6 else pick(choices, known)
        return make(choices, memory)

    return prefixed


def _fitted(make: Recipe, condition: Condition) -> Recipe:
    """What is made, cut or filled up to a length that the branch asks for."""

    def fitted(choices: Choices, memory: Memory) -> Any:
        made = make(choices, memory)
        if not isinstance(made, (str, bytes)):
            return made
        right = condition.limits and condition.allows(len(made))
        if right or len(made) in condition.values:
            return made
        length = min(condition.values[0], 100_000)
        return made[:length].ljust(length, b"\0" if isinstance(made, bytes) else "a")  # type: ignore

    return fitted


def _new_prefixed(term: Term, shape: Shape, condition: Condition, text: bool) -> Recipe | None:  # noqa: ARG001
    tails = [
        (prefix, recipes.recipe(tail, shape, text=True))
        for prefix in condition.values
        for tail in term.of("tail")
        if tail.key == prefix and tail in shape
    ]
    bare = [recipes.forgetful(lambda choices: pick(choices, condition.values))]
    if tails:
        whole = {t.key for t in term.of("tail") if not any(i in shape for i in t.children.values())}
        tails_ = [
            joined(prefix, pieces.word_of(make, ()) if prefix in whole else make)
            for prefix, make in tails
        ]
        return recipes.one_of([*tails_ * (-(-15 // len(tails_))), *bare])
    split = next((s for s in term.of("split") if s in shape), None)
    if split is not None and all(condition.values):
        inner = recipes.recipe(split, shape, text=True)
        separator = split.key
        heads = [p.split(separator)[0] if separator in p else p for p in condition.values]

        def command(choices: Choices, memory: Memory) -> Any:
            made = inner(choices, memory)
            if choices.index(12) == 11:
                return pick(choices, condition.values)
            return separator.join([pick(choices, heads), *made.split(separator)[1:]])

        if isinstance(separator, str) and all(isinstance(h, str) for h in heads):
            return command
    if is_laid_out(term, shape):
        return laid_out(term, shape, ())
    rest = recipes.scalar_of(Term("tail", condition.values[0], term), [], text=True)
    return recipes.one_of([joined(prefix, rest) for prefix in condition.values])


def joined(prefix: str | bytes, make: Recipe) -> Recipe:
    if isinstance(prefix, bytes):
        return lambda choices, memory: prefix + scalars.as_bytes(make(choices, memory))
    return lambda choices, memory: prefix + scalars.as_text(make(choices, memory))


def _suffixed(term: Term, shape: Shape, condition: Condition, text: bool) -> Recipe | None:  # noqa: ARG001
    def suffixed(choices: Choices, memory: Memory) -> Any:  # noqa: ARG001
        suffix = pick(choices, condition.values)
        if isinstance(suffix, bytes):
            return pick(choices, (b"", b"a", b"\x00")) + suffix
        return pick(choices, ("", "a", " ", "a b")) + suffix

    return suffixed


def _with_infix(term: Term, shape: Shape, condition: Condition, text: bool) -> Recipe | None:
    others = tuple(c for c in shape.conditions if c != condition)
    inner = recipes.structured(term, Shape(others, shape.reads, shape.avoided), text)
    if inner is not None:
        return inner

    def containing(choices: Choices, memory: Memory) -> Any:  # noqa: ARG001
        infix = pick(choices, condition.values)
        empty = infix[:0]
        around = ("", "a", "0") if isinstance(empty, str) else (b"", b"a", b"0")
        return pick(choices, around) + infix + pick(choices, around)

    return containing


def _matching(term: Term, shape: Shape, condition: Condition, text: bool) -> Recipe | None:  # noqa: ARG001
    return recipes.one_of(
        [m for m in (matches.matching(term, p, shape) for p in condition.values) if m]
    )


def _long(term: Term, shape: Shape, condition: Condition, text: bool) -> Recipe | None:
    lengths = [n for n in condition.values if 0 <= n <= 100_000]
    if not lengths:
        return None
    if is_laid_out(term, shape):
        return laid_out(term, shape, tuple(lengths))
    if term.role == "split" or any(t in shape for t in term.of("index")):
        return pieces.pieces_of(term, shape, text, tuple(lengths))
    if mappings.is_mapping(term) and not text:
        return mappings.of_size(term, shape)
    if recipes.is_binary(term):
        return _long_bytes(recipes.structured(term, shape, text), lengths)
    listed = "list" in term.uses or any(t in shape for t in term.of("item"))
    if listed and not text:
        item = recipes.recipe(term.child("item"), shape)
        different = "distinct" in term.uses

        def items(choices: Choices, memory: Memory) -> Any:
            # Many items are as good as a few where only so many are asked for, and rarely better.
            count = pick(choices, lengths if choices.index(3) or not memory.clean else lengths[:1])
            if count <= _FEW and (choices.index(4) or (different and memory.clean)):
                return distinct(lambda: item(choices, memory), count)
            one = item(choices, memory)
            if different and memory.clean:
                return distinct(lambda: copied(one), min(count, 2000))
            return [copied(one) for _ in range(min(count, 2000))]

        return items
    unit = next(iter(alphabet(term, shape)), "1" if "digits" in term.uses else "a")
    if not condition.limits:
        return recipes.forgetful(lambda choices: unit * pick(choices, lengths))
    asked = [c for c in shape.asked_of(term) if c.operation == "length"]
    usual = recipes.structured(term, shape, text) or recipes.scalar_of(term, [], text)
    at_most = all(how in ("<", "<=") for c in asked for how, _ in c.limits)
    any_length = _ANY_LENGTH * (3 if at_most and unit == "1" else 1)

    def as_long(choices: Choices, memory: Memory) -> Any:
        if choices.index(any_length):
            made = usual(choices, memory)
            if isinstance(made, str) and all(c.allows(len(made)) for c in asked):
                return made
        return unit * pick(choices, lengths)

    return as_long


_ANY_LENGTH = 3
"""One text in so many is just as long as the limit."""
_UNITS = (b"a", b"\x00", b"\xff")


def _long_bytes(usual: Recipe | None, lengths: list[int]) -> Recipe:
    """Bytes of a length, mostly as the source takes them apart."""

    def as_long(choices: Choices, memory: Memory) -> bytes:
        if usual is not None and choices.index(_FILLED) < _FILLED - 1:
            made = scalars.as_bytes(usual(choices, memory))
            if len(made) in lengths:
                return made
        return pick(choices, _UNITS) * pick(choices, lengths)

    return as_long


_FILLED = 6
"""One in so many is filled up with the same byte."""
_FEW = 8
"""So many items, at most, are made one by one."""


def distinct(make: Callable[[], Any], count: int) -> list[Any]:
    """So many items, each another one where that is possible."""
    found: list[Any] = []
    for position in range(count):
        one = make()
        if isinstance(one, (str, int, float)) and one in found:
            one = make()
            if one in found:
                one = f"{one}{position}" if isinstance(one, str) else one + position
        found.append(one)
    return found


def _of_types(term: Term, shape: Shape, condition: Condition, text: bool) -> Recipe | None:
    if text:
        return None
    if set(condition.values) <= {"dict", "list"}:
        return recipes.structured(term, shape, text)
    wanted = condition.values
    inner = recipes.structured(term, shape, text) if {"str", "bytes"} & set(wanted) else None
    groups = scalars.table_of(term).groups
    known = [v for v in groups[0] if type(v).__name__ in wanted]
    uses = [use for use in term.uses if use not in wanted and "str" in wanted]
    special = [v for use in uses for v in scalars.BY_USE.get(use, ()) if isinstance(v, str)]
    tables = [scalars.BY_USE[name] for name in wanted if name in scalars.BY_USE]
    table = scalars.Table([(4, known), (6, special), *((4, values) for values in tables)])
    usual = [scalars.TAME.get(name, scalars.BY_USE.get(name, ())) for name in wanted[:1]]
    usual += [scalars.TAME[n] for n in wanted[1:] if {n, wanted[0]} == _EITHER]
    if not scalars.PROGRAMS_READ.isdisjoint(uses):
        usual = [scalars.TAME[use] for use in uses if use in scalars.PROGRAMS_READ]
    tame = scalars.Table([(4, known), (4, special), *((6, values) for values in usual)])
    if not tame.groups and inner is None:
        return recipes.forgetful(lambda choices: copied(table(choices)))

    def made(choices: Choices, memory: Memory) -> Any:
        if inner is not None and (not tame.groups or choices.index(_FILLED) < _FILLED - 1):
            # What the source looks into is mostly such as it can look into.
            value = inner(choices, memory)
            if type(value).__name__ in wanted or not tame.groups:
                return value
        rather = memory.clean and choices.index(_TAME) < _TAME - 1
        return copied((tame if rather else table)(choices))

    return made


_EITHER = {"str", "int"}  # few applications can do with both
_TAME = 5
"""One value in so many of a clean conversation is any that is of the type."""


# Conditions in the order in which they decide what is made.
ASKED: tuple[tuple[str, Callable[[Term, Shape, Condition, bool], Recipe | None]], ...] = (
    ("is", _constant),
    ("told", _told),
    ("near", _near),
    ("model", _modelled),
    ("pattern", _matching),
    ("prefix", _prefixed),
    ("length", _long),
    ("suffix", _suffixed),
    ("infix", _with_infix),
    ("type", _of_types),
)
