"""The simulated server as a test by hand sees it."""

from __future__ import annotations

import json as json_module
from typing import TYPE_CHECKING, Any

from pytest_routes.simulation.client import SimulatedClient

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pytest_routes.checks import Finding
    from pytest_routes.simulation.place import Place
    from pytest_routes.simulation.response import Response
    from pytest_routes.simulation.stage import HeaderLines, Stage
    from pytest_routes.simulator.conversation import Step
    from pytest_routes.simulator.transcript import Transcript

LOCALHOST = "localhost"
_JSON = ("content-type", "application/json")


def body_of(body: bytes, json: Any, headers: HeaderLines) -> tuple[HeaderLines, bytes]:
    """Headers and body of a request that may say JSON."""
    if json is None:
        return headers, body
    from pytest_routes.simulation.stage import header_pairs

    pairs = header_pairs(headers)
    if not any(name.lower() == _JSON[0] for name, _ in pairs):
        pairs = (*pairs, _JSON)
    return pairs, json_module.dumps(json).encode()


class SimulatedServer:
    """What `with simulate(app) as server` gives.

    with simulate(app) as server:
        ada = server.connect("/ws/room?name=Ada", subprotocols=["chat.v1"])
        ada.send_json({"say": "hello"})
        server.sleep(60)
        assert server.request("GET", "/rooms").status == 200
        server.check()
    """

    def __init__(self, stage: Stage, place: Place) -> None:
        self._stage = stage
        self._place = place

    @property
    def transcript(self) -> Transcript:
        """Everything that has happened in the conversation so far, in order."""
        return self._stage.transcript

    def connect(
        self,
        path: str,
        *,
        subprotocols: Iterable[str] = (),
        headers: HeaderLines = (),
        host: str = LOCALHOST,
        slow_reader: bool = False,
        settle: bool = True,
    ) -> SimulatedClient:
        """A client opens a WebSocket connection; several may talk at once.

        `path` may have a query (`/ws?room=1`); what is not allowed in a path is
        percent-encoded. `subprotocols` are offered. `headers` are pairs, or a mapping.
        `slow_reader`: each message to this client has to wait a turn. Whether the application
        accepted, `client.accepted` and `client.status` tell: a refusal raises nothing.
        """
        __tracebackhide__ = True
        transcript, number = self._place.call(
            lambda: self._stage.open(
                path, subprotocols, headers, host, slow_reader=slow_reader, settle=settle
            )
        )

        def perform(step: Step) -> None:
            self._place.call(lambda: self._stage.perform(transcript, step))

        return SimulatedClient(transcript, number, perform)

    def sleep(self, seconds: float) -> None:
        """Let seconds of the application's time pass; with the virtual clock they cost nothing.

        Timers that are due by then have fired, and the application has reacted.
        """
        self._place.call(lambda: self._stage.sleep(seconds))

    def request(
        self,
        method: str,
        path: str,
        *,
        headers: HeaderLines = (),
        body: bytes = b"",
        json: Any = None,
        host: str = LOCALHOST,
    ) -> Response:
        """Send an HTTP request; clients of WebSocket routes stay connected meanwhile.

        `path` may have a query, `headers` are pairs or a mapping. `json` is sent as the body
        when it is not None, with its content type; raises what `json.dumps` raises. What the
        application raises is in `check()`: the response is what a server would answer.
        """
        headers, body = body_of(body, json, headers)
        return self._place.call(lambda: self._stage.request(method, path, headers, body, host))

    def check(self) -> Sequence[Finding]:
        """End the conversation and see whether anything went wrong since the last check.

        Clients that are connected leave, and the application gets the time to finish. Raises
        `CheckFailed`, an `AssertionError` with the report of what is wrong; returns what is a
        warning only: findings with `check`, `message`, `expected`, `actual` and `transcript`.
        Clients that connect afterwards begin a new conversation.
        """
        __tracebackhide__ = True
        return self._place.call(self._stage.check)
