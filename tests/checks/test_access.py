from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.responses import JSONResponse, RedirectResponse
from starlette.routing import Route

from checks.conversing import accepting, conversation, found, opened, requested, said, told
from pytest_routes.checks import Context, judge
from pytest_routes.simulator.conversation import Message


def closing(after_messages, code=1008):
    """An application that accepts, reads some messages and closes."""

    async def closes(receive, send):
        for _ in range(after_messages):
            await receive()
            await send({"type": "websocket.send", "text": "unauthorized"})
        await send({"type": "websocket.close", "code": code})

    return accepting(closes)


async def stays(receive, send):
    while (await receive())["type"] == "websocket.receive":
        pass


async def refuses(scope, receive, send):
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 4001})


REQUIRED = {"must_authenticate": True}
FIRST = {"must_authenticate": True, "first_message_authenticates": True}


def test_a_route_that_lets_everyone_in_is_an_error():
    (finding,) = found(accepting(stays), opened(), **REQUIRED)
    assert told(finding) == [
        "auth_bypass",
        "Client without credentials was let in",
        "Client without credentials to be refused",
        "Connection accepted, and kept open",
    ]
    assert found(accepting(stays), opened()) == []


def test_refusing_and_accepting_to_close_at_once_are_right():
    assert found(refuses, opened(), **REQUIRED) == []
    assert found(closing(0), opened(), **REQUIRED) == []


def test_reading_a_message_first_is_too_late() -> None:
    steps = opened(), said("let me in"), said("please")
    assert found(closing(1), *steps, **REQUIRED) != []


WELCOME = (Message("text", "welcome"),)


def answering(text):
    async def answers(receive, send):
        while (await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": text})

    return accepting(answers)


def test_who_is_answered_like_a_client_with_credentials_was_let_in() -> None:
    steps = opened(), said('{"token": "wrong"}')
    (finding,) = found(answering("welcome"), *steps, **FIRST, answers_to_credentials=WELCOME)
    assert finding.check == "auth_bypass"


def test_a_handler_that_waits_for_the_right_first_message_lets_nobody_in() -> None:
    steps = opened(), said('{"token": "wrong"}')
    for app in (answering("wrong token"), accepting(stays), closing(1)):
        assert found(app, *steps, **FIRST, answers_to_credentials=WELCOME) == []


def test_where_the_first_message_decides_nothing_is_known_without_an_answer() -> None:
    assert found(accepting(stays), opened(), **FIRST) == []
    assert found(answering("welcome"), opened(), said("a"), **FIRST) == []


@pytest.mark.parametrize("status", [200, 201, 299])
def test_an_http_route_must_not_succeed(status):
    async def answers(request):
        return JSONResponse({}, status_code=status)

    (finding,) = requested(Starlette(routes=[Route("/", answers)]), **REQUIRED)
    assert (finding.check, finding.actual) == ("auth_bypass", f"HTTP {status}")


@pytest.mark.parametrize("status", [300, 401, 403, 404, 422])
def test_any_refusal_will_do(status):
    async def answers(request):
        return JSONResponse({}, status_code=status)

    assert requested(Starlette(routes=[Route("/", answers)]), **REQUIRED) == []


def test_a_redirect_to_the_login_is_right():
    async def redirects(request):
        return RedirectResponse("/login")

    assert requested(Starlette(routes=[Route("/", redirects)]), **REQUIRED) == []


def origins(*steps):
    transcript = conversation(accepting(stays), *steps)
    return judge(transcript, {"origin_unchecked": "warn"}, Context())


COOKIE = ("Cookie", "session=1")
FOREIGN = ("Origin", "https://evil.example")


def test_a_foreign_origin_with_cookies_is_found_when_it_is_asked_for():
    (finding,) = origins(opened(headers=(COOKIE, FOREIGN)))
    assert told(finding) == [
        "origin_unchecked",
        "Handshake with cookies from a foreign origin was accepted",
        "Connection to be refused",
        "Connection accepted with Origin https://evil.example",
    ]
    assert found(accepting(stays), opened(headers=(COOKIE, FOREIGN))) == []


@pytest.mark.parametrize(
    "headers",
    [(FOREIGN,), (COOKIE,), (COOKIE, ("Origin", "http://localhost")), ()],
)
def test_without_cookies_or_from_the_same_host_it_is_right(headers):
    assert origins(opened(headers=headers)) == []


def test_a_handler_that_closes_at_once_has_checked():
    transcript = conversation(closing(0), opened(headers=(COOKIE, FOREIGN)))
    assert judge(transcript, {"origin_unchecked": "error"}, Context()) == []
