"""From what the source says about a message to functions that make such messages.

A recipe is made once for every shape; making a message from it costs a draw or two for each
value that the shape leaves open.
"""

from __future__ import annotations

import base64
import re
import struct
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

from hypothesis import strategies as st

from pytest_routes.generate import remembered, scalars
from pytest_routes.generate.choices import pick
from pytest_routes.generate.content import FRAGMENTS, copied, dumps
from pytest_routes.generate.declared import maker_of, open_members
from pytest_routes.generate.layout import is_laid_out, laid_out
from pytest_routes.generate.packing import CODECS
from pytest_routes.generate.vocabulary.terms import Condition, Shape, Term

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory

Recipe: TypeAlias = Callable[["Choices", "Memory"], Any]

_MOST_INDEX = 16


def forgetful(make: Callable[[Choices], Any]) -> Recipe:
    """A recipe that has no use for what was said before."""

    def made(choices: Choices, memory: Memory) -> Any:  # noqa: ARG001
        return make(choices)

    return made


def recipe(term: Term, shape: Shape, *, text: bool = False) -> Recipe:
    """Makes values of a term as a branch of the source wants them.

    `text`: the value is a part of a text, and everything becomes a string.
    """
    asked = shape.asked_of(term)
    for operation, make in _ASKED:
        for condition in asked:
            if condition.operation == operation and (condition.values or operation == "told"):
                made = make(term, shape, condition, text)
                if made is not None:
                    return made
    made = _structured(term, shape, text)
    if made is not None:
        return made
    return _scalar(term, asked, text)


def later(term: Term, shape: Shape) -> Recipe:
    """The recipe, made when it is first needed: a large application has hundreds."""
    made: list[Recipe] = []

    def make(choices: Choices, memory: Memory) -> Any:
        if not made:
            made.append(recipe(term, shape))
        return made[0](choices, memory)

    return make


def _constant(term: Term, shape: Shape, condition: Condition, text: bool) -> Recipe | None:  # noqa: ARG001
    values = tuple(map(scalars.as_text, condition.values)) if text else condition.values
    return forgetful(lambda choices: pick(choices, values))


def _near(term: Term, shape: Shape, condition: Condition, text: bool) -> Recipe | None:
    """A number at the limits that the branch compares with, or anywhere within them."""
    asked = [c for c in shape.asked_of(term) if c.operation == "near"]
    wanted = [v for c in asked for v in c.values]
    close = [v for v in dict.fromkeys(wanted) if all(c.allows(v) for c in asked)]
    unit = type(condition.values[0])
    others = [b + d for b in term.bounds for d in (0, 1, -1)]
    far = [unit(v) for v in (*others, *scalars.NUMBERS) if all(c.allows(v) for c in asked)]
    near = tuple(close or condition.values)
    beyond = tuple(v for v in far if v not in near)
    special = [v for use in term.uses for v in scalars.BESIDE_NUMBERS.get(use, ())]
    table = scalars.Table([(10, near), (5, beyond), (2 if special else 0, special)])
    if text:
        return forgetful(lambda choices: scalars.as_text(table(choices)))
    return forgetful(table)


def _told(term: Term, shape: Shape, condition: Condition, text: bool) -> Recipe | None:
    """What was said before, rather by the server."""
    rest = tuple(c for c in shape.conditions if c != condition)
    usual = recipe(term, Shape(rest, shape.reads), text=text)
    key = term.key if isinstance(term.key, str) else ""
    wanted = remembered.fitting(term, shape)

    def told(choices: Choices, memory: Memory) -> Any:
        known = [word for word in memory.words if wanted(word)] if text or not key else []
        known = known or memory.likely(key, wanted)
        value = remembered.one_of(choices, known)
        if value is None:
            return usual(choices, memory)
        return scalars.as_text(value) if text else value

    return told


def _modelled(term: Term, shape: Shape, condition: Condition, text: bool) -> Recipe | None:
    if text:
        return None
    made = [_of_type(d.annotation, term, shape) for d in condition.values]
    return _one_of([m for m in made if m is not None])


