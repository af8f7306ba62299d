"""`simulate`: an application on the simulator, for a test by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from pytest_routes.simulation.asynchronous import AsyncSimulatedServer
from pytest_routes.simulation.place import OwnThread, Place, place
from pytest_routes.simulation.server import SimulatedServer
from pytest_routes.simulation.stage import Settings, Stage

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping
    from types import TracebackType

    from pytest_routes.checks import Severity
    from pytest_routes.simulator.loop import Clock


def simulate(
    app: Callable[..., Awaitable[object]],
    *,
    server: Literal["uvicorn", "hypercorn", "daphne"] = "uvicorn",
    clock: Clock = "virtual",
    connection_timeout: float = 30.0,
    message_timeout: float = 10.0,
    response_timeout: float = 30.0,
    lifespan_timeout: float = 30.0,
    checks: Mapping[str, Severity] | None = None,
) -> Simulation:
    """Serve an ASGI application in this process, for a test by hand.

    The same server, clock and checks as in `pytest --routes`, without anything that is drawn.
    `with` serves a plain test, `async with` one that is a coroutine, whichever asynchronous
    library runs it:

        def test_the_echo_comes_back():
            with simulate(app) as server:
                client = server.connect("/ws/echo")
                client.send_text("hello")
                assert client.received == ["hello"]
                server.check()

        async def test_idle_clients_are_sent_away():
            async with simulate(app) as server:
                client = await server.connect("/ws/echo")
                await server.sleep(60)
                assert client.close_code == 1001

    `server` is whose behaviour is simulated. `clock`: `virtual` skips idle time, `real` does
    not. Times are in seconds of the application's time: `connection_timeout` until a handshake
    is decided, `message_timeout` until the handler is ready for the next message and to finish
    after a client has left, `response_timeout` until a response starts; in real time,
    `lifespan_timeout` for its startup and its shutdown. `checks` are severities (`error`,
    `warn`, `off`) of what `check()` looks at, by name.

    Entering raises `LifespanError` when the application does not start; leaving raises it when
    it does not end. Raises `ValueError` for a server, check or severity that does not exist.
    """
    from pytest_routes.simulator.profiles import PROFILES

    if server not in PROFILES:
        raise ValueError(f"server: expected one of {', '.join(PROFILES)}, got {server!r}")
    settings = Settings(
        server=server,
        clock=clock,
        connection_timeout=connection_timeout,
        message_timeout=message_timeout,
        response_timeout=response_timeout,
        lifespan_timeout=lifespan_timeout,
        checks=checks or {},
    )
    return Simulation(app, settings)


class Simulation:
    """What `simulate` returns: to be entered with `with` or `async with`, once."""

    def __init__(self, app: Any, settings: Settings) -> None:
        from pytest_routes.simulation.verdict import check_severities

        check_severities(settings.checks)
        self._app = app
        self._settings = settings
        self._place: Place | None = None
        self._thread: OwnThread | None = None
        self._stage: Stage | None = None

    def _start(self) -> Stage:
        # In the thread in which the loop will run: it remembers which one that is.
        stage = Stage(self._app, self._settings)
        stage.enter()
        return stage

    def __enter__(self) -> SimulatedServer:
        self._place = place()
        try:
            self._stage = self._place.call(self._start)
        except BaseException:
            self._place.close()
            raise
        return SimulatedServer(self._stage, self._place)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        stage, where = self._stage, self._place
        assert stage is not None
        assert where is not None
        try:
            where.call(lambda: stage.leave(exception))
        finally:
            where.close()

    async def __aenter__(self) -> AsyncSimulatedServer:
        self._thread = OwnThread()
        try:
            self._stage = await self._thread.wait_for(self._start)
        except BaseException:
            self._thread.close()
            raise
        return AsyncSimulatedServer(self._stage, self._thread)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        exception: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        stage, where = self._stage, self._thread
        assert stage is not None
        assert where is not None
        try:
            await where.wait_for(lambda: stage.leave(exception))
        finally:
            where.close()
