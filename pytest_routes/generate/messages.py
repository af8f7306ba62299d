"""What one client says next: the messages of one route.

A `MessageSource` is built once for every route. Each message costs a few draws: one says what
sort of message it is, the others are the choices which that sort leaves open.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from pytest_routes.generate.bytes_sorts import bytes_sorts
from pytest_routes.generate.choices import pick
from pytest_routes.generate.graphql import (
    SUBPROTOCOLS,
    GraphQLMessages,
    introspection_steps,
    schema_told,
    speaks_graphql,
)
from pytest_routes.generate.graphql.detection import schema_of
from pytest_routes.generate.graphql.sdl import schema_in
from pytest_routes.generate.json_sorts import json_sorts
from pytest_routes.generate.memory import Memory
from pytest_routes.generate.registered import RegisteredMessages
from pytest_routes.generate.registry import registrations_for
from pytest_routes.generate.sorts import Sorts
from pytest_routes.generate.text_sorts import text_sorts
from pytest_routes.generate.vocabulary import NOTHING, Vocabulary, mine
from pytest_routes.routes.model import MISSING
from pytest_routes.simulator.conversation import Message, MessageKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.registry import Registration
    from pytest_routes.routes.model import Route
    from pytest_routes.simulator.conversation import Handshake, Step
    from pytest_routes.simulator.transcript import Transcript

Kinds: TypeAlias = "Literal['auto'] | Sequence[MessageKind]"

ALL_KINDS: tuple[MessageKind, ...] = ("text", "json", "bytes")
_SHARES = {"json": 7, "graphql": 7, "text": 4, "bytes": 4}
"""How often each kind is sent where several are read."""
_ANY_SUBPROTOCOL = ("chat",)
"""Offered where one is accepted whose name cannot be read."""
_MOODS = 16
_EARNEST = 11
_CLEAN = 7
"""So many conversations in `_MOODS` are held for what the application is made for: only there
does one get far, through an order of several messages. The others try what it should survive.
In the first of them hardly anything else is said: a failure of an early message hides whatever
is behind it."""


@dataclass(slots=True)
class MessageSource:
    """Makes the messages of one route."""

    kinds: tuple[MessageKind, ...]
    """What is sent, the simplest kind first."""
    subprotocols: tuple[str, ...]
    """Those that the handler's source mentions."""
    max_size: int
    """Bytes of a message on the wire, at most."""
    vocabulary: Vocabulary
    _makers: tuple[Sorts | RegisteredMessages | GraphQLMessages, ...]
    _memory: Memory = field(default_factory=Memory)
    _transcript: Transcript | None = None
    _earnest: tuple[Sorts | RegisteredMessages | GraphQLMessages, ...] = ()

    def __post_init__(self) -> None:
        told = (m for m in self._makers if not isinstance(m, Sorts) or m.meaningful)
        self._earnest = tuple(told) or self._makers

    def message(
        self, choices: Choices, transcript: Transcript, client: int | None = None
    ) -> Message:
        """The next message of a client, of any of them when it is not told."""
        memory = self._remember(transcript)
        if memory.earnest is None:
            mood = choices.index(_MOODS)
            memory.earnest, memory.clean = mood < _EARNEST, mood < _CLEAN
        makers = self._earnest if memory.earnest else self._makers
        make = pick(choices, makers) if len(makers) > 1 else makers[0]
        message = make(choices, memory, client)
        if len(message.data) * 4 > self.max_size and message.size > self.max_size:
            return _cut(message, self.max_size)
        return message

    @property
    def is_free(self) -> bool:
        """Nobody has said what messages there may be: none of them is from a registration."""
        return not any(isinstance(make, RegisteredMessages) for make in self._makers)

    def _remember(self, transcript: Transcript) -> Memory:
        if transcript is not self._transcript:
            self._transcript = transcript
            self._memory = Memory()
        self._memory.follow(transcript)
        return self._memory

    def questions(self, handshake: Handshake) -> Iterator[tuple[Step, ...]]:
        """Conversations to hold before any message is made, for `learn` to learn from: a
        GraphQL server is asked for its schema, once for each protocol, until it has told."""
        if any(isinstance(make, GraphQLMessages) and not make.schema for make in self._makers):
            yield from introspection_steps(handshake)

    def learn(self, transcript: Transcript) -> bool:
        """Take in what a server has told; True when no further question is needed."""
        schema = schema_told(transcript)
        for make in self._makers:
            if isinstance(make, GraphQLMessages) and schema is not None:
                make.schema = schema
        return schema is not None

    def unexpected(self) -> tuple[Message, ...]:
        """Messages of kinds that the handler does not read: not sent in conversations, but
        worth one try each."""
        probes: list[Message] = []
        text = {"text", "json", "graphql"} & set(self.kinds)
        if not text:
            probes += [Message("text", "a"), Message("text", "")]
        elif "text" not in self.kinds:
            probes += [Message("text", "a"), Message("text", ""), Message("text", "{")]
        if "bytes" not in self.kinds:
            probes += [Message("bytes", b"a"), Message("bytes", b""), Message("bytes", b"\xff")]
        return tuple(probe for probe in probes if probe.size <= self.max_size)


