from __future__ import annotations

import asyncio
import json

import pytest
from litestar.exceptions import (
    HTTPException as LitestarHTTPException,
)
from litestar.exceptions import (
    ImproperlyConfiguredException,
    NotAuthorizedException,
    SerializationException,
)
from litestar.exceptions import WebSocketDisconnect as LitestarWebSocketDisconnect
from litestar.exceptions import WebSocketException as LitestarWebSocketException
from starlette.exceptions import HTTPException, WebSocketException
from starlette.requests import ClientDisconnect
from starlette.websockets import WebSocket, WebSocketDisconnect

from pytest_routes.checks.exceptions import (
    answer_status,
    chain_has_disconnect,
    culprit,
    describe,
    is_refused_frame,
    nature,
    state_error,
)
from pytest_routes.checks.frames import is_application
from pytest_routes.simulator.rules import ClientDisconnected, IllegalEvent


def raised(function):
    """The exception that a function raises, with its traceback."""
    with pytest.raises(BaseException) as info:  # noqa: PT011
        function()
    return info.value


@pytest.mark.parametrize(
    ("exception", "meaning"),
    [
        (WebSocketDisconnect(1000), "disconnect"),
        (LitestarWebSocketDisconnect(detail="gone"), "disconnect"),
        (ClientDisconnect(), "disconnect"),
        (ClientDisconnected(), "disconnect"),
        (type("Left", (WebSocketDisconnect,), {})(1000), "disconnect"),
        (ConnectionResetError(), "error"),
        (OSError(), "error"),
        (WebSocketException(1008), "refusal"),
        (LitestarWebSocketException(detail="no"), "refusal"),
        (HTTPException(403), "refusal"),
        (NotAuthorizedException(), "refusal"),
        (HTTPException(500), "error"),
        (HTTPException(503), "error"),
        (LitestarHTTPException(status_code=502), "error"),
        (ImproperlyConfiguredException(), "error"),
        (SerializationException(), "error"),
        (IllegalEvent(), "error"),
        (KeyError(), "error"),
        (SystemExit(), "error"),
    ],
    ids=lambda value: getattr(value, "__name__", None) or repr(value),
)
def test_the_type_says_whether_a_client_left_or_is_refused_or_whether_it_is_a_bug(
    exception, meaning
):
    assert nature(exception) == meaning


def test_the_status_that_a_frameworks_exception_stands_for():
    assert answer_status(HTTPException(503)) == 503
    assert answer_status(NotAuthorizedException()) == 401
    assert answer_status(KeyError()) is None


def test_a_status_that_is_no_number_is_none():
    strange = HTTPException(404)
    strange.status_code = "404"
    assert (answer_status(strange), nature(strange)) == (None, "error")


def test_a_group_stands_for_its_first_bug():
    bug = ValueError("bug")
    group = ExceptionGroup(
        "outer", [WebSocketDisconnect(1000), ExceptionGroup("inner", [bug]), KeyError()]
    )
    assert culprit(group, is_application) is bug
    leaving = WebSocketDisconnect(1000)
    refused = HTTPException(403)
    assert culprit(ExceptionGroup("no bug", [leaving, refused]), is_application) is leaving


def fails():
    raise KeyError("real")


def framework(source):
    """A function compiled as if it were a framework's code."""
    namespace = {"fails": fails, "ClientDisconnected": ClientDisconnected}
    exec(compile(source, "/venv/site-packages/framework/app.py", "exec"), namespace)
    return namespace["serve"]


def test_the_exception_that_a_framework_was_dealing_with_when_its_send_failed():
    serve = framework(
        "def serve():\n"
        "    try:\n"
        "        fails()\n"
        "    except KeyError:\n"
        "        raise ClientDisconnected()\n"
    )
    assert repr(culprit(raised(serve), is_application)) == "KeyError('real')"


def test_not_the_one_that_the_application_was_dealing_with():
    def serve():
        try:
            fails()
        except KeyError:
            raise ClientDisconnected from None

    exception = raised(serve)
    assert culprit(exception, is_application) is exception


def test_nor_one_that_happened_within_the_framework_only():
    serve = framework(
        "def serve():\n"
        "    try:\n"
        "        {}['cache']\n"
        "    except KeyError:\n"
        "        raise ClientDisconnected()\n"
    )
    exception = raised(serve)
    assert culprit(exception, is_application) is exception


