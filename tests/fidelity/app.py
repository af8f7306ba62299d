"""An application that does what the request asks it to do, legal or not, and keeps a log.

`?do=` is the Python literal of a list of acts, `?id=` names the log, which `GET /log/<id>` returns
once the coroutine of the request has ended. An act is a dict, which is sent as it is, or a
tuple of a name in `ACTS` and its arguments. An exception of `send` or `receive` is written into
the log, and the next act follows.
"""

from __future__ import annotations

import ast
import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qs

PATIENCE = 0.4
"""Seconds that `receive` waits; a real server on a busy machine needs some of them."""

_TOLD_KEYS = {"asgi", "type", "http_version", "scheme", "method", "path", "extensions"}
KILLS_AFTER = 2.0
"""Seconds that daphne gives an application to end (10 by default)."""
LOGS: dict[str, list[str]] = {}
ENDED: dict[str, asyncio.Event] = {}


async def app(scope: dict[str, Any], receive: Any, send: Any) -> object:
    if scope["type"] == "lifespan":
        return await _lifespan(receive, send)
    if scope["path"] == "/log/":
        return await _respond(b"[]", send)
    if scope["path"].startswith("/log/"):
        return await _show_log(scope["path"].removeprefix("/log/"), send)
    query = parse_qs(scope["query_string"].decode())
    identity = query["id"][0]
    actor = Actor(scope, receive, send)
    LOGS[identity] = actor.log
    ended = ENDED.setdefault(identity, asyncio.Event())
    try:
        return await actor.perform(ast.literal_eval(query["do"][0]))
    except asyncio.CancelledError:
        actor.log.append("cancelled")
        raise
    finally:
        if actor.later is None:
            ended.set()
        else:
            actor.later.add_done_callback(lambda _: ended.set())


class Actor:
    """Does one request's acts."""

    def __init__(self, scope: dict[str, Any], receive: Any, send: Any) -> None:
        self._scope = scope
        self.log: list[str] = []
        self.later: asyncio.Task[object] | None = None
        self._receive = receive
        self._send = send

    async def perform(self, acts: list[Any]) -> object:
        for act in acts:
            if isinstance(act, dict):
                await self._say(act)
            elif act[0] == "return":
                return act[1]
            else:
                await ACTS[act[0]](self, *act[1:])
        return None

    async def _say(self, event: dict[str, Any]) -> bool:
        try:
            async with asyncio.timeout(2):
                await self._send(event)
        except Exception as error:
            kind = "OSError" if isinstance(error, OSError) else "error"
            self.log.append(f"send {event['type']}: {kind} ({type(error).__name__})")
            return False
        self.log.append(f"send {event['type']}: ok")
        return True

    async def _hear(self) -> str:
        try:
            async with asyncio.timeout(PATIENCE):
                event = await self._receive()
        except TimeoutError:
            self.log.append("receive: nothing comes")
            return "nothing"
        except Exception as error:
            self.log.append(f"receive: error ({type(error).__name__})")
            return "error"
        self.log.append(" ".join([event["type"], *_described(event)]))
        return str(event["type"])

    async def _hear_to_the_end(self) -> None:
        while (await self._hear()).endswith((".connect", ".receive", ".request")):
            pass

    async def _stream(self, data: str) -> None:
        """Send until it fails, at most for the time that sixty messages take."""
        for _ in range(60):
            if not await self._say({"type": "websocket.send", "text": data}):
                return
            self.log.pop()
            await asyncio.sleep(0.01)
        self.log.append("nothing stops it")

    async def _look(self) -> None:
        """Write the scope down: what differs between connections only as its type."""
        for key, value in sorted(self._scope.items()):
            told = value if key in _TOLD_KEYS else type(value).__name__
            if isinstance(told, dict):
                told = dict(sorted(told.items()))
            self.log.append(f"scope {key}: {told}")

    async def _sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def _big(self, size: int) -> None:
        await self._say({"type": "websocket.send", "text": "x" * size})

    async def _raise(self) -> None:
        raise LookupError("asked to")

    async def _later(self, acts: list[Any]) -> None:
        self.later = asyncio.create_task(self.perform(acts))


ACTS: dict[str, Callable[..., Awaitable[None]]] = {
    "receive": Actor._hear,
    "hear": Actor._hear_to_the_end,
    "stream": Actor._stream,
    "look": Actor._look,
    "sleep": Actor._sleep,
    "big": Actor._big,
    "raise": Actor._raise,
    "later": Actor._later,
}


def _described(event: dict[str, Any]) -> list[str]:
    return [f"{key}={_shown(value)}" for key, value in sorted(event.items()) if key != "type"]


def _shown(value: object) -> str:
    if isinstance(value, int):
        return str(int(value))  # without the name of an enum's member
    return repr(value) if len(repr(value)) < 50 else f"{type(value).__name__} of {len(value)}"


async def _lifespan(receive: Any, send: Any) -> None:
    while True:
        event = await receive()
        await send({"type": f"{event['type']}.complete"})
        if event["type"] == "lifespan.shutdown":
            return


async def _show_log(identity: str, send: Any) -> None:
    ended = ENDED.setdefault(identity, asyncio.Event())
    try:
        await asyncio.wait_for(ended.wait(), 6)
        log = LOGS[identity]
    except TimeoutError:
        log = [*LOGS.get(identity, []), "never ended"]
    await _respond(json.dumps(log).encode(), send)


async def _respond(body: bytes, send: Any) -> None:
    headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
    headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})
