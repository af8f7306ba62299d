"""An exported test fails as the finding did, and passes when the bug is fixed."""

from __future__ import annotations

import ast
import importlib.util
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from pytest_routes.checks import Context, judge
from pytest_routes.http.engine import HttpEngine
from pytest_routes.report.export import App, exported_test, file_text
from pytest_routes.report.redaction import Redaction
from pytest_routes.routes import observe
from pytest_routes.routes.model import Route
from pytest_routes.simulator.conversation import (
    Handshake,
    Leave,
    Message,
    Open,
    Recorded,
    Send,
    Vanish,
    Wait,
)
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import Request
from pytest_routes.websocket.engine import Engine, Limits

from .kinds import KINDS
from .talks import CHAT, Talk

STARLETTE = """
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocketDisconnect

FIXED = False

async def chat(websocket):
    if websocket.query_params.get("room") == "-1" and not FIXED:
        raise ValueError("no such room")
    await websocket.accept()
    try:
        while True:
            text = await websocket.receive_text()
            if text == "boom" and not FIXED:
                raise KeyError("channel")
            await websocket.send_text(text)
    except WebSocketDisconnect as left:
        if left.code == 1001 and not FIXED:
            raise RuntimeError("going away")
        raise

async def item(request):
    number = request.path_params["number"]
    return PlainTextResponse(str(10 / (number or 1) if FIXED else 10 / number))

app = Starlette(routes=[WebSocketRoute("/ws", chat), Route("/items/{number:int}", item)])
"""
LITESTAR = """
from litestar import Litestar, WebSocket, get, websocket
from litestar.exceptions import WebSocketDisconnect

FIXED = False

@websocket("/ws")
async def chat(socket: WebSocket) -> None:
    if socket.query_params.get("room") == "-1" and not FIXED:
        raise ValueError("no such room")
    await socket.accept()
    try:
        while True:
            text = await socket.receive_text()
            if text == "boom" and not FIXED:
                raise KeyError("channel")
            await socket.send_text(text)
    except WebSocketDisconnect as left:
        if left.code == 1001 and not FIXED:
            raise RuntimeError("going away")
        raise

@get("/items/{number:int}")
async def item(number: int) -> str:
    return str(10 / (number or 1) if FIXED else 10 / number)

app = Litestar([chat, item])
"""
FASTAPI = STARLETTE.replace(
    "from starlette.applications import Starlette", "from fastapi import FastAPI"
).replace("app = Starlette(", "app = FastAPI(")
ROUTE = Route("websocket", "/ws")
ITEMS = Route("http", "/items/{number:int}", method="GET")
CONVERSATIONS = [
    (Open(0, Handshake("/ws")), Send(0, Message("text", "hi")), Send(0, Message("text", "boom"))),
    (Open(0, Handshake("/ws", query=(("room", "-1"),))),),
    (Open(0, Handshake("/ws")), Send(0, Message("text", "hi")), Leave(0, 1001, "bye")),
]


def findings(app, framework):
    """What the simulator finds with the conversations, and with a request."""
    server = Server()
    found = []
    try:
        with server.on_duty():
            server.start(app)
            undo = observe(app, server.hidden_exception)
            for steps in CONVERSATIONS:
                transcript = Engine(server, Limits()).run(Recorded(steps))
                found += judge(transcript, {}, Context(framework=framework))
            transcript = HttpEngine(server, 10.0).run(Request("GET", "/items/0"))
            found += judge(transcript, {}, Context(kind="http", framework=framework))
            undo()
            server.stop()
    finally:
        server.close()
    return found


def run(folder: Path) -> str:
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["--tb=line", "-W", "ignore", "test_export.py"]
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return done.stdout


@pytest.mark.parametrize(
    ("framework", "source", "failures"),
    [
        (
            "starlette",
            STARLETTE,
            ["KeyError: 'channel'", "ValueError: no such room", "RuntimeError: going away"],
        ),
        (
            "fastapi",
            FASTAPI,
            ["KeyError: 'channel'", "ValueError: no such room", "RuntimeError: going away"],
        ),
        ("litestar", LITESTAR, ["AssertionError: the handler raised"] * 3),
    ],
)
def test_exported_tests_fail_as_the_findings_did_and_pass_when_the_bug_is_fixed(
    framework, source, failures, tmp_path, monkeypatch
):
    module = tmp_path / "shop.py"
    module.write_text(source)
    spec = importlib.util.spec_from_file_location(f"shop_{framework}", module)
    loaded = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, loaded.__name__, loaded)
    spec.loader.exec_module(loaded)
    found = findings(loaded.app, framework)
    assert [finding.check for finding in found] == [
        "message_handler_error",
        "connection_error",
        "shutdown_error",
        "handler_error",
    ]
    tests = [
        exported_test(
            finding,
            replace(ITEMS if finding.check == "handler_error" else ROUTE, framework=framework),
        )
        for finding in found
    ]
    text = file_text(tests, App.of("shop:app"), seed=7)
    (tmp_path / "test_export.py").write_text(text)

    output = run(tmp_path)
    for failure in failures:
        assert output.count(f"E   {failure}") == failures.count(failure), output
    assert output.rstrip().split("\n")[-1].startswith("4 failed")

    module.write_text(source.replace("FIXED = False", "FIXED = True"))
    output = run(tmp_path)
    assert output.rstrip().split("\n")[-1].startswith("4 passed"), output


