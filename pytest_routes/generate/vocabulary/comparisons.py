"""What a comparison asks of a message, and what its negation does."""

from __future__ import annotations

import ast
import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_routes.generate.vocabulary.dispatch import (
    note_combination,
    parameters_of,
)
from pytest_routes.generate.vocabulary.given import implied_by, sides_of_none
from pytest_routes.generate.vocabulary.growing import grows, known_or_told, there_from_the_first
from pytest_routes.generate.vocabulary.layouts import apart
from pytest_routes.generate.vocabulary.letters import in_text, within
from pytest_routes.generate.vocabulary.mappings import KeyOf, Listed, names_asked
from pytest_routes.generate.vocabulary.measures import as_long
from pytest_routes.generate.vocabulary.measures import measured as measured_by
from pytest_routes.generate.vocabulary.subsets import all_told
from pytest_routes.generate.vocabulary.terms import COMPARISONS, Condition, Term, remember
from pytest_routes.generate.vocabulary.together import looked_up_together
from pytest_routes.generate.vocabulary.unions import alternatives_left
from pytest_routes.generate.vocabulary.values import (
    Changing,
    Computed,
    Display,
    Guarded,
    Length,
    Live,
    Matched,
    Params,
    Part,
    Subprotocols,
    TypeOf,
    Value,
    View,
    constants,
    is_kept,
    parts,
)

if TYPE_CHECKING:
    from pytest_routes.generate.vocabulary.reader import Reader
    from pytest_routes.generate.vocabulary.terms import Comparison

Sides: TypeAlias = tuple[list[Condition], list[Condition]]
"""The conditions when the test is true, and when it is false."""


NEITHER: Sides = ([], [])


def matched_sides(value: Value) -> Sides:
    """The text matches one of the regular expressions, or does not."""
    matched = [atom.term for atom in value if isinstance(atom, Matched)]
    text = matched[0].parent
    if text is None or matched[0].role in ("found", "tokens"):
        return NEITHER
    patterns = tuple(dict.fromkeys(term.key for term in matched if term.parent is text))
    condition = Condition(text, "pattern", patterns)
    return [condition], [condition.negated()]


PLAIN_TYPES = frozenset({"int", "float", "str", "bool", "bytes", "list", "dict"})


def compared(term: Term, operation: Any, values: list[Any]) -> Sides:
    if not values:
        return NEITHER
    term.compare(operation, values)
    condition = Condition(term, operation, tuple(values))
    rest = alternatives_left(term, values) if operation == "is" else []
    others = [Condition(term, "is", tuple(rest))] if rest else []
    return [condition], [condition.negated(), *others]


_ORDER: dict[type[ast.cmpop], tuple[int, ...]] = {
    # The integers around the bound that satisfy `value OP bound`, as distances from it.
    ast.Lt: (-1,),
    ast.LtE: (0, -1),
    ast.Gt: (1,),
    ast.GtE: (0, 1),
}
_WRITTEN: dict[type[ast.cmpop], Comparison] = {
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_PLAIN = (0, 1, -1)
"""Numbers far from a bound that matter too."""
_MUCH = 12
"""By how much a length may be over what is asked for, to leave room for a body."""
_MIRRORED: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
}
_OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
}
_NEGATIVE = (ast.NotEq, ast.IsNot, ast.NotIn)
_CONTAINS = (ast.In, ast.NotIn)


def pair(reader: Reader, operator: type[ast.cmpop], left: Value, right: Value) -> Sides:
    several = apart(left) if len(left) > 1 else []
    if several:
        found = [_pair(reader, operator, each, right) for each in several]
        return [c for one, _ in found for c in one], [c for _, other in found for c in other]
    return _pair(reader, operator, left, right)


def _pair(reader: Reader, operator: type[ast.cmpop], left: Value, right: Value) -> Sides:
    sides = NEITHER
    if operator not in _ORDER:
        _note_kept(left, right)
    if any(isinstance(atom, Subprotocols) for atom in (*left, *right)):
        known = (*constants(left), *constants(right))
        reader.subprotocols.update({v: None for v in known if isinstance(v, str) and v})
    elif operator in _CONTAINS and (spelled := in_text(left, right)) is not None:
        sides = compared(spelled[0], "is", spelled[1])
    elif (operator is ast.LtE and (letters := within(reader, left, right))) or (
        operator is ast.GtE and (letters := within(reader, right, left))
    ):
        sides = (letters, [c.negated() for c in letters])
    elif operator in _ORDER:
        sides = _ordered(reader, operator, left, right)
        if operator is ast.LtE and (not right or is_kept(right)):
            sides = (all_told(reader, left), []) if sides == NEITHER else sides
        if sides == NEITHER:
            sides = _ordered(reader, _MIRRORED[operator], right, left)
    elif operator in _CONTAINS and any(isinstance(a, Display) and _inner(a) for a in left):
        tables = [a.object for a in right if isinstance(a, Live) and type(a.object) in _TABLES]
        for table in tables:
            note_combination(reader, left, [(known, ()) for known in list(table)[:200]])
        sides = looked_up_together(left, right) or NEITHER
    elif any(isinstance(atom, KeyOf) for atom in left):
        # That one of the names is another one says nothing of the rest.
        found = names_asked(reader, left, constants(right))
        sides = (found, [])
    elif operator in _CONTAINS and not subjects(left):
        sides = _contained(reader, constants(left), right)
    elif constants(right) == [None] and (asked := sides_of_none(left)) is not None:
        sides = (asked[1], asked[0])
    elif subject := subjects(left):
        other = subjects(right)
        if isinstance(subject[0], Length) and other and isinstance(other[0], (Part, Computed)):
            subject, right = other, left
        sides = _same(reader, subject[0], right)
    elif subject := subjects(right):
        sides = _same(reader, subject[0], left)
    elif any(isinstance(atom, Matched) for atom in left):
        holds, not_holds = matched_sides(left)  # `found is None`
        sides = (not_holds, holds)
    else:
        _loose(reader, left, right)
    if sides[0]:
        sides = ([*implied_by(left, constants(right)), *sides[0]], sides[1])
    return (sides[1], sides[0]) if operator in _NEGATIVE else sides


