"""Searches that ended early, and why a route counts as not tested."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.report.literals import count
from pytest_routes.run.refused import refused_throughout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_routes.hypothesis_profile import Profile
    from pytest_routes.routes import Route
    from pytest_routes.search import SearchResult

_TRIED = {"websocket": "sequence", "http": "request"}


def stopped_text(route: Route, search: SearchResult) -> str | None:
    """`4 of 100 sequences, one took 5.1 s of real time`; None: nothing was left out."""
    if search.stopped is None:
        return None
    planned = count(search.stopped.planned, _TRIED[route.kind])
    return (
        f"{search.sequences:,} of {planned}, one took {search.stopped.seconds:.1f} s of real time"
    )


def untested(
    route: Route,
    search: SearchResult,
    counts: Mapping[str, Any],
    profile: Profile,
) -> str | None:
    """Why a route in which nothing was found was not tested at all; None: it was.

    `counts`: as `RouteResult` names them.
    """
    if not profile.generates:
        return f"the Hypothesis profile {profile.name} leaves out Phase.generate"
    if refused_throughout(route, counts):
        return "every connection was refused"
    stopped = stopped_text(route, search)
    silent = route.kind == "websocket" and not counts["messages_sent"]
    if stopped is not None and silent:
        return f"no message was sent, stopped early: {stopped}"
    return None
