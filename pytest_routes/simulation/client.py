"""A simulated client: what it knows, and what it can do."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pytest_routes.simulator.conversation import Leave, Message, Send, Vanish
from pytest_routes.simulator.transcript import (
    Accepted,
    Answered,
    Closed,
    Dropped,
    Left,
    Refused,
    Vanished,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.simulator.conversation import Step
    from pytest_routes.simulator.transcript import Transcript

NORMAL_CLOSURE = 1000  # RFC 6455, 7.4.1
_ENDS = (Refused, Closed, Dropped, Left, Vanished)


class Seen:
    """What a client has seen of its connection."""

    def __init__(self, transcript: Transcript, number: int) -> None:
        self._transcript = transcript
        self._number = number

    @property
    def received(self) -> list[str | bytes]:
        """Every message from the application so far: `str` for text, `bytes` for binary."""
        return [each.message.data for each in self._transcript.of(Answered, self._number)]

    @property
    def received_json(self) -> list[Any]:
        """Every message so far, read as JSON. Raises `ValueError` when one is none."""
        return [json.loads(data) for data in self.received]

    @property
    def accepted(self) -> bool:
        """The application has accepted the connection."""
        return self._transcript.first(Accepted, self._number) is not None

    @property
    def connected(self) -> bool:
        """Both sides may talk: the connection was accepted, and nobody has ended it."""
        ended = any(
            isinstance(each, _ENDS) and each.client == self._number
            for each in self._transcript.events
        )
        return self.accepted and not ended

    @property
    def subprotocol(self) -> str | None:
        """The subprotocol that the application chose."""
        accepted = self._transcript.first(Accepted, self._number)
        return accepted.subprotocol if accepted is not None else None

    @property
    def status(self) -> int | None:
        """The HTTP status of the handshake: 101 when it was accepted, that of the refusal
        otherwise; None while it is open."""
        if self.accepted:
            return 101
        refused = self._transcript.first(Refused, self._number)
        return refused.status if refused is not None else None

    @property
    def close_code(self) -> int | None:
        """The code with which the application's side ended the connection (1006: without a
        close frame), or refused it; None when it did not."""
        for event in self._transcript.events:
            if isinstance(event, (Closed, Dropped, Refused)) and event.client == self._number:
                return event.code
        return None

    @property
    def close_reason(self) -> str:
        """The reason that the application gave when it closed or refused the connection."""
        for event in self._transcript.events:
            if isinstance(event, (Closed, Refused)) and event.client == self._number:
                return event.reason
        return ""

    # The steps, as both kinds of client do them.

    def _text(self, text: str, settle: bool) -> Step:
        return Send(self._number, Message("text", text), settle)

    def _json(self, value: Any, settle: bool) -> Step:
        return Send(self._number, Message("json", json.dumps(value)), settle)

    def _bytes(self, data: bytes, settle: bool) -> Step:
        return Send(self._number, Message("bytes", data), settle)

    def _leave(self, code: int, reason: str, settle: bool) -> Step:
        return Leave(self._number, code, reason, settle)

    def _vanish(self, settle: bool) -> Step:
        return Vanish(self._number, settle)


class SimulatedClient(Seen):
    """A client of a WebSocket route.

    Each call returns when the application has reacted and waits for what comes next;
    `settle=False` returns at once, so that the next step meets it in the middle. What is said
    on a connection that has ended is lost, as it is on a network: `connected` tells.

        client.send_text("hello")
        assert client.received == ["hello"]
        client.close(1001)
    """

    def __init__(
        self, transcript: Transcript, number: int, perform: Callable[[Step], None]
    ) -> None:
        super().__init__(transcript, number)
        self._perform = perform

    def send_text(self, text: str, *, settle: bool = True) -> None:
        """Send a text message."""
        self._perform(self._text(text, settle))

    def send_json(self, value: Any, *, settle: bool = True) -> None:
        """Send a value as JSON in a text message. Raises what `json.dumps` raises."""
        self._perform(self._json(value, settle))

    def send_bytes(self, data: bytes, *, settle: bool = True) -> None:
        """Send a binary message."""
        self._perform(self._bytes(data, settle))

    def close(self, code: int = NORMAL_CLOSURE, reason: str = "", *, settle: bool = True) -> None:
        """Leave with a close code (RFC 6455, 7.4) and a reason."""
        self._perform(self._leave(code, reason, settle))

    def vanish(self, *, settle: bool = True) -> None:
        """Lose the connection without a close frame: the application sees code 1006."""
        self._perform(self._vanish(settle))
