"""Nodes for objects and arrays."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.choices import pick
from pytest_routes.generate.schema.enumeration import enumerated
from pytest_routes.generate.schema.errors import UnsatisfiableSchema
from pytest_routes.generate.schema.moments import bring_together, moments_of
from pytest_routes.generate.schema.nodes import Node, Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

_MEMBERS_PER_DRAW = 5  # 32 subsets: what a draw of at most 64 can tell, with some room
_ALIKE = 6
"""In one of so many collections all values are the same."""
_LARGE = 20
"""Items of an array that is meant to be long."""


@dataclass(slots=True)
class Entries:
    """Members whose names are not declared: from what names and values are made."""

    key: Node
    value: Node
    allows: Callable[[str], bool]


@dataclass(slots=True)
class Shape:
    """What an object is made of."""

    members: dict[str, Node] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    entries: tuple[Entries, ...] = ()
    least: int = 0
    most: float = math.inf


class Object(Node):
    """An object with declared members, optional ones left out at will."""

    __slots__ = ("_masks", "_moments", "_optional", "shape")

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self._optional: list[list[str]] = []
        self._masks: list[tuple[int, ...]] = []
        self._moments: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def lowest(self) -> float:
        shape = self.shape
        needed = [shape.members[name].height for name in shape.required]
        missing = shape.least - len(needed)
        if missing > 0:
            needed += sorted(
                node.height for name, node in shape.members.items() if name not in shape.required
            )[:missing]
            if shape.least > len(needed):
                heights = (max(e.key.height, e.value.height) for e in shape.entries)
                needed.append(min(heights, default=math.inf))
        if len(shape.required) > shape.most:
            return math.inf
        return 1 + max(needed) if needed else 0

    def needs(self) -> Iterator[tuple[str, Node]]:
        shape = self.shape
        for name in sorted(shape.required):
            yield f".{name}", shape.members[name]
        for name, node in shape.members.items():
            yield f".{name}", node
        for entries in shape.entries:
            yield ".*", entries.value

    def prune(self) -> None:
        shape = self.shape
        shape.members = {n: node for n, node in shape.members.items() if node.height < math.inf}
        shape.entries = tuple(
            e for e in shape.entries if max(e.key.height, e.value.height) < math.inf
        )
        self._moments = moments_of(shape.members)
        optional = [name for name in shape.members if name not in shape.required]
        self._optional = [
            optional[i : i + _MEMBERS_PER_DRAW] for i in range(0, len(optional), _MEMBERS_PER_DRAW)
        ]
        # All of them together is what most clients send, and a bare mask would make it rare.
        self._masks = [
            (*range(1 << len(group)), *[(1 << len(group)) - 1] * (1 << len(group) >> 2))
            for group in self._optional
        ]

    def make(self, run: Run, depth: int) -> Any:
        run.left -= 1
        shape = self.shape
        chosen = self._chosen(run, depth)
        value = {
            name: node.make(run, depth)
            for name, node in shape.members.items()
            if name in shape.required or name in chosen
        }
        for kind, names in self._moments:
            bring_together(value, kind, names, run.choices)
        if shape.entries:
            self._add_entries(value, run, depth)
        if len(value) < shape.least:
            self._fill(value, run, depth)
        return value

    def _chosen(self, run: Run, depth: int) -> set[str]:
        chosen: set[str] = set()
        members = self.shape.members
        most = self.shape.most - len(self.shape.required)
        small = depth <= 0 or run.left <= 0
        for group, masks in zip(self._optional, self._masks, strict=True):
            mask = pick(run.choices, masks) if run.left > 0 else 0
            for position, name in enumerate(group):
                if mask >> position & 1 and (not small or members[name].height == 0):
                    chosen.add(name)
        if len(chosen) > most:
            chosen = set(sorted(chosen)[: int(most)])
        return chosen

    def _add_entries(self, value: dict[str, Any], run: Run, depth: int) -> None:
        if depth <= 0 or run.left <= 0:
            return
        # Where members are declared, others are the exception.
        sizes = (0,) * 12 + (1,) if self.shape.members else (0, 1, 1, 2, 2, 3, 5)
        count = pick(run.choices, sizes)
        room = self.shape.most - len(value)
        added: list[str] = []
        for _ in range(min(max(count, self.shape.least - len(value)), int(min(room, 1000)))):
            entries = pick(run.choices, self.shape.entries)
            key = key_text(entries.key.make(run, depth))
            if key not in value and entries.allows(key):
                value[key] = entries.value.make(run, depth)
                added.append(key)
        if len(self.shape.entries) == 1 and _are_alike([value[key] for key in added], run):
            value.update(dict.fromkeys(added, value[added[0]]))

    def _fill(self, value: dict[str, Any], run: Run, depth: int) -> None:
        """Add members until there are enough."""
        lowest = sorted(self.shape.members.items(), key=lambda member: member[1].height)
        for name, node in lowest:
            if len(value) >= self.shape.least:
                return
            if name not in value:
                value[name] = node.make(run, depth)
        for entries in self.shape.entries:
            for choices in enumerated():
                if len(value) >= self.shape.least:
                    return
                key = key_text(entries.key.make(Run(choices), depth))
                if key not in value and entries.allows(key):
                    value[key] = entries.value.make(run, depth)
        if len(value) < self.shape.least:
            raise UnsatisfiableSchema(
                f"an object of at least {self.shape.least} members is asked for, and only "
                f"{len(value)} names could be found"
            )


def key_text(value: Any) -> str:
    """A member's name for a key of another type, as JSON writes such keys."""
    if isinstance(value, str):
        return value
    return json.dumps(value)


