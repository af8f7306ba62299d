"""Tests by hand: an application on the simulator, in plain and in asynchronous tests."""

from __future__ import annotations

import asyncio
import time

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from pytest_routes import CheckFailed, LifespanError, simulate

rooms: dict[str, list[WebSocket]] = {}


async def room(websocket: WebSocket) -> None:
    name = websocket.path_params["name"]
    if "v1" in websocket.scope["subprotocols"]:
        await websocket.accept("v1")
    else:
        await websocket.accept()
    rooms.setdefault(name, []).append(websocket)
    try:
        async for message in websocket.iter_json():
            for each in rooms[name]:
                await each.send_json(message["say"])
    finally:
        rooms[name].remove(websocket)


async def idle(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        await asyncio.wait_for(websocket.receive_text(), 30)
    except TimeoutError:
        await websocket.close(1001, "nothing was said")


async def stubborn(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.receive_bytes()
    await asyncio.Event().wait()


async def closed(websocket: WebSocket) -> None:
    await websocket.close(4001, "not you")


async def leaving(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        await websocket.receive_text()
    except WebSocketDisconnect as left:
        if left.code != 1000:
            raise RuntimeError("lost it") from None


async def members(request):
    if request.method == "POST":
        return JSONResponse({"got": await request.json()}, status_code=201)
    name = request.path_params["name"]
    return JSONResponse({"members": len(rooms.get(name, ())), "q": request.query_params.get("q")})


async def broken(request):
    raise ZeroDivisionError("no answer")


app = Starlette(
    routes=[
        WebSocketRoute("/ws/room/{name}", room),
        WebSocketRoute("/ws/idle", idle),
        WebSocketRoute("/ws/stubborn", stubborn),
        WebSocketRoute("/ws/closed", closed),
        WebSocketRoute("/ws/leaving", leaving),
        Route("/rooms/{name}", members, methods=["GET", "POST"]),
        Route("/broken", broken),
    ]
)


def test_clients_hear_each_other():
    with simulate(app) as server:
        ada = server.connect("/ws/room/blue", subprotocols=["v2", "v1"])
        ben = server.connect("/ws/room/blue")
        assert (ada.status, ada.subprotocol, ben.subprotocol) == (101, "v1", None)
        ada.send_json({"say": ["hello"]})
        assert ben.received == ['["hello"]']
        assert ada.received_json == ben.received_json == [["hello"]]
        ada.close()
        assert not ada.connected
        ben.send_json({"say": "anybody?"})
        assert ben.received_json == [["hello"], "anybody?"]
        assert server.check() == []


def test_requests_are_answered_while_clients_are_connected():
    with simulate(app) as server:
        client = server.connect("/ws/room/red")
        response = server.request("get", "/rooms/red?q=a%20b")
        assert (response.status, response.json()) == (200, {"members": 1, "q": "a b"})
        assert ("content-type", "application/json") in response.headers
        client.send_json({"say": 1})
        assert client.received == ["1"]
        posted = server.request("POST", "/rooms/red", json={"name": "ä"})
        assert (posted.status, posted.json()) == (201, {"got": {"name": "ä"}})
        server.check()
        assert server.request("GET", "/rooms/red").json()["members"] == 0


def test_time_passes_without_being_waited_for():
    began = time.monotonic()
    with simulate(app) as server:
        client = server.connect("/ws/idle")
        server.sleep(29)
        assert client.connected
        server.sleep(2)
        assert (client.close_code, client.close_reason) == (1001, "nothing was said")
        server.sleep(86_400)
        server.check()
    assert time.monotonic() - began < 10


def test_a_refused_client_knows_why():
    with simulate(app) as server:
        client = server.connect("/ws/closed")
        assert not client.accepted
        assert (client.status, client.close_code, client.close_reason) == (403, 4001, "not you")


def test_what_is_said_on_an_ended_connection_is_lost():
    with simulate(app) as server:
        client = server.connect("/ws/closed")
        client.send_text("hello?")
        client.close()
        other = server.connect("/ws/room/gone")
        server.check()
        other.send_json({"say": 1})
        assert other.received == []
        server.check()


def test_a_hang_is_reported_at_once():
    with simulate(app) as server:
        client = server.connect("/ws/stubborn")
        client.send_bytes(b"\x00")
        with pytest.raises(CheckFailed) as caught:
            server.check()
        assert [finding.check for finding in caught.value.findings] == ["message_timeout"]
        text = str(caught.value)
        assert "WEBSOCKET TEST FAILURE: /ws/stubborn" in text
        assert "await asyncio.Event().wait()" in text
        assert "Reproduce" not in text
        assert "seed" not in text


def test_a_client_that_vanishes_is_not_one_that_leaves():
    with simulate(app) as server:
        server.connect("/ws/leaving").close()
        server.check()
        server.connect("/ws/leaving").vanish()
        with pytest.raises(CheckFailed, match="RuntimeError: lost it"):
            server.check()


def test_what_a_request_did_wrong_is_found():
    with simulate(app) as server:
        assert server.request("GET", "/broken").status == 500
        with pytest.raises(CheckFailed, match="ZeroDivisionError: no answer"):
            server.check()
        server.check()  # what was told is not told again


def test_checks_have_the_severity_that_is_asked_for():
    with simulate(app, checks={"message_timeout": "warn"}) as server:
        server.connect("/ws/stubborn").send_bytes(b"")
        assert [finding.check for finding in server.check()] == ["message_timeout"]


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ({"checks": {"no_such": "off"}}, "checks: there is no check 'no_such'; there are "),
        ({"checks": {"message_timeout": "no"}}, "expected error, warn or off"),
        ({"server": "nginx"}, "server: expected one of uvicorn, hypercorn, daphne, got 'nginx'"),
    ],
)
def test_what_does_not_exist_is_refused_at_once(options, told: str):
    with pytest.raises(ValueError, match=told):
        simulate(app, **options)


def test_an_application_that_does_not_start_is_an_error():
    async def lifespan(scope, receive, send):
        await receive()
        await send({"type": "lifespan.startup.failed", "message": "no database"})

    with pytest.raises(LifespanError, match="no database"), simulate(lifespan):
        pass


def test_an_exception_of_the_test_is_what_comes_out():
    async def never_ends(scope, receive, send):
        if scope["type"] == "lifespan":
            await receive()
            await send({"type": "lifespan.startup.complete"})
            await receive()
            raise OSError("cannot end")

    with pytest.raises(KeyError, match="mine"), simulate(never_ends):
        raise KeyError("mine")
    with pytest.raises(LifespanError, match="cannot end"), simulate(never_ends):
        pass


async def _asynchronous() -> None:
    ticks = 0

    async def tick() -> None:
        nonlocal ticks
        while True:
            await asyncio.sleep(0)
            ticks += 1

    ticking = asyncio.create_task(tick())
    async with simulate(app) as server:
        client = await server.connect("/ws/room/green")
        await client.send_json({"say": "hello"})
        assert client.received_json == ["hello"]
        assert (await server.request("GET", "/rooms/green")).json()["members"] == 1
        await server.sleep(3600)
        await client.close()
        await server.check()
        await (await server.connect("/ws/leaving")).vanish()
        with pytest.raises(CheckFailed, match="RuntimeError: lost it"):
            await server.check()
    ticking.cancel()
    assert ticks, "the test's own loop has to go on"


def test_another_loop_may_run():
    asyncio.run(_asynchronous())


def test_the_plain_form_works_within_another_loop_too():
    async def test() -> None:
        with simulate(app) as server:
            client = server.connect("/ws/room/grey")
            client.send_json({"say": 1})
            assert client.received == ["1"]
            server.check()

    asyncio.run(test())


def test_another_library_may_run():
    trio = pytest.importorskip("trio")

    async def test() -> None:
        async with simulate(app) as server:
            client = await server.connect("/ws/room/trio")
            await client.send_json({"say": 1})
            assert client.received == ["1"]

    trio.run(test)


def test_applications_may_stand_side_by_side():
    with simulate(app) as one, simulate(app) as two:
        first, second = one.connect("/ws/room/same"), two.connect("/ws/idle")
        first.send_json({"say": 1})
        assert first.received == ["1"]
        assert second.connected
