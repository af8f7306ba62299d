"""Applications that are made anew: for each sequence, or to see what one sequence does alone.

Only a factory can make another application. What its module keeps (global variables, class
attributes) is the same for all that it makes.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from pytest_routes.app import AppError, resolve
from pytest_routes.checks import judge
from pytest_routes.judging import context_of
from pytest_routes.routes import observe
from pytest_routes.run.replays import have_steps
from pytest_routes.simulator.lifespan import LifespanError
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.stopwatch import Stopwatch
from pytest_routes.simulator.surroundings import kept_surroundings
from pytest_routes.simulator.transcript import Left, Undelivered, Vanished

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pytest_routes.checks import Finding
    from pytest_routes.config import Config
    from pytest_routes.routes import Route
    from pytest_routes.search import Found
    from pytest_routes.search.found import Acts

# What is spent on finding out which sequences a finding needs: new applications, sequences that
# they have had, and seconds.
_TRIES = 40
_SEQUENCES = 5_000
_SECONDS = 10.0


class RenewalError(Exception):
    """A further application could not be made, started or ended; the message is for the user."""


class Renewal:
    """Replaces the application that a server serves by a new one of the same factory.

    Calling it raises `RenewalError`. `unobserve` is what `observe` has returned for the
    application that is served now.
    """

    def __init__(
        self,
        server: Server,
        config: Config,
        directories: Sequence[Path],
        unobserve: Callable[[], None],
    ) -> None:
        self._server = server
        self._config = config
        self._directories = directories
        self._unobserve = unobserve

    def __call__(self) -> None:
        server, timeout = self._server, self._config.lifespan_timeout
        try:
            server.stop(timeout)
            server.cancel_tasks()
            app = create(server, self._config, self._directories)
            server.start(app, timeout)
        except (AppError, LifespanError) as error:
            raise RenewalError(f"{self._config.app}, made anew for a sequence: {error}") from error
        self._unobserve()
        self._unobserve = observe(app, server.hidden_exception)

    def end(self) -> None:
        """Stop observing the application that is served now."""
        self._unobserve()


def makes_new_ones(config: Config) -> bool:
    """The application comes from a factory."""
    return config.app is not None and config.app.endswith("()")


def create(server: Server, config: Config, directories: Sequence[Path]) -> Any:
    """The application under test, on the loop of `server`. Raises `AppError`."""
    assert config.app is not None
    return server.complete(resolve(config.app, directories).create())


def look_at_what_it_needs(
    found: Found, route: Route, config: Config, directories: Sequence[Path]
) -> None:
    """Note whether a finding needs the sequences before it, and which.

    `config` is the route's own. A factory makes new applications, and what they show is certain.
    Without one nobody can tell: all sequences are kept, and what speaks for it is noted: that a
    client of an earlier sequence is sent something, or that the conversation was had before.
    """
    if found.saved_with is not None:
        return  # it is known from the run that has saved it
    if found.source is None or config.isolation == "sequence":
        found.earlier = ()  # a question of its own, or the sum of all sequences
    elif makes_new_ones(config):
        laboratory = _Laboratory(found, route, config, directories)
        if laboratory.shows([]) is not False:
            found.earlier = ()
            return
        found.alone = False
        found.earlier = tuple(laboratory.needed(found.earlier))
    elif any(event.client < 0 for event in found.finding.transcript.of(Undelivered)):
        found.alone = False
    elif _was_had_before(found.finding, found.earlier):
        found.alone = None


def _was_had_before(finding: Finding, before: Sequence[Acts]) -> bool:
    transcript = finding.transcript
    acts = transcript.acts
    departures = [
        index for index, event in enumerate(transcript.events) if isinstance(event, Left | Vanished)
    ]
    shown = next(
        (index for index, event in enumerate(transcript.events) if event is finding.event), None
    )
    if shown is not None and departures and shown > departures[0]:
        return acts in before
    return any(each[: len(acts)] == acts for each in before)


class _Laboratory:
    """Shows a finding to new applications, after other sequences."""

    def __init__(
        self, found: Found, route: Route, config: Config, directories: Sequence[Path]
    ) -> None:
        self._found = found
        self._route = route
        self._config = config
        self._directories = directories
        self._tries = self._sequences = 0
        self._stopwatch = Stopwatch()
        self._until = self._stopwatch.seconds() + _SECONDS

    def needed(self, before: Sequence[Acts]) -> Sequence[Acts]:
        """As few of the sequences before it as it takes, when few tries are enough to tell: the
        latest are tried first."""
        count = 1
        while count < len(before) and not self._enough:
            if self.shows(before[-count:]):
                return self._fewer(list(before[-count:]))
            count *= 2
        if self._enough or not self.shows(before):
            return before
        return self._fewer(list(before))

    def _fewer(self, kept: list[Acts]) -> list[Acts]:
        size = len(kept) // 2
        while size:
            start = 0
            while start < len(kept) and not self._enough:
                fewer = kept[:start] + kept[start + size :]
                if self.shows(fewer):
                    kept = fewer
                else:
                    start += size
            size //= 2
        return kept

    @property
    def _enough(self) -> bool:
        return (
            self._tries > _TRIES
            or self._sequences > _SEQUENCES
            or self._stopwatch.seconds() > self._until
        )

    def shows(self, earlier: Sequence[Acts]) -> bool | None:
        """Whether a new application shows the finding after `earlier`.

        None when that is not known: the new application does not start (beside the first one,
        whose port or lock it may want).
        """
        self._tries += 1
        self._sequences += len(earlier)
        config, route = self._config, self._route
        server = Server(
            profile=config.websocket.server, clock=config.websocket.clock, watchdog=config.watchdog
        )
        try:
            with kept_surroundings(), server.on_duty():
                app = create(server, config, self._directories)
                server.start(app, config.lifespan_timeout)
                unobserve = observe(app, server.hidden_exception)
                try:
                    for acts in earlier:
                        have_steps(acts, route, server, config)
                    again = have_steps(self._found.finding.transcript.acts, route, server, config)
                finally:
                    unobserve()
                    with suppress(LifespanError):
                        server.stop(config.lifespan_timeout)
        except (AppError, LifespanError):
            return None
        finally:
            server.close()
        table = config.websocket if route.kind == "websocket" else config.http
        shown = judge(again, table.checks, context_of(route, config))
        return any(each.key == self._found.finding.key for each in shown)
