"""An asyncio event loop that knows when the application has settled, and whose clock can jump.

asyncio calls `selector.select(timeout)` with a timeout other than 0 only when no callback is
ready. At that moment everything that could run has run: the application has *settled*. This
loop is driven from outside, one goal at a time (`SimulatedLoop.drive`). At each settled moment
the goal is looked at; when it is not reached yet

- and only timers are left, the clock jumps to the next one,
- and something outside the loop may still call back (a file descriptor, a worker thread), the
  loop waits for it in real time,
- and nothing of the kind exists, what is waited for can never happen: a proven deadlock.

Only public API of asyncio is used: an own selector, an own `time()`, and overridden public
methods of the loop.
"""

from __future__ import annotations

import asyncio
import selectors
import threading
import time
from contextlib import contextmanager
from typing import (
    TYPE_CHECKING,
    Any,
    Literal,
    TypeAlias,
    TypeVar,
    TypeVarTuple,
    Unpack,
)
from weakref import WeakSet

from pytest_routes.simulator.ctrl_c import UsersInterrupt
from pytest_routes.simulator.schedule import Schedule
from pytest_routes.simulator.selector import SettlingSelector
from pytest_routes.simulator.strangers import STRANGERS, writes_logs
from pytest_routes.simulator.tasks import (
    MOST_TASKS,
    FollowedTask,
    TooManyTasks,
    current_connection,
    make_room,
)
from pytest_routes.simulator.wishes import Goal, Outcome, Pursuit, Wish, Wishes, one_wish
from pytest_routes.simulator.workers import Workers

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Iterator
    from contextvars import Context

    from pytest_routes.simulator.tasks import TaskOwner

_T = TypeVar("_T")
_Ts = TypeVarTuple("_Ts")

Clock: TypeAlias = Literal["virtual", "real"]

# A loop that never settles (`while not done: await asyncio.sleep(0)`) would stop a clock that
# moves only when it has. After this many turns without settling, each turn takes time too.
_TURNS_WITHOUT_TIME = 1_000
_SECONDS_PER_TURN = 0.0001
# When nothing gives the goal a deadline, this many turns without settling are taken for settled.
_TURNS_WITHOUT_GOAL = 5_000
# However far away the deadline is, a drive gives up after this many turns without settling:
# a minute and a half of the loop's time, and a few seconds of real time.
_MOST_TURNS = 1_000_000
# How often an application may stop the loop before a wish is given up.
_MOST_ATTEMPTS = 100
# How long one real wait for something outside lasts before the goal is looked at again.
_OUTSIDE_SLICE = 0.05
# The same of a call in a worker thread, which wakes the loop when it is over.
_WORKERS_SLICE = 0.01
# How long a silence lasts in real time when it cannot be skipped.
_OUTSIDE_SILENCE = 0.05
# How long threads of the application that have never called back get before a deadlock is
# declared, in real seconds, over the whole run.
_THREAD_GRACE = 1.0


