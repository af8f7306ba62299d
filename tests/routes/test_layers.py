"""The framework's object is found below whatever surrounds it."""

from __future__ import annotations

import functools
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware.cors import CORSMiddleware
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from pytest_routes.routes import layers

WANTED = Starlette()
OTHER = Starlette()


class Named:
    def __init__(self, app: Any) -> None:
        self.other_asgi_app = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


class Unnamed(Named):
    def __init__(self, app: Any) -> None:
        self.something = app


class Slotted:
    __slots__ = ("hidden",)

    def __init__(self, app: Any) -> None:
        self.hidden = app

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...


class Dispatcher(Unnamed):
    def __init__(self, app: Any) -> None:
        self.by_protocol = {"lifespan": None, "websocket": app}


class Listing(Unnamed):
    def __init__(self, app: Any) -> None:
        self.mounts = [("/", app)]


class Failing(Named):
    @property
    def app(self) -> Any:
        raise RuntimeError("not started")


class OwnMethods(Named):
    def __init__(self, app: Any) -> None:
        self.application = self.serve
        self.served = app

    async def serve(self, scope: Any, receive: Any, send: Any) -> None: ...


def closure(app: Any) -> Any:
    async def served(scope: Any, receive: Any, send: Any) -> None:
        await app(scope, receive, send)

    return served


def wrapped(app: Any) -> Any:
    @functools.wraps(app)
    async def served(scope: Any, receive: Any, send: Any) -> None: ...

    return served


async def with_option(app: Any, scope: Any, receive: Any, send: Any) -> None: ...


async def global_name(scope: Any, receive: Any, send: Any) -> None:
    await WANTED(scope, receive, send)


async def through_another(scope: Any, receive: Any, send: Any) -> None:
    await global_name(scope, receive, send)


def a_helper(_: Any) -> Any:
    return OTHER


async def with_helper(scope: Any, receive: Any, send: Any) -> None:
    a_helper(scope)


def two_arguments(environ: Any, start_response: Any) -> None: ...


def is_wanted(candidate: Any) -> bool:
    return candidate is WANTED or candidate is OTHER


@pytest.mark.parametrize(
    "around",
    [
        lambda app: app,
        Named,
        Unnamed,
        Slotted,
        Dispatcher,
        Listing,
        Failing,
        OwnMethods,
        closure,
        wrapped,
        lambda app: app.__call__,
        lambda app: Named(app).__call__,
        lambda app: functools.partial(with_option, app),
        lambda app: functools.partial(functools.partial(with_option), app=app),
        lambda _: global_name,
        lambda _: through_another,
        lambda app: CORSMiddleware(ProxyHeadersMiddleware(app)),
        lambda app: Unnamed(closure(Slotted(Dispatcher(app)))),
    ],
)
def test_the_application_is_found(around: Any) -> None:
    assert layers.search(around(WANTED), is_wanted).apps == (WANTED,)


def test_the_layers_passed_are_told_outermost_first() -> None:
    inner = Named(WANTED)
    outer = CORSMiddleware(inner)
    assert layers.search(outer, is_wanted).through == (outer, inner)


def test_every_application_that_one_layer_dispatches_to_is_found() -> None:
    class Two(Unnamed):
        def __init__(self) -> None:
            self.api, self.web = WANTED, OTHER

    assert layers.search(Two(), is_wanted).apps == (WANTED, OTHER)


def test_an_application_that_is_kept_for_a_path_is_told_with_the_path() -> None:
    class Mounts(Unnamed):
        def __init__(self) -> None:
            self.mounts = {"/api/": WANTED, "websocket": OTHER}

    class Pairs(Unnamed):
        def __init__(self) -> None:
            self.outer = [("/v1", Mounts())]

    assert layers.search(Mounts(), is_wanted).prefixes == ("/api", "")
    assert layers.search(Pairs(), is_wanted).prefixes == ("/v1/api", "/v1")


def test_a_function_that_an_application_calls_is_not_searched() -> None:
    assert layers.search(with_helper, is_wanted).apps == ()


def test_what_is_no_framework_ends_at_the_innermost_application() -> None:
    found = layers.search(CORSMiddleware(Named(global_name)), lambda _: False)
    assert found.apps == ()
    assert found.innermost is global_name


def test_something_else_that_can_be_called_is_no_layer() -> None:
    class Server(Named):
        def __init__(self) -> None:
            self.app = self.fn = two_arguments
            self.func = print

    server = Server()
    assert layers.search(server, is_wanted).innermost is server


def test_layers_that_go_in_circles_or_never_end_are_left() -> None:
    first, second = Named(None), Named(None)
    first.other_asgi_app, second.other_asgi_app = second, first

    class Endless:
        def __getattr__(self, name: str) -> Any:
            return Endless()

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None: ...

    assert layers.search(first, is_wanted).apps == ()
    assert layers.search(Endless(), is_wanted).apps == ()
