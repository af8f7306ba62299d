"""One HTTP request and its response, as the server and the application exchange them.

    WAITING --http.response.start--> STARTED --last http.response.body--> COMPLETE

The client may leave in any of them. Like `connection.py`, this file performs no I/O.
"""

from __future__ import annotations

import asyncio
import enum
import math
from collections import deque
from typing import TYPE_CHECKING, Any

from pytest_routes.simulator.backlog import FLOOD_BYTES, FLOOD_MESSAGES
from pytest_routes.simulator.connection import KILL_INTERVAL
from pytest_routes.simulator.ctrl_c import UsersInterrupt
from pytest_routes.simulator.rules import (
    BODYLESS_STATUSES,
    ClientDisconnected,
    IllegalEvent,
    header_problem,
    normalised_headers,
)
from pytest_routes.simulator.tasks import FollowedTask, current_connection, where_called
from pytest_routes.simulator.transcript import (
    Event,
    Flooded,
    Raised,
    Request,
    Responded,
    Returned,
    Violated,
)
from pytest_routes.simulator.watchdog import is_interruption

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from pytest_routes.simulator.profiles import Lapse, ServerProfile


class Progress(enum.Enum):
    WAITING = "waiting"
    STARTED = "started"
    COMPLETE = "complete"


class Exchange:
    """An HTTP request as the server sees it."""

    def __init__(
        self,
        request: Request,
        scope: dict[str, Any],
        profile: ServerProfile,
        *,
        record: Callable[[Event], None],
        now: Callable[[], float],
    ) -> None:
        self.client = 0
        self.request = request
        self.scope = scope
        self.profile = profile
        self.progress = Progress.WAITING
        self.gone = False
        self.ended = False
        self.cancelled = False
        self.flooding = False
        self.tasks: list[FollowedTask] = []
        self.close_reason: BaseException | None = None
        self.notice_reason: BaseException | None = None
        self.task: asyncio.Task[None] | None = None
        self._record = record
        self._now = now
        self._queue: deque[dict[str, Any]] = deque(
            [{"type": "http.request", "body": request.body, "more_body": False}]
        )
        self._arrival: asyncio.Future[None] | None = None
        self._status = 0
        self._headers: tuple[tuple[bytes, bytes], ...] = ()
        self._body: list[bytes] = []
        self._chunks = self._size = 0
        self._responded = False
        self._told = False
        self._killer: asyncio.TimerHandle | None = None

    @property
    def started(self) -> bool:
        return self.progress is not Progress.WAITING or self.ended

    @property
    def complete(self) -> bool:
        return self.progress is Progress.COMPLETE or self.ended or self.flooding

    def depart(self) -> None:
        """The client closes the connection, after the response or before its end."""
        if not self.gone:
            self.gone = True
            self._arrive()
            self._respond()
            seconds = self.profile.kills_after
            if seconds is not None and self.task is not None and not self.ended:
                seconds += KILL_INTERVAL
                self._killer = self.task.get_loop().call_later(seconds, self._kill)

    def _kill(self) -> None:
        if self.task is not None:
            self.cancelled = True
            self.task.cancel()

    async def serve(self, app: Callable[..., Awaitable[object]]) -> None:
        """Run the application for this request to its end."""
        current_connection.set(self)
        try:
            result: object = await app(self.scope, self.receive, self.send)
        except UsersInterrupt:
            raise
        except BaseException as exception:
            if not (self.cancelled and isinstance(exception, asyncio.CancelledError)) and (
                not is_interruption(exception)
            ):
                self._record(
                    Raised(
                        time=self._now(),
                        client=self.client,
                        exception=exception,
                        connected=not self.gone,
                    )
                )
        else:
            if result is not None:
                self._violate("return_value", f"expected None, got {result!r:.80}", fatal=False)
            if not self.gone and self.progress is not Progress.COMPLETE:
                self._violate(
                    "response_incomplete",
                    "the application returned before it "
                    + ("had sent the whole body" if self._status else "had started a response"),
                    fatal=False,
                )
            self._record(Returned(time=self._now(), client=self.client))
        finally:
            self.ended = True
            if self._killer is not None:
                self._killer.cancel()
            self._respond()

    async def receive(self) -> dict[str, Any]:
        overtakes = self.profile.disconnect_overtakes
        while overtakes or not self._queue:
            over = self.gone or self.progress is Progress.COMPLETE
            if over and (overtakes or not self._told):
                self._told = True
                return {"type": "http.disconnect"}
            if self._queue:
                break
            self._arrival = asyncio.get_running_loop().create_future()
            try:
                await self._arrival
            finally:
                self._arrival = None
        return self._queue.popleft()

    async def send(self, event: MutableMapping[str, Any]) -> None:
        kind = event.get("type") if hasattr(event, "get") else None
        if self.gone:
            # Servers do not say of a response that nobody takes it, but an endless one has to end.
            if self.flooding:
                raise ClientDisconnected("the client has closed the connection")
            return
        if kind == "http.response.start":
            self._start(event)
        elif kind == "http.response.body":
            self._continue(event)
            if self.flooding:
                await self._stall()
        else:
            self._violate("event_type", f"{event!r:.120} is no event of an HTTP response")

    def _start(self, event: MutableMapping[str, Any]) -> None:
        if self.progress is not Progress.WAITING:
            self._violate_order("the response was started twice")
            return
        status: Any = event.get("status")
        if isinstance(status, bool) or not isinstance(status, int) or not 200 <= status <= 599:
            self._violate("status_code", f"got {status!r}")
        headers = event.get("headers") or ()
        problem = header_problem(headers)
        if problem is not None:
            self._violate(*problem)
        self._status = int(status)
        self._headers = normalised_headers(headers)
        lengths = {value for name, value in self._headers if name == b"content-length"}
        if len(lengths) > 1 or not all(value.isdigit() for value in lengths):
            said = b", ".join(sorted(lengths)).decode("latin-1")
            self._violate("content_length", f"Content-Length is {said}")
        self.progress = Progress.STARTED

    def _continue(self, event: MutableMapping[str, Any]) -> None:
        if self.progress is Progress.WAITING:
            self._violate("response_order", "a body was sent before http.response.start")
        if self.progress is Progress.COMPLETE:
            self._violate_order("a body was sent after the response was complete")
            return
        body = event.get("body", b"")
        if not isinstance(body, (bytes, bytearray, memoryview)):
            self._violate("body_type", f"got {body!r:.80} ({type(body).__name__})")
        last = not event.get("more_body", False)
        if self._size + len(body) > self._content_length:
            self._violate_length(self._size + len(body))
        self._chunks += 1
        self._size += len(body)
        if self._size <= FLOOD_BYTES:
            self._body.append(bytes(body))
        if self._size > FLOOD_BYTES or self._chunks > FLOOD_MESSAGES:
            self.flooding = True
            self._record(
                Flooded(time=self._now(), client=0, messages=self._chunks, size=self._size)
            )
        if last:
            if self._size and self._status in BODYLESS_STATUSES:
                detail = f"the response with status {self._status} has a body of {self._size} bytes"
                self._violate("no_content", detail, fatal=False)
            if self._size < self._content_length < math.inf:
                self._violate_length(self._size)
            self.progress = Progress.COMPLETE
            self._respond()
            self._arrive()

    @property
    def _content_length(self) -> float:
        """Bytes that the headers promise; infinite when they say nothing that is held."""
        if self._status in BODYLESS_STATUSES or self.request.method == "HEAD":
            return math.inf
        values = {value for name, value in self._headers if name == b"content-length"}
        return int(values.pop()) if len(values) == 1 else math.inf

    def _violate_length(self, size: int) -> None:
        self._violate(
            "content_length",
            f"Content-Length is {self._content_length}, the body has {size} bytes",
            lapse="a response may be of another length than its Content-Length",
        )

    def _violate_order(self, detail: str) -> None:
        over = self.progress is Progress.COMPLETE
        lapse: Lapse | None = "a second response is left out" if over else None
        self._violate("response_order", detail, lapse=lapse)

    def _respond(self) -> None:
        if self._status and not self._responded:
            self._responded = True
            self._record(
                Responded(
                    time=self._now(),
                    client=self.client,
                    status=self._status,
                    headers=self._headers,
                    body=b"".join(self._body),
                    complete=self.progress is Progress.COMPLETE,
                )
            )

    def _violate(
        self, rule: str, detail: str, *, fatal: bool = True, lapse: Lapse | None = None
    ) -> None:
        """Record a violation, and raise unless it is not `fatal` or the server tolerates it."""
        self._record(
            Violated(
                time=self._now(),
                client=self.client,
                rule=rule,
                detail=detail,
                where=where_called(),
            )
        )
        if fatal and lapse not in self.profile.tolerates:
            raise IllegalEvent(detail)

    def _arrive(self) -> None:
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)

    async def _stall(self) -> None:
        while not self.gone:
            self._arrival = asyncio.get_running_loop().create_future()
            try:
                await self._arrival
            finally:
                self._arrival = None
        raise ClientDisconnected("the client has closed the connection")
