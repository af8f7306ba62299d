"""Conversations in which clients talk to several routes of one application.

What one route does to another (a publisher to its subscribers, a lobby to its games) shows only
when both have clients at once. `websocket.group` names the routes that belong together.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from pytest_routes.routes.globs import matches_any
from pytest_routes.simulator.transcript import Opened, Transcript

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_routes.config import Config
    from pytest_routes.generate.choices import Choices
    from pytest_routes.generate.conversation import Plan
    from pytest_routes.routes.model import Route
    from pytest_routes.simulator.conversation import Handshake, Message


def companions(route: Route, routes: Iterable[Route], config: Config) -> tuple[Route, ...]:
    """The other WebSocket routes of the group that `route` belongs to."""
    group = config.websocket.group
    if not matches_any(group, route.path):
        return ()
    return tuple(
        each
        for each in routes
        if each.kind == "websocket" and each.id != route.id and matches_any(group, each.path)
    )


def grouped(own: Plan, others: Sequence[Plan]) -> Plan:
    """A plan whose first client opens its own route, and further ones also those of `others`.

    Each client says what is said on the route that it has opened.
    """
    if not others:
        return own
    plans = (own, *others)

    def handshake(choices: Choices, transcript: Transcript) -> Handshake:
        if transcript.first(Opened) is None:
            opened.clear()
            return own.handshake(choices, transcript)
        chosen = choices.index(len(plans))
        if chosen == 0:
            return own.handshake(choices, transcript)
        # Not told of the first client, whose path is one of another route.
        drawn = plans[chosen].handshake(choices, Transcript())
        opened[drawn.path] = plans[chosen]
        return drawn

    def message(choices: Choices, transcript: Transcript, client: int) -> Message:
        event = transcript.first(Opened, client)
        plan = own if event is None else opened.get(event.handshake.path, own)
        return plan.message(choices, transcript, client)

    # Which plan the paths of the conversation that is drawn now are from.
    opened: dict[str, Plan] = {}
    return replace(own, handshake=handshake, message=message)
