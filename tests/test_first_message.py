"""Routes that must refuse a client without credentials, from the command line on."""

from __future__ import annotations

import pytest

APP = """
from fastapi import FastAPI, WebSocket

app = FastAPI()

@app.websocket("/open")
async def lets_everybody_in(websocket: WebSocket):
    await websocket.accept()
    await websocket.receive_json()
    await websocket.send_json({"hello": "friend"})
    async for message in websocket.iter_json():
        await websocket.send_json({"you": "said"})

@app.websocket("/patient")
async def waits_for_the_right_token(websocket: WebSocket):
    await websocket.accept()
    async for message in websocket.iter_json():
        if isinstance(message, dict) and message.get("token") == "sesame":
            break
        await websocket.send_json({"error": "wrong token"})
    await websocket.send_json({"hello": "friend"})
    async for message in websocket.iter_json():
        await websocket.send_json({"you": "said"})

@app.websocket("/strict")
async def closes(websocket: WebSocket):
    await websocket.accept()
    if await websocket.receive_json() != {"token": "sesame"}:
        await websocket.close(4001)
        return
    await websocket.send_json({"hello": "friend"})
    async for message in websocket.iter_json():
        await websocket.send_json({"you": "said"})
"""
PROJECT = """
[tool.pytest-routes]
app = "myapp:app"
max_examples = 20
seed = 1
websocket.enabled = true
http.enabled = false
websocket.checks.message_handler_error = "off"
websocket.checks.unexpected_frame = "off"

[tool.pytest-routes.auth]
credentials = "bearer:sesame"
first_message = '{"token": "$TOKEN"}'
required = ["/*"]
"""


def test_a_route_that_takes_any_first_message_is_found_and_one_that_waits_for_the_right_is_not(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyfile(myapp=APP)
    pytester.makepyprojecttoml(PROJECT)
    result = pytester.runpytest_subprocess("--routes", "-p", "no:randomly", "-v")
    result.assert_outcomes(failed=1, passed=2)
    result.stdout.fnmatch_lines(
        [
            "Error Type: auth_bypass",
            "> *s  <- accept",
            '*-> text     \'{"token": "not-the-token"}\'',
            '*<- text     \'{"hello":"friend"}\'',
            "FAILED pyproject.toml::test_websocket[[]/open] *",
        ]
    )
