"""The loop: settling, the virtual clock, proven deadlocks, what is outside."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import threading
import time
from typing import TYPE_CHECKING

import pytest

from pytest_routes.simulator.loop import SimulatedLoop
from pytest_routes.simulator.wishes import Outcome, Wish, Wishes

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def loop() -> Iterator[SimulatedLoop]:
    loop = SimulatedLoop()
    yield loop
    for task in asyncio.all_tasks(loop):
        task.cancel()
    loop.drive(lambda: not asyncio.all_tasks(loop), 1.0)
    loop.selector.loop = None
    loop.close()


def test_an_hour_of_sleep_takes_no_time(loop: SimulatedLoop) -> None:
    task = loop.create_task(asyncio.sleep(3600, "rested"))
    began, real = loop.time(), time.monotonic()
    assert loop.drive(task.done, 7200) is Outcome.REACHED
    assert task.result() == "rested"
    assert loop.time() - began == pytest.approx(3600)
    assert time.monotonic() - real < 1


def test_the_clock_stops_at_the_deadline(loop: SimulatedLoop) -> None:
    task = loop.create_task(asyncio.sleep(100))
    began = loop.time()
    assert loop.drive(task.done, 30) is Outcome.TIMED_OUT
    assert loop.time() - began == pytest.approx(30)
    assert loop.drive(task.done, 70.1) is Outcome.REACHED


def test_waiting_for_what_can_never_happen_is_a_deadlock(loop: SimulatedLoop) -> None:
    async def wait() -> None:
        await asyncio.Event().wait()

    task = loop.create_task(wait())
    began = loop.time()
    assert loop.drive(task.done, 30) is Outcome.DEADLOCK
    assert loop.time() == began


def test_settling_runs_everything_that_is_ready_and_passes_no_time(loop: SimulatedLoop) -> None:
    seen = []

    async def work() -> None:
        for step in range(50):
            await asyncio.sleep(0)
            seen.append(step)
        await asyncio.sleep(1)
        seen.append("late")

    loop.create_task(work())
    began = loop.time()
    assert loop.settle() is Outcome.REACHED
    assert seen == list(range(50))
    assert loop.time() == began


def test_silence_is_kept_when_nothing_is_due(loop: SimulatedLoop) -> None:
    began = loop.time()
    assert loop.advance(60) is Outcome.TIMED_OUT
    assert loop.time() - began == pytest.approx(60)


def test_timers_fire_in_order_during_a_silence(loop: SimulatedLoop) -> None:
    fired: list[str] = []
    loop.call_later(20, fired.append, "second")
    loop.call_later(10, fired.append, "first")
    loop.call_later(99, fired.append, "too late")
    loop.advance(60)
    assert fired == ["first", "second"]


def test_a_bound_on_jumps_ends_an_endless_ticking(loop: SimulatedLoop) -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0.001)
            ticks += 1

    loop.create_task(tick())
    assert loop.drive(lambda: False, 3600, jumps=50) is Outcome.TIRED
    assert (ticks, loop.jumps) == (50, 50)


def test_a_task_that_never_settles_meets_its_deadline(loop: SimulatedLoop) -> None:
    async def spin() -> None:
        while True:
            await asyncio.sleep(0)

    loop.create_task(spin())
    assert loop.drive(lambda: False, 1.0) is Outcome.TIMED_OUT
    assert loop.settle() is Outcome.REACHED


@pytest.mark.parametrize("timeout", [None, 30.0])
def test_an_executor_is_waited_for_in_real_time(loop: SimulatedLoop, timeout: float | None) -> None:
    async def work() -> str:
        return await asyncio.to_thread(lambda: (time.sleep(0.1), "done")[1])

    task = loop.create_task(work())
    assert loop.drive(task.done, timeout) is Outcome.REACHED
    assert task.result() == "done"
    assert not loop.outside


def test_real_time_passes_for_timers_while_an_executor_works(loop: SimulatedLoop) -> None:
    async def work() -> str:
        thread = asyncio.ensure_future(asyncio.to_thread(time.sleep, 0.4))
        try:
            await asyncio.wait_for(asyncio.shield(thread), 0.1)
        except TimeoutError:
            await thread
            return "timed out"
        return "in time"

    task = loop.create_task(work())
    loop.drive(task.done, 30)
    assert task.result() == "timed out"


def test_a_thread_that_calls_back_is_waited_for(loop: SimulatedLoop) -> None:
    async def work() -> str:
        future: asyncio.Future[str] = asyncio.get_running_loop().create_future()

        def later() -> None:
            time.sleep(0.05)
            loop.call_soon_threadsafe(future.set_result, "called back")

        threading.Thread(target=later).start()
        return await future

    task = loop.create_task(work())
    assert loop.drive(task.done, 30) is Outcome.REACHED
    assert task.result() == "called back"


def test_a_thread_that_has_ended_is_not_waited_for(loop: SimulatedLoop) -> None:
    called = loop.create_future()
    thread = threading.Thread(
        target=lambda: loop.call_soon_threadsafe(called.set_result, "called back")
    )
    thread.start()
    thread.join()
    assert loop.drive(called.done, 30) is Outcome.REACHED
    assert not loop.outside
    assert loop.drive(loop.create_future().done, 30) is Outcome.DEADLOCK


def test_a_silence_that_cannot_be_skipped_is_cut_short(loop: SimulatedLoop) -> None:
    release = threading.Event()
    task = loop.create_task(asyncio.to_thread(release.wait))
    loop.settle()
    began = time.monotonic()
    assert loop.advance(3600) is Outcome.TIRED
    assert time.monotonic() - began < 5
    release.set()
    assert loop.drive(task.done, 5) is Outcome.REACHED


def test_a_socket_is_waited_for_in_real_time(loop: SimulatedLoop) -> None:
    async def work() -> bytes:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(await reader.readexactly(2))
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"hi")
        said = await reader.read()
        writer.close()
        server.close()
        return said

    task = loop.create_task(work())
    assert loop.drive(task.done, 30) is Outcome.REACHED
    assert task.result() == b"hi"


def test_one_socket_is_outside_as_long_as_it_is_read(loop: SimulatedLoop) -> None:
    reading, writing = socket.socketpair()
    with reading, writing:
        assert not loop.outside
        loop.add_reader(reading, reading.recv, 9)
        assert loop.outside
        loop.remove_reader(reading)
        assert not loop.outside


@pytest.mark.parametrize("timeout", [None, 30.0])
@pytest.mark.parametrize("after", [10, 1_500])
def test_sockets_are_looked_at_while_a_task_never_rests(
    loop: SimulatedLoop, after: int, timeout: float | None
) -> None:
    reading, writing = socket.socketpair()
    said: list[bytes] = []

    async def spin() -> bool:
        for turn in range(after + 100):
            if turn == after:
                writing.send(b"hi")
            if said:
                return True
            await asyncio.sleep(0)
        return False

    with reading, writing:
        loop.add_reader(reading, lambda: said.append(reading.recv(9)))
        task = loop.create_task(spin())
        assert loop.drive(task.done, timeout) is Outcome.REACHED
        loop.remove_reader(reading)
    assert (task.result(), said) == (True, [b"hi"])


def test_an_application_that_stops_the_loop_does_not_stop_the_drive(loop: SimulatedLoop) -> None:
    async def work() -> str:
        asyncio.get_running_loop().stop()
        await asyncio.sleep(1)
        return "went on"

    task = loop.create_task(work())
    assert loop.drive(task.done, 30) is Outcome.REACHED
    assert task.result() == "went on"


@pytest.mark.parametrize("interruption", [SystemExit, KeyboardInterrupt])
def test_an_exit_of_a_task_stays_in_the_task(
    loop: SimulatedLoop, interruption: type[BaseException]
) -> None:
    async def leave() -> None:
        raise interruption

    task = loop.create_task(leave())
    other = loop.create_task(asyncio.sleep(1, "unharmed"))
    assert loop.drive(other.done, 30) is Outcome.REACHED
    assert other.result() == "unharmed"
    assert isinstance(task.exception(), interruption)


def test_a_coroutine_that_cannot_end_is_a_time_out(loop: SimulatedLoop) -> None:
    with pytest.raises(TimeoutError, match="deadlock"):
        loop.complete(asyncio.Event().wait(), 1.0)


def test_a_coroutine_that_lingers_when_it_is_cancelled_is_not_waited_for(
    loop: SimulatedLoop,
) -> None:
    async def linger() -> None:
        try:
            await asyncio.sleep(100)
        finally:
            await asyncio.sleep(0.5)

    began = loop.time()
    with pytest.raises(TimeoutError, match="timed out"):
        loop.complete(linger(), 1.0)
    assert loop.time() - began == pytest.approx(1.0)


def test_who_wishes_nothing_gets_what_it_returns(loop: SimulatedLoop) -> None:
    def wishes() -> Wishes[str]:
        return "nothing"
        yield

    assert loop.pursue(wishes()) == "nothing"


def test_errors_that_nobody_follows_go_to_the_applications_handler_or_nowhere(
    loop: SimulatedLoop, caplog: pytest.LogCaptureFixture
) -> None:
    handled: list[str] = []
    loop.call_exception_handler({"message": "before"})
    loop.set_exception_handler(lambda _, context: handled.append(context["message"]))
    loop.call_exception_handler({"message": "after"})
    assert (handled, caplog.messages) == (["after"], [])


def test_the_real_clock_does_not_jump() -> None:
    loop = SimulatedLoop("real")
    task = loop.create_task(asyncio.sleep(0.1))
    began = time.monotonic()
    assert loop.drive(task.done, 5) is Outcome.REACHED
    assert time.monotonic() - began >= 0.09
    loop.selector.loop = None
    loop.close()


def test_an_application_that_stops_the_loop_for_each_message_goes_on_running(
    loop: SimulatedLoop,
) -> None:
    async def stops() -> None:
        loop.stop()
        await asyncio.sleep(0)

    def wishes() -> Wishes[int]:
        done = 0
        for _ in range(150):
            task = loop.create_task(stops())
            done += (yield Wish(task.done, 1.0)) is Outcome.REACHED
        return done

    assert loop.pursue(wishes()) == 150


@pytest.mark.skipif(not hasattr(signal, "SIGUSR1"), reason="signals of POSIX")
def test_a_signal_that_wakes_the_loop_is_no_deadlock(loop: SimulatedLoop) -> None:
    async def waits() -> str:
        came = asyncio.Event()
        loop.add_signal_handler(signal.SIGUSR1, came.set)
        os.kill(os.getpid(), signal.SIGUSR1)
        await came.wait()
        loop.remove_signal_handler(signal.SIGUSR1)
        return "came"

    assert loop.complete(waits(), 5.0) == "came"
