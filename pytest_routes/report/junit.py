"""What pytest's JUnit XML says of a route beside its outcome: `<property>` elements."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pytest_routes.report.result import RouteResult


def junit_properties(result: RouteResult, *, seed: int) -> list[tuple[str, str]]:
    """Name and value pairs for the item's `user_properties`, which xdist carries, too."""
    told: dict[str, object] = {
        "route": result.route,
        "kind": result.kind,
        "seed": seed,
        "sequences": result.sequences,
    }
    if result.kind == "websocket":
        told |= {"messages_sent": result.messages_sent, "connections": result.connections}
    told |= {f"responses_{status}": count for status, count in result.responses}
    properties = [(f"routes.{name}", str(value)) for name, value in told.items()]
    if result.stopped is not None:
        properties += [("routes.stopped", result.stopped)]
    properties += [("routes.failure", finding.line) for finding in result.failures]
    properties += [("routes.warning", finding.line) for finding in result.warnings]
    replays = (finding.replay for finding in result.failures)
    return properties + [("routes.replay", replay) for replay in replays if replay]
