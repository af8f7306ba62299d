"""The values that a handler compares the parameters of a route with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.generate.vocabulary import mine
from pytest_routes.routes.secret_names import is_secret_name

if TYPE_CHECKING:
    from pytest_routes.routes.model import Route


def compared_with(route: Route) -> dict[str, list[Any]]:
    """The values that the handler's source compares parameters with, by their names. A client
    without credentials does not know them from the source either."""
    known: dict[str, list[Any]] = {}
    for parameter in mine(route.handler, route.dependencies).parameters if route.handler else ():
        if not is_secret_name(parameter.name):
            for name in {parameter.name, parameter.name.replace("_", "-")}:
                known.setdefault(name, []).extend(parameter.values)
    return known
