from __future__ import annotations

from dataclasses import replace

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from checks.conversing import Leave, found, names, opened, said
from pytest_routes.checks.repeats import is_repeat


def remove(websocket: WebSocket) -> None:
    raise ValueError


async def handler(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        await websocket.receive_text()
        remove(websocket)
    except WebSocketDisconnect:
        remove(websocket)


APP = Starlette(routes=[WebSocketRoute("/ws", handler)])


def test_a_line_that_raises_before_and_after_leaving_is_told_once() -> None:
    (crash,) = found(APP, opened(), said("a"))
    (late,) = found(APP, opened(), Leave(0))
    assert names([crash, late]) == ["message_handler_error", "shutdown_error"]
    assert is_repeat(late, [late, crash])
    assert not is_repeat(crash, [late, crash])


def test_another_line_is_another_bug() -> None:
    (crash,) = found(APP, opened(), said("a"))
    (late,) = found(APP, opened(), Leave(0))
    other = replace(crash, key=(*crash.key[:-1], "1"))
    assert not is_repeat(late, [late, other])


def test_a_failure_is_not_dropped_for_a_warning() -> None:
    (crash,) = found(APP, opened(), said("a"))
    (late,) = found(APP, opened(), Leave(0))
    assert not is_repeat(late, [late, replace(crash, severity="warn")])
