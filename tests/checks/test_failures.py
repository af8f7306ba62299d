from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress

import falcon.asgi
import pytest
from fastapi import FastAPI, Query, WebSocketException
from fastapi import WebSocket as FastapiWebSocket
from litestar import Litestar, websocket_listener
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from litestar.exceptions import (
    HTTPException,
    InternalServerException,
    NotAuthorizedException,
    NotFoundException,
    PermissionDeniedException,
    ValidationException,
)
from litestar.exceptions import WebSocketException as LitestarWebSocketException
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from checks.conversing import (
    Leave,
    Vanish,
    Wait,
    accepting,
    conversation,
    found,
    names,
    opened,
    said,
    told,
)
from pytest_routes.checks import Context, judge


def starlette(handler):
    return Starlette(routes=[WebSocketRoute("/ws", handler)])


def fastapi(handler):
    app = FastAPI()
    app.add_api_websocket_route("/ws", handler)
    return app


def litestar(handler):
    return Litestar([litestar_websocket("/ws")(handler)])


# Handlers that crash on a message.


async def subscribe(websocket: WebSocket):
    await websocket.accept()
    while True:
        data = json.loads(await websocket.receive_text())
        await websocket.send_text(data["channel"])


async def fastapi_subscribe(websocket: FastapiWebSocket):
    await subscribe(websocket)


async def litestar_subscribe(socket: LitestarWebSocket) -> None:
    await socket.accept()
    while True:
        data = json.loads(await socket.receive_text())
        await socket.send_text(data["channel"])


