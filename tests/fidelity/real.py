"""Scenarios against a real server on loopback, with a real client."""

from __future__ import annotations

import asyncio
import http.client
import json
import socket
import subprocess
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidMessage, InvalidStatus
from websockets.typing import Subprotocol

from fidelity.scenarios import Scenario
from fidelity.seen import Seen, shown

PATIENCE = 1.2
"""Seconds that a client which has done everything waits for the server to close."""
_AT_ONCE = 60
_NUMBERS = count()
_SCRIPT = Path(__file__).with_name("serve.py")


@contextmanager
def serving(name: str) -> Iterator[int]:
    """A process that runs one server; gives its port on 127.0.0.1."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        descriptor = listener.fileno()
        command = [sys.executable, str(_SCRIPT), name, str(descriptor)]
        process = subprocess.Popen(
            command,
            pass_fds=[descriptor],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            yield listener.getsockname()[1]
        finally:
            process.kill()
            process.wait()


def converse_all(
    ports: Iterable[int], websocket: dict[str, Scenario], http: dict[str, Scenario]
) -> list[dict[str, Seen]]:
    """What was seen of the server at each port in each scenario; all run at the same time."""

    async def converse() -> list[dict[str, Seen]]:
        asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(_AT_ONCE))
        return await asyncio.gather(*(_converse_all(port, websocket, http) for port in ports))

    return asyncio.run(converse())


async def _converse_all(
    port: int, websocket: dict[str, Scenario], http: dict[str, Scenario]
) -> dict[str, Seen]:
    await asyncio.to_thread(_read_log, port, "", 20.0)  # the server is up
    few = asyncio.Semaphore(_AT_ONCE)

    async def bounded(name: str, scenario: Scenario, *, over_http: bool) -> tuple[str, Seen]:
        async with few, asyncio.timeout(30):
            identity = f"{next(_NUMBERS)} {name}"
            query = urlencode({"id": identity, "do": scenario.script})
            if over_http:
                client = await _request(port, query, scenario)
            elif scenario.handshake == "vanishes":
                client = await _vanish(port, f"GET /?{query} HTTP/1.1\r\n{_UPGRADE}\r\n")
            else:
                client = await _converse(port, query, scenario)
            log = await asyncio.to_thread(_read_log, port, identity)
            return name, Seen(tuple(log), tuple(client))

    pairs = [bounded(name, scenario, over_http=False) for name, scenario in websocket.items()]
    pairs += [bounded(name, scenario, over_http=True) for name, scenario in http.items()]
    return dict(await asyncio.gather(*pairs))


def _read_log(port: int, name: str, timeout: float = 10.0) -> list[str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    connection.request("GET", f"/log/{quote(name)}")
    log: list[str] = json.loads(connection.getresponse().read())
    connection.close()
    return log


async def _converse(port: int, query: str, scenario: Scenario) -> list[str]:
    seen: list[str] = []
    try:
        connection = await connect(
            f"ws://127.0.0.1:{port}/?{query}",
            subprotocols=[Subprotocol(name) for name in scenario.subprotocols] or None,
            compression=None,
            ping_interval=None,
            proxy=None,
            close_timeout=1,
        )
    except InvalidStatus as error:
        return [_refusal(error.response.status_code, bytes(error.response.body or b""))]
    except InvalidMessage:
        return ["refused by the server"]
    except InvalidHandshake:
        return ["accepted, and the client fails"]
    except OSError:
        return ["no answer"]
    seen.append(f"accepted, subprotocol {connection.subprotocol}")
    closed = "nothing"
    try:
        for name, *args in scenario.client:
            await _STEPS[name](connection, seen, *args)
        async with asyncio.timeout(PATIENCE):
            while True:
                seen.append(shown(await connection.recv()))
    except TimeoutError:
        await connection.close()
    except ConnectionClosed as error:
        if error.rcvd is not None and error.rcvd_then_sent is False:
            return seen  # the server answers the client's own close
        closed = "1006" if error.rcvd is None else f"{error.rcvd.code} {error.rcvd.reason!r}"
        if error.rcvd is None and error.sent is not None and error.sent.code == 1002:
            closed = "an illegal frame"
        if any(step[0] in ("close", "vanish") for step in scenario.client):
            return seen
        seen.append(f"closed: {closed}")
    return seen


async def _send(connection: ClientConnection, seen: list[str], data: str | bytes) -> None:
    await connection.send(data)


async def _receive(connection: ClientConnection, seen: list[str]) -> None:
    async with asyncio.timeout(PATIENCE):
        seen.append(shown(await connection.recv()))


async def _wait(connection: ClientConnection, seen: list[str], seconds: float) -> None:
    await asyncio.sleep(seconds)


async def _close(connection: ClientConnection, seen: list[str], code: int, reason: str) -> None:
    if code != 1005:
        await connection.close(code, reason)
        return
    connection.protocol.send_close()
    for data in connection.protocol.data_to_send():
        connection.transport.write(data)


async def _abort(connection: ClientConnection, seen: list[str]) -> None:
    connection.transport.abort()


_STEPS: dict[str, Any] = {
    "send": _send,
    "receive": _receive,
    "wait": _wait,
    "close": _close,
    "vanish": _abort,
}

_UPGRADE = (
    "Host: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n"
)


async def _vanish(port: int, request: str) -> list[str]:
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request.encode("ascii"))
    await writer.drain()
    await asyncio.sleep(0.1)
    writer.transport.abort()
    return []


async def _request(port: int, query: str, scenario: Scenario) -> list[str]:
    if scenario.handshake == "vanishes":
        return await _vanish(port, f"GET /?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n")
    return await asyncio.to_thread(_fetch, port, query)


def _fetch(port: int, query: str) -> list[str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=2.0)
    try:
        connection.request("GET", f"/?{query}")
        response = connection.getresponse()
        try:
            body = response.read()
            if response.status == 500:
                return ["no response of the application"]
            return [f"{response.status} {body!r}"]
        except http.client.IncompleteRead as error:
            return [f"{response.status} {error.partial!r} incomplete"]
        except TimeoutError:
            return [f"{response.status} never ends"]
    except (OSError, http.client.HTTPException):
        return ["no response of the application"]
    finally:
        connection.close()


def _refusal(status: int, body: bytes) -> str:
    # What a page of an error looks like is the server's own.
    return "refused by the server" if status == 500 else f"refused: {status} {body!r}"
