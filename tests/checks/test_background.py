from __future__ import annotations

import asyncio
import contextlib
import logging

import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from checks.conversing import (
    Leave,
    Wait,
    accepting,
    conversation,
    found,
    names,
    opened,
    requested,
    said,
    told,
)
from pytest_routes.checks import Context, judge
from pytest_routes.simulator.transcript import LoopError

log = logging.getLogger("app")


def read_until_the_end(receive):
    async def read():
        while (await receive())["type"] == "websocket.receive":
            pass

    return read()


async def heartbeat(send):
    await asyncio.sleep(20)
    raise LookupError("no pong")


async def beats(receive, send):
    task = asyncio.create_task(heartbeat(send))
    await read_until_the_end(receive)
    task.cancel()


def test_a_task_that_dies_unseen_is_an_error_even_if_it_is_cancelled_later():
    (finding,) = found(accepting(beats), opened(), Wait(21))
    assert finding.severity == "error"
    assert told(finding) == [
        "message_handler_error",
        "Background task heartbeat failed: LookupError: no pong in heartbeat (test_background.py)",
        "Tasks of the connection not to fail",
        "It ended with LookupError: no pong, and nothing asked for its outcome",
    ]


async def asks_for_the_next(receive, send):
    async def none():
        return
        yield

    task = asyncio.ensure_future(none().__anext__())
    await read_until_the_end(receive)
    task.cancel()


def test_a_task_that_finds_a_generator_at_its_end_has_not_failed_the_client():
    (finding,) = found(accepting(asks_for_the_next), opened(), Leave(0))
    assert finding.severity == "warn"
    assert told(finding) == [
        "logged_exception",
        "Background task async_generator_asend failed: StopAsyncIteration",
        "No exception to be logged or left to the event loop",
        "It ended with StopAsyncIteration, and nothing asked for its outcome",
    ]


def test_a_task_that_is_cancelled_in_time_is_right():
    assert found(accepting(beats), opened(), Wait(19), Leave(0)) == []


async def sends_for_ever(websocket: WebSocket):
    await websocket.accept()

    async def send():
        while True:
            await websocket.send_text("tick")
            await asyncio.sleep(1)

    task = asyncio.create_task(send())
    try:
        while True:
            await websocket.receive_text()
    except WebSocketDisconnect:
        await asyncio.sleep(2)
        task.cancel()


def test_a_task_that_ends_with_the_disconnect_and_is_not_asked_is_a_warning():
    app = Starlette(routes=[WebSocketRoute("/ws", sends_for_ever)])
    (finding,) = found(app, opened(), Wait(3), Leave(0))
    assert (finding.check, finding.severity) == ("logged_exception", "warn")
    assert finding.actual == "It ended with WebSocketDisconnect, and nothing asked for its outcome"


async def sends_until_it_is_told(websocket: WebSocket):
    await websocket.accept()

    async def send():
        with contextlib.suppress(WebSocketDisconnect):
            while True:
                await asyncio.sleep(1)
                await websocket.send_text("tick")

    task = asyncio.create_task(send())
    with contextlib.suppress(WebSocketDisconnect):
        while True:
            await websocket.receive_text()
    await task


def test_a_task_that_learns_of_the_clients_leaving_by_its_send_is_right():
    app = Starlette(routes=[WebSocketRoute("/ws", sends_until_it_is_told)])
    assert found(app, opened(), Wait(3), Leave(0)) == []


async def cleans_up_badly(websocket: WebSocket):
    await websocket.accept()

    async def receive():
        try:
            await websocket.receive_text()
        except WebSocketDisconnect:
            raise KeyError("gone") from None

    task = asyncio.create_task(receive())
    await asyncio.wait([task])


def test_a_task_that_fails_because_the_client_left_is_a_warning():
    app = Starlette(routes=[WebSocketRoute("/ws", cleans_up_badly)])
    (finding,) = found(app, opened(), Leave(0))
    assert (finding.check, finding.severity) == ("logged_exception", "warn")


async def awaits_its_task(receive, send):
    async def fails():
        raise LookupError("in the task")

    await asyncio.create_task(fails())


def test_a_task_whose_exception_reaches_the_handler_is_told_once():
    assert names(found(accepting(awaits_its_task), opened())) == ["message_handler_error"]


async def ticker():
    await asyncio.sleep(3600)


tasks = []


async def leaves_a_task(receive, send):
    tasks[:] = [asyncio.create_task(ticker()) for _ in range(2)]
    await read_until_the_end(receive)


def test_a_task_that_outlives_its_connection_is_a_warning_told_once_for_each_kind():
    (finding,) = found(accepting(leaves_a_task), opened(), Leave(0))
    assert finding.severity == "warn"
    assert told(finding) == [
        "leaked_task",
        "Task ticker lives on after the connection that started it",
        "Tasks of a connection to end with it",
        "It waits in ticker (test_background.py)",
    ]


def test_a_task_that_outlives_its_request_is_told_as_such():
    async def leaves(request):
        tasks[:] = [asyncio.create_task(ticker())]
        return PlainTextResponse("started")

    (finding,) = requested(Starlette(routes=[Route("/", leaves)]))
    assert told(finding)[:3] == [
        "leaked_task",
        "Task ticker lives on after the request that started it",
        "Tasks of a request to end with it",
    ]