async def raw_subscribe(receive, send):
    while (event := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": json.loads(event["text"])["channel"]})


@pytest.mark.parametrize(
    ("app", "handler", "code"),
    [
        (starlette(subscribe), "subscribe", 1006),
        (fastapi(fastapi_subscribe), "subscribe", 1006),
        (litestar(litestar_subscribe), "litestar_subscribe", 4500),
        (accepting(raw_subscribe), "raw_subscribe", 1006),
    ],
    ids=["starlette", "fastapi", "litestar", "raw"],
)
def test_a_crash_on_a_message_is_told_with_its_exception_and_place(app, handler, code):
    findings = found(app, opened(), said("{}"))
    assert [told(finding) for finding in findings] == [
        [
            "message_handler_error",
            "Server closed connection unexpectedly: "
            f"KeyError: 'channel' in {handler} (test_failures.py)",
            "Connection to remain open",
            f"Connection closed with code {code} after KeyError: 'channel'",
        ]
    ]
    assert repr(findings[0].exception) == "KeyError('channel')"
    assert findings[0].event.client == 0


def test_the_key_of_a_crash_is_its_type_and_line_and_not_its_data():
    app = starlette(subscribe)
    first, second = (found(app, opened(), said(text))[0].key for text in ("{}", '{"a": 1}'))
    assert first == second
    assert first[:2] == ("message_handler_error", "builtins.KeyError")
    assert first[2:4] == ("test_failures.py", "subscribe")
    assert found(app, opened(), said("not JSON"))[0].key != first


@pytest.mark.parametrize("leaving", [Leave(0), Leave(0, 1001), Vanish(0)])
@pytest.mark.parametrize(
    "app",
    [
        starlette(subscribe),
        fastapi(fastapi_subscribe),
        litestar(litestar_subscribe),
        accepting(raw_subscribe),
    ],
    ids=["starlette", "fastapi", "litestar", "raw"],
)
def test_the_frameworks_exception_for_a_client_that_left_is_normal(app, leaving):
    assert found(app, opened(), said('{"channel": "a"}'), leaving) == []
    # The client is gone before the answer is sent.
    assert found(app, opened(), said('{"channel": "a"}', settle=False), leaving) == []


async def swallows(websocket: WebSocket):
    await websocket.accept()
    try:
        await websocket.receive_text()
    except WebSocketDisconnect:
        await websocket.close()


def test_closing_towards_a_client_that_left_is_normal():
    assert found(starlette(swallows), opened(), Leave(0)) == []


async def waits_in_vain(websocket: WebSocket):
    await websocket.accept()
    await asyncio.wait_for(websocket.receive_text(), 30)


def test_a_crash_during_silence_is_found():
    (finding,) = found(starlette(waits_in_vain), opened(), Wait(31))
    assert told(finding)[1] == (
        "Server closed connection unexpectedly: TimeoutError in waits_in_vain (test_failures.py)"
    )


def test_an_exception_explains_the_time_out_that_came_before_it():
    async def sleeps(receive, send):
        await receive()
        await asyncio.sleep(3600)
        raise LookupError("too late")

    assert names(found(accepting(sleeps), opened(), said("x"))) == ["message_handler_error"]


async def groups(websocket: WebSocket):
    await websocket.accept()

    async def fails():
        raise ZeroDivisionError("in the group")

    async with asyncio.TaskGroup() as group:
        group.create_task(fails())
        await websocket.receive_text()


def test_the_member_of_an_exception_group_is_told_and_not_the_group():
    (finding,) = found(starlette(groups), opened())
    assert told(finding)[1] == (
        "Server closed connection unexpectedly: "
        "ZeroDivisionError: in the group in groups.<locals>.fails (test_failures.py)"
    )


async def reads_in_a_group(websocket: WebSocket):
    await websocket.accept()

    async def read():
        while True:
            await websocket.receive_text()

    async with asyncio.TaskGroup() as group:
        group.create_task(read())


def test_a_group_of_disconnects_is_a_disconnect():
    assert found(starlette(reads_in_a_group), opened(), Leave(0)) == []


async def litestar_group(socket: LitestarWebSocket) -> None:
    await socket.accept()

    async def read() -> None:
        while True:
            await socket.receive_text()

    async with asyncio.TaskGroup() as group:
        group.create_task(read())


def test_a_group_of_disconnects_that_litestar_answers_with_a_close_is_one_too():
    assert found(litestar(litestar_group), opened(), Leave(0)) == []


def test_a_handler_that_gives_up_by_itself_with_the_disconnect_exception_is_found():
    async def gives_up(websocket: WebSocket):
        await websocket.accept()
        await websocket.receive_text()
        raise WebSocketDisconnect(1000)

    assert names(found(starlette(gives_up), opened(), said("x"))) == ["message_handler_error"]


def test_a_cancelled_handler_is_found_while_its_client_is_there():
    async def cancels_itself(receive, send):
        await receive()
        task = asyncio.current_task()
        assert task is not None
        task.cancel()
        await asyncio.sleep(1)

    app = accepting(cancels_itself)
    assert names(found(app, opened(), said("x"))) == ["message_handler_error"]
    assert found(app, opened(), Leave(0)) == []


# Closing as if something had been raised.


async def reports(websocket: WebSocket):
    await websocket.accept()
    try:
        json.loads(await websocket.receive_text())
    except ValueError:
        logging.getLogger("app").exception("bad message")
        await websocket.close(1011, "internal error")


def test_a_close_with_1011_is_told_with_the_exception_that_was_logged():
    findings = found(starlette(reports), opened(), said("{"))
    assert [told(finding) for finding in findings] == [
        [
            "message_handler_error",
            "Server closed connection unexpectedly after it logged JSONDecodeError: Expecting "
            "property name enclosed in double quotes: line 1 column 2 (char 1)",
            "Connection to remain open",
            "Connection closed with code 1011 (internal error)",
        ]
    ]
    (finding,) = findings
    assert finding.key[1:4] == ("json.decoder.JSONDecodeError", "test_failures.py", "reports")


@pytest.mark.parametrize("code", [1000, 1003, 1007, 1008, 1009, 4000, 4500])
def test_a_close_for_the_clients_fault_is_right(code):
    async def closes(receive, send):
        await receive()
        await send({"type": "websocket.close", "code": code})

    assert found(accepting(closes), opened(), said("x")) == []


class Endpoint(WebSocketEndpoint):
    encoding = "json"


def test_the_endpoints_way_to_refuse_text_that_is_no_json_is_right():
    assert found(starlette(Endpoint), opened(), said("{")) == []
    text_endpoint = type("TextEndpoint", (WebSocketEndpoint,), {"encoding": "text"})
    assert found(starlette(text_endpoint), opened(), said(b"x")) == []


def test_a_crash_in_an_endpoint_is_found():
    class Crashing(WebSocketEndpoint):
        encoding = "json"

        async def on_receive(self, websocket, data):  # noqa: ARG002
            data["key"]

    assert names(found(starlette(Crashing), opened(), said("{}"))) == ["message_handler_error"]


def test_a_crash_after_the_handlers_own_close_is_found():
    async def closes(receive, send):
        await send({"type": "websocket.close", "code": 4001})
        raise ValueError("afterwards")

    (finding,) = found(accepting(closes), opened())
    assert told(finding)[1:] == [
        "Handler raised after it had closed the connection: ValueError: afterwards in "
        "test_a_crash_after_the_handlers_own_close_is_found.<locals>.closes (test_failures.py)",
        "Handler to end without an exception",
        "ValueError: afterwards after the close with code 4001",
    ]


# Refusals.


@pytest.mark.parametrize(
    "refusal",
    [
        ValidationException("bad"),
        NotAuthorizedException("who"),
        PermissionDeniedException("no"),
        NotFoundException("where"),
        HTTPException("tea", status_code=418),
        LitestarWebSocketException(detail="no", code=4001),
        LitestarWebSocketException(detail="no"),
    ],
    ids=lambda refusal: type(refusal).__name__,
)
@pytest.mark.parametrize("accept", [True, False])
def test_litestars_refusals_are_right(refusal, accept):
    async def refuses(socket: LitestarWebSocket) -> None:
        if accept:
            await socket.accept()
        raise refusal

    assert found(litestar(refuses), opened(), framework="litestar") == []


@pytest.mark.parametrize("error", [InternalServerException("oh"), KeyError("oh")])
def test_litestars_internal_errors_are_found(error):
    async def fails(socket: LitestarWebSocket) -> None:
        await socket.accept()
        raise error

    assert names(found(litestar(fails), opened(), framework="litestar")) == [
        "message_handler_error"
    ]


def test_litestars_4500_is_found_where_nobody_observes_exceptions():
    transcript = conversation(litestar(litestar_subscribe), opened(), said("{}"))
    transcript.events = [each for each in transcript.events if type(each).__name__ != "Raised"]
    (finding,) = judge(transcript, {}, Context(framework="litestar"))
    assert told(finding) == [
        "message_handler_error",
        "Server closed connection unexpectedly",
        "Connection to remain open",
        "Connection closed with code 4500 (Internal Server Error)",
    ]
    assert finding.key == ("message_handler_error", "closed", "4500")
    assert judge(transcript, {}, Context(framework="starlette")) == []


@websocket_listener("/ws")
async def listener(data: dict) -> None:
    data["key"]


def test_a_listeners_malformed_json_is_refused_and_its_crash_found():
    app = Litestar([listener])
    assert found(app, opened(), said("{"), framework="litestar") == []
    (finding,) = found(app, opened(), said("{}"), framework="litestar")
    assert told(finding)[1] == (
        "Server closed connection unexpectedly: KeyError: 'key' in listener (test_failures.py)"
    )


async def fastapi_validates(websocket: FastapiWebSocket, room: int = Query()):
    await websocket.accept()


async def fastapi_refuses(websocket: FastapiWebSocket):
    raise WebSocketException(1008, "no")


@pytest.mark.parametrize("handler", [fastapi_validates, fastapi_refuses])
def test_fastapis_refusals_are_right(handler):
    assert found(fastapi(handler), opened(query=(("room", "x"),))) == []


# Before accepting.


async def looks_up(websocket: WebSocket):
    {}[websocket.query_params["room"]]


async def litestar_looks_up(socket: LitestarWebSocket) -> None:
    raise LookupError("room")


def test_a_crash_before_accepting_is_a_connection_error():
    (finding,) = found(starlette(looks_up), opened())
    assert told(finding) == [
        "connection_error",
        "Handler raised before it accepted or refused the connection: "
        "KeyError: 'room' in looks_up (test_failures.py)",
        "Connection to be accepted or refused",
        "Handshake answered with HTTP 500 after KeyError: 'room'",
    ]
    (finding,) = found(litestar(litestar_looks_up), opened())
    assert told(finding)[3] == "Handshake answered with HTTP 403 after LookupError: room"


def test_a_client_in_a_hurry_does_not_change_the_name_of_that_bug():
    (patient,) = found(starlette(looks_up), opened())
    (hasty,) = found(starlette(looks_up), opened(settle=False), Leave(0))
    assert patient.key == hasty.key


async def forgets(websocket: WebSocket):
    pass


def test_returning_without_accepting_is_a_connection_error():
    (finding,) = found(starlette(forgets), opened())
    assert told(finding) == [
        "connection_error",
        "Handler returned before it accepted or refused the connection",
        "Connection to be accepted or refused",
        "Handshake answered with HTTP 500: the handler returned",
    ]


def test_refusing_is_right_and_refusing_with_1011_is_not():
    async def refuses(websocket: WebSocket):
        await websocket.close(int(websocket.query_params["code"]))

    app = starlette(refuses)
    assert found(app, opened(query=(("code", "4001"),))) == []
    (finding,) = found(app, opened(query=(("code", "1011"),)))
    assert told(finding) == [
        "connection_error",
        "Connection refused with an internal error",
        "Connection to be accepted, or refused for the client's fault",
        "Connection refused with close code 1011",
    ]
    assert finding.key == ("connection_error", "refused", "1011")


@pytest.mark.parametrize(
    ("status", "checks"),
    [(403, 0), (499, 0), (500, 1), (501, 1), (503, 0), (504, 1)],
)
def test_a_denial_that_blames_the_server_is_a_connection_error(status, checks):
    async def denies(scope, receive, send):
        if scope["type"] == "websocket":
            await send({"type": "websocket.http.response.start", "status": status})
            await send({"type": "websocket.http.response.body"})

    assert [told(finding) for finding in found(denies, opened())] == [
        [
            "connection_error",
            "Connection refused with an internal error",
            "Connection to be accepted, or refused for the client's fault",
            f"Connection refused with HTTP {status}",
        ]
    ] * checks


def test_a_crash_after_refusing_is_told_as_such():
    async def refuses(websocket: WebSocket):
        await websocket.close(4001)
        raise ValueError("afterwards")

    (finding,) = found(starlette(refuses), opened())
    assert told(finding)[1:] == [
        "Handler raised after it had refused the connection: ValueError: afterwards in "
        "test_a_crash_after_refusing_is_told_as_such.<locals>.refuses (test_failures.py)",
        "Connection to be accepted or refused",
        "Handshake answered with HTTP 403 after ValueError: afterwards",
    ]


def test_returning_after_accepting_is_right():
    async def greets(receive, send):
        await send({"type": "websocket.send", "text": "hello"})

    assert found(accepting(greets), opened()) == []


# After the client has left.

members: dict[str, object] = {}


async def forgets_twice(websocket: WebSocket):
    await websocket.accept()
    try:
        while True:
            await websocket.receive_text()
    except WebSocketDisconnect:
        members.pop("me")


async def litestar_forgets_twice(socket: LitestarWebSocket) -> None:
    await socket.accept()
    try:
        await socket.receive_text()
    finally:
        members.pop("me")


@pytest.mark.parametrize(
    ("app", "handler"),
    [
        (starlette(forgets_twice), "forgets_twice"),
        (litestar(litestar_forgets_twice), "litestar_forgets_twice"),
    ],
    ids=["starlette", "litestar"],
)
def test_a_crash_in_the_cleanup_is_a_shutdown_error(app, handler):
    (finding,) = found(app, opened(), Leave(0, 1001))
    assert told(finding) == [
        "shutdown_error",
        f"Handler raised because the client left: KeyError: 'me' in {handler} (test_failures.py)",
        "Handler to end without an exception",
        "KeyError: 'me' after the client left with close code 1001",
    ]
    (finding,) = found(app, opened(), Vanish(0))
    assert told(finding)[3] == "KeyError: 'me' after the client's connection was lost"


async def loops_for_ever(websocket: WebSocket):
    await websocket.accept()
    while True:
        with suppress(WebSocketDisconnect):
            await websocket.receive_text()


def test_a_loop_that_swallows_the_disconnect_is_a_shutdown_error():
    (finding,) = found(starlette(loops_for_ever), opened(), Leave(0))
    assert told(finding)[:2] == [
        "shutdown_error",
        "Handler raised because the client left: WebSocketDisconnected: Cannot call "
        '"receive" once a disconnect message has been received. '
        "in loops_for_ever (test_failures.py)",
    ]


async def goes_on_reading(websocket: WebSocket):
    await websocket.accept()
    while True:
        text = await websocket.receive_text()
        with suppress(WebSocketDisconnect):
            await websocket.send_text(text)


def test_what_starlette_raises_after_a_failed_send_is_normal():
    app = starlette(goes_on_reading)
    assert found(app, opened(), said("x", settle=False), Leave(0)) == []


def test_a_message_that_crashes_the_handler_does_so_whether_its_client_is_still_there():
    app = starlette(subscribe)
    (stayed,) = found(app, opened(), said("{}"))
    (left,) = found(app, opened(), said("{}", settle=False), Leave(0))
    assert left.key == stayed.key
    assert told(left)[2:] == [
        "Handler to end without an exception",
        "KeyError: 'channel' after the client left with close code 1000",
    ]


# One client's leaving, and the others.

clients: list[WebSocket] = []
sockets: list[LitestarWebSocket] = []


async def broadcasts(websocket: WebSocket):
    await websocket.accept()
    clients.append(websocket)
    try:
        while True:
            text = await websocket.receive_text()
            for client in clients:
                await client.send_text(text)
    finally:
        clients.remove(websocket)


async def broadcasts_silently(websocket: WebSocket):
    with suppress(WebSocketDisconnect):
        await broadcasts(websocket)


async def litestar_broadcasts(socket: LitestarWebSocket) -> None:
    await socket.accept()
    sockets.append(socket)
    try:
        while True:
            text = await socket.receive_text()
            for client in sockets:
                await client.send_text(text)
    finally:
        sockets.remove(socket)


TWO = (opened(0), opened(1), said("hello", 1, settle=False), Vanish(0))


@pytest.mark.parametrize(
    ("app", "how"),
    [
        (starlette(broadcasts), "WebSocketDisconnect"),
        (
            litestar(litestar_broadcasts),
            "ClientDisconnected: the client has closed the connection",
        ),
    ],
    ids=["starlette", "litestar"],
)
def test_a_broadcast_to_a_client_that_has_gone_ends_the_senders_connection(app, how):
    (finding,) = found(app, *TWO)
    handler = "broadcasts" if "Web" in how else "litestar_broadcasts"
    assert finding.severity == "warn"
    assert told(finding) == [
        "collateral_disconnect",
        f"Connection of client 1 ended because client 0 had left: {handler} (test_failures.py)",
        "Connection of client 1 to remain open",
        f"It ended with {how} when something was sent to client 0",
    ]


def broadcasting_with_a_way_out_of(seconds):
    """Takes the disconnect of another client for that of its own, and clears up."""
    members = []

    async def broadcasts_and_clears_up(socket):
        await socket.accept()
        members.append(socket)
        try:
            while True:
                text = await socket.receive_text()
                await asyncio.gather(*(each.send_text(text) for each in reversed(members)))
        except WebSocketDisconnect:
            await asyncio.sleep(seconds)
        finally:
            members.remove(socket)

    return starlette(broadcasts_and_clears_up)


@pytest.mark.parametrize("more", [(), (said("again", 1),)], ids=["silent", "goes on"])
def test_it_may_take_a_while_to_clear_up(more):
    """Also where its client says more, or would leave, in the meantime."""
    (finding,) = found(broadcasting_with_a_way_out_of(0.02), *TWO, *more)
    assert told(finding)[1:] == [
        "Connection of client 1 ended because client 0 had left",
        "Connection of client 1 to remain open",
        "Its handler returned when a send to client 0 had failed",
    ]


def test_a_handler_that_ends_much_later_ends_for_another_reason():
    assert found(broadcasting_with_a_way_out_of(60), *TWO, Wait(90)) == []


def test_it_does_so_silently_where_the_handler_takes_it_for_its_own_client():
    (finding,) = found(starlette(broadcasts_silently), *TWO)
    assert told(finding) == [
        "collateral_disconnect",
        "Connection of client 1 ended because client 0 had left",
        "Connection of client 1 to remain open",
        "Its handler returned when a send to client 0 had failed",
    ]


async def broadcasts_carefully(websocket: WebSocket):
    await websocket.accept()
    clients.append(websocket)
    try:
        while True:
            text = await websocket.receive_text()
            for client in list(clients):
                with suppress(WebSocketDisconnect, RuntimeError):
                    await client.send_text(text)
            if text == "bye":
                return
    finally:
        clients.remove(websocket)


def test_a_broadcast_that_expects_it_is_right():
    app = starlette(broadcasts_carefully)
    assert found(app, *TWO) == []
    assert found(app, *TWO, said("bye", 1)) == []


# Frames of the wrong kind.


async def reads_text(websocket: WebSocket):
    await websocket.accept()
    async for _ in websocket.iter_text():
        pass


async def reads_json(websocket: WebSocket):
    await websocket.accept()
    async for data in websocket.iter_json():
        data["key"]


async def litestar_reads_json(socket: LitestarWebSocket) -> None:
    await socket.accept()
    await socket.receive_json()


def test_a_binary_frame_for_a_handler_that_reads_text_is_a_warning():
    (finding,) = found(starlette(reads_text), opened(), said(b"x"))
    assert finding.severity == "warn"
    assert told(finding) == [
        "unexpected_frame",
        "A binary frame crashed the handler that reads something else: "
        "KeyError: 'text' in reads_text (test_failures.py)",
        "Connection to remain open, or to be closed with 1003 or 1007",
        "Connection closed with code 1006 after KeyError: 'text'",
    ]


@pytest.mark.parametrize("app", [starlette(reads_json), litestar(litestar_reads_json)])
def test_text_that_the_framework_cannot_decode_as_json_is_a_warning(app):
    (finding,) = found(app, opened(), said("{"))
    assert finding.check == "unexpected_frame"
    assert finding.message.startswith("A text frame that is not JSON crashed the handler")


def test_json_that_crashes_the_handler_is_an_error():
    assert names(found(starlette(reads_json), opened(), said("{}"))) == ["message_handler_error"]


def test_text_that_the_handler_decodes_itself_is_an_error():
    assert names(found(starlette(subscribe), opened(), said("{"))) == ["message_handler_error"]


def test_where_the_kinds_are_known_any_crash_of_another_kind_is_a_warning():
    app = accepting(raw_subscribe)
    assert names(found(app, opened(), said(b"x"))) == ["message_handler_error"]
    assert names(found(app, opened(), said(b"x"), reads=frozenset({"json"}))) == [
        "unexpected_frame"
    ]


async def doubles(receive, send):
    while (event := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "bytes": event["bytes"] * 2})


