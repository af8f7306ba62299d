"""Tests one route through the engine of its kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.report.redaction import Redaction
from pytest_routes.report.result import Refusals
from pytest_routes.simulator.surroundings import kept_surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_routes.config import Config
    from pytest_routes.routes import Route
    from pytest_routes.search import SearchResult
    from pytest_routes.simulator.server import Server
    from pytest_routes.simulator.transcript import Transcript


def examined(
    route: Route,
    server: Server,
    config: Config,
    *,
    seed: int,
    routes: Sequence[Route],
    tell: Callable[[Transcript], None],
    shrink: bool,
) -> tuple[SearchResult, dict[str, Any]]:
    """What was found, and what was counted, as `RouteResult` names it.

    `config` and `seed` are the route's own, `routes` all that are tested.
    """
    with kept_surroundings(), server.on_duty():
        if route.kind == "websocket":
            from pytest_routes.websocket.examine import companions
            from pytest_routes.websocket.examine import examine as examine_websocket

            group = companions(route, routes, config)
            found, talk = examine_websocket(route, server, config, seed, tell, group, shrink=shrink)
            redact = Redaction(config.secrets)
            turned_away = talk.nobody_was_served
            refusals = talk.refusals + talk.turned_away if turned_away else talk.refusals
            counts: dict[str, Any] = {
                "messages_sent": talk.messages,
                "connections": 0 if turned_away else talk.connections,
                "refusals": tuple(
                    Refusals(code=code, status=status, count=count, reason=redact(reason))
                    for (code, status, reason), count in refusals.most_common()
                ),
                "vocabulary": talk.vocabulary,
            }
        else:
            from pytest_routes.http.examine import examine as examine_http

            found, answers = examine_http(route, server, config, seed, tell, shrink=shrink)
            counts = {"responses": tuple(sorted(answers.responses.items()))}
    return found, counts
