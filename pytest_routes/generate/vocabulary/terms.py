"""What a handler's source says about the messages that it reads.

A `Term` stands for one value that a client sends: a whole message, the value under a key,
the JSON behind a text, a word of a command. Terms form a tree, and each remembers what the
source does with it. A `Condition` is one thing that a branch asks of a term; a `Shape` is
what one branch asks, and reads, together.
"""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

Constant: TypeAlias = str | bytes | int | float | bool | None
Frame: TypeAlias = Literal["text", "json", "bytes", "form"]
"""What a place asks for; `form` only of the body of an HTTP request."""
Role: TypeAlias = Literal[
    "message",  # a whole message
    "field",  # the value under a key of an object
    "index",  # a value by its position in an array, in split words or in unpacked bytes
    "item",  # any value of an array
    "letter",  # any character of a text
    "json",  # what the text or bytes hold as JSON
    "msgpack",  # what the bytes hold as MessagePack
    "cbor",  # what the bytes hold as CBOR
    "base64",  # what the text holds in base64
    "pairs",  # the members of a text of names and values, by both separators
    "query",  # the members of a text of percent-encoded names and values
    "found",  # what matches of a regular expression are found in a text, one by one
    "tokens",  # the matches of a regular expression that a text consists of
    "split",  # the pieces of a text between separators
    "tail",  # a text behind a prefix
    "cursor",  # what is read of bytes next: how wide it is, or which number tells, and how
    "struct",  # the values that `struct` unpacks
    "slice",  # a part of a text or of bytes, by positions
    "group",  # a group of the regular expression that a text matches
]
Location: TypeAlias = Literal["path", "query", "header", "cookie"]
Comparison: TypeAlias = Literal["<", "<=", ">", ">="]
COMPARISONS: dict[Comparison, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
Operation: TypeAlias = Literal[
    "is",  # one of these values
    "near",  # one of these numbers, which satisfy a comparison by order just so
    "prefix",
    "suffix",
    "infix",
    "length",
    "type",
    "pattern",
    "present",
    "true",
    "model",  # it can be converted to one of these types
    "same",  # it equals another part of the message
    "order",  # it is less or more than another part of the message
    "measures",  # it is the length of another part of the message, or that is computed from it
    "told",  # it equals something that only the running application knows
]


@dataclass(eq=False, slots=True)
class Declared:
    """A type annotation that the source validates or converts a value with."""

    annotation: Any


@dataclass(eq=False, slots=True)
class Term:
    """One value that a client sends, and what the source does with it."""

    role: Role = "message"
    key: Any = None
    """The key, position, separator, prefix, format or range that the role speaks of."""
    parent: Term | None = None
    uses: dict[str, None] = field(default_factory=dict)
    """Names of Python types that the source seems to expect, in the order of discovery."""
    values: list[Constant] = field(default_factory=list)
    """What the value is compared with."""
    prefixes: list[str | bytes] = field(default_factory=list)
    suffixes: list[str | bytes] = field(default_factory=list)
    infixes: list[str | bytes] = field(default_factory=list)
    bounds: list[int | float] = field(default_factory=list)
    """Numbers that the value is compared with by order."""
    lengths: list[int] = field(default_factory=list)
    """Numbers that the length of the value is compared with."""
    patterns: list[str | bytes] = field(default_factory=list)
    """Regular expressions that the value is matched with."""
    models: list[Declared] = field(default_factory=list)
    """Types that the value is validated or converted with, whatever else it says."""
    declared: list[Declared] = field(default_factory=list)
    """The same, and those of single branches."""
    optional: bool = False
    """The source has a default for it, or asks whether it is there."""
    demanded: bool = False
    """The source takes it for granted somewhere that it is there."""
    told: bool = False
    """It is compared with something that only the running application knows."""
    among: dict[str, None] = field(default_factory=dict)
    """What the application looks it up in, by name."""
    children: dict[tuple[Role, Any], Term] = field(default_factory=dict)

    def child(self, role: Role, key: Any = None) -> Term:
        """The term derived from this one in that way."""
        known = self.children.get((role, key))
        if known is None:
            known = self.children[role, key] = Term(role, key, self)
        return known

    def of(self, role: Role) -> list[Term]:
        """The derived terms of one role, in the order of discovery."""
        return [term for (r, _), term in self.children.items() if r == role]

    def walk(self) -> Iterator[Term]:
        """This term and all that are derived from it."""
        yield self
        for term in self.children.values():
            yield from term.walk()

    @property
    def root(self) -> Term:
        """The whole message that the value is a part of."""
        term = self
        while term.parent is not None:
            term = term.parent
        return term

    @property
    def depth(self) -> int:
        return 0 if self.parent is None else self.parent.depth + 1

    @property
    def path(self) -> str:
        """The way from the message to the value, for people who debug the mining."""
        if self.parent is None:
            return "message"
        how = self.role if self.key is None else f"{self.role} {self.key!r}"
        return f"{self.parent.path} > {how}"

    def use(self, *names: str) -> None:
        for name in names:
            self.uses.setdefault(name)

    def declare(self, annotation: Any) -> Declared:
        """The type as one of those that the value is converted with."""
        self.use("model")
        for known in self.declared:
            if known.annotation is annotation:
                return known
        self.declared.append(Declared(annotation))
        return self.declared[-1]

    def compare(self, operation: Operation, values: Iterable[Any]) -> None:
        """Remember what the source compares the value with."""
        target: list[Any] | None = getattr(self, _REMEMBERED.get(operation, ""), None)
        if operation == "type":
            self.use(*values)
        elif target is not None:
            remember(target, values)

    def __repr__(self) -> str:
        return f"<Term {self.path}>"


_REMEMBERED = {
    "is": "values",
    "prefix": "prefixes",
    "suffix": "suffixes",
    "infix": "infixes",
    "length": "lengths",
    "pattern": "patterns",
}


def remember(target: list[Any], values: Iterable[Any]) -> None:
    """Append what is not there yet; `1`, `1.0` and `True` are three things."""
    known = {(type(value), value) for value in target}
    for value in values:
        if (type(value), value) not in known:
            known.add((type(value), value))
            target.append(value)


@dataclass(frozen=True, slots=True)
class Condition:
    """One thing that a branch of the source asks of a term."""

    term: Term
    operation: Operation
    values: tuple[Any, ...] = ()
    """Any of them satisfies the condition."""
    holds: bool = True
    """False: the branch is taken when it is not satisfied."""
    limits: tuple[tuple[Comparison, float], ...] = ()
    """What a number that satisfies the condition is compared with, and how: all must hold."""

    typed: frozenset[tuple[type, Any]] = field(init=False, compare=False, repr=False)
    """The values with their types: `1`, `1.0` and `True` are three things."""
    _hash: int = field(init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "typed", frozenset((type(v), v) for v in self.values))
        same = (self.term, self.operation, self.values, self.holds, self.limits)
        object.__setattr__(self, "_hash", hash(same))

    def __hash__(self) -> int:
        """Known from the beginning: a condition is looked up a hundred times."""
        return self._hash

    def negated(self) -> Condition:
        return Condition(self.term, self.operation, self.values, not self.holds, self.limits)

    def allows(self, number: float) -> bool:
        """The number is within the limits."""
        return all(COMPARISONS[how](number, bound) for how, bound in self.limits)


@dataclass(frozen=True, slots=True)
class Shape:
    """What one branch of the source asks of a message, and which parts of it it reads."""

    conditions: tuple[Condition, ...] = ()
    reads: frozenset[Term] = frozenset()
    avoided: tuple[Condition, ...] = ()
    """What single values must not be for the branch to be entered."""
    refused: bool = False
    """The branch only says that something is wrong."""
    needed: frozenset[Term] = frozenset()
    """Members without which the message is refused on the way to the branch."""
    halfway: bool = False
    """Only the first part of a test asks so: what it is a test for asks for more."""
    setting: frozenset[Condition] = frozenset()
    """What is asked of the handshake wherever the branch is entered."""
    place: int = field(default=0, compare=False)
    """How many branches the source has before it."""

    def __contains__(self, term: Term) -> bool:
        return term in self.reads

    def asked_of(self, term: Term) -> list[Condition]:
        return [c for c in self.conditions if c.term is term and c.holds]

    def avoided_of(self, term: Term) -> frozenset[tuple[type, Any]]:
        """The values, with their types, that the term must not have."""
        found = [c.typed for c in self.avoided if c.term is term and c.operation == "is"]
        return frozenset().union(*found)

    def avoids(self, term: Term, operation: Operation) -> tuple[Any, ...] | None:
        """What the value must not be in this way; None when that is not asked."""
        found = [c for c in self.avoided if c.term is term and c.operation == operation]
        return tuple(v for c in found for v in c.values) if found else None


@dataclass(frozen=True, slots=True)
class Site:
    """A place where the handler takes a message."""

    term: Term
    """The whole message."""
    frame: Frame
    """What the handler asks for there."""
    repeated: bool
    """It is in a loop; False: the message is taken once, e.g. to authenticate."""
    shapes: tuple[Shape, ...] = ()
    """The plainest first: what is read on every way, then branch by branch."""

    @property
    def frames(self) -> frozenset[Frame]:
        """The kinds of message that are welcome there."""
        if self.frame == "text" and ("json", None) in self.term.children:
            return frozenset({"text", "json"})
        return frozenset({self.frame})


@dataclass(frozen=True, slots=True)
class Asked:
    """A parameter of the handshake that the source reads, and what it compares it with."""

    name: str
    location: Location | None
    """None: the function declares it, and the framework knows where it stands."""
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """What the source of a handler, and of what it reaches, says about its messages."""

    frames: frozenset[Frame] | None = None
    """The kinds of message that are read; None when the source does not tell. `json` without
    `text`: the framework parses, and text that is not JSON never reaches the handler's own
    code; both: the handler parses itself."""
    sites: tuple[Site, ...] = ()
    """In the order of the source."""
    subprotocols: tuple[str, ...] = ()
    """Subprotocols that the source accepts or compares with."""
    negotiates: bool = False
    """A subprotocol is accepted, whether or not its name can be read."""
    parameters: tuple[Asked, ...] = ()
    keys: tuple[str, ...] = ()
    """Keys that the source reads of something whose origin it does not tell."""
    words: tuple[Constant, ...] = ()
    """Constants that the source compares with something whose origin it does not tell."""


NOTHING = Vocabulary()