@pytest.mark.parametrize(
    ("reads", "check"),
    [
        ({"bytes"}, "unexpected_frame"),
        ({"bytes", "text"}, "message_handler_error"),
        ({"bytes", "json"}, "message_handler_error"),
        (None, "message_handler_error"),
    ],
)
def test_text_is_of_another_kind_where_only_bytes_are_read(reads, check):
    reads = None if reads is None else frozenset(reads)
    (finding,) = found(accepting(doubles), opened(), said("x"), reads=reads)
    assert finding.check == check
    if check == "unexpected_frame":
        assert finding.message.startswith("A text frame crashed the handler that reads something")


async def reads_on_after_closing(websocket: WebSocket):
    await websocket.accept()
    with suppress(WebSocketDisconnect):
        while True:
            try:
                text = await asyncio.wait_for(websocket.receive_text(), timeout=300)
            except TimeoutError:
                await websocket.close(4408)
            else:
                await websocket.send_text(text)


@pytest.mark.parametrize("framework", [starlette, fastapi])
def test_reading_on_after_an_idle_timeout_has_closed_is_a_crash_and_no_matter_of_frames(framework):
    (finding,) = found(framework(reads_on_after_closing), opened(), said("a"), Wait(301))
    assert told(finding) == [
        "message_handler_error",
        "Handler raised after it had closed the connection: WebSocketDisconnected: WebSocket is "
        'not connected. Need to call "accept" first. in reads_on_after_closing (test_failures.py)',
        "Handler to end without an exception",
        "WebSocketDisconnected: WebSocket is not connected. Need to call "
        '"accept" first. after the close with code 4408',
    ]


