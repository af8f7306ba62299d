"""What a client of a GraphQL server says next, by the state of its connection."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_routes.generate.choices import pick
from pytest_routes.generate.content import dumps
from pytest_routes.generate.graphql.operations import broken_operation, operation
from pytest_routes.generate.graphql.protocols import (
    BROKEN_IDENTIFIERS,
    BROKEN_INIT_PAYLOADS,
    IDENTIFIERS,
    INIT,
    INIT_PAYLOADS,
    LEGACY,
    MALFORMED,
    PROTOCOLS,
    TRANSPORT,
    Protocol,
)
from pytest_routes.simulator.conversation import Message

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.graphql.schema import GraphQLSchema
    from pytest_routes.generate.memory import Memory


@dataclass(slots=True)
class _State:
    """What one client has said so far."""

    protocol: Protocol
    initialised: bool = False
    identifiers: list[object] = field(default_factory=list)
    """Of the operations that it has started, the newest last."""


Sort: TypeAlias = "Callable[[Choices, _State, GraphQLSchema | None], object]"


def _init(choices: Choices, state: _State, schema: GraphQLSchema | None) -> object:  # noqa: ARG001
    how = choices.index(len(INIT_PAYLOADS) + 2)
    if how == 0:
        return {"type": INIT}
    if how <= len(INIT_PAYLOADS):
        return {"type": INIT, "payload": INIT_PAYLOADS[how - 1]}
    return {"type": INIT, "payload": pick(choices, BROKEN_INIT_PAYLOADS)}


def _subscribe(choices: Choices, state: _State, schema: GraphQLSchema | None) -> object:
    payload = operation(choices, schema)
    return {"type": state.protocol.subscribe, "id": _fresh(choices, state), "payload": payload}


def _subscribe_again(choices: Choices, state: _State, schema: GraphQLSchema | None) -> object:
    identifier = state.identifiers[-1] if state.identifiers else "1"
    payload = operation(choices, schema)
    return {"type": state.protocol.subscribe, "id": identifier, "payload": payload}


def _broken(choices: Choices, state: _State, schema: GraphQLSchema | None) -> object:
    payload = broken_operation(choices, schema)
    return {"type": state.protocol.subscribe, "id": _fresh(choices, state), "payload": payload}


def _complete(choices: Choices, state: _State, schema: GraphQLSchema | None) -> object:  # noqa: ARG001
    known = [*state.identifiers[::-1], "unknown"]
    return {"type": state.protocol.complete, "id": pick(choices, known)}


def _plain(choices: Choices, state: _State, schema: GraphQLSchema | None) -> object:  # noqa: ARG001
    message: dict[str, object] = {"type": pick(choices, state.protocol.without_id)}
    how = choices.index(3)
    return message if how == 0 else {**message, "payload": ({}, {"a": 1})[how - 1]}


def _as_server(choices: Choices, state: _State, schema: GraphQLSchema | None) -> object:  # noqa: ARG001
    return {"type": pick(choices, state.protocol.of_the_server), "id": "1", "payload": {}}


def _malformed(choices: Choices, state: _State, schema: GraphQLSchema | None) -> object:
    how = choices.index(len(MALFORMED) + 4)
    if how < len(MALFORMED):
        return MALFORMED[how]
    identifier = pick(choices, BROKEN_IDENTIFIERS)
    return {
        "type": state.protocol.subscribe if how % 2 else state.protocol.complete,
        "id": identifier,
        "payload": operation(choices, schema),
    }


def _fresh(choices: Choices, state: _State) -> object:
    """An identifier, mostly one that is not in use."""
    free = [known for known in IDENTIFIERS if known not in state.identifiers]
    return pick(choices, free or IDENTIFIERS)


# How many of 64 messages are what, before and after the client has introduced itself.
_BEFORE: tuple[Sort, ...] = (
    (_init,) * 52 + (_subscribe,) * 4 + (_malformed,) * 4 + (_plain,) * 2 + (_complete,) * 2
)
_AFTER: tuple[Sort, ...] = (
    (_subscribe,) * 28
    + (_complete,) * 8
    + (_broken,) * 10
    + (_subscribe_again,) * 4
    + (_plain,) * 5
    + (_malformed,) * 5
    + (_init,) * 2
    + (_as_server,) * 2
)


class GraphQLMessages:
    """Makes the messages of GraphQL clients."""

    __slots__ = ("schema",)

    def __init__(self, schema: GraphQLSchema | None = None) -> None:
        self.schema = schema
        """What operations are made of; None: only what every server has."""

    def __call__(self, choices: Choices, memory: Memory, client: int | None = None) -> Message:
        said = memory.said_by(client)
        accepted = memory.subprotocols.get(client if client is not None else 0)
        state = state_after(said, accepted)
        sorts = _AFTER if state.initialised else _BEFORE
        return Message("graphql", dumps(pick(choices, sorts)(choices, state, self.schema)))


def state_after(said: Sequence[Any], accepted: str | None) -> _State:
    """The state of a client that has said these messages, oldest first."""
    state = _State(PROTOCOLS[LEGACY if accepted == LEGACY else TRANSPORT])
    for value in said:
        if not isinstance(value, dict):
            continue
        kind, identifier = value.get("type"), value.get("id")
        if kind == INIT:
            state.initialised = True
        elif kind in ("subscribe", "start") and isinstance(identifier, str):
            if identifier not in state.identifiers:
                state.identifiers.append(identifier)
        elif kind in ("complete", "stop") and identifier in state.identifiers:
            state.identifiers.remove(identifier)
    return state
