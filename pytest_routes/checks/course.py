"""A transcript as the checks read it: who was still there when something happened."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias, TypeVar

from pytest_routes.checks.catalogue import CATALOGUE
from pytest_routes.checks.exceptions import describe, kind_name
from pytest_routes.checks.finding import Finding
from pytest_routes.checks.frames import identity, innermost, origin, place
from pytest_routes.simulator.transcript import (
    Accepted,
    Closed,
    Dropped,
    Event,
    Left,
    Logged,
    Raised,
    Refused,
    Sent,
    Taken,
    Told,
    Undelivered,
    Vanished,
)

if TYPE_CHECKING:
    from pytest_routes.checks.context import Context
    from pytest_routes.simulator.conversation import Message
    from pytest_routes.simulator.transcript import Transcript

E = TypeVar("E", bound=Event)
Departure: TypeAlias = Left | Vanished


class Course:
    """The course of one conversation or request, and what is known about its route."""

    def __init__(self, transcript: Transcript, context: Context) -> None:
        self.transcript = transcript
        self.context = context
        self.own = context.own
        self._positions: dict[int, int] = {}
        self._clients = frozenset(transcript.clients)

    def position(self, event: Event) -> int:
        """Where the event stands in the transcript; events of one moment have an order too."""
        if not self._positions:
            self._positions = {id(each): at for at, each in enumerate(self.transcript.events)}
        return self._positions[id(event)]

    def finding(
        self,
        check: str,
        event: Event,
        *,
        message: str,
        expected: str,
        actual: str,
        exception: BaseException | None = None,
        key: tuple[str, ...] = (),
    ) -> Finding:
        return Finding(
            check=check,
            severity=CATALOGUE[check].severity,
            message=message,
            expected=expected,
            actual=actual,
            event=event,
            transcript=self.transcript,
            exception=exception,
            key=(check, *key),
        )

    def told(self, cause: BaseException) -> str:
        """`KeyError: 'channel' in chat_handler (app.py:12)`."""
        at = place(origin(cause, self.own))
        return f"{describe(cause)} in {at}" if at else describe(cause)

    def identity(self, cause: BaseException) -> tuple[str, ...]:
        """What makes two exceptions the same bug: their type, and the application's line."""
        return kind_name(cause), *identity(origin(cause, self.own))

    def client_of(self, event: Event) -> int:
        """Whose connection an event belongs to.

        An observer may not know, or know it wrongly behind a middleware that rewrites
        `scope["client"]`: then it is the client that did something last.
        """
        if event.client in self._clients:
            return event.client
        latest = 0
        for each in self.transcript.events[: self.position(event)]:
            if each.client in self._clients:
                latest = each.client
        return latest

    def before(self, event: Event, kind: type[E]) -> E | None:
        """The last event of a kind before another, of the same client."""
        client = self.client_of(event)
        events = self.transcript.events
        for at in range(self.position(event) - 1, -1, -1):
            each = events[at]
            if isinstance(each, kind) and each.client == client:
                return each
        return None

    def after(self, event: Event, kind: type[E]) -> E | None:
        """The first event of a kind after another, of the same client."""
        client = self.client_of(event)
        for each in self.transcript.events[self.position(event) + 1 :]:
            if isinstance(each, kind) and each.client == client:
                return each
        return None

    def departure(self, event: Event) -> Departure | None:
        """How the event's client had left before it, if it had."""
        return self.before(event, Left) or self.before(event, Vanished)

    def other_departure(self, event: Event) -> Departure | None:
        """The last other client that had left before an event."""
        client = self.client_of(event)
        found: Departure | None = None
        for each in self.transcript.events[: self.position(event)]:
            if isinstance(each, Left | Vanished) and each.client != client:
                found = each
        return found

    def accepted(self, event: Event) -> bool:
        return self.before(event, Accepted) is not None

    def refused(self, event: Event) -> bool:
        return self.before(event, Refused) is not None

    def closed(self, event: Event) -> Closed | None:
        """How the application had closed the event's connection before it, if it had."""
        return self.before(event, Closed)

    def taken(self, event: Event) -> int:
        """How many messages the handler had received from the event's client."""
        taken = self.before(event, Taken)
        return taken.index if taken is not None else 0

    def last_taken(self, event: Event) -> Message | None:
        """The last message that the handler had received from the event's client."""
        taken = self.before(event, Taken)
        if taken is None:
            return None
        for sent in self.transcript.of(Sent, taken.client):
            if sent.index == taken.index:
                return sent.message
        return None

    def noticed(self, event: Event, cause: BaseException | None = None) -> bool:
        """Whether the handler knew that the event's client had gone: it was told, and not only
        a framework that reads ahead, or a `send` to the client had failed. What was learned while
        the `cause` of the event was on its way out came too late to bring it about."""
        came_first = event.before_notice if isinstance(event, Raised | Logged) else None
        if came_first is not None and came_first is cause:
            return False
        told = self.before(event, Told)
        ahead = told is not None and told.reader and not innermost(told.reader, self.own)
        return (told is not None and not ahead) or self.before(event, Undelivered) is not None

    def seen_code(self, event: Event) -> int | None:
        """The close code that the client sees of an end that begins with the event."""
        closed = self.closed(event) or self.after(event, Closed)
        if closed is not None:
            return closed.code
        dropped = self.after(event, Dropped)
        return dropped.code if dropped is not None else None


def how_left(departure: Departure | None) -> str:
    """`after the client left with close code 1001`."""
    if departure is None:
        return ""
    if isinstance(departure, Left):
        return f"after the client left with close code {departure.code}"
    return "after the client's connection was lost"
