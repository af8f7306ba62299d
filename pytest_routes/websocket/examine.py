"""Tests one WebSocket route: plans its conversations, searches, and counts."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from pytest_routes.checks import Context, answer_check, answer_type, judge, leaked_connection
from pytest_routes.generate.answers import Fitting
from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.conversation import SHORT_SILENCES, SILENCES, Plan
from pytest_routes.generate.handshake import handshakes
from pytest_routes.generate.messages import MessageSource, detected_kinds, message_source
from pytest_routes.generate.vocabulary.texts import texts_of
from pytest_routes.generate.written import WrittenScript, scripts
from pytest_routes.search import Found, SearchResult, search
from pytest_routes.search.randomness import seeded
from pytest_routes.simulator.conversation import Message, Recorded
from pytest_routes.simulator.transcript import (
    Accepted,
    Answered,
    Opened,
    Refused,
    Sent,
    Transcript,
)
from pytest_routes.websocket.engine import Engine, Limits
from pytest_routes.websocket.group import companions, grouped
from pytest_routes.websocket.minimise import minimise
from pytest_routes.websocket.probes import probes
from pytest_routes.websocket.remains import Remains
from pytest_routes.websocket.returned import with_its_line
from pytest_routes.websocket.turned_away import unserved

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from pytest_routes.checks import Finding
    from pytest_routes.config import Config
    from pytest_routes.generate.choices import Choices
    from pytest_routes.routes.model import Route
    from pytest_routes.search import Matching
    from pytest_routes.simulator.conversation import Handshake
    from pytest_routes.simulator.server import Server


_SWITCHED = 101
"""The HTTP status of a handshake that was accepted."""


@dataclass(slots=True)
class Tally:
    """What the sequences of a route added up to."""

    messages: int = 0
    connections: int = 0
    """Connections that the application accepted."""
    refusals: Counter[tuple[int | None, int, str]] = field(default_factory=Counter)
    """How often handshakes were refused with a close code, an HTTP status and a reason."""
    turned_away: Counter[tuple[int | None, int, str]] = field(default_factory=Counter)
    """Connections that were accepted and closed at once, as a refusal: counted alike."""
    undecided: int = 0
    """Connections that were accepted, and the client left before it was served or turned away."""
    accepted: Handshake | None = None
    """A handshake that was accepted."""
    sample: Transcript | None = None
    """The conversation in which it was."""
    answered: Transcript | None = None
    """A conversation of one client that was answered."""
    words: tuple[str, ...] = ()
    """Words of the handler's source that are looked for in what clients say."""
    said: Counter[str] = field(default_factory=Counter)
    """In how many sequences each of them was said."""

    @property
    def vocabulary(self) -> tuple[tuple[str, int], ...]:
        return tuple((word, self.said[word]) for word in self.words)

    @property
    def nobody_was_served(self) -> bool:
        """Who was let in was turned away at once."""
        turned_away = self.turned_away.total()
        return turned_away > 0 and turned_away + self.undecided == self.connections

    def count(self, transcript: Transcript) -> None:
        if self.words:
            texts = [str(event.message.data) for event in transcript.of(Sent)]
            self.said.update(word for word in self.words if any(word in each for each in texts))
        for event in transcript.events:
            if isinstance(event, Sent):
                self.messages += 1
            elif isinstance(event, Accepted):
                self.connections += 1
                if self.accepted is None:
                    self.accepted = _handshake(transcript, event.client)
                    self.sample = transcript
                if self.answered is None and _is_answered(transcript):
                    self.answered = transcript
            elif isinstance(event, Refused):
                self.refusals[event.code, event.status, event.reason] += 1
        for closed in unserved(transcript):
            if closed is None:
                self.undecided += 1
            else:
                self.turned_away[closed.code, _SWITCHED, closed.reason] += 1