# Which came first: the exception, or the close.


def closing_at_the_end(handler):
    """The handler, with a close as its clean-up."""

    async def closes(websocket: WebSocket):
        try:
            await handler(websocket)
        finally:
            await websocket.close(4002)

    return starlette(closes)


async def subscribe_in_a_group(websocket: WebSocket):
    async with asyncio.TaskGroup() as group:
        group.create_task(subscribe(websocket))


async def wraps(websocket: WebSocket):
    await websocket.accept()
    try:
        json.loads(await websocket.receive_text())["channel"]
    except KeyError as error:
        await websocket.close(4002)
        raise LookupError("no channel") from error


@pytest.mark.parametrize(
    ("app", "cause"),
    [
        (closing_at_the_end(subscribe), "KeyError: 'channel' in subscribe"),
        (closing_at_the_end(subscribe_in_a_group), "KeyError: 'channel' in subscribe"),
        (starlette(wraps), "LookupError: no channel in wraps"),
    ],
    ids=["finally", "group", "cause"],
)
def test_a_close_that_is_the_clean_up_after_a_crash_is_how_the_connection_ended(app, cause):
    (finding,) = found(app, opened(), said("{}"))
    assert told(finding) == [
        "message_handler_error",
        f"Server closed connection unexpectedly: {cause} (test_failures.py)",
        "Connection to remain open",
        f"Connection closed with code 4002 after {cause.partition(' in ')[0]}",
    ]


