"""HTTP requests to one route: path, query, headers, credentials and body."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.generate.authentication import with_credentials
from pytest_routes.generate.bodies import body_maker
from pytest_routes.generate.compared import compared_with
from pytest_routes.generate.parameters import target_maker
from pytest_routes.simulator.transcript import Request

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.config import Config
    from pytest_routes.generate.choices import Choices
    from pytest_routes.routes.model import Route

_BROKEN_ONE_IN = 12


def requests(route: Route, config: Config) -> Callable[[Choices], Request]:
    """A function that draws a request to one route; `config` is the route's own.

    Raises UnsatisfiableSchema when a parameter or the body can have no value.
    """
    known = compared_with(route)
    target = target_maker(route, config.parameters, known=known, broken_one_in=_BROKEN_ONE_IN)
    body = body_maker(route, most_bytes=config.http.max_body_size)
    headers = (*config.headers.items(), *config.auth.handshake_headers)
    query = config.auth.request_query
    given = {name.lower() for name, _ in headers}
    host = route.host if route.host and "{" not in route.host else "localhost"

    def draw(choices: Choices) -> Request:
        wanted = with_credentials(target(choices), headers=headers, query=query)
        payload = body(choices)
        says = payload.media_type and "content-type" not in given
        return Request(
            method=route.method,
            path=wanted.path,
            query=wanted.query,
            headers=(
                *((("content-type", payload.media_type),) if says else ()),
                *wanted.headers,
            ),
            body=payload.content,
            host=host,
        )

    return draw
