"""The simulated server and its clients in `async with`: the same, awaited."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_routes.simulation.client import NORMAL_CLOSURE, Seen
from pytest_routes.simulation.server import LOCALHOST, body_of

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterable, Sequence

    from pytest_routes.checks import Finding
    from pytest_routes.simulation.place import OwnThread
    from pytest_routes.simulation.response import Response
    from pytest_routes.simulation.stage import HeaderLines, Stage
    from pytest_routes.simulator.conversation import Step
    from pytest_routes.simulator.transcript import Transcript


class AsyncSimulatedClient(Seen):
    """A client of a WebSocket route; see `SimulatedClient`."""

    def __init__(
        self, transcript: Transcript, number: int, perform: Callable[[Step], Awaitable[None]]
    ) -> None:
        super().__init__(transcript, number)
        self._perform = perform

    async def send_text(self, text: str, *, settle: bool = True) -> None:
        """Send a text message."""
        await self._perform(self._text(text, settle))

    async def send_json(self, value: Any, *, settle: bool = True) -> None:
        """Send a value as JSON in a text message. Raises what `json.dumps` raises."""
        await self._perform(self._json(value, settle))

    async def send_bytes(self, data: bytes, *, settle: bool = True) -> None:
        """Send a binary message."""
        await self._perform(self._bytes(data, settle))

    async def close(
        self, code: int = NORMAL_CLOSURE, reason: str = "", *, settle: bool = True
    ) -> None:
        """Leave with a close code (RFC 6455, 7.4) and a reason."""
        await self._perform(self._leave(code, reason, settle))

    async def vanish(self, *, settle: bool = True) -> None:
        """Lose the connection without a close frame: the application sees code 1006."""
        await self._perform(self._vanish(settle))


class AsyncSimulatedServer:
    """What `async with simulate(app) as server` gives; see `SimulatedServer`.

    The application runs on the simulator's loop in a thread of its own, while the test's loop
    goes on.
    """

    def __init__(self, stage: Stage, place: OwnThread) -> None:
        self._stage = stage
        self._place = place

    @property
    def transcript(self) -> Transcript:
        """Everything that has happened in the conversation so far, in order."""
        return self._stage.transcript

    async def connect(
        self,
        path: str,
        *,
        subprotocols: Iterable[str] = (),
        headers: HeaderLines = (),
        host: str = LOCALHOST,
        slow_reader: bool = False,
        settle: bool = True,
    ) -> AsyncSimulatedClient:
        """A client opens a WebSocket connection; see `SimulatedServer.connect`."""
        transcript, number = await self._place.wait_for(
            lambda: self._stage.open(
                path, subprotocols, headers, host, slow_reader=slow_reader, settle=settle
            )
        )

        async def perform(step: Step) -> None:
            await self._place.wait_for(lambda: self._stage.perform(transcript, step))

        return AsyncSimulatedClient(transcript, number, perform)

    async def sleep(self, seconds: float) -> None:
        """Let seconds of the application's time pass; with the virtual clock they cost nothing."""
        await self._place.wait_for(lambda: self._stage.sleep(seconds))

    async def request(
        self,
        method: str,
        path: str,
        *,
        headers: HeaderLines = (),
        body: bytes = b"",
        json: Any = None,
        host: str = LOCALHOST,
    ) -> Response:
        """Send an HTTP request; see `SimulatedServer.request`."""
        headers, body = body_of(body, json, headers)
        return await self._place.wait_for(
            lambda: self._stage.request(method, path, headers, body, host)
        )

    async def check(self) -> Sequence[Finding]:
        """End the conversation and see what went wrong; see `SimulatedServer.check`."""
        __tracebackhide__ = True
        return await self._place.wait_for(self._stage.check)