def test_so_it_is_where_a_task_groups_body_closes_because_it_is_cancelled():
    async def closes(websocket: WebSocket):
        await websocket.accept()

        async def fails():
            raise LookupError("at once")

        async with asyncio.TaskGroup() as group:
            group.create_task(fails())
            try:
                await asyncio.Event().wait()
            finally:
                await websocket.close()

    (finding,) = found(starlette(closes), opened())
    assert finding.message.startswith("Server closed connection unexpectedly: LookupError: at once")


def test_so_it_is_where_the_framework_keeps_the_exception_from_the_server():
    async def closes(socket: LitestarWebSocket) -> None:
        try:
            await litestar_subscribe(socket)
        finally:
            await socket.close(4002)

    # Litestar answers by closing once more, which is another finding.
    finding, *_ = found(litestar(closes), opened(), said("{}"))
    assert told(finding)[1:] == [
        "Server closed connection unexpectedly: "
        "KeyError: 'channel' in litestar_subscribe (test_failures.py)",
        "Connection to remain open",
        "Connection closed with code 4002 after KeyError: 'channel'",
    ]


def test_a_crash_after_a_close_that_answered_another_exception_came_after_the_close():
    async def goes_on(websocket: WebSocket):
        try:
            await subscribe(websocket)
        except KeyError:
            await websocket.close(4002)
        raise ValueError("afterwards")

    (finding,) = found(starlette(goes_on), opened(), said("{}"))
    assert finding.message.startswith(
        "Handler raised after it had closed the connection: ValueError: afterwards in "
    )


