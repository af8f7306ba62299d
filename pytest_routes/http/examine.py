"""Tests one HTTP route: draws requests, searches, and counts the answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pytest_routes.checks import Context, answer_check, answer_type, judge
from pytest_routes.generate.answers import Fitting
from pytest_routes.generate.authentication import bare_headers, bare_query
from pytest_routes.generate.request import requests
from pytest_routes.http.engine import HttpEngine
from pytest_routes.search import Found, SearchResult, search
from pytest_routes.simulator.transcript import Requested, Responded, Transcript

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.checks import Finding
    from pytest_routes.config import Config
    from pytest_routes.generate.choices import Choices
    from pytest_routes.routes.model import Route
    from pytest_routes.simulator.server import Server
    from pytest_routes.simulator.transcript import Request


@dataclass(slots=True)
class Tally:
    """What the requests of a route added up to."""

    responses: Counter[int] = field(default_factory=Counter)
    """How often each status was answered."""
    answered: Request | None = None
    """A request that was answered with success."""

    def count(self, transcript: Transcript) -> None:
        for event in transcript.of(Responded):
            self.responses[event.status] += 1
            requested = transcript.first(Requested)
            if 200 <= event.status < 300 and requested is not None:
                self.answered = self.answered or requested.request


def examine(
    route: Route,
    server: Server,
    config: Config,
    seed: int,
    tell: Callable[[Transcript], None] | None = None,
    *,
    shrink: bool = True,
) -> tuple[SearchResult, Tally]:
    """Test a route with everything that its configuration asks for.

    `config` is the route's own (`Config.for_route`), `seed` the route's own
    (`search.item_seed`). `tell` is called with every transcript. `shrink`: findings are made
    shorter.
    """
    engine = HttpEngine(server, config.http.timeout)
    draw = requests(route, config)
    context = context_for(route)
    tally = Tally()

    def trial(choices: Choices) -> Transcript:
        return engine.run(draw(choices))

    def judged(transcript: Transcript) -> list[Finding]:
        return judge(transcript, config.http.checks, context)

    def observe(transcript: Transcript) -> None:
        tally.count(transcript)
        if tell is not None:
            tell(transcript)

    result = search(
        trial,
        judged,
        lambda finding, *_: finding,
        examples=config.max_examples,
        seed=seed,
        observe=observe,
        shrink=shrink,
    )
    if config.requires_auth(route.path) and tally.answered is not None:
        transcript = engine.run(without_credentials(tally.answered, route, config))
        asked = replace(context, must_authenticate=True)
        result.found += [
            Found(finding, 0)
            for finding in judge(transcript, config.http.checks, asked)
            if finding.check == "auth_bypass"
        ]
    return result, tally


def without_credentials(request: Request, route: Route, config: Config) -> Request:
    """The same request by a client that does not show who it is."""
    return replace(
        request,
        headers=bare_headers(route, request.headers, config.auth.handshake_headers),
        query=bare_query(route, request.query, config.auth.request_query),
    )


def context_for(route: Route) -> Context:
    """What the checks have to know of a route."""
    return Context(
        kind="http",
        framework=route.framework,
        answer_problem=answer_check(route, lambda declared: Fitting(declared).problem),
        answer_type=answer_type(route),
    )
