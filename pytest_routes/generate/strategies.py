"""The kinds of message as Hypothesis strategies, to be built upon in the user's own."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from pytest_routes.generate import content
from pytest_routes.generate.choices import HypothesisChoices, pick
from pytest_routes.generate.graphql import GraphQLMessages, schema_from_sdl
from pytest_routes.generate.memory import Memory
from pytest_routes.simulator.conversation import Handshake, Message
from pytest_routes.simulator.transcript import Accepted, Opened, Sent, Transcript

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

_ONE_IN = 8


def text_message_strategy(*, min_size: int = 0, max_size: int = 1000) -> SearchStrategy[str]:
    """Texts that a text frame can carry: words, commands, and what programs stumble over.

    `min_size` and `max_size` are the length in characters. Raises ValueError for a range in
    which nothing is.

        register_message_strategy("/ws/chat", "text", text_message_strategy(min_size=1))
    """
    _check(min_size, max_size)

    @st.composite
    def texts(draw: Any) -> str:
        choices = HypothesisChoices(draw)
        made = content.nasty_text(choices) if _rarely(choices) else content.text(choices)
        if _rarely(choices):
            length = content.size(choices, max_size)
            unit = pick(choices, ("a", "0", " ", "é", "😀"))
            made = unit * length
        return made[:max_size].ljust(min_size, "a")

    return texts()


def binary_message_strategy(*, min_size: int = 0, max_size: int = 1000) -> SearchStrategy[bytes]:
    """Bytes: headers, numbers, text that is no UTF-8, and random ones.

    `min_size` and `max_size` are the length in bytes. Raises ValueError for a range in which
    nothing is.

        frames = binary_message_strategy(max_size=60).map(lambda data: bytes([len(data)]) + data)
        register_message_strategy("/ws/radio", "bytes", frames)
    """
    _check(min_size, max_size)

    @st.composite
    def data(draw: Any) -> bytes:
        choices = HypothesisChoices(draw)
        made = content.nasty_binary(choices) if _rarely(choices) else content.binary(choices)
        if _rarely(choices):
            made = content.large_binary(choices, content.size(choices, max_size))
        return made[:max_size].ljust(min_size, b"\x00")

    return data()


def json_message_strategy(
    keys: SearchStrategy[str] | None = None, *, values: SearchStrategy[Any] | None = None
) -> SearchStrategy[Any]:
    """JSON values, mostly small objects.

    `keys` and `values` are strategies for the members of an object; without them names and
    values of all kinds are taken, those that programs stumble over among them.

        orders = json_message_strategy(st.sampled_from(["type", "room"]))
        register_message_strategy("/ws/rooms", "json", orders, weight=0.5)
    """

    @st.composite
    def documents(draw: Any) -> Any:
        choices = HypothesisChoices(draw)
        if keys is None and values is None:
            return content.small_json(choices) if not _rarely(choices) else _nasty(choices)
        members = range(choices.index(5))
        names = [draw(keys) if keys is not None else pick(choices, content.NAMES) for _ in members]
        return {
            name: draw(values) if values is not None else content.small_json(choices)
            for name in names
        }

    return documents()


def graphql_message_strategy(
    schema: str | None = None, *, protocol: str = "graphql-transport-ws"
) -> SearchStrategy[dict[str, Any]]:
    """Messages of a GraphQL client, as `dict`.

    `schema` is a document in the schema definition language, whose operations are then made
    (this needs graphql-core, which servers bring along); without it those that every server
    understands. `protocol` is `graphql-transport-ws` or `graphql-ws`. Each message stands for
    itself: conversations in the right order are what `websocket.messages = "graphql"` generates.

        sdl = "type Query { a: Int } type Subscription { ticks(every: Int!): Int }"
        register_message_strategy("/graphql", "graphql", graphql_message_strategy(sdl))

    Raises ValueError for another protocol.
    """
    if protocol not in ("graphql-transport-ws", "graphql-ws"):
        raise ValueError(
            f"protocol must be 'graphql-transport-ws' or 'graphql-ws', not {protocol!r}"
        )
    make = GraphQLMessages(None if schema is None else schema_from_sdl(schema))

    @st.composite
    def messages(draw: Any) -> dict[str, Any]:
        choices = HypothesisChoices(draw)
        memory = Memory()
        introduced = choices.index(4) > 0
        memory.follow(_opened(protocol, introduced=introduced))
        message: dict[str, Any] = json.loads(make(choices, memory, 0).data)
        return message

    return messages().filter(lambda message: isinstance(message, dict))


def _opened(protocol: str, *, introduced: bool) -> Transcript:
    """A connection on which the client has introduced itself, or not yet."""
    transcript = Transcript()
    transcript.events.append(Opened(time=0, client=0, handshake=Handshake("/")))
    transcript.events.append(Accepted(time=0, client=0, subprotocol=protocol))
    if introduced:
        said = Message("graphql", '{"type": "connection_init"}')
        transcript.events.append(Sent(time=0, client=0, message=said, index=1))
    return transcript


def _nasty(choices: HypothesisChoices) -> Any:
    leaf = content.nasty_value(choices, strict=False)
    return {pick(choices, content.NAMES): leaf} if choices.index(2) else leaf


def _rarely(choices: HypothesisChoices) -> bool:
    return choices.index(_ONE_IN) == _ONE_IN - 1


def _check(least: int, most: int) -> None:
    if not 0 <= least <= most:
        raise ValueError(
            f"min_size must be from 0 to max_size, but min_size={least} and max_size={most}"
        )