SIMULATED = """
import asyncio
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect

FIXED = False
PRESENT = []

async def silent(websocket):
    await websocket.accept()
    async for text in websocket.iter_text():
        if text == "stop" and not FIXED:
            await asyncio.Event().wait()

async def idle(websocket):
    await websocket.accept()
    try:
        await asyncio.wait_for(websocket.receive_text(), 60)
    except TimeoutError:
        if not FIXED:
            raise RuntimeError("nobody said anything")
        await websocket.close(1001)
    except WebSocketDisconnect:
        pass

async def room(websocket):
    await websocket.accept()
    PRESENT.append(websocket)
    try:
        async for text in websocket.iter_text():
            if len(PRESENT) == 2 and text == "both" and not FIXED:
                raise LookupError("who of them")
    finally:
        PRESENT.remove(websocket)

app = Starlette(routes=[
    WebSocketRoute("/silent", silent), WebSocketRoute("/idle", idle), WebSocketRoute("/room", room)
])
"""
TALKS = {
    "message_timeout": (
        "/silent",
        (Open(0, Handshake("/silent")), Send(0, Message("text", "stop"))),
    ),
    "message_handler_error": ("/idle", (Open(0, Handshake("/idle")), Wait(61.0))),
    "the same, with two clients": (
        "/room",
        (
            Open(0, Handshake("/room")),
            Open(1, Handshake("/room"), settle=False),
            Send(0, Message("text", "both")),
        ),
    ),
}


def test_exported_tests_show_hangs_time_and_several_clients_with_the_simulator(
    tmp_path, monkeypatch
):
    module = tmp_path / "shop.py"
    module.write_text(SIMULATED)
    spec = importlib.util.spec_from_file_location("shop_simulated", module)
    loaded = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, loaded.__name__, loaded)
    spec.loader.exec_module(loaded)
    server = Server()
    tests = []
    try:
        with server.on_duty():
            server.start(loaded.app)
            for path, steps in TALKS.values():
                transcript = Engine(server, Limits()).run(Recorded(steps))
                (finding,) = judge(transcript, {}, Context(framework="starlette"))
                route = Route("websocket", path, framework="starlette")
                tests.append(exported_test(finding, route))
    finally:
        server.close()
    text = file_text(tests, App.of("shop:app"), seed=7)
    assert text.count("with simulate(app) as server:") == 3
    (tmp_path / "test_export.py").write_text(text)

    output = run(tmp_path)
    for failure in ("stopped reading after message 1", "nobody said anything", "who of them"):
        assert failure in output
    assert output.rstrip().split("\n")[-1].startswith("3 failed"), output

    module.write_text(SIMULATED.replace("FIXED = False", "FIXED = True"))
    output = run(tmp_path)
    assert output.rstrip().split("\n")[-1].startswith("3 passed"), output


def exported(finding, route, app="shop:app", **options) -> str:
    text = file_text([exported_test(finding, route, **options)], App.of(app), seed=7)
    ast.parse(text)
    return text


def crash(*steps, check="message_handler_error"):
    finding = KINDS["message_handler_error"].finding("message_handler_error")
    transcript = replace(finding.transcript, steps=list(steps))
    return replace(finding, check=check, transcript=transcript)


def test_a_starlette_test_reads_well():
    finding = crash(*CONVERSATIONS[0], Leave(0))
    assert exported(finding, replace(CHAT, framework="starlette")) == (
        '"""Found by pytest-routes (seed 7)."""\n'
        "\n"
        "import time\n"
        "from contextlib import suppress\n"
        "\n"
        "from shop import app\n"
        "from starlette.testclient import TestClient\n"
        "from starlette.websockets import WebSocketDisconnect\n"
        "\n"
        "\n"
        "def test_ws_chat_message_handler_error():\n"
        '    """Server closed connection unexpectedly: KeyError: \'channel\' in subscribe '
        '(chat_app.py:18)"""\n'
        "    with (\n"
        "        suppress(WebSocketDisconnect),  # it may be closed, but not by an exception\n"
        "        TestClient(app) as client,\n"
        "        client.websocket_connect('/ws') as websocket,\n"
        "    ):\n"
        "        websocket.send_text('hi')\n"
        "        websocket.send_text('boom')\n"
        "        time.sleep(0.1)  # the handler reacts\n"
    )


