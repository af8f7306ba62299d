"""What an expression of the source can stand for while it is read.

A `Value` is a tuple of alternatives; the empty tuple is "something that the source does not
tell". Objects of the running application appear as `Live`: they are looked at, never called.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_routes.generate.vocabulary.computing import undone
from pytest_routes.generate.vocabulary.objects import ABSENT, members, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_routes.generate.vocabulary.computing import Steps
    from pytest_routes.generate.vocabulary.coroutines import Suspended
    from pytest_routes.generate.vocabulary.given import Given
    from pytest_routes.generate.vocabulary.mappings import KeyOf, Listed
    from pytest_routes.generate.vocabulary.source import Definition
    from pytest_routes.generate.vocabulary.templates import Template
    from pytest_routes.generate.vocabulary.terms import Condition, Constant, Location, Term


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a message."""

    term: Term


@dataclass(frozen=True, slots=True)
class View:
    """A part of a message as something to iterate over: its `keys`, `values` or `items`, its
    elements counted (`enumerate`), or one message after the other (`stream`)."""

    term: Term
    what: str


@dataclass(frozen=True, slots=True)
class Length:
    """`len()` of a part of a message."""

    term: Term


@dataclass(frozen=True, slots=True)
class Remaining:
    """`len()` of a part of a message, without so much of it or with more."""

    term: Term
    more: int


@dataclass(frozen=True, slots=True)
class Computed:
    """A number that is computed from a part of a message."""

    term: Term
    steps: Steps

    def undo(self, result: int) -> int:
        """What the part is when the result is known."""
        return undone(self.steps, result)


@dataclass(frozen=True, slots=True)
class TypeOf:
    """`type()` of a part of a message."""

    term: Term


@dataclass(frozen=True, slots=True, eq=False)
class Live:
    """An object that exists in the running application, constants included."""

    object: Any


@dataclass(frozen=True, slots=True, eq=False)
class Display:
    """A tuple, list or set that the source writes down."""

    items: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A dict that the source writes down, and what it puts into it later."""

    items: tuple[tuple[Value, Value], ...]
    added: list[tuple[Value, Value]] = field(default_factory=list)
    named: list[tuple[Any, Value]] = field(default_factory=list)
    """What was added under keys that the source tells, by key."""
    hidden: list[Value] = field(default_factory=list)
    """What was added under keys that only the running application knows."""

    def put(self, key: Value, value: Value) -> None:
        """Remember an assignment to one of its keys; a key may be known only at run time."""
        if len(self.added) < _MOST_ADDED:
            self.added.append((key, value))
            self.named.extend((name, value) for name in keys_of(key))
            if not is_known(key):
                self.hidden.append(value)

    @property
    def entries(self) -> tuple[tuple[Value, Value], ...]:
        return (*self.items, *self.added)

    @property
    def unnamed(self) -> Value:
        """What stands under keys that only the running application knows."""
        return stored(merged(self.hidden)) if self.hidden else ()


@dataclass(frozen=True, slots=True, eq=False)
class Channel:
    """A queue: what is put in on one side comes out on the other."""

    held: list[Value] = field(default_factory=list)

    def put(self, value: Value) -> None:
        if value and len(self.held) < _MOST_ADDED:
            self.held.append(value)


@dataclass(frozen=True, slots=True, eq=False)
class Local:
    """A function or lambda defined inside a function that is being read."""

    node: Definition
    scope: Scope


@dataclass(frozen=True, slots=True, eq=False)
class Bound:
    """A function together with the object it is called on, or its first arguments."""

    function: Any
    """`Live` or `Local`."""
    arguments: tuple[Value, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Instance:
    """An object of one of the application's classes, made or used while reading."""

    cls: type
    attributes: dict[str, Value] = field(default_factory=dict)
    live: Any = ABSENT
    """The object itself, when it exists in the running application."""


@dataclass(frozen=True, slots=True, eq=False)
class Guarded:
    """A value that is reached only when a message satisfies a condition: an entry of a
    dispatch table."""

    condition: Condition
    value: Any


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a function returns that judges a message: what holds when it says yes, and when no."""

    when_true: tuple[Condition, ...]
    when_false: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Changing:
    """Something that the running application counts up or down: it is first what the other
    alternatives say."""

    said: Term | None = None
    """The part of an earlier message that is kept there."""


@dataclass(frozen=True, slots=True)
class Socket:
    """The WebSocket."""


@dataclass(frozen=True, slots=True)
class Receive:
    """ASGI's `receive`."""


@dataclass(frozen=True, slots=True)
class Subprotocols:
    """The list of subprotocols that the client offers."""


@dataclass(frozen=True, slots=True)
class Params:
    """The parameters of the handshake in one place, by name."""

    location: Location
    listed: bool = False
    """Each name stands for a list of values, as `urllib.parse.parse_qs` says them."""


@dataclass(frozen=True, slots=True)
class ScopeDict:
    """ASGI's connection scope."""


@dataclass(frozen=True, slots=True, eq=False)
class Event:
    """A raw ASGI event; the message in it is made when it is asked for."""

    place: Any
    """Identifies the call of `receive` that returned it."""
    repeated: bool


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """The match object of a regular expression."""

    term: Term


@dataclass(frozen=True, slots=True, eq=False)
class Decoder:
    """Something that turns text or data into a declared type."""

    annotation: Any
    codec: str | None
    """`json`, `msgpack`, or None for one that takes plain Python data."""