def test_a_refusal_that_is_the_clean_up_after_a_crash_refuses_nothing_on_purpose():
    async def looks_up_first(websocket: WebSocket):
        raise LookupError("no such room")

    (finding,) = found(closing_at_the_end(looks_up_first), opened())
    assert told(finding) == [
        "connection_error",
        "Handler raised before it accepted or refused the connection: LookupError: no such room in "
        "test_a_refusal_that_is_the_clean_up_after_a_crash_refuses_nothing_on_purpose.<locals>."
        "looks_up_first (test_failures.py)",
        "Connection to be accepted or refused",
        "Handshake answered with HTTP 403 after LookupError: no such room",
    ]


def test_a_broadcast_to_a_client_that_has_gone_is_told_so_when_the_connection_is_closed_at_last():
    clients.clear()
    (finding,) = found(closing_at_the_end(broadcasts), *TWO)
    assert finding.check == "collateral_disconnect"


# Frameworks that read ahead of their handlers.


def test_a_message_that_crashes_does_so_whether_a_framework_has_read_the_close_behind_it():
    class Channel:
        async def on_websocket(self, request, websocket):  # noqa: ARG002
            await websocket.accept()
            while True:
                await websocket.send_text(json.loads(await websocket.receive_text())["channel"])

    app = falcon.asgi.App()
    app.add_route("/ws", Channel())
    (stayed,) = found(app, opened(), said("{}"))
    (left,) = found(app, opened(), said("{}", settle=False), Leave(0))
    assert left.key == stayed.key
    assert left.message.startswith(
        "Handler raised while it dealt with a client that had left: KeyError: 'channel' in "
    )
    binary = [opened(), said(b"x", settle=False), Leave(0)]
    assert names(found(app, *binary)) == names(found(app, *binary[:1], said(b"x")))
    assert names(found(app, *binary)) == ["unexpected_frame"]


