"""The values that a handler compares the parameters of a route with."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary import mine
from pytest_routes.routes.secret_names import is_secret_name
from pytest_routes.routes.undeclared import OF_EVERY_CLIENT

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_routes.routes.model import Parameter, Route

# A browser writes these, and those that begin with `sec-` (Fetch Standard, forbidden headers).
_OF_BROWSERS = frozenset({"origin", "referer", "host", "cookie"})


def compared_with(route: Route) -> dict[str, list[Any]]:
    """The values that the handler's source compares parameters with, by their names. A client
    without credentials does not know them from the source either."""
    known: dict[str, list[Any]] = {}
    for parameter in mine(route.handler, route.dependencies).parameters if route.handler else ():
        if not is_secret_name(parameter.name):
            for name in {parameter.name, parameter.name.replace("_", "-")}:
                known.setdefault(name, []).extend(parameter.values)
    return known


def with_mined(route: Route) -> Route:
    """The route with what its handler reads of the connection scope itself: the parameters of
    `scope["query_string"]` and `scope["headers"]`, which no framework knows of."""
    taken = {parameter.name.lower().replace("_", "-") for parameter in route.parameters}
    found = tuple(p for p in _mined(route) if p.name.lower().replace("_", "-") not in taken)
    return replace(route, parameters=(*route.parameters, *found)) if found else route


def _mined(route: Route) -> Iterator[Parameter]:
    from pytest_routes.routes.model import Parameter

    for asked in mine(route.handler, route.dependencies).parameters if route.handler else ():
        name, location = asked.name, asked.location
        if location is None or location == "path" or is_secret_name(name):
            continue
        written = name.lower() in OF_EVERY_CLIENT | _OF_BROWSERS or name.lower().startswith("sec-")
        if not (location == "header" and written):
            yield Parameter(name=name, location=location, annotation=str, required=False)