def message_source(
    route: Route,
    *,
    kinds: Kinds = "auto",
    max_size: int = 65536,
    registrations: Sequence[Registration] | None = None,
    vocabulary: Vocabulary | None = None,
    sdl: Path | None = None,
) -> MessageSource:
    """The messages of a route.

    `kinds` are what to send; `"auto"` takes what is registered, else what the route declares,
    else what the handler's source reads, else everything. `registrations` and `vocabulary`
    are looked up and mined when they are not given. `sdl` is a file with the GraphQL schema.
    Raises WrongMessage when that cannot be used.
    """
    if vocabulary is None:
        vocabulary = mine(route.handler, route.dependencies) if route.handler else NOTHING
    if registrations is None:
        registrations = registrations_for(route.path)
    wanted = _kinds(route, kinds, registrations, vocabulary)
    makers: list[Sorts | RegisteredMessages | GraphQLMessages] = []
    for kind in wanted:
        usual = functools.partial(_usual, route, kind, vocabulary, max_size, sdl)
        chosen = next((r for r in registrations if r.kind == kind), None)
        maker: Sorts | RegisteredMessages | GraphQLMessages
        if chosen is None:
            maker = usual()
        else:
            maker = RegisteredMessages(chosen, max_size, usual() if chosen.weight < 1 else None)
        makers += [maker] * (_SHARES[kind] if len(wanted) > 1 else 1)
    subprotocols = vocabulary.subprotocols
    if "graphql" in wanted and not set(subprotocols) & set(SUBPROTOCOLS):
        subprotocols = (*subprotocols, *SUBPROTOCOLS)
    if vocabulary.negotiates and not subprotocols and not route.subprotocols:
        subprotocols = _ANY_SUBPROTOCOL
    return MessageSource(wanted, subprotocols, max_size, vocabulary, tuple(makers))


def _usual(
    route: Route, kind: MessageKind, vocabulary: Vocabulary, max_size: int, sdl: Path | None
) -> Sorts | GraphQLMessages:
    if kind == "graphql":
        return GraphQLMessages(schema_in(sdl) if sdl else schema_of(route.handler))
    if kind == "bytes":
        return bytes_sorts(vocabulary, max_size)
    if kind == "text":
        return text_sorts(vocabulary, max_size)
    return json_sorts(route, kind, vocabulary, max_size)


def _kinds(
    route: Route, kinds: Kinds, registrations: Sequence[Registration], vocabulary: Vocabulary
) -> tuple[MessageKind, ...]:
    if kinds != "auto":
        return tuple(dict.fromkeys(kinds)) or ALL_KINDS
    registered = [r.kind for r in registrations]
    if registered and all(r.weight == 1 for r in registrations):
        return tuple(dict.fromkeys(registered))
    if speaks_graphql(route, vocabulary):
        return ("graphql",)
    found: set[Any] = set(registered) | set(detected_kinds(route, vocabulary) or ALL_KINDS)
    return tuple(kind for kind in ("text", "json", "bytes", "graphql") if kind in found)


def detected_kinds(
    route: Route, vocabulary: Vocabulary
) -> frozenset[Literal["text", "json", "bytes"]] | None:
    """The kinds of message that the route's declaration or its handler's source reads; None
    when neither tells."""
    declared = set(route.reads or ())
    if not declared and route.message is not MISSING:
        declared = {_KIND_OF_TYPE.get(route.message, "json")}
    frames = frozenset(f for f in vocabulary.frames or () if f != "form")
    if "text" in declared and "json" in frames:
        declared.add("json")
    return frozenset(declared) or frames or None


_KIND_OF_TYPE: dict[Any, Literal["text", "json", "bytes"]] = {str: "text", bytes: "bytes"}


def _cut(message: Message, most: int) -> Message:
    """A message that fits: what is cut off JSON leaves something smaller that is JSON."""
    if isinstance(message.data, bytes):
        return Message(message.kind, message.data[:most])
    if message.kind == "text":
        data = message.data.encode("utf-8", "surrogatepass")[:most].decode("utf-8", "ignore")
        return Message("text", data)
    simple = '{"a":"' + "a" * (most - 8) + '"}' if most >= 8 else ("{}" if most >= 2 else "0")
    return Message(message.kind, simple[: max(most, 0)])


__all__ = ["ALL_KINDS", "MessageSource", "detected_kinds", "message_source"]
