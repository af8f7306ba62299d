"""Applications of frameworks whose routes are named with `websocket.paths`.

Each framework keeps a handler's exception from the server in its own way; it is found all the
same, and a correct handler passes.
"""

from __future__ import annotations

import pytest

QUART = """
from quart import Quart, websocket

app = Quart(__name__)

@app.websocket("/ws/correct")
async def correct():
    while True:
        await websocket.send(str(await websocket.receive()))

@app.websocket("/ws/broken")
async def broken():
    await websocket.accept()
    await websocket.receive()
    raise LookupError("no such room")
"""

FALCON = """
import falcon.asgi
from falcon import WebSocketDisconnected

class Correct:
    async def on_websocket(self, req, ws):
        try:
            await ws.accept()
            while True:
                await ws.send_text(await ws.receive_text())
        except WebSocketDisconnected:
            pass

class Broken:
    async def on_websocket(self, req, ws):
        await ws.accept()
        await ws.receive_text()
        raise LookupError("no such room")

app = falcon.asgi.App()
app.add_route("/ws/correct", Correct())
app.add_route("/ws/broken", Broken())
"""

BLACKSHEEP = """
from blacksheep import Application, WebSocket, WebSocketDisconnectError

app = Application()

@app.router.ws("/ws/correct")
async def correct(websocket: WebSocket):
    await websocket.accept()
    try:
        while True:
            await websocket.send_text(await websocket.receive_text())
    except WebSocketDisconnectError:
        pass

@app.router.ws("/ws/broken")
async def broken(websocket: WebSocket):
    await websocket.accept()
    await websocket.receive_text()
    raise LookupError("no such room")
"""

CHANNELS = """
import django
from django.conf import settings

settings.configure(DEBUG=False, SECRET_KEY="none", ALLOWED_HOSTS=["*"])
django.setup()

from channels.generic.websocket import AsyncWebsocketConsumer, WebsocketConsumer
from channels.routing import ProtocolTypeRouter, URLRouter
from django.urls import path

class Correct(AsyncWebsocketConsumer):
    async def receive(self, text_data=None, bytes_data=None):
        await self.send(text_data=text_data, bytes_data=bytes_data)

class Broken(AsyncWebsocketConsumer):
    async def receive(self, text_data=None, bytes_data=None):
        raise LookupError("no such room")

app = ProtocolTypeRouter({"websocket": URLRouter([
    path("ws/correct", Correct.as_asgi()),
    path("ws/broken", Broken.as_asgi()),
])})
"""

APPLICATIONS = {
    "quart": QUART,
    "falcon": FALCON,
    "blacksheep": BLACKSHEEP,
    "channels": CHANNELS,
}


@pytest.mark.parametrize("framework", APPLICATIONS)
def test_a_correct_handler_passes_and_an_exception_that_the_framework_hides_is_found(
    pytester: pytest.Pytester, framework: str
) -> None:
    pytest.importorskip(framework)
    pytester.makepyprojecttoml("")
    pytester.makepyfile(application=APPLICATIONS[framework])
    paths = "/ws/correct,/ws/broken"
    # A process of its own: Django is configured once in each.
    result = pytester.runpytest_subprocess(
        *("--routes", "--routes-app", "application:app", "--routes-websocket", "-v"),
        *("--routes-ws-paths", paths, "--routes-ws-include", paths, "--routes-ws-messages=text"),
        *("--routes-max-examples", "20", "--routes-seed", "1"),
    )
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines_random(
        ["*test_websocket[[]/ws/correct[]] PASSED*", "*test_websocket[[]/ws/broken[]] FAILED*"]
    )
    result.stdout.fnmatch_lines(["Error Type: message_handler_error"])
    result.stdout.fnmatch_lines(["*LookupError: no such room*"])
