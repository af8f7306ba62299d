"""One WebSocket connection between a simulated client and the application.

Everything that decides what is legal in which state lives here: the states, the transitions,
and what `receive` and `send` do in each of them. It performs no I/O and knows nothing of who
drives it. The theory: the application's side of a WebSocket moves through

    CONNECTING --accept--> OPEN --close--> CLOSED
        |                   |
        |--close----------> REFUSED
        |--http.response.start--> DENYING --last body--> REFUSED

and the client may be gone in any of them. An event that the table below does not list for the
state is a violation, recorded and raised in the application, as servers do.
"""

from __future__ import annotations

import asyncio
import enum
from collections import deque
from typing import TYPE_CHECKING, Any
from weakref import ref

from pytest_routes.simulator.conversation import Message
from pytest_routes.simulator.rules import (
    HANDSHAKE_HEADERS,
    MAX_REASON_BYTES,
    UNSENT_CLOSE_CODES,
    ClientDisconnected,
    IllegalEvent,
    header_problem,
    is_sendable_close_code,
    is_utf8,
    normalised_headers,
)
from pytest_routes.simulator.tasks import FollowedTask, current_connection
from pytest_routes.simulator.transcript import (
    Accepted,
    Answered,
    Closed,
    Dropped,
    Event,
    Flooded,
    Raised,
    Refused,
    Returned,
    Taken,
    Told,
    Undelivered,
    Violated,
)
from pytest_routes.simulator.watchdog import UsersInterrupt, is_interruption

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from pytest_routes.simulator.conversation import Open
    from pytest_routes.simulator.profiles import Lapse, ServerProfile

FLOOD_MESSAGES = 10_000
FLOOD_BYTES = 64 * 1024 * 1024
ABNORMAL_CLOSURE = 1006  # RFC 6455, 7.4.1: the connection was lost without a close frame
NO_STATUS = 1005  # RFC 6455, 7.4.1: a close frame without a code
KILL_INTERVAL = 1.0
"""How often, in seconds, a server that kills applications looks for those that are late."""
_PAUSE = 0.001
"""Seconds between two answers that count as time passing. A loop that never settles is charged
less than this for each of its turns (`SimulatedLoop.unsettled`)."""
_RECORDED_ANSWERS = 2_000
"""Answers recorded between two reads; more are counted only."""


class State(enum.Enum):
    """Where the application's side of a connection is, and the events that it may send there."""

    expected: tuple[str, ...]

    CONNECTING = (
        "connecting",
        ("websocket.accept", "websocket.close", "websocket.http.response.start"),
    )
    OPEN = "open", ("websocket.send", "websocket.close")
    DENYING = "denying", ("websocket.http.response.body",)
    REFUSED = "refused", ()
    CLOSED = "closed", ()

    def __new__(cls, name: str, expected: tuple[str, ...]) -> State:
        state = object.__new__(cls)
        state._value_ = name
        state.expected = expected
        return state


_KNOWN = frozenset(event for state in State for event in state.expected)
_DENIAL = frozenset({"websocket.http.response.start", "websocket.http.response.body"})


