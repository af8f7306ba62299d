"""The rules that more than one part of the server reads."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from pytest_routes.http.engine import HttpEngine
from pytest_routes.simulator.conversation import Handshake, Open, Recorded
from pytest_routes.simulator.rules import RULES, header_problem, is_sendable_close_code
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import Accepted, Request, Transcript, Violated
from pytest_routes.websocket.engine import Engine, Limits


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    with server.on_duty():
        yield server
    server.close()


def answer(
    server: Server, status: int, *headers: tuple[bytes, bytes], body: bytes = b""
) -> Transcript:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        await receive()
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    server.start(app)
    return HttpEngine(server, 30.0).run(Request("GET", "/"))


def broken(transcript: Transcript) -> list[tuple[str, str]]:
    return [(each.rule, each.detail) for each in transcript.of(Violated)]


@pytest.mark.parametrize("status", [204, 205, 304])
def test_a_response_without_content_has_no_body(server: Server, status: int) -> None:
    assert broken(answer(server, status)) == []
    assert broken(answer(server, status, body=b"null")) == [
        ("no_content", f"the response with status {status} has a body of 4 bytes")
    ]


@pytest.mark.parametrize("status", [200, 599])
def test_a_status_from_200_to_599_answers_a_request(server: Server, status: int) -> None:
    assert broken(answer(server, status, (b"content-type", b"text/plain"))) == []


@pytest.mark.parametrize("status", [100, 101, 103, 199, 600])
def test_another_status_does_not_answer_a_request(server: Server, status: int) -> None:
    assert broken(answer(server, status)) == [("status_code", f"got {status}")]


def test_two_lengths_are_none(server: Server) -> None:
    length = b"content-length"
    assert broken(answer(server, 200, (length, b"2"), (length, b"2"), body=b"ok")) == []
    assert broken(answer(server, 200, (length, b"2"), (length, b"3"), body=b"ok")) == [
        ("content_length", "Content-Length is 2, 3")
    ]


@pytest.mark.parametrize("name", [b"Upgrade", b"connection", b"sec-websocket-accept"])
def test_the_handshakes_own_headers_are_not_sent_twice(server: Server, name: bytes) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "websocket"
        await receive()
        await send({"type": "websocket.accept", "headers": [(name, b"x")]})

    server.start(app)
    transcript = Engine(server, Limits()).run(Recorded((Open(0, Handshake("/")),)))
    detail = f"{name.decode()} is among the headers"
    assert broken(transcript) == [("handshake_header", detail)]
    assert transcript.first(Accepted) is not None


@pytest.mark.parametrize(
    "header", [(b"x-name", b"a b\tc"), (b"X~Name", b""), (b"x", "é".encode("latin-1"))]
)
def test_a_legal_header_is_no_problem(header: tuple[bytes, bytes]) -> None:
    assert header_problem([header]) is None


@pytest.mark.parametrize(
    ("header", "problem"),
    [
        ((b"x y", b"a"), "b'x y' is no header name"),
        ((b"x(y", b"a"), "b'x(y' is no header name"),
        ((b"x:", b"a"), "b'x:' is no header name"),
        ((b"", b"a"), "b'' is no header name"),
        ((b"x", b" a"), "the value of x is b' a'"),
        ((b"x", b"a\t"), "the value of x is b'a\\t'"),
        ((b"x", b"a\nb"), "the value of x is b'a\\nb'"),
        ((b"x", b"a\0b"), "the value of x is b'a\\x00b'"),
    ],
)
def test_an_illegal_header_is_told(header: tuple[bytes, bytes], problem: str) -> None:
    assert header_problem([header]) == ("header_value", problem)


@pytest.mark.parametrize("pair", [("x", b"a"), (b"x", "a"), ("x", "a"), (b"x", None)])
def test_names_and_values_of_headers_are_bytes(pair: tuple[object, object]) -> None:
    assert header_problem([pair]) == ("header_type", f"expected a pair of bytes, got {pair!r}")


def test_the_close_codes_that_may_be_sent() -> None:
    codes = [code for code in range(-1, 70_000) if is_sendable_close_code(code)]
    assert codes == [1000, 1001, 1002, 1003, *range(1007, 1015), *range(3000, 5000)]
    assert not is_sendable_close_code("1000")
    assert not is_sendable_close_code(None)


def test_every_rule_says_what_holds_and_where_that_is_written() -> None:
    for rule in RULES.values():
        assert not rule.text.endswith(".")
        assert rule.source.startswith(("ASGI, ", "RFC "))
