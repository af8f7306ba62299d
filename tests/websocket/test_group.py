"""Clients of one conversation on several routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from pytest_routes.config import Config
from pytest_routes.routes import discover
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import Opened, Transcript
from pytest_routes.websocket.examine import companions, examine

if TYPE_CHECKING:
    from collections.abc import Iterator


def application() -> Starlette:
    """A publisher that crashes only when somebody listens on the other route."""
    listeners = []

    async def listen(websocket: Any) -> None:
        await websocket.accept()
        listeners.append(websocket)
        try:
            async for _ in websocket.iter_bytes():
                pass
        finally:
            listeners.remove(websocket)

    async def publish(websocket: Any) -> None:
        await websocket.accept()
        async for text in websocket.iter_text():
            for listener in listeners:
                await listener.send_text(text + 1)

    async def alone(websocket: Any) -> None:
        await websocket.accept()
        await websocket.receive_text()

    return Starlette(
        routes=[
            WebSocketRoute("/ws/publish", publish),
            WebSocketRoute("/ws/listen", listen),
            WebSocketRoute("/alone", alone),
        ]
    )


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    with server.on_duty():
        yield server
    server.close()


def examined(server: Server, path: str, group: list[str]) -> tuple[list[str], list[Transcript]]:
    app = application()
    config = Config.model_validate({"max_examples": 60, "websocket": {"group": group}})
    routes = discover(app, websocket_paths=()).routes
    route = next(each for each in routes if each.path == path)
    transcripts: list[Transcript] = []
    server.start(app)
    others = companions(route, routes, config)
    result, _ = examine(route, server, config, 1, transcripts.append, others)
    errors = [each.finding.message for each in result.found if each.finding.severity == "error"]
    return errors, transcripts


def opened(transcript: Transcript) -> tuple[str, ...]:
    return tuple(event.handshake.path for event in transcript.of(Opened))


def test_what_one_route_does_to_another_is_found_in_a_group(server: Server) -> None:
    errors, _ = examined(server, "/ws/publish", ["/ws/*"])
    assert len(errors) == 1
    assert "TypeError" in errors[0]


def test_without_a_group_all_clients_open_the_same_route(server: Server) -> None:
    errors, transcripts = examined(server, "/ws/publish", [])
    assert errors == []
    assert {path for each in transcripts for path in opened(each)} == {"/ws/publish"}


def test_the_first_client_opens_the_route_that_is_tested(server: Server) -> None:
    _, transcripts = examined(server, "/ws/listen", ["/ws/*"])
    pairs = {opened(each) for each in transcripts if len(opened(each)) == 2}
    assert pairs == {("/ws/listen", "/ws/listen"), ("/ws/listen", "/ws/publish")}


def test_a_route_outside_of_the_group_stays_alone(server: Server) -> None:
    _, transcripts = examined(server, "/alone", ["/ws/*"])
    assert {path for each in transcripts for path in opened(each)} == {"/alone"}
