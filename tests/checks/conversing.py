"""Runs small applications through the simulator, so that the checks judge what really happens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from pytest_routes.checks import Context, judge
from pytest_routes.http.engine import HttpEngine
from pytest_routes.routes import observe
from pytest_routes.simulator.conversation import (
    Handshake,
    Leave,
    Message,
    Open,
    Recorded,
    Send,
    Step,
    Vanish,
    Wait,
)
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import Request, Transcript
from pytest_routes.websocket.engine import Engine, Limits

if TYPE_CHECKING:
    from pytest_routes.checks import Finding

__all__ = ["Leave", "Vanish", "Wait"]


def opened(client: int = 0, path: str = "/ws", *, settle: bool = True, **handshake: Any) -> Open:
    return Open(client, Handshake(path, **handshake), settle=settle)


def said(data: str | bytes, client: int = 0, *, settle: bool = True) -> Send:
    return Send(client, Message("text" if isinstance(data, str) else "bytes", data), settle=settle)


def conversation(app: Any, *steps: Step, profile: str = "uvicorn") -> Transcript:
    """What happens when clients do these steps."""
    server = Server(profile=profile)
    try:
        with server.on_duty():
            server.start(app)
            undo = observe(app, server.hidden_exception)
            transcript = Engine(server, Limits()).run(Recorded(steps))
            undo()
            server.stop()
    finally:
        server.close()
    return transcript


def exchange(app: Any, request: Request, *, profile: str = "uvicorn") -> Transcript:
    """What happens when a client sends this request."""
    server = Server(profile=profile)
    try:
        with server.on_duty():
            server.start(app)
            undo = observe(app, server.hidden_exception)
            transcript = HttpEngine(server, 30.0).run(request)
            undo()
            server.stop()
    finally:
        server.close()
    return transcript


def found(app: Any, *steps: Step, profile: str = "uvicorn", **context: Any) -> list[Finding]:
    """The findings of a conversation."""
    transcript = conversation(app, *steps, profile=profile)
    return judge(transcript, {}, Context(**context))


def requested(
    app: Any, method: str = "GET", path: str = "/", *, json: bytes = b"", **context: Any
) -> list[Finding]:
    """The findings of a request, with a body of JSON when there is one."""
    headers = (("content-type", "application/json"),) if json else ()
    transcript = exchange(app, Request(method, path, headers=headers, body=json))
    return judge(transcript, {}, Context(kind="http", **context))


def told(finding: Finding) -> list[str]:
    """What a finding says, without line numbers."""
    texts = (finding.check, finding.message, finding.expected, finding.actual)
    return [re.sub(r"(\w\.py):\d+", r"\1", text) for text in texts]


def names(findings: list[Finding]) -> list[str]:
    return [finding.check for finding in findings]


def accepting(handle: Any) -> Any:
    """An ASGI application that accepts and then calls `handle(receive, send)`."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "websocket":
            await receive()
            await send({"type": "websocket.accept"})
            await handle(receive, send)

    return app
