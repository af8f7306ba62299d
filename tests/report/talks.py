"""Conversations for the tests of the report, put together event by event."""

from __future__ import annotations

from pytest_routes.checks.finding import Finding
from pytest_routes.routes.model import Route
from pytest_routes.simulator import transcript as t
from pytest_routes.simulator.conversation import Handshake, Message


class Talk:
    """Builds a transcript: each method adds an event, at the time to which `at` was set."""

    def __init__(self) -> None:
        self.transcript = t.Transcript()
        self.time = 0.0

    def at(self, time: float) -> Talk:
        self.time = time
        return self

    def add(self, event: type[t.Event], *, client: int = 0, **values: object) -> Talk:
        self.transcript.events.append(event(time=self.time, client=client, **values))
        return self

    def connect(self, path: str = "/ws/chat", *, client: int = 0, **values: object) -> Talk:
        self.add(t.Opened, client=client, handshake=Handshake(path, **values))
        return self.add(t.Accepted, client=client)

    def send(self, kind: str, data: str | bytes, *, client: int = 0, taken: bool = True) -> Talk:
        index = sum(1 for _ in self.transcript.of(t.Sent, client)) + 1
        self.add(t.Sent, client=client, message=Message(kind, data), index=index)
        return self.add(t.Taken, client=client, index=index) if taken else self

    def answer(self, kind: str, data: str | bytes, *, client: int = 0) -> Talk:
        return self.add(t.Answered, client=client, message=Message(kind, data))

    @property
    def last(self) -> t.Event:
        return self.transcript.events[-1]

    def finding(
        self,
        check: str = "message_handler_error",
        event: t.Event | None = None,
        **values: object,
    ) -> Finding:
        """A finding about `event`, or about the last one."""
        texts = {
            "message": "Server closed connection unexpectedly: KeyError: 'channel'",
            "expected": "Connection to remain open",
            "actual": "Connection closed with code 1011 after KeyError: 'channel'",
            "severity": "error",
        }
        return Finding(
            check=check,
            event=event or self.last,
            transcript=self.transcript,
            **(texts | values),
        )


CHAT = Route("websocket", "/ws/chat")
USERS = Route("http", "/users/{id}", method="GET")


def caught(function: object, *arguments: object) -> BaseException:
    """The exception that a function raises, with its traceback from there on."""
    try:
        function(*arguments)
    except BaseException as exception:
        return exception.with_traceback(exception.__traceback__.tb_next)
    raise AssertionError(f"{function} raised nothing")
