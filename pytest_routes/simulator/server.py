"""The simulated server: one application on one loop, for the whole of a run.

It starts and ends the application, opens connections and requests, drives the loop under the
watchdog, and writes what happens into the transcript of the conversation that runs.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from pytest_routes.simulator.closing import before_notice, has_brought_close
from pytest_routes.simulator.connection import Connection
from pytest_routes.simulator.ctrl_c import CtrlC
from pytest_routes.simulator.exchange import Exchange
from pytest_routes.simulator.lifespan import Lifespan
from pytest_routes.simulator.loop import Clock, SimulatedLoop
from pytest_routes.simulator.memory import bounded_memory
from pytest_routes.simulator.observers import LogObserver, loop_error
from pytest_routes.simulator.profiles import PROFILES
from pytest_routes.simulator.scope import http_scope, websocket_scope
from pytest_routes.simulator.tasks import FollowedTask, immortalise
from pytest_routes.simulator.transcript import (
    Blocked,
    Event,
    Opened,
    Raised,
    Requested,
    Transcript,
)
from pytest_routes.simulator.watchdog import Watchdog
from pytest_routes.simulator.wishes import Goal, Outcome, Wish, Wishes, one_wish

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine, Iterator

    from pytest_routes.simulator.conversation import Open
    from pytest_routes.simulator.transcript import Frame, Request

_T = TypeVar("_T")

# Whether an application has taken the signals is looked at now and then: it takes as long as a
# message.
_CONVERSATIONS_PER_LOOK = 8


class Server:
    """An in-process ASGI server.

    `profile` names the real server whose behaviour is simulated, `clock` says whether idle
    time is skipped, `watchdog` is how many seconds synchronous code may hold the loop.

    The loop lives from here to `close`; applications are driven while the server is
    `on_duty`.
    """

    def __init__(
        self, *, profile: str = "uvicorn", clock: Clock = "virtual", watchdog: float = 1.0
    ) -> None:
        self.profile = PROFILES[profile]
        self.loop = SimulatedLoop(clock)
        self.loop.on_loop_error = self._loop_error
        self.loop.on_task_end = self._task_ended
        self.watchdog_limit = watchdog
        self.lifespan: Lifespan | None = None
        self.transcript = Transcript()
        self.blocked = 0
        """How often the watchdog has interrupted the application in this conversation."""
        self.renew: Callable[[], None] | None = None
        """Makes the application anew, before each conversation; None: one serves them all."""
        self._app: Callable[..., Awaitable[object]] | None = None
        self._began = self.loop.time()
        self._ctrl_c = CtrlC()
        self._conversations = 0
        self._watchdog: Watchdog | None = None

    @contextmanager
    def on_duty(self) -> Iterator[Server]:
        """While entered: the watchdog, the log observer and the handler of Ctrl-C work.

        Outside of it the server leaves no trace in the process, so that other tests can run.
        """
        with ExitStack() as stack:
            # Entered before the watchdog, whose thread may insist until it ends.
            self._ctrl_c = stack.enter_context(CtrlC())
            watchdog = Watchdog(self.loop, self.watchdog_limit, self._blocked, self._ctrl_c.insist)
            stack.enter_context(watchdog)
            stack.enter_context(LogObserver(self.record, self.now))
            stack.enter_context(bounded_memory())
            self.loop.watching = watchdog.thread
            self._watchdog = watchdog
            try:
                yield self
            finally:
                self._watchdog = self.loop.watching = None

    def close(self) -> None:
        """Cancel what is left and close the loop."""
        self.cancel_tasks()
        self.loop.complete(self.loop.shutdown_asyncgens(), 1.0)
        self.loop.selector.loop = None
        self.loop.close()

    def cancel_tasks(self) -> None:
        """End everything that runs on the loop."""
        for task in asyncio.all_tasks(self.loop):
            task.cancel()
        self.loop.drive(lambda: not asyncio.all_tasks(self.loop), 0.0)
        for task in asyncio.all_tasks(self.loop):
            immortalise(task)

    def start(self, app: Callable[..., Awaitable[object]], timeout: float = 30.0) -> None:
        """Serve `app`, after its lifespan has started. Raises `LifespanError`."""
        self._app = app
        self.loop.workers.limiter = self.loop.complete(_thread_limiter())
        self.lifespan = Lifespan(app, self.loop)
        self.lifespan.start(timeout)

    def stop(self, timeout: float = 30.0) -> None:
        """End the application's lifespan. Raises `LifespanError`."""
        if self.lifespan is not None:
            self.lifespan.stop(timeout)

    def complete(self, coroutine: Coroutine[Any, Any, Any], timeout: float | None = None) -> Any:
        """Run a coroutine on the application's loop, e.g. an asynchronous factory."""
        return self.loop.complete(coroutine, timeout)

    # One conversation or request.

    def begin(self) -> Transcript:
        """Start a new, empty transcript; its time is 0 now."""
        self.loop.reorder(0)
        if self._watchdog is not None and self._conversations % _CONVERSATIONS_PER_LOOK == 0:
            self._guard_signals(self._watchdog)
        self._conversations += 1
        if self.renew is not None:
            self.renew()
        self.transcript = Transcript()
        self.blocked = 0
        self._began = self.loop.time()
        return self.transcript

    @contextmanager
    def aside(self) -> Iterator[None]:
        """While entered, another transcript may be begun; afterwards the one before goes on."""
        transcript, began, blocked = self.transcript, self._began, self.blocked
        try:
            yield
        finally:
            self.transcript, self._began, self.blocked = transcript, began, blocked

    def now(self) -> float:
        """Seconds of the loop's time since the conversation began."""
        return self.loop.time() - self._began

    def record(self, event: Event) -> None:
        self.transcript.events.append(event)

    def open(self, step: Open) -> Connection:
        """A client connects. The application starts to run when the loop is driven."""
        self.record(Opened(time=self.now(), client=step.client, handshake=step.handshake))
        scope = websocket_scope(step.handshake, step.client, self.profile, self._state)
        connection = Connection(
            step, scope, self.profile, record=self.transcript.events.append, now=self.now
        )
        assert self._app is not None
        connection.task = self.loop.create_task(connection.serve(self._app))
        return connection

    def request(self, request: Request) -> Exchange:
        """A client sends a request. The application starts to run when the loop is driven."""
        self.record(Requested(time=self.now(), client=0, request=request))
        scope = http_scope(request, self.profile, self._state)
        exchange = Exchange(
            request, scope, self.profile, record=self.transcript.events.append, now=self.now
        )
        assert self._app is not None
        exchange.task = self.loop.create_task(exchange.serve(self._app))
        return exchange

    def drive(
        self, goal: Goal | None = None, timeout: float | None = None, jumps: int = 0
    ) -> Outcome:
        """Run the application until it has settled with the goal reached; see `SimulatedLoop`."""
        return self.pursue(one_wish(Wish(goal, timeout, jumps)))

    def advance(self, seconds: float, jumps: int = 0) -> Outcome:
        """Let time pass for the application."""
        return self.pursue(self.loop.silence(seconds, jumps))

    def pursue(self, wishes: Wishes[_T]) -> _T:
        """Run the application for one wish after the other, under the watchdog."""
        watchdog = self._watchdog
        if watchdog is None:
            return self.loop.pursue(wishes)
        try:
            return self.loop.pursue(self._watched(wishes, watchdog))
        finally:
            watchdog.active = False

    def _watched(self, wishes: Wishes[_T], watchdog: Watchdog) -> Wishes[_T]:
        """Who wishes is not watched, only the application."""
        try:
            wish = next(wishes)
            while True:
                began = time.monotonic()
                watchdog.active = True
                outcome = yield wish
                watchdog.active = False
                if self._ctrl_c.heard:
                    self._ctrl_c.tell()
                if time.monotonic() - began >= watchdog.limit and not self.blocked:
                    held = watchdog.starved()
                    if held is not None:
                        self._blocked(held, ())
                wish = wishes.send(outcome)
        except StopIteration as end:
            return end.value  # type: ignore[no-any-return]

    def _guard_signals(self, watchdog: Watchdog) -> None:
        """An application that takes the signals over can neither hang the run nor be left."""
        watchdog.keep_signal()
        self._ctrl_c.keep()

    def hidden_exception(self, exception: BaseException, scope: Any) -> None:
        """A framework's observer tells of an exception that it keeps from the server."""
        client = scope.get("client") if hasattr(scope, "get") else None
        number = client[1] - 50_000 if client else -1
        self.record(
            Raised(
                time=self.now(),
                client=number,
                exception=exception,
                hidden=True,
                brought_close=has_brought_close(exception),
                before_notice=before_notice(exception),
            )
        )

    @property
    def _state(self) -> dict[str, Any] | None:
        if self.lifespan is None or not self.lifespan.supported:
            return {}
        return self.lifespan.state

    def _blocked(self, seconds: float, where: tuple[Frame, ...]) -> None:
        self.blocked += 1
        self.record(Blocked(time=self.now(), client=-1, seconds=seconds, where=where))

    def _task_ended(self, task: FollowedTask) -> None:
        if task.unseen_exception() is not None:
            task.failed_at = self.now()
            events = self.transcript.events
            task.failed_after = events[-1] if events else None

    def _loop_error(self, context: dict[str, Any]) -> None:
        event = loop_error(context, self.now())
        if event is not None:
            self.record(event)


async def _thread_limiter() -> Any:
    """anyio's limiter of worker threads, in which Starlette and FastAPI run sync functions."""
    try:
        from anyio.to_thread import current_default_thread_limiter
    except ImportError:
        return None
    return current_default_thread_limiter()
