"""What is said to a handler, and what is remembered of a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.memory import Memory
from pytest_routes.generate.messages import message_source
from pytest_routes.routes.model import Route
from pytest_routes.simulator.conversation import Handshake, Message
from pytest_routes.simulator.transcript import Answered, Opened, Sent, Transcript

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def said(handler: Any, conversations: int = 100, each: int = 5) -> Iterator[str | bytes]:
    """What clients say to a handler."""
    source = message_source(Route("websocket", "/ws", handler=handler), max_size=400)
    choices = RandomChoices(1)
    for _ in range(conversations):
        transcript = Transcript()
        transcript.events.append(Opened(time=0, client=0, handshake=Handshake("/ws")))
        for index in range(1, each + 1):
            message = source.message(choices, transcript, 0)
            transcript.events.append(Sent(time=0, client=0, message=message, index=index))
            yield message.data


def share(handler: Any, wanted: Callable[[Any], Any]) -> float:
    """How much of what clients say is as wanted."""
    everything = list(said(handler))
    return sum(bool(wanted(data)) for data in everything) / len(everything)


def remembered(*messages: tuple[str, str | bytes]) -> Memory:
    """The memory of a conversation: who says what, `C`lient or `S`erver."""
    transcript = Transcript()
    memory = Memory()
    for who, data in messages:
        message = Message("bytes" if isinstance(data, bytes) else "text", data)
        if who == "S":
            transcript.events.append(Answered(time=0, client=0, message=message))
        else:
            transcript.events.append(Sent(time=0, client=0, message=message, index=1))
        memory.follow(transcript)
    return memory