def test_what_a_test_client_cannot_show_is_shown_by_the_simulator():
    steps = (
        Open(0, Handshake("/ws", headers=(("a", "1"),), subprotocols=("v1",))),
        Open(1, Handshake("/ws"), settle=False, slow_reader=True),
        Send(1, Message("bytes", b"\x00" * 500), settle=False),
        Wait(30.5),
        Vanish(1),
        Leave(0, 1001, "bye"),
    )
    talk = Talk().connect()
    talk.transcript.steps.extend(steps)
    text = exported(talk.finding("message_timeout"), replace(CHAT, framework="starlette"))
    body = text[text.index("    with simulate") :]
    assert body == (
        "    with simulate(app) as server:\n"
        "        client_0 = server.connect('/ws', subprotocols=['v1'], headers=[('a', '1')])\n"
        "        client_1 = server.connect('/ws', slow_reader=True, settle=False)\n"
        "        client_1.send_bytes(b'\\x00' * 500, settle=False)\n"
        "        server.sleep(30.5)\n"
        "        server.check()\n"
    )


@pytest.mark.parametrize(
    "steps",
    [
        (Open(0, Handshake("/ws")), Open(1, Handshake("/ws"))),
        (Open(0, Handshake("/ws")), Wait(5.0)),
        (Open(0, Handshake("/ws")), Send(0, Message("text", ""), settle=False)),
        (Open(0, Handshake("/ws"), slow_reader=True),),
        (Open(0, Handshake("/ws", headers=(("a", "1"), ("a", "2")))),),
    ],
)
def test_clients_time_and_haste_need_the_simulator(steps):
    route = replace(CHAT, framework="starlette")
    assert "with simulate(app)" in exported(crash(*steps), route)
    assert "with simulate(app)" in exported(crash(*CONVERSATIONS[0]), CHAT)
    assert "with simulate(app)" not in exported(crash(*CONVERSATIONS[0]), route)


@pytest.mark.parametrize(
    ("reference", "lines"),
    [
        ("shop:app", ["from shop import app"]),
        ("a.b:shop.asgi", ["from a.b import shop", "app = shop.asgi"]),
        ("shop:create_app()", ["from shop import create_app", "app = create_app()"]),
    ],
)
def test_the_application_is_found_as_the_option_says(reference, lines):
    text = exported(crash(*CONVERSATIONS[0]), CHAT, reference).split("\n")
    assert [line for line in text if line in lines] == lines


def test_a_factory_that_has_to_be_awaited_is():
    test = exported_test(crash(*CONVERSATIONS[0]), CHAT)
    text = file_text([test], App.of("shop:create_app()", asynchronous=True), seed=7)
    assert "app = asyncio.run(create_app())" in text.split("\n")


def test_secrets_are_read_from_the_environment():
    handshake = Handshake(
        "/ws", query=(("token", "s3cr&t"),), headers=(("authorization", "Bearer s3cr&t"),)
    )
    steps = (Open(0, handshake), Send(0, Message("text", "s3cr&t")))
    route = replace(CHAT, framework="starlette")
    text = exported(crash(*steps), route, redact=Redaction(("s3cr&t",)))
    assert "s3cr" not in text
    lines = [line.strip() for line in text.split("\n")]
    assert 'SECRET_0 = os.environ["PYTEST_ROUTES_SECRET_0"]' in lines
    assert "websocket.send_text(SECRET_0)" in lines
    assert (
        "client.websocket_connect('/ws?token=' + quote_plus(SECRET_0), "
        "headers={'authorization': 'Bearer ' + SECRET_0}) as websocket,"
    ) in lines
    assert "from urllib.parse import quote_plus" in lines


def test_tests_of_the_same_name_are_numbered():
    test = exported_test(crash(*CONVERSATIONS[0]), CHAT)
    text = file_text([test, test], App.of("shop:app"), seed=7)
    ast.parse(text)
    assert "def test_ws_chat_message_handler_error():" in text
    assert "def test_ws_chat_message_handler_error_2():" in text


@pytest.mark.parametrize("check", KINDS)
def test_every_kind_of_finding_can_be_exported(check):
    kind = KINDS[check]
    finding = kind.finding(check)
    if kind.route.kind == "websocket":
        steps = [Open(0, Handshake("/ws")), Send(0, Message("text", '"""\\\ud800'))]
        finding.transcript.steps[:] = steps
    for framework in ("starlette", "litestar", ""):
        exported(finding, replace(kind.route, framework=framework))
