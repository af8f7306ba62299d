"""From what the source says about a message to functions that make such messages.

A recipe is made once for every shape; making a message from it costs a draw or two for each
value that the shape leaves open.
"""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_routes.generate import (
    found,
    mappings,
    matches,
    members,
    pieces,
    satisfied,
    scalars,
    structs,
    tokens,
    typed,
)
from pytest_routes.generate.affixes import rather_without, refused_affixes
from pytest_routes.generate.choices import pick
from pytest_routes.generate.content import copied, dumps
from pytest_routes.generate.layout import is_laid_out, laid_out
from pytest_routes.generate.letters import letters_of
from pytest_routes.generate.packing import CODECS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.vocabulary.terms import Condition, Shape, Term

Recipe: TypeAlias = Callable[["Choices", "Memory"], Any]


def forgetful(make: Callable[[Choices], Any]) -> Recipe:
    """A recipe that has no use for what was said before."""

    def made(choices: Choices, memory: Memory) -> Any:  # noqa: ARG001
        return make(choices)

    return made


def recipe(term: Term, shape: Shape, *, text: bool = False) -> Recipe:
    """Makes values of a term as a branch of the source wants them.

    `text`: the value is a part of a text, and everything becomes a string.
    """
    made = _recipe(term, shape, text=text)
    avoided = shape.avoided_of(term)
    if any(c.operation == "true" for c in shape.asked_of(term)):
        made = _filled(made)
    made = _avoiding(made, avoided) if avoided else made
    refused = refused_affixes(term, shape)
    return made if refused is None else rather_without(made, refused)


def _filled(make: Recipe) -> Recipe:
    """In a clean conversation hardly ever an empty value, where the branch is for others."""

    def made(choices: Choices, memory: Memory) -> Any:
        value = make(choices, memory)
        for _ in range(_ATTEMPTS if memory.clean else 0):
            if value:
                break
            value = make(choices, memory)
        return value

    return made


def _avoiding(make: Recipe, avoided: frozenset[tuple[type, Any]]) -> Recipe:
    """In a clean conversation hardly ever a value with which the branch is not entered."""

    def made(choices: Choices, memory: Memory) -> Any:
        value = make(choices, memory)
        for _ in range(_ATTEMPTS if memory.clean else 0):
            if not isinstance(value, (str, int, float, bytes)):
                break
            if (type(value), value) not in avoided:
                break
            value = make(choices, memory)
        return value

    return made


_ATTEMPTS = 3


def _recipe(term: Term, shape: Shape, *, text: bool) -> Recipe:
    asked = shape.asked_of(term)
    for operation, make in satisfied.ASKED:
        for condition in asked:
            if condition.operation == operation and (condition.values or operation == "told"):
                made = make(term, shape, condition, text)
                if made is not None:
                    return made
    made = structured(term, shape, text)
    if made is not None:
        return made
    return scalar_of(term, asked, text, () if text else shape.avoids(term, "type") or ())


def later(term: Term, shape: Shape) -> Recipe:
    """The recipe, made when it is first needed: a large application has hundreds."""
    made: list[Recipe] = []

    def make(choices: Choices, memory: Memory) -> Any:
        if not made:
            made.append(recipe(term, shape))
        return made[0](choices, memory)

    return make


def structured(term: Term, shape: Shape, text: bool) -> Recipe | None:
    """One of the ways in which the source looks into the value."""
    ways: list[Recipe] = []
    for role, make in _INSIDE:
        for inner in term.of(role):  # type: ignore[arg-type]
            if inner in shape:
                ways.append(make(term, inner, shape, text))
    spelled = letters_of(term, shape)
    if spelled is not None:
        ways.append(spelled)
    if any(t in shape for t in term.of("field")):
        ways.insert(0, members.object_of(term, shape))
    elif not ways and term.models and not text:
        ways = [m for m in (typed.of_type(d.annotation, term, shape) for d in term.models) if m]
    if is_laid_out(term, shape):
        ways.append(laid_out(term, shape, ()))
    elif any(t in shape for t in term.of("index")):
        ways.append(pieces.pieces_of(term, shape, text, ()))
    if any(t in shape for t in term.of("item")) and not text:
        if not mappings.is_mapping(term):
            ways.append(pieces.several_of(term, shape))
        elif not any(t in shape for t in term.of("field")):
            ways.append(mappings.of_any_names(term, shape))
    if term.models and any(t in shape for t in term.of("field")) and not text:
        ways = [m for m in (typed.of_type(d.annotation, term, shape) for d in term.models) if m]
    if not ways:
        return None
    if (term.values or term.patterns or term.prefixes) and not _asked_within(term, shape):
        ways += [scalar_of(term, [], text)]
    return one_of(ways)


