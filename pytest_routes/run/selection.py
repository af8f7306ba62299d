"""Which of an application's routes a run tests, and what is said when there are none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.report.literals import count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_routes.config import Config
    from pytest_routes.routes import Discovery, Route


def missing(config: Config, discovery: Discovery) -> Iterator[str]:
    """What a run that was to test something has nothing of."""
    where = "; ".join(discovery.looked_at) or "nowhere"
    kinds = [route.kind for route in discovery.routes]
    if config.websocket.enabled and "websocket" not in kinds:
        yield (
            f"{config.app} has no WebSocket routes (looked at: {where}). Routes that cannot "
            "be discovered are named with --routes-ws-paths"
        )
    elif config.http.enabled and "http" not in kinds and not config.websocket.enabled:
        others = count(len(kinds), "WebSocket route")
        hint = f". {others} can be tested with --routes-websocket" if kinds else ""
        yield f"{config.app} has no HTTP routes (looked at: {where}){hint}"


# The pages on which frameworks describe an application are not the application's.
_DOCUMENTATION = ("fastapi.", "litestar.openapi.", "litestar._openapi.")


def is_documentation(route: Route) -> bool:
    module = getattr(route.handler, "__module__", None) or ""
    return route.kind == "http" and f"{module}.".startswith(_DOCUMENTATION)
