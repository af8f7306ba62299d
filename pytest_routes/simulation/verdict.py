"""Judges conversations by hand as the plugin judges those that it draws."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from pytest_routes.simulation.failed import CheckFailed
from pytest_routes.simulator.transcript import Opened, Requested

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pytest_routes.checks import Context, Finding, Severity
    from pytest_routes.routes.model import Route, RouteKind
    from pytest_routes.simulator.transcript import Transcript

_PLACEHOLDER = re.compile(r"\\\{(\w+)\\\}")


def check_severities(checks: Mapping[str, Severity]) -> None:
    """Raises `ValueError` for a check or a severity that does not exist."""
    from pytest_routes.checks import CATALOGUE

    for name, severity in checks.items():
        if name not in CATALOGUE:
            known = ", ".join(CATALOGUE)
            raise ValueError(f"checks: there is no check {name!r}; there are {known}")
        if severity not in ("error", "warn", "off"):
            raise ValueError(f"checks: expected error, warn or off, got {name}={severity!r}")


class Verdicts:
    """Knows the application's routes, and says what is wrong.

    `checks` are severities by the names of the checks; others have their defaults.
    """

    def __init__(self, app: Any, checks: Mapping[str, Severity]) -> None:
        self._app = app
        self._checks = checks
        self._contexts: dict[str, Context] = {}

    def pronounce(self, requests: Sequence[Transcript], conversation: Transcript) -> list[Finding]:
        """Raise `CheckFailed` for what is an error; returns what is a warning."""
        found = [
            *self._of_conversation(conversation),
            *(each for request in requests for each in self._of_request(request)),
        ]
        errors = [(finding, route) for finding, route in found if finding.severity == "error"]
        if errors:
            from pytest_routes.report.failure import finding_text

            texts = [finding_text(finding, route) for finding, route in errors]
            raise CheckFailed("\n\n".join(["", *texts]), [finding for finding, _ in errors])
        return [finding for finding, _ in found]

    def _of_conversation(self, transcript: Transcript) -> Iterator[tuple[Finding, Route]]:
        """Each finding is judged by what is known of the route that its client talks to."""
        from pytest_routes.checks import judge

        routes = {
            opened.client: self._route("websocket", opened.handshake.path)
            for opened in transcript.of(Opened)
        }
        if not routes:
            return
        first = next(iter(routes.values()))
        for route in {route.id: route for route in routes.values()}.values():
            for finding in judge(transcript, self._checks, self._context(route)):
                if routes.get(finding.event.client, first).id == route.id:
                    yield finding, route

    def _of_request(self, transcript: Transcript) -> Iterator[tuple[Finding, Route]]:
        from pytest_routes.checks import judge

        requested = transcript.first(Requested)
        assert requested is not None
        request = requested.request
        route = self._route("http", request.path, request.method)
        for finding in judge(transcript, self._checks, self._context(route)):
            yield finding, route

    def _context(self, route: Route) -> Context:
        if route.id not in self._contexts:
            from pytest_routes.config import Config
            from pytest_routes.judging import context_of

            self._contexts[route.id] = context_of(route, Config())
        return self._contexts[route.id]

    @cached_property
    def _routes(self) -> Sequence[Route]:
        from pytest_routes.routes import discover

        return discover(self._app).routes

    def _route(self, kind: RouteKind, path: str, method: str = "") -> Route:
        """The route that a path leads to; one of which nothing is known when none does."""
        from pytest_routes.routes.model import Route

        asked = unquote(path)
        for route in self._routes:
            if (route.kind, route.method) == (kind, method) and _leads_to(route, asked):
                return route
        framework = next((route.framework for route in self._routes), "")
        return replace(Route(kind, path, method=method), framework=framework)


def _leads_to(route: Route, path: str) -> bool:
    many = {each.name for each in route.parameters if each.multi_segment}
    pattern = _PLACEHOLDER.sub(
        lambda match: ".*" if match[1] in many else "[^/]+",
        re.escape(route.template or route.path),
    )
    return re.fullmatch(pattern, path, re.DOTALL) is not None