def test_a_frameworks_wrapper_stands_for_its_cause():
    def serve():
        try:
            fails()
        except KeyError as error:
            raise RuntimeError("Caught handled exception, but response already started.") from error

    assert repr(culprit(raised(serve), is_application)) == "KeyError('real')"


def test_an_applications_own_wrapper_stands_for_itself():
    def serve():
        try:
            fails()
        except KeyError as error:
            raise RuntimeError("wrapped") from error

    exception = raised(serve)
    assert culprit(exception, is_application) is exception


def test_only_litestars_own_reading_refuses_what_it_cannot_decode():
    source = "def handle_receive():\n    raise SerializationException\n"

    def refused(file):
        namespace = {"SerializationException": SerializationException}
        exec(compile(source, f"/venv/site-packages/{file}", "exec"), namespace)
        return is_refused_frame(raised(namespace["handle_receive"]))

    assert refused("litestar/handlers/websocket_handlers/_utils.py")
    assert not refused("litestar/serialization/__init__.py")
    assert not is_refused_frame(SerializationException())


def test_only_what_led_to_an_exception_says_whether_a_leaving_was_dealt_with():
    leaving, bug = WebSocketDisconnect(1000), KeyError()
    assert not chain_has_disconnect(leaving)
    assert not chain_has_disconnect(bug)
    bug.__context__ = leaving
    assert chain_has_disconnect(bug)


def used(*events, call):
    """The exception that Starlette's WebSocket raises when it is used in this way."""

    async def main():
        arriving = list(events)

        async def receive():
            return arriving.pop(0)

        async def send(event):
            if event["type"] == "websocket.send":
                raise ClientDisconnected

        await call(WebSocket({"type": "websocket", "headers": []}, receive, send))

    return raised(lambda: asyncio.run(main()))


CONNECT, LEAVE = {"type": "websocket.connect"}, {"type": "websocket.disconnect", "code": 1000}


async def reads_before_accepting(websocket):
    await websocket.receive_text()


async def sends_before_accepting(websocket):
    await websocket.send_text("x")


async def sends_after_closing(websocket):
    await websocket.accept()
    await websocket.close()
    await websocket.send_text("x")


async def reads_after_disconnect(websocket):
    await websocket.accept()
    with pytest.raises(WebSocketDisconnect):
        await websocket.receive_text()
    await websocket.receive_text()


async def reads_after_failed_send(websocket):
    await websocket.accept()
    with pytest.raises(WebSocketDisconnect):
        await websocket.send_text("x")
    await websocket.receive_text()


@pytest.mark.parametrize(
    ("call", "state"),
    [
        (reads_before_accepting, "not_open"),
        (sends_before_accepting, "order"),
        (sends_after_closing, "send_after_close"),
        (reads_after_disconnect, "receive_after_disconnect"),
        (reads_after_failed_send, "not_open"),
    ],
)
def test_starlettes_state_errors_are_told_apart(call, state):
    assert state_error(used(CONNECT, LEAVE, call=call)) == state


def test_an_applications_own_runtime_error_is_no_state_error():
    def fails():
        raise RuntimeError('Cannot call "send" once a close message has been sent.')

    assert state_error(raised(fails)) is None


class Unprintable(Exception):
    def __str__(self):
        raise ValueError("no text")


@pytest.mark.parametrize(
    ("exception", "text"),
    [
        (KeyError("channel"), "KeyError: 'channel'"),
        (ValueError(), "ValueError"),
        (ValueError("two\n  lines"), "ValueError: two lines"),
        (Unprintable(), "Unprintable"),
        (json.JSONDecodeError("no", "", 0), "JSONDecodeError: no: line 1 column 1 (char 0)"),
        (ValueError("a" * 200 + "end"), "ValueError: " + "a" * 99 + " ... " + "a" * 13 + "end"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_exception_is_described_in_one_short_line(exception, text):
    assert describe(exception) == text


def test_the_description_of_an_exception_is_the_same_in_every_run() -> None:
    described = describe(KeyError(object()))
    assert described == "KeyError: <object object at 0x...>"
    assert describe(ValueError("at 0x12 and at 0xZZZZZZZZ")) == (
        "ValueError: at 0x12 and at 0xZZZZZZZZ"
    )


def test_a_disconnect_of_a_framework_that_is_not_installed_here_is_known_by_its_name() -> None:
    lilyas = type("WebSocketDisconnect", (Exception,), {"__module__": "lilya.websockets"})
    assert nature(lilyas(1001)) == "disconnect"
