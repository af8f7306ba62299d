"""What sorts of messages are made of, whatever their kind.

A conversation that is held in earnest consists mostly of what the handler is made for: only
there does one get through an order of several messages. The others try what it should survive:
broken in one place, empty, large, unusual, said before. Each sort is frequent enough to occur
several times in a hundred conversations.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal, TypeAlias

from pytest_routes.generate.choices import pick
from pytest_routes.generate.commands import Commands
from pytest_routes.generate.recipes import Recipe, later
from pytest_routes.simulator.conversation import Message, MessageKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.memory import Memory
    from pytest_routes.generate.vocabulary import Site

Sort: TypeAlias = Callable[["Choices", "Memory"], "str | bytes"]

_SLOTS = 64
_KNOWN_SITE = 8
_UNCLEAN = 12
"""One message in so many of a clean conversation may be anything of an earnest one."""


class Sorts:
    """Makes the messages of one kind."""

    __slots__ = ("_earnest", "_first", "_kind", "_sorts", "meaningful")

    def __init__(
        self,
        kind: MessageKind,
        sorts: Sequence[tuple[int, Sort]],
        first: Sequence[Sort] = (),
        *,
        earnest: Sequence[tuple[int, Sort]],
        meaningful: bool,
    ) -> None:
        self._kind = kind
        self._sorts = _slots(sorts)
        self._earnest = _slots(earnest)
        """The sorts of a conversation that is held in earnest."""
        self.meaningful = meaningful
        """The source or a declaration says what such messages are like."""
        self._first = tuple(first)
        """What the handler takes first, before it enters its loop."""

    def __call__(self, choices: Choices, memory: Memory, client: int | None = None) -> Message:
        memory.speaker = client
        if self._first:
            position = memory.position(client)
            if position < len(self._first) and choices.index(_KNOWN_SITE) < _KNOWN_SITE - 1:
                return Message(self._kind, self._first[position](choices, memory))
        sorts = self._earnest if memory.earnest and self.meaningful else self._sorts
        if memory.clean and self.meaningful and choices.index(_UNCLEAN) < _UNCLEAN - 1:
            sorts = self._earnest[:1]
        return Message(self._kind, pick(choices, sorts)(choices, memory))


def _slots(sorts: Sequence[tuple[int, Sort]]) -> tuple[Sort, ...]:
    return tuple(sort for share, sort in sorts for _ in range(share))[:_SLOTS]


def in_earnest(
    usual: Sort, again: Sort, broken: Sort, nasty_content: Sort, empty: Sort, large: Sort
) -> list[tuple[int, Sort]]:
    return [(43, usual), (4, again), (5, broken), (6, nasty_content), (3, empty), (3, large)]


def commands_of(site: Site, codec: Literal["json"] | None) -> Recipe | None:
    """The messages that a place takes, by command: the value behind the codec, or the message
    itself; None when the source does not look at it."""
    term = site.term if codec is None else site.term.children.get((codec, None))
    if term is None:
        return None
    shapes = [shape for shape in site.shapes if term in shape]
    return Commands(term, shapes, lambda shape: later(term, shape)) if shapes else None


def either_of(recipes: Sequence[Recipe]) -> Recipe | None:
    if len(recipes) < 2:
        return recipes[0] if recipes else None
    return lambda choices, memory: pick(choices, recipes)(choices, memory)


def always(data: str | bytes) -> Sort:
    return lambda choices, memory: data  # noqa: ARG005


def again_of(kind: MessageKind) -> Sort:
    """Something that was sent before, word for word."""

    def again(choices: Choices, memory: Memory) -> str | bytes:
        known = [m.data for m in memory.messages if m.kind == kind]
        return pick(choices, known) if known else _NOTHING[kind]

    return again


def answered_of(kind: MessageKind) -> Sort:
    """Something that the server said, sent back."""
    wanted = bytes if kind == "bytes" else str
    fits: Callable[[str], bool] = _is_json if kind in ("json", "graphql") else bool

    def answered(choices: Choices, memory: Memory) -> str | bytes:
        known = [m.data for m in memory.answers if isinstance(m.data, wanted)]
        said = pick(choices, known) if known else _NOTHING[kind]
        return said if isinstance(said, bytes) or fits(said) else _NOTHING[kind]

    return answered


_NOTHING: dict[MessageKind, str | bytes] = {"text": "", "bytes": b"", "json": "{}", "graphql": "{}"}


def _is_json(text: str) -> bool:
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True
