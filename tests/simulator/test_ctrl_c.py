"""Ctrl-C ends a run soon, at a place where nothing is half done."""

# ruff: noqa: PT012  # the end of a `with` raises, or code that does not know of it

from __future__ import annotations

import asyncio
import os
import signal
import threading
import time
from typing import TYPE_CHECKING, Any

import pytest

from pytest_routes.simulator.conversation import Handshake, Open
from pytest_routes.simulator.ctrl_c import CtrlC, UsersInterrupt
from pytest_routes.simulator.server import Server

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator

# Longer than the run is patient, and than any machine needs to get to it.
LONG = 30.0


@pytest.fixture(autouse=True)
def heeded() -> Iterator[None]:
    """What a shell starts in the background ignores Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server(watchdog=LONG * 2)
    yield server
    server.close()


def press() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def talk(server: Server, served: Callable[[], Awaitable[object]]) -> None:
    """A client opens a connection, and the application has the time that it wants."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "websocket"
        await served()

    server.start(app)
    server.begin()
    server.open(Open(0, Handshake("/")))
    server.drive()


def test_what_runs_goes_on_to_the_end_of_its_step(server: Server) -> None:
    """A lock that has been taken is given back."""
    lock, done = threading.Lock(), []

    async def served() -> None:
        lock.acquire()
        press()
        done.append("the rest of the step")
        lock.release()
        await asyncio.Event().wait()

    with pytest.raises(UsersInterrupt), server.on_duty():
        talk(server, served)
    assert done == ["the rest of the step"]
    assert not lock.locked()


def test_an_application_that_swallows_it_does_not_go_on(server: Server) -> None:
    async def served() -> None:
        try:
            press()
            press()
        except BaseException:
            return

    with pytest.raises(UsersInterrupt), server.on_duty():
        talk(server, served)


def test_every_step_is_told_of_it_again(server: Server) -> None:
    async def served() -> None:
        press()

    with pytest.raises(UsersInterrupt), server.on_duty():
        for _ in range(2):
            with pytest.raises(UsersInterrupt):
                talk(server, served)


def test_it_is_raised_where_no_step_ends(server: Server) -> None:
    began = time.monotonic()
    with pytest.raises(UsersInterrupt), server.on_duty():
        press()
        time.sleep(LONG)
    assert time.monotonic() - began < LONG / 2


def test_it_is_raised_at_once_when_it_is_pressed_twice() -> None:
    went_on = []
    with pytest.raises(UsersInterrupt), CtrlC():
        press()
        went_on.append("after the first")
        press()
        went_on.append("after the second")  # pragma: no cover
    assert went_on == ["after the first"]


@pytest.mark.parametrize("failure", [None, LookupError("of something else")])
def test_it_is_raised_at_the_end_when_nobody_was_told(failure: Exception | None) -> None:
    with pytest.raises(UsersInterrupt) as raised, CtrlC():
        press()
        if failure is not None:
            raise failure
    assert raised.value.__context__ is failure
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_one_within_another_shares_what_it_knows() -> None:
    told = []
    with pytest.raises(UsersInterrupt), CtrlC():
        with CtrlC() as inner:
            press()
            try:
                inner.tell()
            except UsersInterrupt:
                told.append(signal.getsignal(signal.SIGINT))
        told.append(signal.getsignal(signal.SIGINT))
    assert len(told) == 2
    assert signal.default_int_handler not in told


def test_the_step_that_runs_has_some_time_to_end() -> None:
    went_on = []
    with pytest.raises(UsersInterrupt), CtrlC() as ctrl_c:
        press()
        ctrl_c.insist()
        went_on.append("nobody has insisted yet")
        ctrl_c.tell()
    assert went_on


def test_what_was_raised_already_stays_what_is_raised() -> None:
    own = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt) as raised, CtrlC():
        press()
        raise own
    assert raised.value is own


def test_one_within_another_insists_for_it() -> None:
    with pytest.raises(UsersInterrupt), CtrlC(), CtrlC() as inner:
        press()
        until = time.monotonic() + LONG
        while time.monotonic() < until:
            inner.insist()
            time.sleep(0.01)


def test_it_is_taken_back_from_who_takes_it(server: Server) -> None:
    with CtrlC() as ctrl_c:
        ours = signal.getsignal(signal.SIGINT)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        ctrl_c.keep()
        assert signal.getsignal(signal.SIGINT) == ours


def test_a_handler_of_the_users_own_stays_in_charge() -> None:
    pressed = []

    def handler(*_: object) -> None:
        pressed.append("their own")

    signal.signal(signal.SIGINT, handler)
    with CtrlC() as ctrl_c:
        press()
        ctrl_c.keep()
        ctrl_c.tell()
        ctrl_c.insist()
    assert pressed == ["their own"]
    assert signal.getsignal(signal.SIGINT) is handler


def test_threads_leave_it_alone() -> None:
    seen: list[object] = []

    def elsewhere() -> None:
        with CtrlC() as ctrl_c:
            ctrl_c.insist()
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]
