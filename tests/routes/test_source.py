"""A handler is shown as its author wrote it, with what runs around it."""

from __future__ import annotations

import functools
from contextlib import asynccontextmanager
from typing import Any

from starlette.authentication import requires

from pytest_routes.routes.source import user_code, written


async def handler(websocket: Any) -> None: ...


class Chat:
    async def talk(self, websocket: Any) -> None: ...

    async def __call__(self, websocket: Any) -> None: ...


def with_wraps(function: Any) -> Any:
    @functools.wraps(function)
    async def with_wraps_wrapper(websocket: Any) -> None:
        await function(websocket)

    return with_wraps_wrapper


def without_wraps(function: Any) -> Any:
    async def without_wraps_wrapper(websocket: Any) -> None:
        await function(websocket)

    return without_wraps_wrapper


def names(functions: Any) -> list[str]:
    return [function.__code__.co_name for function in functions]


def test_a_function_and_a_class_are_themselves() -> None:
    assert written(handler).handler is handler
    assert written(Chat).handler is Chat


def test_partials_and_bound_methods_lead_to_the_function() -> None:
    assert written(functools.partial(functools.partial(handler))).handler is handler
    assert written(Chat().talk).handler is Chat.talk


def test_an_instance_leads_to_its_class() -> None:
    assert written(Chat()).handler is Chat


def test_a_decorator_with_wraps_runs_around_the_handler() -> None:
    code = written(with_wraps(with_wraps(handler)))
    assert code.handler is handler
    assert names(code.around) == ["with_wraps_wrapper", "with_wraps_wrapper"]


def test_a_decorator_without_wraps_is_the_handler_and_what_it_calls_is_read_too() -> None:
    code = written(without_wraps(handler))
    assert code.handler is not None
    assert names([code.handler]) == ["without_wraps_wrapper"]
    assert code.around == (handler,)


def as_endpoint(function: Any) -> Any:
    class MadeEndpoint:
        async def on_receive(self, websocket: Any) -> None:
            await function(websocket)

    return MadeEndpoint


def test_a_class_that_a_decorator_made_leads_to_the_decorated_function() -> None:
    code = written(as_endpoint(handler))
    assert isinstance(code.handler, type)
    assert code.around == (handler,)


def test_a_frameworks_decorator_is_passed_over() -> None:
    assert written(requires("authenticated")(handler)) == written(handler)


def test_something_built_in_c_has_no_source() -> None:
    assert written(print).handler is None
    assert written(None).handler is None


def test_user_code_is_each_function_once_without_libraries() -> None:
    @asynccontextmanager
    async def lifespan() -> Any:
        yield

    found = user_code(
        [handler, Chat().talk, functools.partial(handler), lifespan, print, Exception]
    )
    assert found == (handler, Chat.talk, lifespan.__wrapped__)  # type: ignore[attr-defined]


def test_a_decorator_around_itself_ends() -> None:
    async def odd(websocket: Any) -> None: ...

    odd.__wrapped__ = odd  # type: ignore[attr-defined]
    assert written(odd).handler is odd
