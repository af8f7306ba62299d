"""Routes that let nobody in, and so were not tested."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pytest_routes.report.summary import refusals_text
from pytest_routes.run.verdicts import Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_routes.config import Config
    from pytest_routes.report.result import RouteResult
    from pytest_routes.routes import Route


def refused_throughout(route: Route, counts: Mapping[str, Any]) -> bool:
    """Every connection was refused. `counts`: as `RouteResult` names them."""
    if route.kind != "websocket":
        return False
    return bool(counts.get("refusals")) and not counts["connections"]


def refusal(result: RouteResult, config: Config) -> Verdict:
    """What is said of such a route; with credentials it is a failure. `config`: the route's."""
    how = f"every connection was refused: {refusals_text(result)}"
    if result.stopped is not None:
        how += f"; stopped early: {result.stopped}"
    if config.auth.credentials is None:
        return Verdict(replace(result, skipped=how))
    text = (
        f"{result.route} was not tested: {how}, although credentials "
        f"({config.auth.credentials}) were given.\n"
        "Are they valid for this application, and shown in the way it expects? They are sent "
        "as --routes-auth says; a bearer token also as the query parameter "
        f"{config.auth.query_param!r} (auth.query_param), or in a first message "
        "(auth.first_message)."
    )
    return Verdict(replace(result, skipped=how, failed=True), text)