class SimulatedLoop(asyncio.SelectorEventLoop):
    """An event loop that is driven goal by goal and knows when the application has settled.

    With `clock="virtual"` the clock jumps over idle time; with `clock="real"` it never does.
    """

    def __init__(self, clock: Clock = "virtual") -> None:
        selector = SettlingSelector()
        self.clock: Clock = clock
        self._frozen_at = time.monotonic()
        self._skipped = 0.0
        self._real_since: float | None = None if clock == "virtual" else self._frozen_at
        super().__init__(selector)
        self.selector = selector
        self.turns = 0
        """How often the loop came round: the watchdog's sign of life."""
        self.jumps = 0
        self.excursions = 0
        """How often something was handed out of the loop, or came back into it from elsewhere."""
        self.workers = Workers(self)
        self.on_task_end: Callable[[Any], None] | None = None
        """Told of the end of each task that was started for a connection."""
        self.on_loop_error: Callable[[dict[str, Any]], None] | None = None
        self._callers: set[threading.Thread] = set()
        self._own_thread = threading.get_ident()
        self.exhausted: WeakSet[TaskOwner] = WeakSet()
        """Connections that have started too many tasks."""
        self._schedule: Schedule | None = None
        self._goal: Goal | None = None
        self._deadline: float | None = None
        self._jumps_left = 0
        self._silence_left = 0.0
        self.grace = _THREAD_GRACE
        """Real seconds that are left to threads of which nothing is known."""
        self.watching: threading.Thread | None = None
        """The watchdog's thread."""
        self._unsettled_turns = self._attempts = 0
        self._pursuit: Pursuit[Any] | None = None
        self.set_task_factory(_follow)
        selector.loop = self

    def time(self) -> float:
        if self._real_since is None:
            return self._frozen_at + self._skipped
        return self._frozen_at + self._skipped + time.monotonic() - self._real_since

    @contextmanager
    def real_time(self) -> Iterator[None]:
        """While entered, the clock does not jump: it goes on as clocks do."""
        if self._real_since is not None:
            yield
            return
        self._real_since = time.monotonic()
        try:
            yield
        finally:
            self._skipped += time.monotonic() - self._real_since
            self._real_since = None

    # What may still happen outside of the loop.

    @property
    def outside(self) -> bool:
        """Something outside of the loop may still call back into it."""
        if self.selector.foreign or self.workers.calls:
            return True
        return bool(self._callers) and self._living_callers()

    @property
    def _harmless(self) -> set[threading.Thread]:
        """Threads that will not call back: not the application's, or without work."""
        executor = getattr(self, "_default_executor", None)  # asyncio keeps it to itself
        idle = getattr(executor, "_threads", ())
        log = (thread for thread in threading.enumerate() if writes_logs(thread))
        found = {*STRANGERS, *self.workers, *idle, *log, threading.current_thread()}
        return found if self.watching is None else {*found, self.watching}

    def _living_callers(self) -> bool:
        self._callers = {thread for thread in self._callers if thread.is_alive()}
        return bool(self._callers)

    def run_in_executor(
        self, executor: Any, func: Callable[[Unpack[_Ts]], _T], *args: *_Ts
    ) -> asyncio.Future[_T]:
        future = super().run_in_executor(executor, func, *args)
        self.workers.in_executors += 1
        self.excursions += 1
        future.add_done_callback(self._landed)
        return future

    def _landed(self, _: object) -> None:
        self.workers.in_executors -= 1

    def call_soon_threadsafe(
        self,
        callback: Callable[[Unpack[_Ts]], object],
        *args: *_Ts,
        context: Context | None = None,
    ) -> asyncio.Handle:
        if threading.get_ident() != self._own_thread:
            self.excursions += 1
            thread = threading.current_thread()
            self.workers.look((thread,))
            # A thread that has called back once may do so again, as long as it lives. Executors'
            # workers are known by the calls in flight, and would never count as gone.
            if not self.workers.calls:
                self._callers.add(thread)
                self.grace = _THREAD_GRACE
        return super().call_soon_threadsafe(callback, *args, context=context)

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        if self.on_loop_error is not None:
            self.on_loop_error(context)
        elif self.get_exception_handler() is not None:
            super().call_exception_handler(context)

    def reorder(self, seed: int) -> None:
        """Run ready tasks in the order that a seed gives; 0: first in, first out."""
        if self._schedule is not None:
            del self.call_soon
            self._schedule = None
        if seed:
            self._schedule = Schedule(self, seed)
            # On the instance, so that the usual order costs nothing.
            self.call_soon = self._schedule.call_soon  # type: ignore[method-assign,assignment]

    # Driving.

    def drive(
        self, goal: Goal | None = None, timeout: float | None = None, jumps: int = 0
    ) -> Outcome:
        """Run the application until it has settled with the goal reached: see `Wish`."""
        return self.pursue(one_wish(Wish(goal, timeout, jumps)))

    def settle(self) -> Outcome:
        """Run until no callback is ready. Time does not pass."""
        return self.drive()

    def advance(self, seconds: float, jumps: int = 0) -> Outcome:
        """Let `seconds` of the loop's time pass: see `silence`."""
        return self.pursue(self.silence(seconds, jumps))

    def silence(self, seconds: float, jumps: int = 0) -> Wishes[Outcome]:
        """Wish that `seconds` of the loop's time pass, and everything that is due in them happens.

        While something outside may call back the clock cannot jump, and nobody wants to sit
        through the silence: then it ends early, as `TIRED`.
        """
        outcome = yield Wish(_never, seconds, jumps)
        if outcome is Outcome.DEADLOCK:
            # Nothing is due: the silence is simply kept.
            remaining = (self._deadline or 0.0) - self.time()
            if remaining > 0:
                self._pass_time(remaining)
            return Outcome.TIMED_OUT
        return outcome

    def pursue(self, wishes: Wishes[_T]) -> _T:
        """Run the application for one wish after the other; returns what the generator returns.

        The generator goes on from within the loop, whenever the application has settled as it
        wished: to leave the loop and enter it again takes longer than a message.

        A `SystemExit` or `KeyboardInterrupt` that escapes from a task ends `run_forever`; it
        is in the task too, so it is dropped here unless the user pressed Ctrl-C, for which the
        caller's own handler is in charge.
        """
        pursuit = Pursuit(wishes)
        outer, self._pursuit = self._pursuit, pursuit
        try:
            self._want(pursuit.next_wish(None))
            while not pursuit.over and self._attempts < _MOST_ATTEMPTS:
                self._attempts += 1
                try:
                    self.run_forever()
                except (SystemExit, KeyboardInterrupt) as interruption:
                    if isinstance(interruption, UsersInterrupt):
                        raise
                # An application that calls `loop.stop()` ends `run_forever` early: go on.
            while not pursuit.over:
                pursuit.next_wish(Outcome.TIRED)
            return pursuit.result()
        finally:
            self._pursuit = outer

    def _want(self, wish: Wish | None) -> None:
        if wish is None:
            return
        self._goal, timeout, jumps = wish
        self._deadline = None if timeout is None else self.time() + timeout
        self._jumps_left = jumps or -1
        self._silence_left = _OUTSIDE_SILENCE
        self._unsettled_turns = self._attempts = 0

    def complete(self, coroutine: Coroutine[Any, Any, Any], timeout: float | None = None) -> Any:
        """Run a coroutine to its end and return its result.

        Raises `TimeoutError` when it does not end in `timeout` seconds, or never can.
        """
        task = self.create_task(coroutine)
        outcome = self.drive(task.done, timeout)
        if not task.done():
            task.cancel()
            self.drive(task.done, 0)
            raise TimeoutError(outcome.value)
        return task.result()

    @property
    def restless(self) -> bool:
        """The last drive ended without having settled for many turns."""
        return self._unsettled_turns > _TURNS_WITHOUT_TIME

    def unsettled(self) -> bool:
        """Called when callbacks are ready; True when the drive has to end all the same."""
        self._unsettled_turns += 1
        turns = self._unsettled_turns
        if turns <= _TURNS_WITHOUT_TIME:
            return False
        if self._real_since is None:
            self._skipped += _SECONDS_PER_TURN
        if self._deadline is None:
            if turns < _TURNS_WITHOUT_GOAL:
                return False
            self._end(Outcome.REACHED if self._goal is None else Outcome.TIRED)
            return True
        if self.time() >= self._deadline:
            self._end(Outcome.TIMED_OUT)
            return True
        if turns < _MOST_TURNS:
            return False
        self._end(Outcome.TIRED)
        return True

    def settled(self, until_timer: float | None) -> float:
        """Called when no callback is ready; returns for how long to wait in real time."""
        self._unsettled_turns = 0
        if self._real_since is None and self.workers.awaited:
            self.workers.waited(self._look_outside(_WORKERS_SLICE))
            return 0.0
        goal = self._goal
        if goal is None or goal():
            return self._end(Outcome.REACHED)
        deadline = self._deadline
        now = self.time()
        remaining = None if deadline is None else deadline - now
        if remaining is not None and remaining <= 0:
            return self._end(Outcome.TIMED_OUT)
        # Who is not known to work yet is looked for before time passes.
        outside = self.outside or self.workers.look()
        if until_timer is None and not outside:
            if (
                goal is _never
                or self.grace <= 0
                or self._harmless.issuperset(threading.enumerate())
            ):
                return 0.0 if self.selector.look() else self._end(Outcome.DEADLOCK)
            # A thread that nobody told us of may be about to call back for the first time. It
            # gets real time, and none of the loop's: how much it takes is no matter of the seed.
            self.grace -= self._look_outside(_OUTSIDE_SLICE)
            return 0.0
        pause = until_timer
        if remaining is not None and (pause is None or pause > remaining):
            pause = remaining
        if outside and goal is _never and self._real_since is None:
            if self._silence_left <= 0:
                return self._end(Outcome.TIRED)
            self._silence_left -= _OUTSIDE_SLICE
        if outside or self._real_since is not None:
            return self._wait_outside(pause)
        if self._jumps_left == 0:
            return self._end(Outcome.TIRED)
        if self.selector.look():
            return 0.0
        self._jumps_left -= 1
        assert pause is not None
        self.jumps += 1
        self._skipped += pause
        return 0.0

    def _wait_outside(self, pause: float | None) -> float:
        wait = _OUTSIDE_SLICE if pause is None else min(pause, _OUTSIDE_SLICE)
        if self._real_since is not None:
            return wait
        self._skipped += self._look_outside(wait)
        return 0.0

    def _look_outside(self, seconds: float) -> float:
        """Wait for something to come, so long at most; how long that took."""
        # What is ready now is still ready when the next turn looks.
        began = time.monotonic()
        selectors.DefaultSelector.select(self.selector, seconds)
        return time.monotonic() - began

    def _pass_time(self, seconds: float) -> None:
        if self._real_since is None:
            self._skipped += seconds
        else:
            time.sleep(seconds)

    def _end(self, outcome: Outcome) -> float:
        pursuit = self._pursuit
        assert pursuit is not None
        wish = pursuit.next_wish(outcome)
        if wish is None:
            self.stop()
        else:
            self._want(wish)
        return 0.0


def _never() -> bool:
    return False


def _follow(loop: asyncio.AbstractEventLoop, coro: Any, **kwargs: Any) -> FollowedTask:
    context = kwargs.get("context")
    connection = current_connection.get() if context is None else context.get(current_connection)
    if connection is not None and len(connection.tasks) >= 2 * MOST_TASKS:
        assert isinstance(loop, SimulatedLoop)
        try:
            if connection in loop.exhausted:
                # Room that some make by failing would be taken by others, without an end.
                raise TooManyTasks("more tasks after too many")
            make_room(connection)
        except TooManyTasks:
            loop.exhausted.add(connection)
            coro.close()
            raise
    task = FollowedTask(coro, loop=loop, **kwargs)
    if connection is not None:
        connection.tasks.append(task)
        if isinstance(loop, SimulatedLoop) and loop.on_task_end is not None:
            task.add_done_callback(loop.on_task_end)
    return task
