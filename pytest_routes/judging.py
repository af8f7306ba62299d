"""What the checks have to know of a route, for conversations that were not drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_routes.checks import Context
    from pytest_routes.config import Config
    from pytest_routes.routes.model import Route


def context_of(route: Route, config: Config) -> Context:
    """The same as when the route is searched for bugs; `config` is the route's own."""
    if route.kind == "http":
        from pytest_routes.http.examine import context_for as http_context

        return http_context(route)
    from pytest_routes.generate.messages import message_source
    from pytest_routes.websocket.examine import context_for

    options = config.websocket
    source = message_source(route, kinds=options.messages, max_size=options.max_message_size)
    return context_for(route, config, source)
