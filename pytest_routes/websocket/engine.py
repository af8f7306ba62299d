"""Runs one conversation: does what a script says, and lets the application react in between.

The engine never waits "a bit". After each step it drives the loop until the application has
settled and stands where the step asks it to stand; what it may take is `Limits`.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_routes.simulator.conversation import Leave, Open, Recorded, Send, Vanish, Wait
from pytest_routes.simulator.stopwatch import Stopwatch
from pytest_routes.simulator.tasks import where_others_wait, where_waits
from pytest_routes.simulator.transcript import (
    Left,
    Phase,
    Sent,
    Stuck,
    TaskLeft,
    Transcript,
    Undelivered,
    Vanished,
    Waited,
)
from pytest_routes.simulator.upkeep import Upkeep
from pytest_routes.simulator.wishes import Outcome, Wish

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pytest_routes.checks.finding import Finding
    from pytest_routes.search import Matching
    from pytest_routes.simulator.connection import Connection
    from pytest_routes.simulator.conversation import Script, Step
    from pytest_routes.simulator.server import Server
    from pytest_routes.simulator.wishes import Goal, Wishes

ABNORMAL_CLOSURE = 1006  # RFC 6455, 7.4.1: the connection was lost without a close frame

# A clock that jumps from timer to timer can be kept busy for ever by a short one.
_JUMPS_PER_SILENCE = 500
_JUMPS_PER_REACTION = 20_000
_LOOK_AHEAD = 86_400.0
# What a handler gets for its way out, in seconds that cost nothing.
_AFTERMATH = 1.0
# A handler that waits for one long timer needs no other clock; one that polls has many.
_FEW_TICKS = 2
_SETTLED = Wish()
# How a drive ends when the handler did not get where it should be.
_TELLING = (Outcome.TIMED_OUT, Outcome.DEADLOCK)


@dataclass(frozen=True, slots=True)
class Limits:
    """How long the application may take, in seconds of the loop's time."""

    connection_timeout: float = 30.0
    """Until the handler accepts or refuses."""
    message_timeout: float = 10.0
    """Until the handler is ready for the next message, and to finish after the client left."""