def _note_kept(left: Value, right: Value) -> None:
    """What the application kept of an earlier message is compared with a constant: that is
    worth saying in the earlier message."""
    for value, other in ((left, right), (right, left)):
        kept = [atom.said for atom in value if isinstance(atom, Changing) and atom.said]
        if is_kept(value):
            kept += parts(value)
        for term in kept:
            term.compare("is", [v for v in constants(other) if isinstance(v, str)])


def subjects(value: Value) -> list[Part | Length | Computed | TypeOf]:
    if is_kept(value):
        return []
    return [atom for atom in value if isinstance(atom, (Part, Length, Computed, TypeOf))]


def _same(reader: Reader, subject: Part | Length | Computed | TypeOf, other: Value) -> Sides:
    values = constants(other)
    if isinstance(subject, Part) and subject.term.role == "split" and not is_kept(other):
        return _pieces(subject.term, values)
    if isinstance(subject, (Part, Computed)):
        measured = measured_by(subject, other)
        if measured is not None:
            return [measured], [measured.negated()]
    if isinstance(subject, Part) and is_kept(other):
        # None, or an empty text, stands there as long as nothing has been said.
        subject.term.compare("is", [v for v in values if v not in (None, "")])
        return _same_as_unknown(subject.term, other)
    if isinstance(subject, Part) and values and grows(reader, other):
        return known_or_told(subject.term, there_from_the_first(other))
    if isinstance(subject, Part) and not values:
        values = _entries(reader, subject.term, other)
        if not values:
            return _same_as_unknown(subject.term, other)
    if isinstance(subject, Computed):
        numbers = [v for v in values if isinstance(v, int)]
        return compared(subject.term, "is", [subject.undo(v) for v in numbers])
    if isinstance(subject, Length):
        return compared(subject.term, "length", [v for v in values if isinstance(v, int)])
    if isinstance(subject, TypeOf):
        return compared(subject.term, "type", type_names(other))
    if values == [None]:
        subject.term.optional = True
        condition = Condition(subject.term, "present")
        return [condition.negated()], [condition]
    return compared(subject.term, "is", values)


def _pieces(term: Term, values: list[Any]) -> Sides:
    """All pieces of a text are compared with as many words: `line.split(",") == COLUMNS`."""
    separator = term.key
    words = [v for v in values if isinstance(v, type(separator))]
    if term.parent is None or not words:
        return NEITHER
    remember(term.values, words)
    return compared(term.parent, "is", [separator.join(words)])


_TABLES = frozenset({dict, list, tuple, set, frozenset})


def _inner(display: Display) -> bool:
    return any(subjects(item) for item in display.items)


def type_names(value: Value) -> list[str]:
    """The plain types among the alternatives, by name."""
    found: list[str] = []
    for atom in value:
        if isinstance(atom, Display):
            found.extend(name for item in atom.items for name in type_names(item))
        elif isinstance(atom, Live) and isinstance(atom.object, tuple):
            found.extend(type_names(tuple(Live(each) for each in atom.object)))
        elif isinstance(atom, Live) and isinstance(atom.object, type):
            found.extend([atom.object.__name__] if atom.object.__name__ in PLAIN_TYPES else [])
    return found


def _entries(reader: Reader, term: Term, other: Value) -> list[Any]:
    """Compared with what a table holds under another part of the message (the password of the
    user who is named, say): each entry goes together with its key."""
    found = []
    for atom in other:
        if isinstance(atom, Guarded) and atom.condition.term.root is term.root:
            for value in constants((atom.value,)):
                found.append(value)
                reader.note_branch(term.root, atom.condition, Condition(term, "is", (value,)))
    return found


