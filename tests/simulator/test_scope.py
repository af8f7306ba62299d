"""What the application is told about a connection or a request, whole."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from pytest_routes.simulator.conversation import Handshake
from pytest_routes.simulator.profiles import PROFILES
from pytest_routes.simulator.scope import http_scope, websocket_scope
from pytest_routes.simulator.transcript import Request

UVICORN = PROFILES["uvicorn"]


def header(scope: dict[str, Any], wanted: bytes) -> list[bytes]:
    return [value for name, value in scope["headers"] if name == wanted]


def test_the_scope_of_a_connection() -> None:
    scope = websocket_scope(Handshake("/chat", host="a.example"), 2, UVICORN, {"db": 1})
    assert scope == {
        "type": "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "ws",
        "path": "/chat",
        "raw_path": b"/chat",
        "query_string": b"",
        "root_path": "",
        "headers": [
            (b"host", b"a.example"),
            (b"connection", b"Upgrade"),
            (b"upgrade", b"websocket"),
            (b"sec-websocket-version", b"13"),
            (b"sec-websocket-key", b"cHl0ZXN0LXJvdXRlcyEhIQ=="),
            (b"user-agent", b"pytest-routes"),
            (b"origin", b"http://a.example"),
        ],
        "client": ("127.0.0.1", 50_002),
        "server": ("127.0.0.1", 80),
        "subprotocols": [],
        "extensions": {"websocket.http.response": {}},
        "state": {"db": 1},
    }


def test_the_scope_of_a_request() -> None:
    scope = http_scope(Request("GET", "/items"), UVICORN, {"db": 1})
    assert scope == {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.3"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": "/items",
        "raw_path": b"/items",
        "query_string": b"",
        "root_path": "",
        "headers": [
            (b"host", b"localhost"),
            (b"accept", b"*/*"),
            (b"user-agent", b"pytest-routes"),
            (b"connection", b"keep-alive"),
        ],
        "client": ("127.0.0.1", 50_000),
        "server": ("127.0.0.1", 80),
        "state": {"db": 1},
    }


@pytest.mark.parametrize(
    ("request_", "length"),
    [
        (Request("GET", "/"), []),
        (Request("DELETE", "/"), []),
        (Request("DELETE", "/", body=b"why"), [b"3"]),
        (Request("POST", "/"), [b"0"]),
        (Request("PUT", "/"), [b"0"]),
        (Request("PATCH", "/", body=b"{}"), [b"2"]),
        (Request("PATCH", "/", body=b"{}", headers=(("Content-Length", "7"),)), [b"7"]),
    ],
)
def test_a_request_says_how_long_its_body_is_if_it_may_have_one(
    request_: Request, length: list[bytes]
) -> None:
    assert header(http_scope(request_, UVICORN, None), b"content-length") == length


def test_state_is_told_where_there_is_some_and_each_connection_has_its_own() -> None:
    state = {"db": 1}
    scope = websocket_scope(Handshake("/"), 0, UVICORN, state)
    assert scope["state"] == state
    assert scope["state"] is not state
    assert "state" not in websocket_scope(Handshake("/"), 0, UVICORN, None)
    stateless = replace(UVICORN, state=False)
    assert "state" not in websocket_scope(Handshake("/"), 0, stateless, state)


def test_what_the_client_says_takes_the_place_of_what_is_usual() -> None:
    own = (("Origin", "null"), ("Cookie", "a=1"), ("cookie", "b=2"))
    scope = websocket_scope(Handshake("/", headers=own), 0, UVICORN, None)
    assert header(scope, b"origin") == [b"null"]
    assert header(scope, b"cookie") == [b"a=1", b"b=2"]


def test_headers_travel_as_latin_1_or_else_as_utf_8() -> None:
    own = (("X", "é"), ("Y", "€"), ("Z", "\ud800"))
    headers = websocket_scope(Handshake("/", headers=own), 0, UVICORN, None)["headers"]
    assert headers[-3:] == [(b"x", b"\xe9"), (b"y", b"\xe2\x82\xac"), (b"z", b"\xed\xa0\x80")]


def test_a_path_travels_as_ascii_and_a_query_percent_encoded() -> None:
    scope = websocket_scope(Handshake("/é", query=(("a", "\ud800"),)), 0, UVICORN, None)
    assert (scope["path"], scope["raw_path"]) == ("/é", b"/?")
    assert scope["query_string"] == b"a=%ED%A0%80"


def test_an_extension_that_the_server_does_not_have_is_not_offered() -> None:
    without = replace(UVICORN, denial_response=False)
    assert websocket_scope(Handshake("/"), 0, without, None)["extensions"] == {}
