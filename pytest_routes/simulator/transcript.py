"""What happened: every event of a conversation or a request, in order, with its time.

The server of the simulator writes a transcript; checks and reports only read it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar, dataclass_transform

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_routes.simulator.conversation import Handshake, Message, Step

T = TypeVar("T")


@dataclass_transform(kw_only_default=True, frozen_default=True)
def event(cls: type[T]) -> type[T]:
    """A dataclass that type checkers hold to be frozen, as nobody may change what has happened.

    To enforce that at run time too would double the time that making one takes, and there are
    several for each message.
    """
    return dataclass(slots=True, kw_only=True, unsafe_hash=True)(cls)


@event
class Event:
    time: float
    """Seconds of the loop's time since the conversation began."""
    client: int
    """Which client, counted from 0 (-1: the application as a whole)."""


# What a client did.


@event
class Opened(Event):
    handshake: Handshake


@event
class Sent(Event):
    message: Message
    index: int
    """Which message of this client, counted from 1."""


@event
class Waited(Event):
    seconds: float
    """The silence that was kept; it begins at `time`."""


@event
class Left(Event):
    code: int
    reason: str = ""


@event
class Vanished(Event):
    pass


# What the application did.


@event
class Accepted(Event):
    subprotocol: str | None = None
    headers: tuple[tuple[bytes, bytes], ...] = ()


@event
class Refused(Event):
    """The handshake was answered with an HTTP response: `websocket.close` before accepting
    (status 403), or the denial response extension (its own status)."""

    code: int | None
    reason: str = ""
    status: int = 403
    body: bytes = b""


@event
class Taken(Event):
    """The handler received the client's message number `index` (counted from 1)."""

    index: int


@event
class Told(Event):
    """The handler received `websocket.disconnect`: it knows that the client has gone."""

    reader: tuple[Frame, ...] = ()
    """Where the task reads that had taken the last message as well and is not the handler's,
    outermost call first. When none of it is the application's, a framework reads ahead of its
    handler, which need not know yet."""


@event
class Undelivered(Event):
    """A `send` to this client (-1: to one of an earlier conversation) raised, because the client
    has gone."""

    sender: int
    """On behalf of which client's connection it was called (-1: of none)."""


@event
class Answered(Event):
    """A message from the application to a client."""

    message: Message


@event
class Closed(Event):
    """The application closed the connection after it had accepted it."""

    code: int
    reason: str = ""


@event
class Dropped(Event):
    """The server ended the connection because the application's coroutine ended while the client
    was still there; `code` is what the client sees (1006: no close frame at all)."""

    code: int


@event
class Returned(Event):
    """The application's coroutine for this connection ended without an exception."""

    where: tuple[Frame, ...] = ()
    """Where the handler returned, where somebody has looked."""


@event
class Raised(Event):
    """The application's coroutine for this connection ended with an exception, or (`hidden`)
    its framework caught the handler's exception and told an observer."""

    exception: BaseException
    hidden: bool = False
    connected: bool = True
    """The client was still there."""
    brought_close: bool = False
    """The application closed or refused the connection on this exception's way out."""
    before_notice: BaseException | None = None
    """This exception, or the one that led to it, if the application learned on its way out that
    the client has gone."""


# What the server found out.

Phase: TypeAlias = Literal["accept", "message", "finish", "response"]


@event
class Stuck(Event):
    """The handler did not do in time what the phase asks for."""

    phase: Phase
    waited: float
    """Seconds of the loop's time that it was given."""
    proven: bool
    """Nothing that runs, no timer and no outside event can ever wake it."""
    where: tuple[Frame, ...] = ()
    """Where the handler waits, outermost call first."""
    tasks: tuple[tuple[str, tuple[Frame, ...]], ...] = ()
    """Tasks that were started for this connection and still run, with where they wait: the
    handler may wait for them."""
    ticks: int = 0
    """How often a timer of the application fired while it waited. An application that polls a
    clock which is not the loop's sees less time pass than was given."""


@event
class Violated(Event):
    """A rule of the ASGI specification or of RFC 6455 was broken by the application."""

    rule: str
    """A key of `pytest_routes.simulator.rules.RULES`."""
    detail: str
    """What was expected and what came."""
    where: tuple[Frame, ...] = ()
    """Where the application called the server, outermost call first."""


@event
class Blocked(Event):
    """Synchronous code held the event loop until the watchdog interrupted it."""

    seconds: float
    where: tuple[Frame, ...] = ()


@event
class Flooded(Event):
    """The application sent more than a client could take before it read again."""

    messages: int
    size: int
    """Bytes."""


@event
class TaskFailed(Event):
    """A task started for this connection ended with an exception that nobody retrieved."""

    task: str
    exception: BaseException


@event
class TaskLeft(Event):
    """A task started for this connection still runs after the connection's end."""

    task: str
    where: tuple[Frame, ...] = ()


@event
class LoopError(Event):
    """A callback's exception reached the event loop's exception handler."""

    message: str
    exception: BaseException | None


@event
class Logged(Event):
    """The application logged at ERROR or above."""

    logger: str
    message: str
    exception: BaseException | None
    brought_close: bool = False
    """The application closed or refused the connection on this exception's way out."""
    before_notice: BaseException | None = None
    """This exception, or the one that led to it, if the application learned on its way out that
    the client has gone."""


# HTTP.


@event
class Requested(Event):
    request: Request


@event
class Responded(Event):
    """A whole response; `complete` is False when its body never ended."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""
    complete: bool = True


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request as the client makes it."""

    method: str
    path: str
    """Percent-encoded, without the query."""
    query: tuple[tuple[str, str], ...] = ()
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    host: str = "localhost"


@dataclass(frozen=True, slots=True)
class Frame:
    """A line of Python at which a task waits or was interrupted."""

    file: str
    line: int
    function: str


E = TypeVar("E", bound=Event)


@dataclass(slots=True)
class Transcript:
    """Everything that happened in one conversation, in order."""

    events: list[Event] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    """What the clients did, as a recorded script would do it again."""
    seconds: float = 0.0
    """Real time that the conversation took."""
    real_time: bool = False
    """Something outside of the loop took part, a thread or a socket: the times are real ones, and
    no two runs have the same."""
    whole: bool = False
    """A function of the user's has led it: without one of its steps, it is not what the function
    would do."""

    @property
    def acts(self) -> tuple[Step | Request, ...]:
        """What was done, to be done again: a conversation's steps, or the request."""
        return tuple(self.steps) or tuple(event.request for event in self.of(Requested))

    @property
    def weight(self) -> tuple[int, int]:
        """How long the conversation is: its steps, then its bytes."""
        size = sum(event.message.size for event in self.of(Sent))
        for event in self.of(Requested):
            request = event.request
            size += len(request.path) + len(request.body)
            size += sum(len(name) + len(value) for name, value in request.query + request.headers)
        return len(self.steps), size

    def of(self, kind: type[E], client: int | None = None) -> Iterator[E]:
        """The events of one kind, of one client or of all."""
        for event in self.events:
            if isinstance(event, kind) and (client is None or event.client == client):
                yield event

    def first(self, kind: type[E], client: int | None = None) -> E | None:
        return next(self.of(kind, client), None)

    @property
    def clients(self) -> list[int]:
        return [event.client for event in self.of(Opened)]