def _same_as_unknown(term: Term, other: Value) -> Sides:
    """Compared with another part of a message, or with something that only the running
    application knows: what it has told a client, say."""
    twins = tuple(part.term for part in other if isinstance(part, Part) and not is_kept(other))
    if any(isinstance(atom, (Length, TypeOf, View)) for atom in other):
        return NEITHER
    if twins and twins[0].root is term.root and twins[0] is not term:
        condition = Condition(term, "same", twins[:1])
    else:
        term.told = True
        condition = Condition(term, "told")
    return [condition], [condition.negated()]


def _contained(reader: Reader, values: list[Any], container: Value) -> Sides:
    """`constant in container`."""
    for atom in container:
        if isinstance(atom, Params):
            parameters_of(reader, atom, values)
            return NEITHER
        if isinstance(atom, (Part, View, Listed)):
            term = atom.term
            strings = [v for v in values if isinstance(v, (str, bytes))]
            if not strings:
                return NEITHER
            if isinstance(atom, Part) and _is_text(term):
                return compared(term, "infix", strings)
            if isinstance(atom, Part) and term.role == "split":
                item = reader.read(term.child("item")).term
                return compared(item, "is", list(strings))
            term.use("dict")
            found = []
            for name in strings:
                child = term.child("field", name)
                child.optional = True
                reader.read(child)
                found.append(Condition(child, "present"))
            return found, [c.negated() for c in found]
    return NEITHER


def _is_text(term: Term) -> bool:
    if term.role in ("pairs", "query", "found", "tokens"):
        return False
    if term.role == "message" and term.key in ("json", "form"):
        return False
    if term.role in ("message", "tail", "slice", "base64") or "str" in term.uses:
        return "dict" not in term.uses and not any(r == "field" for r, _ in term.children)
    pieces = term.parent
    if pieces is not None and pieces.role == "slice":
        pieces = pieces.parent  # `for word in words[1:]`
    return pieces is not None and pieces.role == "split"


def _ordered(reader: Reader, operator: type[ast.cmpop], left: Value, right: Value) -> Sides:
    if is_kept(left):
        return NEITHER
    if is_kept(right) and not any(isinstance(v, str) for v in constants(right)):
        for term in parts(left):
            bounds = [v for v in constants(right) if isinstance(v, (int, float))]
            remember(term.bounds, bounds)
            term.told = True
        return NEITHER
    if not right:
        for term in parts(left):
            # How many there are, say: a number of which the application has told.
            term.told = term.told or "int" in term.uses
    measured = as_long(operator, left, right)
    if measured is not None:
        return measured
    bounds = [v for v in constants(right) if isinstance(v, (int, float)) and math.isfinite(v)]
    one, other = parts(left), parts(right)
    if one and other and one[0].root is other[0].root and one[0] is not other[0]:
        between = Condition(one[0], "order", tuple(other[:1]), limits=((_WRITTEN[operator], 0),))
        return [between], [replace(between, limits=((_WRITTEN[_OPPOSITE[operator]], 0),))]
    for atom in left:
        if isinstance(atom, (Part, View)) and not bounds:
            names = [v for v in constants(right) if isinstance(v, str)]
            if isinstance(atom, Part) and "dict" not in atom.term.uses:
                if names:
                    item = atom.term.child("item")
                    reader.read(item)
                    return compared(item, "is", list(names))
                continue
            for name in names:
                reader.read(atom.term.child("field", name))
        if not bounds or not isinstance(atom, (Part, Length)):
            continue
        operation: Any = "length" if isinstance(atom, Length) else "near"
        if operation == "near":
            atom.term.use("float" if isinstance(bounds[0], float) else "int")
        known: list[Any] = atom.term.lengths if operation == "length" else atom.term.bounds
        known.extend(b for b in bounds if b not in known)
        found = []
        for wanted in (operator, _OPPOSITE[operator]):
            values = tuple(b + distance for b in bounds for distance in _ORDER[wanted])
            limits: tuple[tuple[Comparison, float], ...] = ()
            if len(bounds) == 1:
                limits = ((_WRITTEN[wanted], bounds[0]),)
            if operation == "near":
                satisfied = COMPARISONS[_WRITTEN[wanted]]
                plain = (v for v in _PLAIN if all(satisfied(v, b) for b in bounds))
                values = tuple(dict.fromkeys((*values, *plain)))
            else:
                longer = [b + _MUCH for b in bounds if _ORDER[wanted][-1] > 0]
                values = tuple(int(v) for v in (*values, *longer) if v >= 0)
                limits = ((_WRITTEN[wanted], bounds[0]),) if len(bounds) == 1 else ()
            condition = Condition(atom.term, operation, values, limits=limits)
            found.append([condition] if values else [])
        return found[0], found[1]
    return NEITHER


def _loose(reader: Reader, left: Value, right: Value) -> None:
    """A comparison with something whose origin the source does not tell."""
    for known, other in ((left, right), (right, left)):
        if not other:
            reader.words.update(dict.fromkeys(filter(_is_word, constants(known))))


def _is_word(value: Any) -> bool:
    """Not one of ASGI's own words."""
    if isinstance(value, str):
        return value not in ("http", "websocket", "lifespan") and "websocket." not in value
    return value is not None and not isinstance(value, bool)
