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
import sys
from typing import TYPE_CHECKING, Any
from weakref import ref

from pytest_routes.simulator.backlog import Backlog
from pytest_routes.simulator.closing import before_notice, has_brought_close
from pytest_routes.simulator.contents import (
    Denial,
    Problem,
    close_code,
    close_reason,
    message_content,
)
from pytest_routes.simulator.conversation import Message
from pytest_routes.simulator.ctrl_c import UsersInterrupt
from pytest_routes.simulator.inbox import Inbox
from pytest_routes.simulator.rules import (
    HANDSHAKE_HEADERS,
    ClientDisconnected,
    IllegalEvent,
    header_problem,
    normalised_headers,
)
from pytest_routes.simulator.tasks import FollowedTask, current_connection, where_called, where_runs
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
from pytest_routes.simulator.watchdog import is_interruption

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from pytest_routes.simulator.conversation import MessageKind, Open
    from pytest_routes.simulator.profiles import Lapse, ServerProfile

ABNORMAL_CLOSURE = 1006  # RFC 6455, 7.4.1: the connection was lost without a close frame
NO_STATUS = 1005  # RFC 6455, 7.4.1: a close frame without a code
KILL_INTERVAL = 1.0
"""How often, in seconds, a server that kills applications looks for those that are late."""


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
        self.close_reason: BaseException | None = None
        self.notice_reason: BaseException | None = None
        self.callables: ref[Any] | None = None
        """The `send` that the application was given; dead once nothing of it holds it."""
        self._record = record
        self._now = now
        self._inbox = Inbox(profile)
        self._backlog = Backlog()
        self._denial: Denial | None = None
        self._hung_up = False
        self._close_answered = False
        self._killer: asyncio.TimerHandle | None = None
        self._reader: asyncio.Task[Any] | None = None
        self._noticed = False

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
    def reading(self) -> bool:
        """The application waits in `receive`, and nothing is there for it."""
        return self._inbox.waiting and not self.ended

    @property
    def unread(self) -> bool:
        """The client has sent something that the application has not received."""
        return bool(self._inbox)

    @property
    def ready(self) -> bool:
        """The application waits for the next message, or will never take one again."""
        return self._inbox.waiting or self.ended or not self.connected or self.flooding

    # What the client does.

    def deliver(self, message: Message) -> None:
        """The client's message arrives at the server."""
        self.delivered += 1
        self._inbox.deliver(message)

    def depart(self, code: int, reason: str = "") -> None:
        """The client has gone; the application is told with `websocket.disconnect`.

        1006: the connection was lost without a close frame. Before the handshake is over there
        can be none.
        """
        self.gone = True
        profile = self.profile
        if self.state is State.OPEN and code != ABNORMAL_CLOSURE:
            if code == NO_STATUS:
                self._inbox.tell_close(profile.no_status_code, reason)
            else:
                self._inbox.tell_close(
                    code if profile.tells_close_code else ABNORMAL_CLOSURE, reason
                )
        elif self.state is State.OPEN:
            self._inbox.tell_disconnect(profile.lost_code)
        elif self.state is not State.CLOSED:
            self._inbox.tell_disconnect(ABNORMAL_CLOSURE)
        if self.flooding:
            self._inbox.wake()
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
                        brought_close=has_brought_close(exception),
                        before_notice=before_notice(exception),
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
            self._reader = None
            self.notice_reason = None
            self.close_reason = None  # its traceback holds the handler's frame
            self.scope = {}
            self.ended = True
            if self._killer is not None:
                self._killer.cancel()

    async def receive(self) -> dict[str, Any]:
        self._backlog.clear()
        event = await self._inbox.take()
        kind = event["type"]
        if kind == "websocket.receive":
            self.taken += 1
            if self._reader is None:
                self._reader = asyncio.current_task()
            self._record(Taken(time=self._now(), client=self.client, index=self.taken))
        elif kind == "websocket.disconnect":
            task = asyncio.current_task()
            beside = task is not None and task is not self.task and task is self._reader
            reader = where_runs(task) if task is not None and beside else ()
            self._notice()
            self._record(Told(time=self._now(), client=self.client, reader=reader))
            self._close_answered = self.state is State.CLOSED
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
        self._notice()
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

    def _notice(self) -> None:
        """The application learns that the client has gone."""
        if not self._noticed:
            self._noticed = True
            self.notice_reason = sys.exception()

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
        content, problem = message_content(event)
        if problem is not None:
            self._hold(problem)
        if content is None or not (content or self.profile.sends_empty):
            return
        now = self._now()
        self.answers += 1
        is_short = isinstance(content, bytes) or content.isascii()
        size = len(content) if is_short else len(content.encode())  # type: ignore[union-attr]
        backlog = self._backlog
        if backlog.add(now, size):
            kind: MessageKind = "text" if isinstance(content, str) else "bytes"
            answer = Message(kind, content)
            self._record(Answered(time=now, client=self.client, message=answer))
        if backlog.overflows:
            self.flooding = True
            self._record(
                Flooded(time=now, client=self.client, messages=backlog.messages, size=backlog.size)
            )

    def _close(self, event: MutableMapping[str, Any]) -> None:
        code = event.get("code", 1000)
        reason = event.get("reason")
        self.close_reason = sys.exception()
        if self.state is State.CONNECTING:
            # Only an HTTP response travels: neither the code nor the reason reaches the client.
            self.state = State.REFUSED
            self._record(
                Refused(
                    time=self._now(),
                    client=self.client,
                    code=code if isinstance(code, int) else None,
                    reason="" if reason is None else str(reason),
                )
            )
            self._inbox.tell_disconnect(self.profile.refused_code)
            return
        code, problem = close_code(code, self.profile)
        self._hold(problem)
        reason, problem = close_reason(reason)
        self._hold(problem)
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
        self._inbox.tell_close(None if code == NO_STATUS else code, reason)

    def _start_denial(self, event: MutableMapping[str, Any]) -> None:
        self._denial = Denial()
        self._hold(self._denial.start(event))
        self.state = State.DENYING

    def _deny_body(self, event: MutableMapping[str, Any]) -> None:
        denial = self._denial
        assert denial is not None
        self._hold(denial.go_on(event))
        if denial.over:
            self.close_reason = sys.exception()
            self.state = State.REFUSED
            self._record(
                Refused(
                    time=self._now(),
                    client=self.client,
                    code=None,
                    status=denial.status,
                    body=denial.body,
                )
            )
            self._inbox.tell_disconnect(self.profile.refused_code)

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

    def _hold(self, problem: Problem | None) -> None:
        """Hold a broken rule against the application."""
        if problem is not None:
            self._violate(problem.rule, problem.detail, lapse=problem.lapse)

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

    async def _stall(self) -> None:
        """The client does not read any more: `send` waits until it has gone."""
        while not self.gone:
            await self._inbox.arrival()
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
            self._inbox.tell_disconnect(self.profile.lost_code)
        elif self.state in (State.CONNECTING, State.DENYING):
            self.state = State.REFUSED


_HANDLERS: dict[str, Callable[[Connection, MutableMapping[str, Any]], None]] = {
    "websocket.accept": Connection._accept,
    "websocket.send": Connection._message,
    "websocket.close": Connection._close,
    "websocket.http.response.start": Connection._start_denial,
    "websocket.http.response.body": Connection._deny_body,
}
