"""What a client does: a conversation is a list of these steps, and plain data.

A *script* decides the next step from the transcript so far. It may be drawn
(`pytest_routes.generate`) or recorded (a replay file, a test by hand): the
engine that runs it cannot tell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import (
    TYPE_CHECKING,
    Literal,
    Protocol,
    TypeAlias,
    TypeVar,
    dataclass_transform,
)

if TYPE_CHECKING:
    from pytest_routes.simulator.transcript import Transcript

MessageKind: TypeAlias = Literal["text", "json", "bytes", "graphql"]


T = TypeVar("T")


@dataclass_transform(frozen_default=True)
def _unchanging(cls: type[T]) -> type[T]:
    """A dataclass that type checkers hold to be frozen: to enforce it at run time too would
    double the time that making one takes, and there is one for each answer."""
    return dataclass(slots=True, unsafe_hash=True)(cls)


@_unchanging
class Message:
    """One WebSocket message.

    `data` is a `str` for a text frame and `bytes` for a binary frame (RFC 6455, 5.6).
    `kind` says how it was made: `json` and `graphql` travel as text.

        Message("json", '{"level": 11}')
    """

    kind: MessageKind
    data: str | bytes

    @property
    def size(self) -> int:
        """Bytes of the payload on the wire."""
        if isinstance(self.data, bytes):
            return len(self.data)
        return len(self.data.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True)
class Handshake:
    """What the client asks for when it opens a connection (RFC 6455, 4.1).

    Lists of pairs are tuples:

        Handshake("/ws/rooms/7", query=(("token", "abc"),), subprotocols=("v2",))
    """

    path: str
    """The path, percent-encoded as it travels, without the query."""
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    """Names as they are sent; `sec-websocket-protocol` comes from `subprotocols`."""
    subprotocols: tuple[str, ...] = ()
    host: str = "localhost"


@dataclass(frozen=True, slots=True)
class Open:
    """A client connects; it is the only step that brings a client into being.

    In a function of `register_conversation`:

        yield Open(1, Handshake("/ws/rooms/7"))
    """

    client: int
    handshake: Handshake
    settle: bool = True
    slow_reader: bool = False
    """The client's receive buffer is full: every `send` of the application has to wait a turn."""
    schedule: int = 0
    """The seed of the order in which ready tasks run from here on; 0: as asyncio runs them."""


@dataclass(frozen=True, slots=True)
class Send:
    """A client sends a message; one that is not connected does nothing.

    In a function of `register_conversation`:

        yield Send(1, Message("text", "hello"))
    """

    client: int
    """Counted from 0, as it was opened."""
    message: Message
    settle: bool = True
    """False: the next step follows before the application has reacted to this one."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Nobody says anything for `seconds` of the loop's time.

    In a function of `register_conversation`:

        yield Wait(31)
    """

    seconds: float


@dataclass(frozen=True, slots=True)
class Leave:
    """A client closes the connection properly, with a close code (RFC 6455, 7.4).

    In a function of `register_conversation`:

        yield Leave(0, 1001, "going away")
    """

    client: int
    code: int = 1000
    reason: str = ""
    settle: bool = True


@dataclass(frozen=True, slots=True)
class Vanish:
    """A client's connection is lost without a close frame; the server sees code 1006.

    In a function of `register_conversation`:

        yield Vanish(1)
    """

    client: int
    settle: bool = True


Step: TypeAlias = Open | Send | Wait | Leave | Vanish


class Script(Protocol):
    """Decides what the clients do next."""

    def next_step(self, transcript: Transcript) -> Step | None:
        """The next step, or None when the conversation is over."""
        ...


@dataclass(slots=True)
class Recorded:
    """A script that does again what was done before."""

    steps: tuple[Step, ...]
    position: int = field(default=0)

    def next_step(self, transcript: Transcript) -> Step | None:  # noqa: ARG002
        if self.position >= len(self.steps):
            return None
        step = self.steps[self.position]
        self.position += 1
        return step