async def reads_in_a_task(websocket: WebSocket):
    await websocket.accept()
    task = asyncio.create_task(websocket.receive_text())
    await asyncio.wait([task])
    await websocket.close()


def test_a_task_that_reads_a_frame_of_another_kind_is_no_other_crash():
    app = Starlette(routes=[WebSocketRoute("/ws", reads_in_a_task)])
    assert names(found(app, opened(), said(b"x"))) == ["unexpected_frame"]
    assert found(app, opened(), said("x")) == []


def test_a_crash_explains_the_tasks_that_it_leaves_behind():
    async def crashes(receive, send):
        tasks[:] = [asyncio.create_task(ticker())]
        raise KeyError("crash")

    assert names(found(accepting(crashes), opened())) == ["message_handler_error"]


async def calls_back(receive, send):
    def callback():
        raise ZeroDivisionError("in a callback")

    asyncio.get_running_loop().call_later(5, callback)
    await read_until_the_end(receive)


def test_an_exception_that_reaches_the_loops_handler_is_a_warning():
    (finding,) = found(accepting(calls_back), opened(), Wait(6))
    assert finding.severity == "warn"
    assert told(finding)[:3] == [
        "logged_exception",
        "Exception reached the event loop's exception handler: ZeroDivisionError: in a callback "
        "in calls_back.<locals>.callback (test_background.py)",
        "No exception to be logged or left to the event loop",
    ]
    assert finding.actual.startswith("Exception in callback calls_back.")
    place = ("test_background.py", "calls_back.<locals>.callback")
    assert finding.key[:4] == ("logged_exception", "builtins.ZeroDivisionError", *place)


def test_what_reaches_the_loops_handler_without_an_exception_is_told_by_its_message():
    transcript = conversation(accepting(beats), opened())
    transcript.events.append(
        LoopError(time=0, client=-1, message="Unclosed client session: 0x7f", exception=None)
    )
    (finding,) = judge(transcript, {}, Context())
    assert told(finding)[1:] == [
        "Exception reached the event loop's exception handler: Unclosed client session: 0x7f",
        "No exception to be logged or left to the event loop",
        "Unclosed client session: 0x7f",
    ]
    assert finding.key == ("logged_exception", "Unclosed client session")


@pytest.mark.parametrize(
    "exception", [WebSocketDisconnect(1000), HTTPException(404), asyncio.CancelledError()]
)
def test_what_is_expected_may_reach_the_loops_handler(exception):
    transcript = conversation(accepting(beats), opened())
    transcript.events.append(LoopError(time=0, client=-1, message="oh", exception=exception))
    assert judge(transcript, {}, Context()) == []


def logging_on_message(level, exception):
    async def logs(receive, send):
        while (await receive())["type"] == "websocket.receive":
            try:
                if exception is not None:
                    raise exception
            except Exception as error:
                log.log(level, "message was bad", exc_info=error)
            else:
                log.log(level, "message was bad")

    return accepting(logs)


def test_an_exception_that_is_logged_at_error_is_a_warning():
    app = logging_on_message(logging.ERROR, ValueError("half a frame"))
    (finding,) = found(app, opened(), said("x"), said("y"))
    assert finding.severity == "warn"
    assert told(finding) == [
        "logged_exception",
        "Application logged ValueError: half a frame in "
        "logging_on_message.<locals>.logs (test_background.py)",
        "No exception to be logged or left to the event loop",
        "Logged by app: message was bad",
    ]


@pytest.mark.parametrize(
    ("level", "exception"),
    [
        (logging.WARNING, ValueError("expected")),
        (logging.ERROR, None),
        (logging.ERROR, WebSocketDisconnect(1000)),
        (logging.ERROR, HTTPException(404)),
    ],
)
def test_what_is_expected_may_be_logged(level, exception):
    assert found(logging_on_message(level, exception), opened(), said("x")) == []


def test_a_crash_that_is_logged_too_is_told_once():
    async def logs_and_raises(receive, send):
        try:
            raise KeyError("crash")
        except KeyError as error:
            log.exception("crashed")
            raise RuntimeError("gave up") from error

    (finding,) = found(accepting(logs_and_raises), opened())
    assert finding.check == "message_handler_error"
    assert repr(finding.exception) == "RuntimeError('gave up')"


@pytest.mark.parametrize(
    "message",
    [
        "Exception on websocket /ws",
        "Exception while handling WebSocket",
        "[FALCON] Unhandled exception in ASGI app",
    ],
)
def test_a_frameworks_log_of_its_handlers_exception_is_a_crash(message):
    async def hides(receive, send):
        await receive()
        try:
            raise KeyError("channel")
        except KeyError:
            log.exception(message)
        await send({"type": "websocket.close", "code": 1011})

    (finding,) = found(accepting(hides), opened(), said("x"))
    assert finding.check == "message_handler_error"
    assert told(finding)[1:] == [
        "Server closed connection unexpectedly: KeyError: 'channel' in "
        "test_a_frameworks_log_of_its_handlers_exception_is_a_crash.<locals>.hides "
        "(test_background.py)",
        "Connection to remain open",
        "Connection closed with code 1011 after KeyError: 'channel'",
    ]


def test_such_a_log_after_the_client_left_is_normal():
    async def hides(receive, send):
        await receive()
        try:
            raise WebSocketDisconnect(1000)
        except WebSocketDisconnect:
            log.exception("Exception while handling WebSocket")

    assert found(accepting(hides), opened(), Leave(0)) == []
