"""Asking a server over the socket for its schema."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from pytest_routes.generate.graphql.protocols import INIT, LEGACY, PROTOCOLS, TRANSPORT
from pytest_routes.generate.graphql.schema import (
    INTROSPECTION,
    GraphQLSchema,
    schema_from_introspection,
)
from pytest_routes.simulator.conversation import Handshake, Leave, Message, Open, Send, Step
from pytest_routes.simulator.transcript import Answered, Transcript

if TYPE_CHECKING:
    from collections.abc import Iterator


def introspection_steps(handshake: Handshake) -> Iterator[tuple[Step, ...]]:
    """Conversations that ask for the schema, one for each protocol; the first that is answered
    settles it."""
    for name in (TRANSPORT, LEGACY):
        protocol = PROTOCOLS[name]
        shaken = Handshake(
            handshake.path, handshake.query, handshake.headers, (name,), handshake.host
        )
        question = {
            "id": "introspection",
            "type": protocol.subscribe,
            "payload": {"query": INTROSPECTION, "operationName": "Introspection"},
        }
        yield (
            Open(0, shaken),
            Send(0, Message("graphql", json.dumps({"type": INIT, "payload": {}}))),
            Send(0, Message("graphql", json.dumps(question))),
            Leave(0),
        )


def schema_told(transcript: Transcript) -> GraphQLSchema | None:
    """The schema that a server has answered with."""
    for event in transcript.of(Answered):
        try:
            answer = json.loads(event.message.data)
        except (ValueError, RecursionError):
            continue
        payload = answer.get("payload") if isinstance(answer, dict) else None
        if isinstance(payload, dict) and isinstance(payload.get("data"), dict):
            schema = schema_from_introspection(payload["data"])
            if schema is not None:
                return schema
    return None
