"""What simulated clients act on: one application, one conversation after the other.

Everything here runs in one thread, that of the loop; `place` decides which one that is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import parse_qsl, quote

from pytest_routes.simulation.response import Response
from pytest_routes.simulation.verdict import Verdicts
from pytest_routes.simulator.conversation import Handshake, Open, Wait
from pytest_routes.simulator.lifespan import LifespanError
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import Request, Responded, Transcript

if TYPE_CHECKING:
    from pytest_routes.checks import Finding, Severity
    from pytest_routes.simulator.conversation import Step
    from pytest_routes.simulator.loop import Clock

HeaderLines: TypeAlias = Mapping[str, str] | Iterable[tuple[str, str]]

# RFC 3986, 3.3: what a path is made of, and `%` of what is encoded already.
_PATH_CHARACTERS = "/%:@!$&'()*+,;=-._~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How an application is simulated; `simulate` describes the members."""

    server: str = "uvicorn"
    clock: Clock = "virtual"
    connection_timeout: float = 30.0
    message_timeout: float = 10.0
    response_timeout: float = 30.0
    lifespan_timeout: float = 30.0
    checks: Mapping[str, Severity] = field(default_factory=dict)


class Stage:
    """A started application, and the conversation that is going on."""

    def __init__(self, app: Any, settings: Settings) -> None:
        from pytest_routes.http.engine import HttpEngine
        from pytest_routes.websocket.engine import Engine, Limits

        self._app = app
        self._settings = settings
        self._server = Server(profile=settings.server, clock=settings.clock)
        limits = Limits(settings.connection_timeout, settings.message_timeout)
        self._engine = Engine(self._server, limits)
        self._http = HttpEngine(self._server, settings.response_timeout)
        self._verdicts = Verdicts(app, settings.checks)
        self._stack = ExitStack()
        self._requests: list[Transcript] = []
        self._clients = 0
        self.transcript = Transcript()

    def enter(self) -> None:
        """Start the application. Raises `LifespanError`."""
        from pytest_routes.routes import observe

        with ExitStack() as stack:
            stack.callback(self._server.close)
            stack.enter_context(self._server.on_duty())
            self._server.start(self._app, self._settings.lifespan_timeout)
            stack.callback(observe(self._app, self._server.hidden_exception))
            self._stack = stack.pop_all()
        self.transcript = self._engine.begin()

    def leave(self, exception: BaseException | None) -> None:
        """End the conversation and the application. Raises `LifespanError`, unless there is
        an exception already, which says more."""
        with self._stack:
            self._engine.finish(self.transcript)
            with suppress(*([] if exception is None else [LifespanError])):
                self._server.stop(self._settings.lifespan_timeout)

    def open(
        self,
        target: str,
        subprotocols: Iterable[str],
        headers: HeaderLines,
        host: str,
        *,
        slow_reader: bool,
        settle: bool,
    ) -> tuple[Transcript, int]:
        """A client connects; returns the conversation that it takes part in, and its number."""
        path, query = split_target(target)
        client = self._clients
        self._clients += 1
        handshake = Handshake(path, query, header_pairs(headers), tuple(subprotocols), host)
        self.perform(self.transcript, Open(client, handshake, settle, slow_reader))
        return self.transcript, client

    def perform(self, transcript: Transcript, step: Step) -> None:
        """One step of a client; nothing happens when its conversation is over."""
        if transcript is self.transcript:
            self._engine.perform(step, transcript)

    def sleep(self, seconds: float) -> None:
        self.perform(self.transcript, Wait(seconds))

    def request(
        self, method: str, target: str, headers: HeaderLines, body: bytes, host: str
    ) -> Response:
        path, query = split_target(target)
        request = Request(method.upper(), path, query, header_pairs(headers), body, host)
        with self._server.aside():
            transcript = self._http.run(request)
        self._requests.append(transcript)
        responded = transcript.first(Responded)
        if responded is None:
            return Response(None, complete=False)
        lines = (
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in responded.headers
        )
        return Response(responded.status, tuple(lines), responded.body, responded.complete)

    def check(self) -> list[Finding]:
        """End the conversation, judge it and the requests beside it, and begin another.

        Raises `CheckFailed`; returns the warnings.
        """
        self._engine.finish(self.transcript)
        finished = self._requests, self.transcript
        self._requests = []
        self._clients = 0
        self.transcript = self._engine.begin()
        return self._verdicts.pronounce(*finished)


def split_target(target: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The path, percent-encoded, and the query of `/ws/room?name=Ada`."""
    path, _, query = target.partition("?")
    encoded = quote(path, safe=_PATH_CHARACTERS, errors="surrogatepass")
    return encoded, tuple(parse_qsl(query, keep_blank_values=True, errors="surrogatepass"))


def header_pairs(headers: HeaderLines) -> tuple[tuple[str, str], ...]:
    pairs = headers.items() if isinstance(headers, Mapping) else headers
    return tuple((name, value) for name, value in pairs)
