"""What a conversation of a route is made of."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from pytest_routes.config.model import Config
from pytest_routes.generate.choices import KnownChoices
from pytest_routes.generate.messages import message_source
from pytest_routes.routes import discover
from pytest_routes.simulator.transcript import Transcript
from pytest_routes.websocket.examine import plan_for


async def whatever(ws: Any) -> None:
    await ws.accept(subprotocol=ws.scope["subprotocols"][0])


async def named(ws: Any) -> None:
    await ws.accept(subprotocol="v1.rooms" if "v1.rooms" in ws.scope["subprotocols"] else None)


async def none(ws: Any) -> None:
    await ws.accept()


def offered(handler: Any, declared: tuple[str, ...] = (), **websocket: Any) -> tuple[str, ...]:
    (route,) = discover(Starlette(routes=[WebSocketRoute("/ws", handler)])).routes
    route = replace(route, subprotocols=declared)
    config = Config(app="apps:app", websocket={"enabled": True, **websocket})
    plan = plan_for(route, config, message_source(route))
    return plan.handshake(KnownChoices(), Transcript()).subprotocols


@pytest.mark.parametrize(
    ("handler", "declared", "expected"),
    [
        (whatever, (), ("chat",)),
        (whatever, ("graphql-ws",), ("graphql-ws",)),
        (named, (), ("v1.rooms",)),
        (none, (), ()),
    ],
)
def test_a_subprotocol_is_made_up_only_where_none_is_known(
    handler: Any, declared: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert offered(handler, declared) == expected


def test_the_configuration_says_what_is_offered_at_all() -> None:
    assert offered(whatever, subprotocols=["v2.rooms"]) == ("v2.rooms",)
    assert offered(whatever, validate_subprotocols=False) == ()