def test_a_task_of_the_applications_own_that_reads_tells_its_handler():
    async def pumps(websocket: WebSocket):
        await websocket.accept()

        async def pump():
            with suppress(WebSocketDisconnect):
                while True:
                    await websocket.receive_text()

        await asyncio.create_task(pump())
        raise LookupError("nothing was asked")

    findings = found(starlette(pumps), opened(), said("x"), Leave(0))
    assert names(findings) == ["shutdown_error"]


def test_a_crash_is_the_messages_when_only_the_answer_to_it_finds_the_client_gone():
    """As Ravyn does: the crash is answered with a close, which fails and is what comes out."""

    framework = """
async def answers_a_crash(scope, receive, send):
    try:
        await app(scope, receive, send)
    except Exception:
        await send({"type": "websocket.close", "code": 4500})
"""

    async def crashes(receive, send):
        await receive()
        await send({"type": "websocket.accept"})
        json.loads((await receive())["text"])["channel"]

    async def app(scope, receive, send):
        if scope["type"] == "websocket":
            await crashes(receive, send)

    space = {"app": app}
    exec(compile(framework, "/site-packages/ravyn/app.py", "exec"), space)
    (finding,) = found(space["answers_a_crash"], opened(), said("{}", settle=False), Leave(0))
    assert finding.message.startswith(
        "Handler raised while it dealt with a client that had left: KeyError: 'channel' in "
    )