def _prefixed(term: Term, shape: Shape, condition: Condition, text: bool) -> Recipe | None:  # noqa: ARG001
    tails = [
        (prefix, recipe(tail, shape, text=True))
        for prefix in condition.values
        for tail in term.of("tail")
        if tail.key == prefix and tail in shape
    ]
    bare = [forgetful(lambda choices: pick(choices, condition.values))]
    if tails:
        tails_ = [_joined(prefix, _word(make, ())) for prefix, make in tails]
        return _one_of([*tails_ * (-(-7 // len(tails_))), *bare])
    split = next((s for s in term.of("split") if s in shape), None)
    if split is not None and all(condition.values):
        inner = recipe(split, shape, text=True)
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
    rest = _scalar(Term("tail", condition.values[0], term), [], text=True)
    return _one_of([_joined(prefix, rest) for prefix in condition.values])


def _joined(prefix: str | bytes, make: Recipe) -> Recipe:
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
    inner = _structured(term, Shape(others, shape.reads), text)
    if inner is not None:
        return inner

    def containing(choices: Choices, memory: Memory) -> Any:  # noqa: ARG001
        infix = pick(choices, condition.values)
        empty = infix[:0]
        around = ("", "a", "0") if isinstance(empty, str) else (b"", b"a", b"0")
        return pick(choices, around) + infix + pick(choices, around)

    return containing


def _matching(term: Term, shape: Shape, condition: Condition, text: bool) -> Recipe | None:  # noqa: ARG001
    return _one_of([m for m in (matching(term, p, shape) for p in condition.values) if m])


def matching(term: Term, pattern: str | bytes, shape: Shape) -> Recipe | None:
    """Texts that the regular expression matches, with what the branch asks of its groups."""
    whole = pattern_recipe([pattern])
    inner = term.children.get(("group", pattern))
    groups = [g for g in inner.of("group") if g in shape] if inner is not None else []
    if whole is None or not groups or isinstance(pattern, bytes):
        return whole
    compiled = re.compile(pattern)
    makers = [
        (g.key, _word(recipe(g, shape, text=True), shape.asked_of(g)), _is_told(g, shape))
        for g in groups
    ]

    def filled(choices: Choices, memory: Memory) -> Any:
        made = whole(choices, memory)
        for key, make, asked in makers:
            found = compiled.search(made)
            if found is None or found[key] is None:
                continue
            if asked:
                value = make(choices, memory)
            elif memory.anything and choices.index(8) < 5:
                value = pick(choices, memory.anything)
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


def _is_told(term: Term, shape: Shape) -> bool:
    """The source tells what the value is like."""
    return bool(shape.asked_of(term)) or _says_something(term)


def pattern_recipe(patterns: Sequence[str | bytes]) -> Recipe | None:
    """Texts or bytes that one of the regular expressions matches as a whole."""
    makers = [make for make in map(_matches_of, patterns) if make is not None]
    if not makers:
        return None
    return forgetful(lambda choices: pick(choices, makers)(choices))


def _matches_of(pattern: str | bytes) -> Callable[[Choices], Any] | None:
    if isinstance(pattern, bytes):
        try:
            strategy = st.from_regex(re.compile(pattern), fullmatch=True)
        except re.error:
            return None
        return lambda choices: choices.draw(strategy)
    from pytest_routes.generate.schema.nodes import Nothing, Run
    from pytest_routes.generate.schema.patterns import pattern_node

    node = pattern_node(pattern, whole=True)
    return None if isinstance(node, Nothing) else (lambda choices: node.make(Run(choices), 1))


def _long(term: Term, shape: Shape, condition: Condition, text: bool) -> Recipe | None:
    lengths = [n for n in condition.values if 0 <= n <= 100_000]
    if not lengths:
        return None
    if is_laid_out(term, shape):
        return laid_out(term, shape, tuple(lengths))
    if term.role == "split" or any(t in shape for t in term.of("index")):
        return _pieces(term, shape, text, tuple(lengths))
    if is_binary(term):
        units = (b"a", b"\x00", b"\xff")
        return forgetful(lambda choices: pick(choices, units) * pick(choices, lengths))
    listed = "list" in term.uses or any(t in shape for t in term.of("item"))
    if listed and not text:
        item = recipe(term.child("item"), shape)

        def items(choices: Choices, memory: Memory) -> Any:
            one = item(choices, memory)
            return [copied(one) for _ in range(min(pick(choices, lengths), 2000))]

        return items
    return forgetful(lambda choices: "a" * pick(choices, lengths))


def _of_types(term: Term, shape: Shape, condition: Condition, text: bool) -> Recipe | None:
    if text:
        return None
    if set(condition.values) <= {"dict", "list"}:
        return _structured(term, shape, text)
    wanted = condition.values
    groups = scalars.table_of(term).groups
    known = [v for v in groups[0] if type(v).__name__ in wanted]
    uses = [use for use in term.uses if use not in wanted and "str" in wanted]
    special = [v for use in uses for v in scalars.BY_USE.get(use, ()) if isinstance(v, str)]
    tables = [scalars.BY_USE[name] for name in wanted if name in scalars.BY_USE]
    table = scalars.Table([(4, known), (6, special), *((4, values) for values in tables)])
    return forgetful(lambda choices: copied(table(choices)))


# Conditions in the order in which they decide what is made.
_ASKED: tuple[tuple[str, Callable[[Term, Shape, Condition, bool], Recipe | None]], ...] = (
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


def _structured(term: Term, shape: Shape, text: bool) -> Recipe | None:
    """One of the ways in which the source looks into the value."""
    ways: list[Recipe] = []
    for role, make in _INSIDE:
        for inner in term.of(role):  # type: ignore[arg-type]
            if inner in shape:
                ways.append(make(term, inner, shape, text))
    if any(t in shape for t in term.of("field")):
        ways.insert(0, _object(term, shape))
    elif not ways and term.models and not text:
        ways = [m for m in (_of_type(d.annotation, term, shape) for d in term.models) if m]
    if is_laid_out(term, shape):
        ways.append(laid_out(term, shape, ()))
    elif any(t in shape for t in term.of("index")):
        ways.append(_pieces(term, shape, text, ()))
    if any(t in shape for t in term.of("item")) and not text:
        ways.append(_several(term, shape))
    if term.models and any(t in shape for t in term.of("field")) and not text:
        ways = [m for m in (_of_type(d.annotation, term, shape) for d in term.models) if m]
    if not ways:
        return None
    if term.values or term.patterns or term.prefixes:
        ways += [_scalar(term, [], text)]
    return _one_of(ways)


def _one_of(ways: Sequence[Recipe]) -> Recipe | None:
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
    return _pieces(inner, shape, text=True, lengths=())


def _pairs(term: Term, inner: Term, shape: Shape, text: bool) -> Recipe:  # noqa: ARG001
    """A text of names and values: `mode=raw;size=1`."""
    outer, between = inner.key
    make = _object(inner, shape)

    def pairs(choices: Choices, memory: Memory) -> str:
        members = make(choices, memory)
        return scalars.as_text(outer).join(
            f"{name}{scalars.as_text(between)}{scalars.as_text(value)}"
            for name, value in members.items()
        )

    return pairs


def _tail(term: Term, inner: Term, shape: Shape, text: bool) -> Recipe:  # noqa: ARG001
    return _joined(inner.key, recipe(inner, shape, text=True))


def _group(term: Term, inner: Term, shape: Shape, text: bool) -> Recipe:
    return matching(term, inner.key, shape) or _scalar(term, [], text)


def unpacked(term: Term, inner: Term, shape: Shape, text: bool) -> Recipe:  # noqa: ARG001
    """Bytes that `struct.unpack` takes apart as the source does."""
    layout = inner.key
    try:
        width = struct.calcsize(layout)
        count = len(struct.unpack(layout, bytes(width)))
    except struct.error:
        return forgetful(lambda choices: pick(choices, FRAGMENTS))
    zero = struct.unpack(layout, bytes(width))
    makers = []
    for position in range(count):
        child = inner.children.get(("index", position))
        if child is None or child not in shape:
            child = Term("index", position, inner)
            child.use("bytes" if isinstance(zero[position], bytes) else "int")
        makers.append(recipe(child, shape))

    def packed(choices: Choices, memory: Memory) -> bytes:
        values = [make(choices, memory) for make in makers]
        return _pack(layout, values, zero)

    return packed


def _pack(layout: str, values: list[Any], zero: tuple[Any, ...]) -> bytes:
    """The values in their places; one that does not fit is cut until it does."""
    fitting: list[Any] = []
    for position, value in enumerate(values):
        plain = zero[position]
        if isinstance(plain, bytes):
            value = scalars.as_bytes(value)
        elif isinstance(plain, float):
            value = float(value) if isinstance(value, (int, float)) else 0.0
        elif isinstance(plain, bool):
            value = bool(value)
        else:
            value = value if isinstance(value, int) else 0
        for attempt in (value, *_cut(value), plain):
            try:
                struct.pack(layout, *fitting, attempt, *zero[position + 1 :])
            except (struct.error, OverflowError):
                continue
            fitting.append(attempt)
            break
    return struct.pack(layout, *fitting)


def _cut(value: Any) -> list[Any]:
    if isinstance(value, bool) or not isinstance(value, int):
        return []
    return [value & mask for mask in (2**63 - 1, 2**32 - 1, 2**31 - 1, 0xFFFF, 0xFF, 0x7F)]


_INSIDE: tuple[tuple[str, Callable[[Term, Term, Shape, bool], Recipe]], ...] = (
    ("json", _json),
    ("msgpack", _packed),
    ("cbor", _packed),
    ("base64", _base64),
    ("split", _split),
    ("tail", _tail),
    ("group", _group),
    ("struct", unpacked),
    ("pairs", _pairs),
)


def _object(term: Term, shape: Shape) -> Recipe:
    """An object with the members that the branch reads."""
    members = []
    optional = []
    read: list[Any] = []
    """Members that the branch reads without asking for them."""
    for child in term.of("field"):
        if child not in shape:
            continue
        asked = shape.asked_of(child)
        make = recipe(child, shape)
        if child.optional and not asked:
            optional.append((child, make))
        else:
            open_ = all(c.operation in remembered.LOOSE for c in asked)
            make = _remembering(child, make, shape) if open_ else make
            members.append((child.key, make))
            if not asked:
                read.append(child.key)
    extras = [(child.key, _remembering(child, make, shape)) for child, make in optional]
    twins = _twins(term, shape)

    def made(choices: Choices, memory: Memory) -> dict[str, Any]:
        result = {key: make(choices, memory) for key, make in members}
        if read and choices.index(_LEFT_OUT) == _LEFT_OUT - 1:
            del result[pick(choices, read)]
        if extras:
            # None of the optional members (the simplest), all of them, or some.
            how = choices.index(12)
            for key, make in extras:
                if how and (how < 9 or choices.index(2)):
                    result[key] = make(choices, memory)
        agree(result, twins)
        return result

    return made


_LEFT_OUT = 12
"""One object in so many lacks a member that the source takes for granted."""


def _twins(term: Term, shape: Shape) -> list[tuple[Any, Any, bool]]:
    """The keys or positions of which the branch asks that their values are the same, or that
    one is the length of the other."""
    return [
        (child.key, condition.values[0].key, condition.operation == "measures")
        for child in term.children.values()
        for condition in shape.asked_of(child)
        if condition.operation in ("same", "measures") and condition.values[0].parent is term
    ]


def agree(made: Any, twins: Sequence[tuple[Any, Any, bool]]) -> None:
    """Make the values under some keys, or at some positions, those that others ask for."""
    for key, other, is_length in twins:
        if isinstance(made, list):
            if not (0 <= key < len(made) and 0 <= other < len(made)):
                continue
        elif other not in made:
            continue
        value = made[other]
        if not is_length:
            made[key] = value
        elif isinstance(value, (str, bytes, list, dict)):
            made[key] = len(value)


def _remembering(term: Term, make: Recipe, shape: Shape) -> Recipe:
    """Sometimes a value that was said before under the same key, or a similar one."""
    key = term.key
    wanted = remembered.fitting(term, shape)

    def made(choices: Choices, memory: Memory) -> Any:
        if term.told:
            known = memory.likely(key, wanted)
        else:
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


def _several(term: Term, shape: Shape) -> Recipe:
    make = recipe(term.child("item"), shape)

    def several(choices: Choices, memory: Memory) -> list[Any]:
        return [make(choices, memory) for _ in range((1, 0, 2, 3)[choices.index(4)])]

    return several


def _pieces(term: Term, shape: Shape, text: bool, lengths: tuple[int, ...]) -> Recipe:
    """Values by position: an array, the words of a command, the bytes of a header."""
    positions: dict[int, Recipe] = {}
    inside_text = text or term.role == "split"
    for child in term.of("index"):
        if child in shape and isinstance(child.key, int) and 0 <= child.key < _MOST_INDEX:
            make = recipe(child, shape, text=inside_text)
            positions[child.key] = _word(make, shape.asked_of(child))
    for rest in term.of("slice"):
        # What stands behind the first words: `name, args = words[0], words[1:]`.
        start, stop = rest.key
        if rest not in shape or stop is not None or not isinstance(start, int):
            continue
        for child in rest.of("index"):
            if child in shape and isinstance(child.key, int) and 0 <= child.key < _MOST_INDEX:
                make = recipe(child, shape, text=inside_text)
                positions[start + child.key] = _word(make, shape.asked_of(child))
        asked = [n for c in shape.asked_of(rest) if c.operation == "length" for n in c.values]
        lengths = lengths or tuple(start + n for n in asked if n >= 0)
    most = max(positions, default=0) + 1
    counts = lengths or (most, most, most, max(most - 1, 0), most + 1, most + 2)
    item = next((t for t in (*term.of("item"), *term.of("slice")) if t in shape), None)
    if item is not None and item.role == "slice":
        item = next((t for t in item.of("item") if t in shape), Term("item", None, term))
    other = recipe(item or Term("item", None, term), shape, text=inside_text)
    twins = _twins(term, shape)
    named = next((t for t in term.of("pairs") if t in shape), None)
    members = None if named is None else _object(named, shape)
    between = scalars.as_text(named.key[1]) if named is not None else ""

    def pieces(choices: Choices, memory: Memory) -> Any:
        usual = memory.earnest and not lengths and choices.index(8) < 7
        count = most if usual or members is not None else pick(choices, counts)
        made = [positions.get(i, other)(choices, memory) for i in range(min(count, 64))]
        agree(made, twins)
        if members is not None:
            pairs = members(choices, memory).items()
            made += [f"{name}{between}{scalars.as_text(value)}" for name, value in pairs]
        if term.role == "split":
            separator = term.key
            if memory.earnest:
                made = [_unsplit(value, separator) for value in made]
            if isinstance(separator, bytes):
                return separator.join(map(scalars.as_bytes, made))
            return separator.join(map(scalars.as_text, made))
        return made

    return pieces


def _unsplit(value: Any, separator: str | bytes) -> Any:
    """A word that stays one word."""
    if isinstance(value, str) and isinstance(separator, str) and (separator in value or not value):
        return value.replace(separator, "_") or "a"
    return value


def _word(make: Recipe, asked: Sequence[Condition]) -> Recipe:
    """A word of a text, and sometimes one that was used before or that the server said."""
    if any(c.operation == "is" for c in asked):
        return make

    def word(choices: Choices, memory: Memory) -> Any:
        if memory.anything and not asked:
            which = choices.index(8)
            if which >= 6 or (which >= 3 and memory.words):
                return pick(choices, memory.anything if which >= 5 else memory.words)
        made = make(choices, memory)
        if isinstance(made, str):
            memory.put(made)
        return made

    return word


def _of_type(annotation: Any, term: Term, shape: Shape) -> Recipe | None:
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
        (child.key, recipe(child, shape), 1 if shape.asked_of(child) or _deep(child, shape) else 3)
        for child in term.of("field")
        if child in shape and (shape.asked_of(child) or _says_something(child))
        if not _is_only(child, shape, ("told",)) and not _is_only(child, shape, _BY_TYPE)
    ]
    fixed += [
        (child.key, recipe(child, shape), 1)
        for child in term.of("field")
        if child in shape and child.key in opened and any(t in shape for t in child.of("field"))
    ]
    picky = [
        (child.key, remembered.fitting(child, shape))
        for child in term.of("field")
        if child in shape and _is_only(child, shape, _BY_TYPE)
    ]
    told = {child.key for child in term.of("field") if child in shape and child.told}
    told -= {key for key, _, one_in in fixed if one_in == 1}
    twins = _twins(term, shape)

    def typed(choices: Choices, memory: Memory) -> Any:
        value = make(choices)
        if isinstance(value, dict):
            for key, wanted in picky:
                for _ in range(_ATTEMPTS):
                    if key in value and wanted(value[key]):
                        break
                    other = make(choices)
                    if isinstance(other, dict) and key in other:
                        value[key] = other[key]
            for key, inner, one_in in fixed:
                known = key in value or one_in == 1
                if known and (one_in == 1 or choices.index(one_in) == one_in - 1):
                    value[key] = inner(choices, memory)
            for key, old in value.items():
                if key in told:
                    likely = memory.likely(key, remembered.alike(old))
                    said = remembered.one_of(choices, likely)
                    value[key] = old if said is None else said
                elif isinstance(key, str) and not _is_fixed(key, fixed):
                    values = memory.values_for(key)
                    if values and choices.index(4) >= 2:
                        said = pick(choices, values[:3])
                        value[key] = said if remembered.alike(old)(said) else old
            agree(value, twins)
        return value

    return typed


_BY_TYPE = ("true", "type", "present")
_ATTEMPTS = 4


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


def _says_something(term: Term) -> bool:
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


def _scalar(term: Term, asked: Sequence[Condition], text: bool) -> Recipe:
    name = term.key if term.role == "field" and isinstance(term.key, str) else None
    written = text or (term.role == "message" and term.key == "text")
    table = scalars.table_of(term, name, text=written)
    if any(c.operation == "true" for c in asked):
        table = scalars.Table([(1, [v for v in g if v]) for g in table.groups])
    pattern = pattern_recipe(term.patterns) if term.patterns else None
    binary = is_binary(term)

    def scalar(choices: Choices, memory: Memory) -> Any:
        if pattern is not None and choices.index(3):
            return pattern(choices, memory)
        value = table(choices)
        if text:
            return scalars.as_text(value)
        if binary:
            return value if term.role == "index" else scalars.as_bytes(value)
        return copied(value.decode("latin-1") if isinstance(value, bytes) else value)

    return scalar
