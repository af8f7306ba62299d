"""What a schema is turned into: nodes that make values, few draws each.

A node's `height` says how deep its smallest value nests, and is infinite when it has none (a
type that always contains itself). Heights are found by `settle`, after all nodes are built.
Recursion is bounded by them: when the depth or the size of a value is used up, every union
takes its lowest option and everything optional is left out, which must come to an end because
the height goes down with each step.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from pytest_routes.generate.choices import pick
from pytest_routes.generate.schema.enumeration import enumerated
from pytest_routes.generate.schema.errors import UnsatisfiableSchema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from pytest_routes.generate.choices import Choices

T = TypeVar("T")

_FAILURES = 10
MOST_NODES = 400
"""Parts that a value may have before everything optional is left out."""


class Run:
    """The making of one value."""

    __slots__ = ("choices", "left")

    def __init__(self, choices: Choices, left: int = MOST_NODES) -> None:
        self.choices = choices
        self.left = left


class Node:
    """Makes values for one schema."""

    __slots__ = ("height",)

    def __init__(self) -> None:
        self.height: float = math.inf

    def make(self, run: Run, depth: int) -> Any:
        """A value; with a `depth` of 0 or less the smallest that can be."""
        raise NotImplementedError

    def lowest(self) -> float:
        """The height by what is known of the heights of the nodes below."""
        return 0

    def needs(self) -> Iterator[tuple[str, Node]]:
        """The nodes without which this one has no value, with where they stand."""
        return iter(())

    def prune(self) -> None:
        """Forget what is optional and can never be made."""


class Nothing(Node):
    """No value at all."""

    __slots__ = ("reason",)

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.reason = reason

    def lowest(self) -> float:
        return math.inf


class Table(Node, Generic[T]):
    """One of a few ready values, the simplest first."""

    __slots__ = ("values",)

    def __init__(self, values: Sequence[T]) -> None:
        super().__init__()
        self.values = tuple(values)

    def make(self, run: Run, depth: int) -> T:  # noqa: ARG002
        run.left -= 1
        return pick(run.choices, self.values)


class Plain(Node):
    """Mostly a plain value; about one in six is a nasty one."""

    __slots__ = ("nasty", "total", "values")

    def __init__(self, values: Sequence[Any], nasty: Sequence[Any]) -> None:
        super().__init__()
        self.values = tuple(values)
        self.nasty = tuple(nasty)
        # Beyond 64 an index costs a second draw.
        extra = max(1, len(self.values) // 6) if nasty else 0
        self.total = len(self.values) + extra

    def make(self, run: Run, depth: int) -> Any:  # noqa: ARG002
        run.left -= 1
        index = run.choices.index(self.total)
        return self.values[index] if index < len(self.values) else pick(run.choices, self.nasty)


class Drawn(Node):
    """A value by a function of the choices."""

    __slots__ = ("draw",)

    def __init__(self, draw: Callable[[Choices], Any]) -> None:
        super().__init__()
        self.draw = draw

    def make(self, run: Run, depth: int) -> Any:  # noqa: ARG002
        run.left -= 1
        return self.draw(run.choices)


class Mapped(Node):
    """What a function makes of the values of a node."""

    __slots__ = ("change", "node")

    def __init__(self, node: Node, change: Callable[[Any], Any]) -> None:
        super().__init__()
        self.node = node
        self.change = change

    def make(self, run: Run, depth: int) -> Any:
        return self.change(self.node.make(run, depth))

    def lowest(self) -> float:
        return self.node.height

    def needs(self) -> Iterator[tuple[str, Node]]:
        yield "", self.node


class Reference(Node):
    """A definition, by its name; what makes recursion possible, and ends it."""

    __slots__ = ("name", "recursive", "target")

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
        self.target: Node = Nothing(f"{name} is not defined")
        self.recursive = False

    def make(self, run: Run, depth: int) -> Any:
        return self.target.make(run, depth - 1 if self.recursive else depth)

    def lowest(self) -> float:
        # A union of itself and something else must come out above the something else.
        return self.target.height + 1

    def needs(self) -> Iterator[tuple[str, Node]]:
        yield "", self.target


class Union(Node):
    """One of several nodes."""

    __slots__ = ("lowest_option", "options", "weights")

    def __init__(self, options: Sequence[Node]) -> None:
        super().__init__()
        self.options = list(options)
        self.weights: tuple[int, ...] = ()
        self.lowest_option = self.options[0]

    def make(self, run: Run, depth: int) -> Any:
        if depth <= 0 or run.left <= 0:
            return self.lowest_option.make(run, depth)
        return self.options[pick(run.choices, self.weights)].make(run, depth)

    def lowest(self) -> float:
        return min(option.height for option in self.options)

    def needs(self) -> Iterator[tuple[str, Node]]:
        yield "", self.options[0]

    def prune(self) -> None:
        self.options = [option for option in self.options if option.height < math.inf]
        self.options.sort(key=lambda option: option.height)  # stable: as declared otherwise
        self.lowest_option = self.options[0]
        # None is one value, and where it is allowed it is mostly the dullest.
        rare = [_is_null(option) for option in self.options]
        if any(rare) and not all(rare):
            weights = [1 if null else 3 for null in rare]
            self.weights = tuple(i for i, w in enumerate(weights) for _ in range(w))
        else:
            self.weights = tuple(range(len(self.options)))


def _is_null(node: Node) -> bool:
    return isinstance(node, Table) and node.values == (None,)


class Preferred(Node):
    """A node some of whose values are known to matter: `times` as often as any others."""

    __slots__ = ("node", "times", "values")

    def __init__(self, values: Sequence[Any], node: Node, times: int = 1) -> None:
        super().__init__()
        self.values = tuple(values)
        self.node = node
        self.times = times

    def make(self, run: Run, depth: int) -> Any:
        index = run.choices.index((self.times + 1) * len(self.values))
        if index < self.times * len(self.values):
            run.left -= 1
            return self.values[index % len(self.values)]
        return self.node.make(run, depth)

    def lowest(self) -> float:
        return self.node.height

    def needs(self) -> Iterator[tuple[str, Node]]:
        yield "", self.node


class Checked(Node):
    """A node whose values do not all fit, and a test that tells.

    After a few tries a value is taken that was found when the node was prepared: a search
    without an end would make generation slow, and shrinking erratic.
    """

    __slots__ = ("dead", "fits", "node", "reason", "spare")

    TRIES = 6

    def __init__(self, node: Node, fits: Callable[[Any], bool], reason: str) -> None:
        super().__init__()
        self.node = node
        self.fits = fits
        self.reason = reason
        self.spare: tuple[Any, ...] = ()
        self.dead = False

    def make(self, run: Run, depth: int) -> Any:
        for _ in range(self.TRIES):
            try:
                value = self.node.make(run, depth)
            except UnsatisfiableSchema:
                break
            if self.fits(value):
                return value
        if not self.spare and not self.dead:
            self.prepare(depth)
        if not self.spare:
            raise UnsatisfiableSchema(self.reason)
        return pick(run.choices, self.spare)

    def lowest(self) -> float:
        return math.inf if self.dead else self.node.height

    def needs(self) -> Iterator[tuple[str, Node]]:
        yield "", Nothing(self.reason) if self.dead else self.node

    def prepare(self, depth: int) -> None:
        """Find values to fall back to; without any, this node has no value."""
        found: dict[str, Any] = {}
        failures = 0
        for choices in enumerated():
            try:
                value = self.node.make(Run(choices), depth)
            except UnsatisfiableSchema:
                # A node that gives up has searched by itself already.
                failures += 1
                if failures > _FAILURES and not found:
                    break
                continue
            if self.fits(value):
                found.setdefault(repr(value), value)
                if len(found) == 12:
                    break
        self.spare = tuple(found.values())
        self.dead = not found


def settle(nodes: Sequence[Node], depth: int) -> None:
    """Make nodes ready: find their heights, forget what can never be made, and find values for
    those that are checked. `nodes` has those below a node before it, where there is no cycle."""
    _find_heights(nodes)
    checked = [n for n in nodes if isinstance(n, Checked) and n.height < math.inf]
    for each in checked:
        each.prepare(depth)
    if any(each.dead for each in checked):
        for node in nodes:
            node.height = math.inf
        _find_heights(nodes)


def _find_heights(nodes: Sequence[Node]) -> None:
    changed = True
    while changed:
        changed = False
        for node in nodes:
            lowest = node.lowest()
            if lowest < node.height:
                node.height = lowest
                changed = True
    for node in nodes:
        if node.height < math.inf:
            node.prune()


def reason(node: Node) -> str:
    """Why a node of infinite height has no value."""
    place, met = "", set()
    while not isinstance(node, Nothing):
        if id(node) in met:
            what = node.name if isinstance(node, Reference) else "it"
            at = f"{place.lstrip('.')}: " if place else ""
            return f"{at}{what} always contains itself, so no finite value exists"
        met.add(id(node))
        step, node = next((step, below) for step, below in node.needs() if below.height == math.inf)
        place += step
    return f"{place.lstrip('.')}: {node.reason}" if place else node.reason
