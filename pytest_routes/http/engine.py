"""Runs one HTTP request through the simulated server and writes down what came of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.simulator.stopwatch import Stopwatch
from pytest_routes.simulator.tasks import where_waits
from pytest_routes.simulator.transcript import Stuck
from pytest_routes.simulator.upkeep import Upkeep
from pytest_routes.simulator.wishes import Outcome

if TYPE_CHECKING:
    from pytest_routes.simulator.exchange import Exchange
    from pytest_routes.simulator.server import Server
    from pytest_routes.simulator.transcript import Request, Transcript

_JUMPS = 20_000
_JUMPS_OF_A_STREAM = 50
_FINISH_SECONDS = 10.0


class HttpEngine:
    """Runs requests against one server, one after the other.

    `timeout`: seconds of the loop's time until a response must have started.
    """

    def __init__(self, server: Server, timeout: float) -> None:
        self.server = server
        self.timeout = timeout
        self._upkeep = Upkeep(server)
        self._stopwatch = Stopwatch()

    def run(self, request: Request) -> Transcript:
        """Send the request, take the response, and leave nothing behind on the loop."""
        server = self.server
        began = self._stopwatch.seconds()
        transcript = server.begin()
        exchange = server.request(request)
        try:
            outcome = server.drive(lambda: exchange.started, self.timeout, jumps=_JUMPS)
            if exchange.started:
                self._read_body(exchange)
            elif not server.blocked and outcome in (Outcome.TIMED_OUT, Outcome.DEADLOCK):
                self._note_stuck(exchange, outcome)
            exchange.depart()
            if not server.blocked:
                server.drive(
                    lambda: exchange.ended and all(task.done() for task in exchange.tasks),
                    _FINISH_SECONDS,
                    jumps=_JUMPS,
                )
        finally:
            self._upkeep.clear_away([exchange], transcript)
            transcript.seconds = self._stopwatch.seconds() - began
        return transcript

    def _read_body(self, exchange: Exchange) -> None:
        """Read until the response is complete; an endless stream is left after a while."""
        if not exchange.complete:
            self.server.drive(lambda: exchange.complete, self.timeout, jumps=_JUMPS_OF_A_STREAM)

    def _note_stuck(self, exchange: Exchange, outcome: Outcome) -> None:
        assert exchange.task is not None
        self.server.record(
            Stuck(
                time=self.server.now(),
                client=0,
                phase="response",
                waited=self.timeout,
                proven=outcome is Outcome.DEADLOCK,
                where=where_waits(exchange.task),
            )
        )