class Array(Node):
    """An array: some items at fixed places, others of one kind after them."""

    __slots__ = ("_sizes", "first", "least", "most", "rest", "unique")

    def __init__(
        self, first: tuple[Node, ...], rest: Node, least: int, most: float, *, unique: bool
    ) -> None:
        super().__init__()
        self.first = first
        self.rest = rest
        self.least = least
        self.most = most
        self.unique = unique
        self._sizes: tuple[int, ...] = ()

    def _needed(self) -> list[Node]:
        needed = list(self.first[: self.least])
        if self.least > len(self.first):
            needed.append(self.rest)
        return needed

    def lowest(self) -> float:
        if self.least > self.most:
            return math.inf
        return max((1 + node.height for node in self._needed()), default=0)

    def needs(self) -> Iterator[tuple[str, Node]]:
        for index, node in enumerate(self._needed()):
            yield f"[{index}]", node

    def prune(self) -> None:
        possible = self.most
        for index, node in enumerate(self.first):
            if node.height == math.inf:
                possible = min(possible, index)
        if self.rest.height == math.inf:
            possible = min(possible, len(self.first))
        long = _LARGE if self.rest.height == 0 else 6
        usual = [self.least + extra for extra in (0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 4)]
        if self.first:
            usual += [len(self.first)] * 12 + [len(self.first) + 1]
        usual.append(self.least + long)
        if possible <= self.least + long:
            usual.append(int(possible))
        self._sizes = tuple(size for size in usual if self.least <= size <= possible) or (
            self.least,
        )

    def make(self, run: Run, depth: int) -> Any:
        run.left -= 1
        small = depth <= 0 or run.left <= 0
        size = self.least if small else pick(run.choices, self._sizes)
        if self.unique:
            return self._distinct(size, run, depth)
        items = [node.make(run, depth) for node in self.first[:size]]
        make = self.rest.make
        for _ in range(size - len(items)):
            if run.left <= 0 and len(items) >= self.least:
                break
            items.append(make(run, depth))
        if not self.first and _are_alike(items, run):
            return items[:1] * len(items)
        return items

    def _distinct(self, size: int, run: Run, depth: int) -> list[Any]:
        items: dict[str, Any] = {}
        for index in range(size):
            node = self.first[index] if index < len(self.first) else self.rest
            for _ in range(3):
                value = node.make(run, depth)
                key = identity(value)
                if key not in items:
                    items[key] = value
                    break
            else:
                if len(items) >= self.least:
                    break
                self._another(node, items, depth)
        return list(items.values())

    def _another(self, node: Node, items: dict[str, Any], depth: int) -> None:
        for choices in enumerated():
            value = node.make(Run(choices), depth)
            key = identity(value)
            if key not in items:
                items[key] = value
                return
        raise UnsatisfiableSchema(
            f"an array of at least {self.least} different items is asked for, and only "
            f"{len(items)} could be found"
        )


def _are_alike(values: Sequence[Any], run: Run) -> bool:
    """Whether all shall be as the first is: nothing but zeros, the same name twice."""
    return (
        len(values) > 1
        and isinstance(values[0], str | int | float)
        and run.choices.index(_ALIKE) == _ALIKE - 1
    )


def identity(value: Any) -> str:
    """Equal for values that JSON Schema calls equal: 1 and 1.0, but not 1 and true."""
    return json.dumps(_plain(value), sort_keys=True, default=repr)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and math.isfinite(value) and value == int(value):
        return int(value)
    if isinstance(value, list):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    return value
