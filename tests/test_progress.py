"""Whoever watches a terminal sees how far the search is; a log has nothing of it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

APP = """
import time
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

async def slow(websocket):
    await websocket.accept()
    time.sleep(0.05)
    async for text in websocket.iter_text():
        pass

app = Starlette(routes=[WebSocketRoute("/ws/slow", slow)])
"""
COMMAND = [sys.executable, "-m", "pytest", "--routes", "--routes-websocket"]
COMMAND += ["--routes-app", "myapp:app", "--routes-max-examples", "40", "-p", "no:randomly"]
CURSOR = "\x1b7"
pty = pytest.importorskip("pty")


def _on_a_terminal(folder: os.PathLike[str], *arguments: str) -> str:
    here, there = pty.openpty()
    environment = os.environ | {"TERM": "xterm", "COLUMNS": "120"}
    running = subprocess.Popen(
        [*COMMAND, *arguments], cwd=folder, env=environment, stdout=there, stderr=there
    )
    os.close(there)
    output = b""
    while True:
        try:
            output += os.read(here, 65_536)
        except OSError:  # the other end is closed
            break
    os.close(here)
    assert running.wait(60) == 0, output.decode()
    return output.decode()


def test_a_terminal_shows_how_far_and_how_fast_the_search_is(tmp_path) -> None:
    (tmp_path / "myapp.py").write_text(APP)
    shown = _on_a_terminal(tmp_path)
    assert CURSOR in shown
    assert "/ws/slow: " in shown
    assert " of 40 sequences, " in shown
    _, _, rest = shown.rpartition("\x1b8")
    assert rest.startswith("\x1b[K"), "what was shown is taken away again"
    assert "1 passed" in rest


def test_a_log_and_a_quiet_run_show_nothing_of_it(tmp_path) -> None:
    (tmp_path / "myapp.py").write_text(APP)
    assert CURSOR not in _on_a_terminal(tmp_path, "-q")
    logged = subprocess.run(
        COMMAND, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=True
    )
    assert "\x1b" not in logged.stdout
    assert " of 40 sequences" not in logged.stdout
