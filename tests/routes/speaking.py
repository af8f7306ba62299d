"""A client of a few lines, to see which handler answers at the path of a discovered route."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pytest_routes.routes import Route

# A value that fits each type that a placeholder of these tests has.
VALUES: dict[Any, str] = {
    "int": "7",
    "float": "1.5",
    "UUID": "12345678-1234-5678-1234-567812345678",
}


def path_of(route: Route, **values: str) -> str:
    """A path at which the route answers."""
    filled = {
        parameter.name: next(
            (text for name, text in VALUES.items() if name in str(parameter.annotation)),
            "some/where" if parameter.multi_segment else "word",
        )
        for parameter in route.parameters
        if parameter.location == "path"
    }
    return route.template.format_map(filled | values)


def speak(
    app: Any,
    route: Route,
    *messages: str,
    query: str = "",
    headers: tuple[Any, ...] = (),
    **values: str,
) -> list[dict[str, Any]]:
    """Connects to a WebSocket route, or makes a request, and returns what the app sent."""
    return asyncio.run(_speak(app, route, messages, query, headers, values))


async def _speak(
    app: Any,
    route: Route,
    messages: tuple[str, ...],
    query: str,
    headers: tuple[Any, ...],
    values: dict[str, str],
) -> list[dict[str, Any]]:
    path = path_of(route, **values)
    scope: dict[str, Any] = {
        "type": route.kind,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "scheme": "ws" if route.kind == "websocket" else "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(b"host", (route.host or "localhost").encode()), *headers],
        "client": ("127.0.0.1", 1),
        "server": ("localhost", 80),
        "state": {},
    }
    inbox: list[dict[str, Any]]
    if route.kind == "websocket":
        scope["subprotocols"] = []
        received = [{"type": "websocket.receive", "text": message} for message in messages]
        inbox = [{"type": "websocket.connect"}, *received]
        leaving: dict[str, Any] = {"type": "websocket.disconnect", "code": 1000}
    else:
        scope["method"] = route.method
        inbox = [{"type": "http.request", "body": b"", "more_body": False}]
        leaving = {"type": "http.disconnect"}
    sent: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if inbox:
            return inbox.pop(0)
        for _ in range(100):  # Quart drops what a handler would still say
            await asyncio.sleep(0)
        return leaving

    async def send(event: dict[str, Any]) -> None:
        sent.append(event)

    await asyncio.wait_for(app(scope, receive, send), timeout=30)
    return sent


def texts(sent: list[dict[str, Any]]) -> list[str]:
    """The texts that a WebSocket handler sent, or the one body of an HTTP answer."""
    bodies = [event["body"].decode() for event in sent if event.get("body")]
    return bodies or [event["text"] for event in sent if event.get("text")]