def examine(
    route: Route,
    server: Server,
    config: Config,
    seed: int,
    tell: Callable[[Transcript], None] | None = None,
    group: Sequence[Route] = (),
    *,
    shrink: bool = True,
) -> tuple[SearchResult, Tally]:
    """Test a route with everything that its configuration asks for.

    `config` is the route's own (`Config.for_route`), `seed` the route's own
    (`search.item_seed`). `tell` is called with every transcript. `group`: the other routes that
    clients of one conversation may open (`companions`). `shrink`: findings are made shorter.
    """
    options = config.websocket
    engine = Engine(server, Limits(options.connection_timeout, options.message_timeout))
    source = _source(route, config)
    others = [_part(each, config) for each in group]
    plan = grouped(plan_for(route, config, source), [part for part, _ in others])
    script = scripts(route.path, plan)
    context = _shared(context_for(route, config, source), [each for _, each in others])
    tally = Tally(words=texts_of(source.vocabulary) if config.report else ())
    with seeded(seed):
        _ask(source, plan, engine)

    def judged(transcript: Transcript) -> list[Finding]:
        return judge(transcript, options.checks, context)

    def trial(choices: Choices) -> Transcript:
        made = script(choices)
        transcript = engine.run(made, apart=choices.draws)
        transcript.whole = isinstance(made, WrittenScript)
        return transcript

    def shorten(finding: Finding, matching: Matching, messages: bool) -> Finding:
        shortest = minimise(engine, finding, matching, messages=messages and source.is_free)
        return with_its_line(shortest, matching, route, engine)

    with Remains() as remains:

        def observe(transcript: Transcript) -> None:
            tally.count(transcript)
            remains.watch(engine.connections, transcript)
            if tell is not None:
                tell(transcript)

        result = search(
            trial,
            judged,
            shorten,
            examples=config.max_examples,
            seed=seed,
            observe=observe,
            confirm=engine.confirms,
            shrink=shrink,
        )
        if tally.sample is not None and options.checks.leaked_connection != "off":
            leak = leaked_connection(tally.sample, context, remains.kept())
            if leak is not None:
                severity = options.checks.leaked_connection
                result.found.append(Found(replace(leak, severity=severity), 0))
    if not engine.server.blocked:
        known = {found.finding.key for found in result.found}
        for probe in probes(route, config, source.unexpected(), tally.accepted, tally.answered):
            asked = replace(
                context,
                must_authenticate=probe.without_credentials,
                answers_to_credentials=probe.answers,
            )
            with seeded(seed):
                transcript = engine.run(probe.script())
            for finding in judge(transcript, options.checks, asked):
                if finding.check == probe.check and finding.key not in known:
                    known.add(finding.key)
                    result.found.append(Found(finding, 0))
    return result, tally


def _is_answered(transcript: Transcript) -> bool:
    return len(transcript.clients) == 1 and transcript.first(Answered) is not None


def _ask(source: MessageSource, plan: Plan, engine: Engine) -> None:
    """Learn from the server what its messages are made of, where a protocol can tell."""
    try:
        handshake = plan.handshake(RandomChoices(0), Transcript())
    except TypeError:
        return  # a parameter that only Hypothesis can draw
    for steps in source.questions(handshake):
        if source.learn(engine.run(Recorded(steps))):
            return


def _handshake(transcript: Transcript, client: int) -> Handshake | None:
    opened = transcript.first(Opened, client)
    return None if opened is None else opened.handshake


def plan_for(route: Route, config: Config, source: MessageSource) -> Plan:
    """What the conversations of a route are made of."""
    options = config.websocket
    subprotocols: tuple[str, ...] = ()
    if options.validate_subprotocols:
        subprotocols = options.subprotocols or source.subprotocols or route.subprotocols
    opening = config.auth.opening_message
    return Plan(
        handshake=handshakes(route, config, subprotocols),
        message=source.message,
        first_message=None if opening is None else Message("text", opening),
        max_messages=options.max_messages,
        max_clients=options.max_clients,
        close_codes=options.test_close_codes,
        reorder=options.schedule == "random",
        silences=SILENCES if options.clock == "virtual" else SHORT_SILENCES,
    )


def _part(route: Route, config: Config) -> tuple[Plan, Context]:
    """What another route brings into the conversations of a group."""
    source = _source(route, config)
    return plan_for(route, config, source), context_for(route, config, source)


def _source(route: Route, config: Config) -> MessageSource:
    options = config.websocket
    return message_source(
        route,
        kinds=options.messages,
        max_size=options.max_message_size,
        sdl=options.graphql_schema,
    )


def _shared(own: Context, others: Sequence[Context]) -> Context:
    """What holds for the clients of all routes of a group."""
    if not others:
        return own
    known = [each.reads for each in (own, *others) if each.reads is not None]
    reads = frozenset().union(*known) if len(known) > len(others) else None
    # Which route an answer comes from the checks do not know.
    return replace(own, reads=reads, answer_problem=None)


def context_for(route: Route, config: Config, source: MessageSource) -> Context:
    """What the checks have to know of a route."""
    return Context(
        kind="websocket",
        framework=route.framework,
        reads=detected_kinds(route, source.vocabulary),
        answer_problem=answer_check(route, lambda declared: Fitting(declared).problem),
        answer_type=answer_type(route),
        first_message_authenticates=config.auth.first_message is not None,
    )


__all__ = ["Found", "Tally", "companions", "context_for", "examine", "plan_for"]
