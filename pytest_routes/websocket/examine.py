"""Tests one WebSocket route: plans its conversations, searches, and counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_routes.checks import Context, judge
from pytest_routes.generate.conversation import SHORT_SILENCES, SILENCES, DrawnScript, Plan
from pytest_routes.generate.handshake import handshakes
from pytest_routes.generate.messages import message_source
from pytest_routes.search import Found, SearchResult, search
from pytest_routes.simulator.conversation import Message
from pytest_routes.simulator.transcript import Accepted, Refused, Sent, Transcript
from pytest_routes.websocket.engine import Engine, Limits
from pytest_routes.websocket.minimise import minimise

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.checks import Finding
    from pytest_routes.config import Config
    from pytest_routes.routes.model import Route
    from pytest_routes.simulator.server import Server


@dataclass(slots=True)
class Tally:
    """What the sequences of a route added up to."""

    messages: int = 0
    connections: int = 0
    """Connections that the application accepted."""
    refusals: Counter[tuple[int | None, int, str]] = field(default_factory=Counter)
    """How often handshakes were refused with a close code, an HTTP status and a reason."""

    def count(self, transcript: Transcript) -> None:
        for event in transcript.events:
            if isinstance(event, Sent):
                self.messages += 1
            elif isinstance(event, Accepted):
                self.connections += 1
            elif isinstance(event, Refused):
                self.refusals[event.code, event.status, event.reason] += 1


def examine(
    route: Route,
    server: Server,
    config: Config,
    seed: int,
    tell: Callable[[Transcript], None] | None = None,
) -> tuple[SearchResult, Tally]:
    """Test a route with everything that its configuration asks for.

    `config` is the route's own (`Config.for_route`), `seed` the route's own
    (`search.item_seed`). `tell` is called with every transcript.
    """
    options = config.websocket
    engine = Engine(server, Limits(options.connection_timeout, options.message_timeout))
    plan = plan_for(route, config)
    context = context_for(route, config)
    tally = Tally()

    def judged(transcript: Transcript) -> list[Finding]:
        return judge(transcript, options.checks, context)

    def observe(transcript: Transcript) -> None:
        tally.count(transcript)
        if tell is not None:
            tell(transcript)

    result = search(
        lambda choices: engine.run(DrawnScript(choices, plan)),
        judged,
        lambda finding, matching: minimise(engine, finding, matching),
        examples=config.max_examples,
        seed=seed,
        observe=observe,
    )
    return result, tally


def plan_for(route: Route, config: Config) -> Plan:
    """What the conversations of a route are made of."""
    options = config.websocket
    source = message_source(route, kinds=options.messages, max_size=options.max_message_size)
    subprotocols: tuple[str, ...] = ()
    if options.validate_subprotocols:
        subprotocols = options.subprotocols or tuple(source.subprotocols)
    opening = config.auth.opening_message
    return Plan(
        handshake=handshakes(route, config, subprotocols),
        message=source.message,
        first_message=None if opening is None else Message("text", opening),
        max_messages=options.max_messages,
        max_clients=options.max_clients,
        close_codes=options.test_close_codes,
        silences=SILENCES if options.clock == "virtual" else SHORT_SILENCES,
    )


def context_for(route: Route, config: Config) -> Context:
    """What the checks have to know of a route."""
    return Context(
        kind="websocket",
        framework=route.framework,
        reads=route.reads,
        first_message_authenticates=config.auth.first_message is not None,
    )


__all__ = ["Found", "Tally", "context_for", "examine", "plan_for"]