class Engine:
    """Runs conversations against one server, one after the other."""

    def __init__(self, server: Server, limits: Limits) -> None:
        self.server = server
        self.limits = limits
        self._connections: dict[int, Connection] = {}
        self._upkeep = Upkeep(server)
        self._stopwatch = Stopwatch()
        self._over = False
        self._began = 0.0
        self._ticks = self._excursions = 0
        self._parted = False
        """Goodbye was said."""
        self._settled = False
        """The last step was a leaving, and whatever it set off has happened."""

    @property
    def connections(self) -> list[Connection]:
        """Those of the conversation that ran last."""
        return list(self._connections.values())

    def run(self, script: Script, *, apart: bool = False) -> Transcript:
        """Run a conversation to its end; afterwards no client of it is connected.

        `apart`: the script decides outside of the loop, since it may run code of users, who may
        start a loop of their own.
        """
        transcript = self.begin()
        try:
            if apart:
                while not self._over and (step := self._decided(script, transcript)) is not None:
                    self.server.pursue(self._perform(step, transcript))
            else:
                self.server.pursue(self._play(script, transcript))
        finally:
            # Also when a draw was abandoned in the middle: the application must not be left
            # with clients that it never sees leave.
            self.finish(transcript)
        return transcript

    def _play(self, script: Script, transcript: Transcript) -> Wishes[None]:
        while not self._over and (step := self._decided(script, transcript)) is not None:
            yield from self._perform(step, transcript)
        yield from self._say_goodbye()

    def _decided(self, script: Script, transcript: Transcript) -> Step | None:
        if isinstance(script, Recorded):
            return script.next_step(transcript)
        asked = time.monotonic()
        step = script.next_step(transcript)
        # Deciding is no work of the application's, and slow when it is done first.
        self._began += time.monotonic() - asked
        return step

    # For those who decide step by step; what `run` consists of.

    def begin(self) -> Transcript:
        """Start a conversation; no client is connected."""
        self._began = self._stopwatch.seconds()
        self._connections = {}
        self._over = self._parted = False
        self._excursions = self.server.loop.excursions
        return self.server.begin()

    def perform(self, step: Step, transcript: Transcript) -> None:
        """Do one step of the conversation that was begun; an impossible one is left out."""
        if not self._over:
            self.server.pursue(self._perform(step, transcript))

    def finish(self, transcript: Transcript) -> None:
        """End the conversation that was begun: its clients leave, what is left is ended."""
        if not self._parted:
            self.server.pursue(self._say_goodbye())
        self._upkeep.clear_away(self._connections.values(), transcript)
        loop = self.server.loop
        transcript.real_time = loop.excursions != self._excursions or loop.selector.foreign
        transcript.seconds = max(0.0, self._stopwatch.seconds() - self._began)

    def confirms(self, finding: Finding, matching: Matching) -> bool:
        """Whether a finding is more than a matter of clocks.

        A handler that polls `time.time()` between short sleeps sees no time pass while the
        loop's clock jumps, and would look late. Such a time-out is tried once more in real time.
        """
        event = finding.event
        if isinstance(event, TaskLeft):
            # A task that is started once serves all connections.
            return matching(self.run(Recorded(tuple(finding.transcript.steps)))) is not None
        if not isinstance(event, Stuck) or event.proven or event.ticks <= _FEW_TICKS:
            return True
        with self.server.loop.real_time():
            return matching(self.run(Recorded(tuple(finding.transcript.steps)))) is not None

    # What follows are wishes, which the server pursues.

    def _perform(self, step: Step, transcript: Transcript) -> Wishes[None]:
        """Do one step; a step that is impossible (its client is not connected) is left out."""
        self._settled = False
        if isinstance(step, Wait):
            transcript.steps.append(step)
            yield from self._wait(step)
            return
        connection = self._connections.get(step.client)
        if isinstance(step, Open):
            if connection is None:
                transcript.steps.append(step)
                yield from self._open(step)
        elif connection is None or connection.gone:
            return
        elif isinstance(step, Send):
            if not connection.decided:
                yield from self._settle_handshake(connection)
            if connection.connected:
                transcript.steps.append(step)
                yield from self._send(connection, step)
        elif connection.may_leave and not connection.ended:
            transcript.steps.append(step)
            yield from self._depart(connection, step)

    def _open(self, step: Open) -> Wishes[None]:
        connection = self.server.open(step)
        self._connections[step.client] = connection
        if step.schedule:
            self.server.loop.reorder(step.schedule)
        if step.settle:
            yield from self._settle_handshake(connection)

    def _settle_handshake(self, connection: Connection) -> Wishes[None]:
        timeout = self.limits.connection_timeout
        outcome = yield from self._wish(lambda: connection.decided, timeout)
        yield from self._note_stuck(connection, "accept", outcome, timeout)

    def _send(self, connection: Connection, step: Send) -> Wishes[None]:
        server = self.server
        connection.deliver(step.message)
        server.record(
            Sent(
                time=server.now(),
                client=step.client,
                message=step.message,
                index=connection.delivered,
            )
        )
        if not step.settle:
            return
        before = connection.answers
        timeout = self.limits.message_timeout
        outcome = yield from self._wish(lambda: connection.ready, timeout)
        if connection.flooding:
            self._over = True
        elif outcome is not Outcome.REACHED and not connection.unread:
            if connection.answers == before:
                yield from self._note_stuck(connection, "message", outcome, timeout)
            elif outcome is Outcome.TIMED_OUT:
                yield from self._look_ahead(connection)

    def _wait(self, step: Wait) -> Wishes[None]:
        server = self.server
        began = server.now()
        position = len(server.transcript.events)
        yield from server.loop.silence(step.seconds, _JUMPS_PER_SILENCE)
        waited = Waited(time=began, client=-1, seconds=server.now() - began)
        server.transcript.events.insert(position, waited)
        self._stop_if_blocked()

    def _depart(self, connection: Connection, step: Leave | Vanish) -> Wishes[None]:
        server = self.server
        now = server.now()
        if isinstance(step, Leave):
            server.record(Left(time=now, client=step.client, code=step.code, reason=step.reason))
            connection.depart(step.code, step.reason)
        else:
            server.record(Vanished(time=now, client=step.client))
            connection.depart(ABNORMAL_CLOSURE)
        self._settled = step.settle
        if step.settle:
            yield _SETTLED
            self._stop_if_blocked()

    def _say_goodbye(self) -> Wishes[None]:
        """Clients that are still there leave, and the handlers get the time to finish."""
        self._parted = True
        if self._has_failed_to_tell():
            yield from self.server.loop.silence(_AFTERMATH, _JUMPS_PER_SILENCE)
        for connection in self._connections.values():
            if connection.may_leave:
                yield from self._depart(connection, Leave(connection.client))
        everyone = list(self._connections.values())
        if self._settled and _ended(everyone):
            return
        timeout = self.limits.message_timeout
        outcome = yield from self._wish(lambda: _ended(everyone), timeout)
        for connection in everyone:
            if not connection.ended and not connection.flooding:
                yield from self._note_stuck(connection, "finish", outcome, timeout)

    def _has_failed_to_tell(self) -> bool:
        """A handler could not tell somebody else who has left, and may be on its way out: whether
        its own client is dropped would not be seen if that one left, too."""
        events = self.server.transcript.events
        senders = {event.sender for event in events if type(event) is Undelivered}
        if not senders or self.server.loop.clock == "real":
            return False
        return any(self._connections[each].connected for each in senders & self._connections.keys())

    def _wish(self, goal: Goal, timeout: float) -> Wishes[Outcome]:
        before = self.server.loop.jumps
        outcome = yield Wish(goal, timeout, _JUMPS_PER_REACTION)
        self._ticks = self.server.loop.jumps - before
        self._stop_if_blocked()
        return outcome

    def _stop_if_blocked(self) -> None:
        # What the interrupted application does from here on says nothing about it.
        if self.server.blocked:
            self._over = True

    def _note_stuck(
        self, connection: Connection, phase: Phase, outcome: Outcome, timeout: float
    ) -> Wishes[None]:
        """The handler did not get where it should be. `REACHED` and `TIRED` prove nothing."""
        if outcome not in _TELLING or self._over:
            return
        if phase == "accept" and connection.decided:
            return
        assert connection.task is not None
        self.server.record(
            Stuck(
                time=self.server.now(),
                client=connection.client,
                phase=phase,
                waited=timeout,
                proven=outcome is Outcome.DEADLOCK,
                where=where_waits(connection.task),
                tasks=tuple(where_others_wait(connection, connection.task)),
                ticks=self._ticks,
            )
        )
        if phase != "finish":
            if outcome is Outcome.TIMED_OUT:
                yield from self._look_ahead(connection)
            self._over = True

    def _look_ahead(self, connection: Connection) -> Wishes[None]:
        """What is late now may crash later: time that costs nothing is given until it shows."""
        loop = self.server.loop
        if not loop.outside and not loop.restless:
            yield Wish(lambda: connection.ready, _LOOK_AHEAD, _JUMPS_PER_SILENCE)


def _ended(connections: Iterable[Connection]) -> bool:
    """The application is done with them, and with all that it has started for them."""
    return all(
        connection.ended and all(task.done() for task in connection.tasks)
        for connection in connections
    )