def _asked_within(term: Term, shape: Shape) -> bool:
    """The branch asks something of a part of the value."""
    for condition in shape.conditions:
        inner = condition.term.parent
        while inner is not None and condition.holds:
            if inner is term:
                return True
            inner = inner.parent
    return False


def one_of(ways: Sequence[Recipe]) -> Recipe | None:
    if len(ways) < 2:
        return ways[0] if ways else None
    return lambda choices, memory: pick(choices, ways)(choices, memory)


def _json(term: Term, inner: Term, shape: Shape, text: bool) -> Recipe:  # noqa: ARG001
    make = recipe(inner, shape)
    if is_binary(term):
        return lambda choices, memory: dumps(make(choices, memory)).encode()
    return lambda choices, memory: dumps(make(choices, memory))


def _packed(term: Term, inner: Term, shape: Shape, text: bool) -> Recipe:  # noqa: ARG001
    make = recipe(inner, shape)
    packed = CODECS[inner.role]
    return lambda choices, memory: packed(make(choices, memory))


def _base64(term: Term, inner: Term, shape: Shape, text: bool) -> Recipe:  # noqa: ARG001
    make = recipe(inner, shape)
    return lambda choices, memory: base64.b64encode(
        scalars.as_bytes(make(choices, memory))
    ).decode()


def _split(term: Term, inner: Term, shape: Shape, text: bool) -> Recipe:  # noqa: ARG001
    return pieces.pieces_of(inner, shape, text=True, lengths=())


def _pairs(term: Term, inner: Term, shape: Shape, text: bool) -> Recipe:  # noqa: ARG001
    """A text of names and values: `mode=raw;size=1`."""
    outer, between = inner.key
    make = members.object_of(inner, shape)

    def pairs(choices: Choices, memory: Memory) -> str:
        members = make(choices, memory)
        return scalars.as_text(outer).join(
            f"{name}{scalars.as_text(between)}{scalars.as_text(value)}"
            for name, value in members.items()
        )

    return pairs


def _tail(term: Term, inner: Term, shape: Shape, text: bool) -> Recipe:  # noqa: ARG001
    return satisfied.joined(inner.key, recipe(inner, shape, text=True))


def _group(term: Term, inner: Term, shape: Shape, text: bool) -> Recipe:
    return matches.matching(term, inner.key, shape) or scalar_of(term, [], text)


def _struct(term: Term, inner: Term, shape: Shape, text: bool) -> Recipe:
    return structs.unpacked(term, inner, shape, text)


_INSIDE: tuple[tuple[str, Callable[[Term, Term, Shape, bool], Recipe]], ...] = (
    ("json", _json),
    ("msgpack", _packed),
    ("cbor", _packed),
    ("base64", _base64),
    ("split", _split),
    ("tail", _tail),
    ("group", _group),
    ("struct", _struct),
    ("pairs", _pairs),
    ("query", found.query),
    ("found", found.found),
    ("tokens", tokens.tokens),
)


_TAME = 5
"""One value in so many of a clean conversation is any that the source suggests."""


def says_something(term: Term) -> bool:
    return bool(
        term.values or term.bounds or term.lengths or term.prefixes or term.patterns or term.infixes
    )


def is_binary(term: Term) -> bool:
    """The value is bytes, not text or JSON."""
    inner: Term | None = term
    while inner is not None:
        if inner.role in ("json", "msgpack", "cbor"):
            return False
        if inner.role == "base64":
            return True
        if inner.parent is None:
            return inner.role == "message" and inner.key == "bytes"
        inner = inner.parent
    return False


def scalar_of(
    term: Term, asked: Sequence[Condition], text: bool, without: Sequence[str] = ()
) -> Recipe:
    """A single value; `without` are the types with which the branch is not entered."""
    name = term.key if term.role == "field" and isinstance(term.key, str) else None
    written = text or (term.role == "message" and term.key == "text")
    table = scalars.table_of(term, name, text=written)
    tame = scalars.table_of(term, name, text=written, tame=True)
    open_ = all(c.operation in ("true", "present") for c in asked)
    if without:
        table, tame = table.without(without), tame.without(without)
    if any(c.operation == "true" for c in asked):
        tame = scalars.Table([(1, [v for v in g if v]) for g in tame.groups])
        table = scalars.Table([(1, [v for v in g if v]) for g in table.groups])
    pattern = matches.pattern_recipe(term.patterns) if term.patterns else None
    binary = is_binary(term)

    def scalar(choices: Choices, memory: Memory) -> Any:
        if pattern is not None and choices.index(3):
            return pattern(choices, memory)
        usual = memory.clean and open_ and choices.index(_TAME) < _TAME - 1
        value = (tame if usual else table)(choices)
        if text:
            return scalars.as_text(value)
        if binary:
            return value if term.role == "index" else scalars.as_bytes(value)
        return copied(value.decode("latin-1") if isinstance(value, bytes) else value)

    return scalar
