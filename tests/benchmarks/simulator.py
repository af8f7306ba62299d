"""How many short conversations a second the simulator has, beside a plain asyncio driver.

    python tests/benchmarks/simulator.py [CONVERSATIONS]

A conversation opens, has three messages echoed and leaves. The plain driver does the least that
can be done: two `asyncio.Queue`s, no checks, no transcript, no clock. Both sides run in turn,
three times; the fastest counts. Exits with 1 below 5,000 conversations a second, or above 1.3
times the plain driver's time.
"""

from __future__ import annotations

import asyncio
import sys
import time
from typing import TYPE_CHECKING, Any

from pytest_routes.simulator.conversation import (
    Handshake,
    Leave,
    Message,
    Open,
    Recorded,
    Send,
    Step,
)
from pytest_routes.simulator.server import Server
from pytest_routes.websocket.engine import Engine, Limits

if TYPE_CHECKING:
    from collections.abc import Callable

_AT_LEAST = 5_000
_AT_MOST = 1.3
_ROUNDS = 3
_SCOPE = {"type": "websocket", "path": "/", "query_string": b"", "headers": [], "subprotocols": []}
_STEPS: tuple[Step, ...] = (
    Open(0, Handshake("/")),
    *(Send(0, Message("text", text)) for text in ("a", "b", "c")),
    Leave(0),
)


async def echo(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    while True:
        event = await receive()
        if event["type"] == "websocket.disconnect":
            return
        await send({"type": "websocket.send", "text": event["text"]})


def simulated(conversations: int) -> None:
    server = Server()
    with server.on_duty():
        server.start(echo)
        engine = Engine(server, Limits())
        for _ in range(conversations):
            engine.run(Recorded(_STEPS))
    server.close()


async def _plain(conversations: int) -> None:
    for _ in range(conversations):
        to_app: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        to_client: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        app = asyncio.create_task(echo(dict(_SCOPE), to_app.get, to_client.put))
        await to_app.put({"type": "websocket.connect"})
        await asyncio.wait_for(to_client.get(), 10)
        for text in ("a", "b", "c"):
            await to_app.put({"type": "websocket.receive", "text": text})
            await asyncio.wait_for(to_client.get(), 10)
        await to_app.put({"type": "websocket.disconnect", "code": 1000})
        await asyncio.wait_for(app, 10)


def plain(conversations: int) -> None:
    asyncio.run(_plain(conversations))


def _seconds(driver: Callable[[int], None], conversations: int) -> float:
    # Of the processor: what else the machine does is no matter of the driver's.
    began = time.process_time()
    driver(conversations)
    return time.process_time() - began


def main() -> int:
    conversations = int(sys.argv[1]) if len(sys.argv) > 1 else 5_000
    measured = {driver.__name__: [0.0] * _ROUNDS for driver in (simulated, plain)}
    for each in range(_ROUNDS):
        for driver in (simulated, plain):
            measured[driver.__name__][each] = _seconds(driver, conversations)
    best = {name: min(seconds) for name, seconds in measured.items()}
    for name, seconds in best.items():
        print(f"{name:10} {conversations / seconds:8,.0f} conversations/s")
    ratio = best["simulated"] / best["plain"]
    print(f"{ratio:.2f} times the plain driver's time")
    return int(conversations / best["simulated"] < _AT_LEAST or ratio > _AT_MOST)


if __name__ == "__main__":
    sys.exit(main())
