"""What is an ASGI application and what is something else."""

from __future__ import annotations

import json
from typing import Any

import pytest

from pytest_routes.asgi import why_not_asgi


async def plain(scope, receive, send): ...


def returns_an_awaitable(scope, receive, send):
    return plain(scope, receive, send)


async def takes_anything(*args): ...


async def takes_more(scope, receive, send, extra=None): ...


class Instance:
    async def __call__(self, scope, receive, send): ...


class Endpoint:
    def __init__(self, scope, receive, send): ...

    def __await__(self): ...


@pytest.mark.parametrize(
    "app",
    [plain, returns_an_awaitable, takes_anything, takes_more, Instance(), Endpoint],
    ids=lambda app: getattr(app, "__name__", type(app).__name__),
)
def test_a_callable_with_scope_receive_and_send_is_an_asgi_application(app: Any) -> None:
    assert why_not_asgi(app) == ""


class TwoSteps:
    def __init__(self, scope): ...

    async def __call__(self, receive, send): ...


def two_steps(scope):
    return {**scope, "app": plain}


def wsgi(environ, start_response): ...


def factory(): ...


def factory_with_options(config=None, debug=False, level=0): ...


def four(a, b, c, d): ...


ASGI_2 = (
    "is an ASGI 2 application (called with the scope alone, then with receive and send); "
    "wrap it with asgiref.compatibility.guarantee_single_callable"
)


@pytest.mark.parametrize(
    ("app", "complaint"),
    [
        (None, "is None, not an ASGI application"),
        ({}, "is a dict, not an ASGI application"),
        (3, "is an int, not an ASGI application"),
        (json, "is the module json, not an ASGI application"),
        (TwoSteps, ASGI_2),
        (
            two_steps,
            "takes one argument: an ASGI 2 application (wrap it with "
            "asgiref.compatibility.guarantee_single_callable) or a factory that wants an "
            "argument (write one that wants none)",
        ),
        (Instance, "is the class Instance; an instance of it is needed"),
        (
            wsgi,
            "takes two arguments: a WSGI application (Flask, Django's get_wsgi_application()); "
            "wrap it with a2wsgi.WSGIMiddleware or asgiref.wsgi.WsgiToAsgi",
        ),
        (
            factory,
            "is called without arguments, so it is a factory and not an ASGI application",
        ),
        (
            factory_with_options,
            "is called without arguments, so it is a factory and not an ASGI application",
        ),
        (four, "does not take the three arguments scope, receive and send of an ASGI application"),
    ],
)
def test_what_is_no_asgi_application_is_told_apart(app: Any, complaint: str) -> None:
    assert why_not_asgi(app) == complaint