Atom: TypeAlias = (
    "Part | View | Length | Remaining | Computed | TypeOf | Live | Display | Table | Local | Bound"
    "| Instance | Guarded | Verdict | Changing | Socket | Receive | Subprotocols | Params"
    "| ScopeDict | Event | Matched | Decoder | KeyOf | Listed | Channel | Template | Given"
    "| Suspended"
)
Value: TypeAlias = tuple[Atom, ...]


@dataclass(slots=True, eq=False)
class Scope:
    """The names of one function while it is read."""

    globals: Mapping[str, Any]
    names: dict[str, Value] = field(default_factory=dict)
    outer: Scope | None = None
    returned: list[Atom] = field(default_factory=list)
    instance: Instance | None = None


def is_known(key: Value) -> bool:
    """The source tells what the key is, and the running application does not count it up."""
    return bool(constants(key)) and not is_changing(key)


def is_changing(value: Value) -> bool:
    """The running application changes it from one message to the next."""
    return any(isinstance(atom, Changing) for atom in value)


def stored(value: Value) -> Value:
    """What was put somewhere and is found there again: parts of earlier messages, of which the
    present one says nothing."""
    return merged([tuple(map(_stored, value))])


def _stored(atom: Atom) -> Atom:
    if isinstance(atom, (Part, Length, Remaining, Computed)):
        return Changing(atom.term if isinstance(atom, Part) else None)
    if isinstance(atom, Guarded) and is_data(atom.value):
        return _stored(atom.value)
    if isinstance(atom, Display):
        return Display(tuple(map(stored, atom.items)))
    if isinstance(atom, Table):
        return replace(atom, items=tuple((key, stored(item)) for key, item in atom.items))
    return atom


def is_data(atom: Any) -> bool:
    """Something that the application looks at, rather than calls."""
    return isinstance(atom, (Display, Table)) or (
        isinstance(atom, Live) and not callable(atom.object)
    )


def is_kept(value: Value) -> bool:
    """The application keeps it from one message to the next: it is counted up or down, or it is
    a constant until a message says what else it is."""
    if is_changing(value):
        return True
    first_known = bool(value) and isinstance(value[0], Live)
    return first_known and any(isinstance(atom, Part) for atom in value)


def parts(value: Value) -> list[Term]:
    """The message parts among the alternatives."""
    return [atom.term for atom in value if isinstance(atom, Part)]


def said_by(value: Value) -> list[Term]:
    """The message parts that the alternatives are, or are chosen by."""
    return [
        atom.condition.term if isinstance(atom, Guarded) else atom.term
        for atom in value
        if isinstance(atom, Part) or (isinstance(atom, Guarded) and is_data(atom.value))
    ]


def merged(values: Iterable[Value]) -> Value:
    """All alternatives, each once, up to a sensible number."""
    found: dict[Any, Atom] = {}
    for value in values:
        for atom in value:
            found.setdefault(id(atom.object) if isinstance(atom, Live) else atom, atom)
    return tuple(found.values())[:_MOST_ALTERNATIVES]


_MOST_ALTERNATIVES = 256
_MOST_ADDED = 64


def constants(value: Value) -> list[Constant]:
    """The plain constants that the alternatives stand for; a container stands for its items,
    an enumeration's member for its value."""
    if len(value) == 1 and isinstance(value[0], Live):
        return _live_constants(value[0].object)
    found: list[Constant] = []
    for atom in value:
        if isinstance(atom, Live):
            found.extend(_live_constants(atom.object))
        elif isinstance(atom, Display):
            for item in atom.items:
                found.extend(constants(item))
        elif isinstance(atom, Table):
            for key, _ in atom.entries:
                # None among others is what stands for want of a key.
                found.extend(c for c in constants(key) if c is not None or len(key) == 1)
    return found


def keys_of(value: Value) -> list[Any]:
    """The keys of a table that an expression stands for; a tuple is one key."""
    found: list[Any] = []
    for atom in value:
        if isinstance(atom, Display):
            each = [constants(item) for item in atom.items]
            found.extend([tuple(c[0] for c in each)] if all(each) else [])
        else:
            found.extend(constants((atom,)))
    return found


def _live_constants(thing: Any) -> list[Constant]:
    thing = plain(thing)
    if thing is None or isinstance(thing, (str, bytes, int, float)):
        return [thing]
    if type(thing) in _CONTAINERS:
        found = []
        for item in list(thing)[:200]:
            item = plain(item)
            if item is None or isinstance(item, (str, bytes, int, float)):
                found.append(item)
        if isinstance(thing, (set, frozenset)):
            found.sort(key=lambda item: (type(item).__name__, repr(item)))
        return found
    if isinstance(thing, range):
        return _of_range(thing)
    if isinstance(thing, type) and issubclass(thing, enum.Enum):
        return [c for m in members(thing) for c in _live_constants(m)]
    return []


def _of_range(numbers: range) -> list[Constant]:
    """The numbers, or those of a long range that matter most: the first and the last."""
    return [*numbers] if len(numbers) <= _MOST_NUMBERS else [*numbers[:4], *numbers[-2:]]


_MOST_NUMBERS = 16

_CONTAINERS: tuple[type[Any], ...] = (list, tuple, set, frozenset, dict, type({}.keys()))
