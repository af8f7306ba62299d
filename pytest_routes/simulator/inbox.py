"""What the application has still to receive from one client, in order."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_routes.simulator.conversation import Message
    from pytest_routes.simulator.profiles import ServerProfile


class Inbox:
    """The queue behind `receive`: events arrive on one side, and are taken on the other."""

    def __init__(self, profile: ServerProfile) -> None:
        self.waiting = False
        """The application waits, and nothing is there for it."""
        self._profile = profile
        self._events: deque[dict[str, Any]] = deque([{"type": "websocket.connect"}])
        self._arrival: asyncio.Future[None] | None = None
        self._second_disconnect: int | None = None

    def __bool__(self) -> bool:
        return bool(self._events)

    def deliver(self, message: Message) -> None:
        """A message of the client has arrived (ASGI, Receive - receive event)."""
        data = message.data
        event: dict[str, Any] = {"type": "websocket.receive"}
        text = isinstance(data, str)
        if self._profile.both_keys:
            event |= {"bytes": None if text else data, "text": data if text else None}
        else:
            event["text" if text else "bytes"] = data
        self._arrive(event)

    def tell_close(self, code: int | None, reason: str) -> None:
        """A close frame of one of the two sides has ended the connection."""
        self.tell_disconnect(code, reason if self._profile.tells_close_reason else None)
        self._second_disconnect = self._profile.second_disconnect

    def tell_disconnect(self, code: int | None, reason: str | None = None) -> None:
        """The connection has ended (ASGI, Disconnect - receive event)."""
        event: dict[str, Any] = {"type": "websocket.disconnect", "code": code}
        if reason is not None:
            event["reason"] = reason
        self._arrive(event)

    async def take(self) -> dict[str, Any]:
        """The next event, waiting for one. After the first disconnect some servers tell of one
        more."""
        while not self._events:
            self.waiting = True
            self._arrival = asyncio.get_running_loop().create_future()
            try:
                await self._arrival
            finally:
                self._arrival = None
                self.waiting = False
        event = self._events.popleft()
        if event["type"] == "websocket.disconnect" and self._second_disconnect is not None:
            code, self._second_disconnect = self._second_disconnect, None
            self.tell_disconnect(code)
        return event

    async def arrival(self) -> None:
        """Wait until something arrives, or until `wake`."""
        self._arrival = asyncio.get_running_loop().create_future()
        try:
            await self._arrival
        finally:
            self._arrival = None

    def wake(self) -> None:
        """Let whoever waits look again."""
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)

    def _arrive(self, event: dict[str, Any]) -> None:
        self._events.append(event)
        self.wake()
