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
from pytest_routes.replays import have_steps
from pytest_routes.routes import observe
from pytest_routes.simulator.lifespan import LifespanError
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.surroundings import kept_surroundings
from pytest_routes.simulator.transcript import Requested

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from pytest_routes.config import Config
    from pytest_routes.routes import Route
    from pytest_routes.search import Found


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


def create(server: Server, config: Config, directories: Sequence[Path]) -> Any:
    """The application under test, on the loop of `server`. Raises `AppError`."""
    assert config.app is not None
    return server.complete(resolve(config.app, directories).create())


def stands_alone(
    found: Found, route: Route, config: Config, directories: Sequence[Path]
) -> bool | None:
    """Whether a new application shows the finding for its conversation alone.

    None when that is not known: without a factory, or when the new application does not start
    (beside the first one, whose port or lock it may want). `config` is the route's own.
    """
    if config.app is None or not config.app.endswith("()") or config.isolation == "sequence":
        return None
    transcript = found.finding.transcript
    steps = [asked.request for asked in transcript.of(Requested)] or transcript.steps
    table = config.websocket if route.kind == "websocket" else config.http
    server = Server(
        profile=config.websocket.server, clock=config.websocket.clock, watchdog=config.watchdog
    )
    try:
        with kept_surroundings(), server.on_duty():
            app = create(server, config, directories)
            server.start(app, config.lifespan_timeout)
            unobserve = observe(app, server.hidden_exception)
            try:
                again = have_steps(steps, route, server, config)
            finally:
                unobserve()
                with suppress(LifespanError):
                    server.stop(config.lifespan_timeout)
    except (AppError, LifespanError):
        return None
    finally:
        server.close()
    shown = judge(again, table.checks, context_of(route, config))
    return any(each.key == found.finding.key for each in shown)