class Connection:
    """A WebSocket connection as the server sees it.

    `record` receives every event of the transcript; `now` gives the conversation's time.
    """

    def __init__(
        self,
        opening: Open,
        scope: dict[str, Any],
        profile: ServerProfile,
        *,
        record: Callable[[Event], None],
        now: Callable[[], float],
    ) -> None:
        self.client = opening.client
        self.opening = opening
        self.scope = scope
        self.profile = profile
        self.state = State.CONNECTING
        self.gone = False
        """The client has left or vanished."""
        self.ended = False
        """The application's coroutine has ended."""
        self.reading = False
        """The application waits in `receive`, and nothing is there for it."""
        self.flooding = False
        self.cancelled = False
        """The server itself ended the application's coroutine."""
        self.taken = 0
        """Messages that the application has received."""
        self.delivered = 0
        """Messages that the client has sent."""
        self.answers = 0
        """Messages that the application has sent."""
        self.tasks: list[FollowedTask] = []
        self.task: asyncio.Task[None] | None = None
        self.callables: ref[Any] | None = None
        """The `send` that the application was given; dead once nothing of it holds it."""
        self._record = record
        self._now = now
        self._queue: deque[dict[str, Any]] = deque([{"type": "websocket.connect"}])
        self._arrival: asyncio.Future[None] | None = None
        self._unread_messages = 0
        self._unread_bytes = 0
        self._unread_since = -1.0
        self._denial: tuple[int, list[bytes]] = (403, [])
        self._second_disconnect: int | None = None
        self._hung_up = False
        self._close_answered = False
        self._killer: asyncio.TimerHandle | None = None

    # What the driver asks.

    @property
    def connected(self) -> bool:
        """Both sides may talk."""
        return self.state is State.OPEN and not self.gone and not self.ended

    @property
    def decided(self) -> bool:
        """The handshake is over: accepted, refused, or given up."""
        undecided = self.state is State.CONNECTING or self.state is State.DENYING
        return not undecided or self.ended or self.gone

    @property
    def may_leave(self) -> bool:
        """The client can still be the one that ends the connection."""
        undecided = self.state is State.CONNECTING or self.state is State.OPEN
        return undecided and not self.gone

    @property
    def unread(self) -> bool:
        """The client has sent something that the application has not received."""
        return bool(self._queue)

    @property
    def ready(self) -> bool:
        """The application waits for the next message, or will never take one again."""
        return self.reading or self.ended or not self.connected or self.flooding

    # What the client does.

    def deliver(self, message: Message) -> None:
        """The client's message arrives at the server."""
        data = message.data
        event: dict[str, Any] = {"type": "websocket.receive"}
        text = isinstance(data, str)
        if self.profile.both_keys:
            event |= {"bytes": None if text else data, "text": data if text else None}
        else:
            event["text" if text else "bytes"] = data
        self.delivered += 1
        self._arrive(event)

    def depart(self, code: int, reason: str = "") -> None:
        """The client has gone; the application is told with `websocket.disconnect`.

        1006: the connection was lost without a close frame. Before the handshake is over there
        can be none.
        """
        self.gone = True
        profile = self.profile
        if self.state is State.OPEN and code != ABNORMAL_CLOSURE:
            if code == NO_STATUS:
                self._tell_close(profile.no_status_code, reason)
            else:
                self._tell_close(code if profile.tells_close_code else ABNORMAL_CLOSURE, reason)
        elif self.state is State.OPEN:
            self._tell_disconnect(profile.lost_code)
        elif self.state is not State.CLOSED:
            self._tell_disconnect(ABNORMAL_CLOSURE)
        if self.flooding:
            self._arrive(None)
        if profile.kills_after is not None and self.task is not None and not self.ended:
            seconds = profile.kills_after + KILL_INTERVAL
            self._killer = self.task.get_loop().call_later(seconds, self._kill)

    def _kill(self) -> None:
        if self.task is not None:
            self.cancelled = True
            self.task.cancel()

    # The application's side (ASGI, Connection Scope, receive and send).

    async def serve(self, app: Callable[..., Awaitable[object]]) -> None:
        """Run the application for this connection to its end."""
        current_connection.set(self)
        send = self.send
        self.callables = ref(send)
        try:
            result: object = await app(self.scope, self.receive, send)
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
            self._drop(self.profile.crash_code)
        else:
            if result is not None:
                self._violate("return_value", f"expected None, got {result!r:.80}", fatal=False)
            self._record(Returned(time=self._now(), client=self.client))
            self._drop(self.profile.return_code)
        finally:
            del send
            self.scope = {}
            self.ended = True
            self.reading = False
            if self._killer is not None:
                self._killer.cancel()

    async def receive(self) -> dict[str, Any]:
        self._unread_messages = self._unread_bytes = 0
        while not self._queue:
            self.reading = True
            self._arrival = asyncio.get_running_loop().create_future()
            try:
                await self._arrival
            finally:
                self._arrival = None
                self.reading = False
        event = self._queue.popleft()
        kind = event["type"]
        if kind == "websocket.receive":
            self.taken += 1
            self._record(Taken(time=self._now(), client=self.client, index=self.taken))
        elif kind == "websocket.disconnect":
            self._record(Told(time=self._now(), client=self.client))
            self._close_answered = self.state is State.CLOSED
            if self._second_disconnect is not None:
                code, self._second_disconnect = self._second_disconnect, None
                self._tell_disconnect(code)
        return event

    async def send(self, event: MutableMapping[str, Any]) -> None:
        if self.opening.slow_reader:
            await asyncio.sleep(0)
        kind = event.get("type") if hasattr(event, "get") else None
        nobody = self._hung_up or (self.gone and self.state is not State.CLOSED)
        if kind not in _KNOWN or (kind in _DENIAL and not self.profile.denial_response):
            detail = f"{event!r:.120} is no event of a WebSocket"
            if kind in _DENIAL:
                detail = "the server does not offer the extension websocket.http.response"
            if nobody and not self.profile.send_raises:
                self._violate("event_type", detail, fatal=False)
            else:
                self._violate("event_type", detail, lapse="an unknown event is left out")
            return
        if nobody:
            self._fail_to_deliver()
            return
        if kind not in self.state.expected:
            self._refuse_event(str(kind))
            return
        _HANDLERS[str(kind)](self, event)
        if self.flooding:
            await self._stall()

    def _fail_to_deliver(self) -> None:
        """Nobody is there any more: the client has gone, or the server has hung up."""
        if not self.profile.send_raises:
            return
        sender = current_connection.get()
        beside = isinstance(sender, Connection) and sender._record == self._record
        record = sender._record if isinstance(sender, Connection) else self._record
        record(
            Undelivered(
                time=self._now(),
                client=self.client if beside or sender is None else -1,
                sender=-1 if sender is None else sender.client,
            )
        )
        raise ClientDisconnected("the client has closed the connection")

    # One function for each event that an application may send.

    def _accept(self, event: MutableMapping[str, Any]) -> None:
        headers: Any = event.get("headers") or ()
        problem = header_problem(headers)
        if problem is not None:
            self._violate(*problem, lapse="headers of the handshake that are no bytes are left out")
            headers = ()
        if any(name.lower() == b"sec-websocket-protocol" for name, _ in headers):
            self._violate("header_subprotocol", "sec-websocket-protocol is among the headers")
        for name, _ in headers:
            if name.lower() in HANDSHAKE_HEADERS:
                detail = f"{name.decode('latin-1')} is among the headers"
                self._violate("handshake_header", detail, fatal=False)
        subprotocol = event.get("subprotocol")
        if subprotocol is not None and not isinstance(subprotocol, str):
            self._violate(
                "subprotocol_type",
                f"expected str or None, got {subprotocol!r:.80}",
                lapse="a subprotocol that is no text is sent as text",
            )
        strange = isinstance(subprotocol, str) and bool(subprotocol)
        strange = strange and subprotocol not in self.opening.handshake.subprotocols
        lapse: Lapse = "a subprotocol is accepted that was not offered"
        if strange and lapse not in self.profile.tolerates:
            self._violate_subprotocol(subprotocol, fatal=True)
        self.state = State.OPEN
        self._record(
            Accepted(
                time=self._now(),
                client=self.client,
                subprotocol=None if subprotocol is None else str(subprotocol),
                headers=normalised_headers(headers),
            )
        )
        if strange:
            # Browsers fail the connection; these servers pass the header on, so the application
            # lives.
            self._violate_subprotocol(subprotocol, fatal=False)

    def _violate_subprotocol(self, subprotocol: object, *, fatal: bool) -> None:
        said = ", ".join(self.opening.handshake.subprotocols) or "none"
        self._violate(
            "subprotocol_not_offered", f"accepted {subprotocol!r}, offered: {said}", fatal=fatal
        )

    def _message(self, event: MutableMapping[str, Any]) -> None:
        data = event.get("bytes")
        text = event.get("text")
        if data is not None and text is not None:
            self._violate(
                "message_type",
                "both text and bytes are given",
                lapse="both text and bytes are sent: the bytes are",
            )
        if data is not None:
            if not isinstance(data, (bytes, bytearray, memoryview)):
                self._violate("message_type", f"bytes is {data!r:.80} ({type(data).__name__})")
            content: str | bytes = bytes(data)
            size = len(content)
        elif text is not None:
            if not isinstance(text, str):
                self._violate("message_type", f"text is {text!r:.80} ({type(text).__name__})")
            content = text
            try:
                size = len(text.encode())
            except UnicodeEncodeError as error:
                bad = text[error.start : error.end]
                self._violate(
                    "text_not_utf8", f"character {bad!a} at {error.start} is a lone surrogate"
                )
        else:
            self._violate(
                "message_type",
                "neither text nor bytes is given",
                lapse="neither text nor bytes is sent: nothing is",
            )
            return
        if content or self.profile.sends_empty:
            self._count(content, size)

    def _count(self, content: str | bytes, size: int) -> None:
        now = self._now()
        self.answers += 1
        if now - self._unread_since >= _PAUSE:
            self._unread_messages = self._unread_bytes = 0
        self._unread_since = now
        self._unread_messages += 1
        self._unread_bytes += size
        if self._unread_messages <= _RECORDED_ANSWERS and size <= FLOOD_BYTES:
            kind = "text" if isinstance(content, str) else "bytes"
            answer = Message(kind, content)  # type: ignore[arg-type]
            self._record(Answered(time=now, client=self.client, message=answer))
        if self._unread_messages > FLOOD_MESSAGES or self._unread_bytes > FLOOD_BYTES:
            self.flooding = True
            self._record(
                Flooded(
                    time=now,
                    client=self.client,
                    messages=self._unread_messages,
                    size=self._unread_bytes,
                )
            )

    def _close(self, event: MutableMapping[str, Any]) -> None:
        code = event.get("code", 1000)
        reason = event.get("reason")
        reason = "" if reason is None else reason
        if self.state is State.CONNECTING:
            # Only an HTTP response travels: neither the code nor the reason reaches the client.
            self.state = State.REFUSED
            self._record(
                Refused(
                    time=self._now(),
                    client=self.client,
                    code=code if isinstance(code, int) else None,
                    reason=str(reason),
                )
            )
            self._tell_disconnect(self.profile.refused_code)
            return
        code = self._checked_code(code)
        reason = self._checked_reason(reason)
        self.state = State.CLOSED
        self._record(
            Closed(
                time=self._now(),
                client=self.client,
                code=code,
                reason=reason if self.profile.sends_reason else "",
            )
        )
        closed_code = self.profile.closed_code
        if closed_code is not None:
            code = closed_code
        self._tell_close(None if code == NO_STATUS else code, reason)

    def _checked_code(self, code: Any) -> int:
        """The code that is sent."""
        if code is None and self.profile.none_close_code is not None:
            return self.profile.none_close_code
        if is_sendable_close_code(code):
            if code in self.profile.unsendable_close_codes:
                raise IllegalEvent(f"{self.profile.name} does not send the close code {code}")
            return int(code)
        detail = f"expected a code that may be sent, got {code!r}"
        try:
            number = int(code)
        except (TypeError, ValueError):
            number = -1
        if not 0 <= number <= 0xFFFF:
            self._violate("close_code", detail)
        lapse: Lapse = "any close code from 0 to 65535 is sent, also when it is given as text"
        self._violate("close_code", detail, lapse=lapse)
        return 1000 if number in UNSENT_CLOSE_CODES else number

    def _checked_reason(self, reason: Any) -> str:
        """The reason that is sent."""
        problem = None
        if not isinstance(reason, str):
            problem = f"expected text, got {reason!r:.80}"
        elif not is_utf8(reason):
            problem = f"{reason!a:.80} has a lone surrogate"
        if problem is not None:
            lapse: Lapse = "a close reason that is no text is left out"
            self._violate("close_reason", problem, lapse=lapse)
            return ""
        data = reason.encode()
        if len(data) > MAX_REASON_BYTES:
            lapse = "a close reason that is too long is cut"
            self._violate("close_reason", f"the reason has {len(data)} bytes", lapse=lapse)
            reason = data[:MAX_REASON_BYTES].decode(errors="ignore")
        return str(reason)

    def _start_denial(self, event: MutableMapping[str, Any]) -> None:
        status: Any = event.get("status")
        if isinstance(status, bool) or not isinstance(status, int) or not 100 <= status <= 599:
            self._violate("status_code", f"got {status!r}")
        self._check_headers(event.get("headers") or ())
        self._denial = (status, [])
        self.state = State.DENYING

    def _deny_body(self, event: MutableMapping[str, Any]) -> None:
        body = event.get("body", b"")
        if not isinstance(body, (bytes, bytearray, memoryview)):
            self._violate("body_type", f"got {body!r:.80} ({type(body).__name__})")
        status, parts = self._denial
        parts.append(bytes(body))
        if not event.get("more_body", False):
            self.state = State.REFUSED
            self._record(
                Refused(
                    time=self._now(),
                    client=self.client,
                    code=None,
                    status=status,
                    body=b"".join(parts),
                )
            )
            self._tell_disconnect(self.profile.refused_code)

    # How the server answers what is illegal.

    def _refuse_event(self, kind: str) -> None:
        if self.state in (State.CLOSED, State.REFUSED):
            detail = f"{kind} after the connection was closed"
            if kind == "websocket.close":
                self._violate("send_after_close", detail, lapse="a second close is left out")
            else:
                fatal = self.profile.send_raises or not self._close_answered
                self._violate("send_after_close", detail, fatal=fatal)
            return
        expected = " or ".join(self.state.expected)
        self._violate("event_order", f"expected {expected}, got {kind}")

    def _check_headers(self, headers: object) -> None:
        problem = header_problem(headers)
        if problem is not None:
            self._violate(*problem)

    def _violate(
        self, rule: str, detail: str, *, fatal: bool = True, lapse: Lapse | None = None
    ) -> None:
        """Record a violation, and raise unless it is not `fatal` or the server tolerates it."""
        self._record(Violated(time=self._now(), client=self.client, rule=rule, detail=detail))
        if fatal and lapse not in self.profile.tolerates:
            raise IllegalEvent(detail)

    # The queue between client and application.

    def _arrive(self, event: dict[str, Any] | None) -> None:
        if event is not None:
            self._queue.append(event)
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)

    def _tell_close(self, code: int | None, reason: str) -> None:
        """A close frame of one of the two sides has ended the connection."""
        self._tell_disconnect(code, reason if self.profile.tells_close_reason else None)
        self._second_disconnect = self.profile.second_disconnect

    def _tell_disconnect(self, code: int | None, reason: str | None = None) -> None:
        event: dict[str, Any] = {"type": "websocket.disconnect", "code": code}
        if reason is not None:
            event["reason"] = reason
        self._arrive(event)

    async def _stall(self) -> None:
        """The client does not read any more: `send` waits until it has gone."""
        while not self.gone:
            self._arrival = asyncio.get_running_loop().create_future()
            try:
                await self._arrival
            finally:
                self._arrival = None
        raise ClientDisconnected("the client has closed the connection")

    def _drop(self, code: int | None) -> None:
        """The server hangs up, as it does when the application has ended."""
        if code is None and self.state is State.OPEN:
            return
        self._hung_up = True
        if self.state is State.OPEN and not self.gone:
            assert code is not None
            self._record(Dropped(time=self._now(), client=self.client, code=code))
            self.state = State.CLOSED
            self._tell_disconnect(self.profile.lost_code)
        elif self.state in (State.CONNECTING, State.DENYING):
            self.state = State.REFUSED


_HANDLERS: dict[str, Callable[[Connection, MutableMapping[str, Any]], None]] = {
    "websocket.accept": Connection._accept,
    "websocket.send": Connection._message,
    "websocket.close": Connection._close,
    "websocket.http.response.start": Connection._start_denial,
    "websocket.http.response.body": Connection._deny_body,
}
