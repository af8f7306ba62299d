"""The same scenarios, through the simulator."""

from __future__ import annotations

from dataclasses import replace

from fidelity.app import KILLS_AFTER, LOGS, app
from fidelity.real import PATIENCE
from fidelity.scenarios import Scenario
from fidelity.seen import Seen, shown
from pytest_routes.simulator.connection import NO_STATUS
from pytest_routes.simulator.conversation import (
    Handshake,
    Leave,
    Message,
    Open,
    Recorded,
    Send,
    Step,
    Vanish,
    Wait,
)
from pytest_routes.simulator.rules import is_sendable_close_code
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import (
    Accepted,
    Answered,
    Closed,
    Dropped,
    Event,
    Refused,
    Request,
    Responded,
    Transcript,
    Vanished,
)
from pytest_routes.websocket.engine import Engine, Limits


def converse_all(
    profile: str, websocket: dict[str, Scenario], http: dict[str, Scenario]
) -> dict[str, Seen]:
    server = Server(profile=profile)
    if server.profile.kills_after is not None:
        server.profile = replace(server.profile, kills_after=KILLS_AFTER)
    with server.on_duty():
        server.start(app)
        engine = Engine(server, Limits())
        seen = {name: _converse(engine, name, scenario) for name, scenario in websocket.items()}
        seen |= {name: _request(server, name, scenario) for name, scenario in http.items()}
        server.stop()
    server.close()
    return seen


def _converse(engine: Engine, name: str, scenario: Scenario) -> Seen:
    handshake = Handshake(
        "/",
        query=(("id", name), ("do", scenario.script)),
        subprotocols=scenario.subprotocols,
    )
    if scenario.handshake == "vanishes":
        steps: list[Step] = [Open(0, handshake, settle=False), Wait(0.1), Vanish(0)]
    else:
        steps = [Open(0, handshake)]
        for step in scenario.client:
            steps += _steps(*step)
    transcript = engine.run(Recorded((*steps, Wait(PATIENCE))))
    return Seen(tuple(LOGS[name]), tuple(_client(transcript)))


def _steps(name: str, *args: object) -> list[Step]:
    match name, args:
        case "send", (str() | bytes() as data,):
            message = Message("text" if isinstance(data, str) else "bytes", data)
            return [Send(0, message, settle=False)]
        case "wait", (float() as seconds,):
            return [Wait(seconds)]
        case "close", (int() as code, str() as reason):
            return [Leave(0, code, reason)]
        case "vanish", ():
            return [Vanish(0)]
    return []


def _client(transcript: Transcript) -> list[str]:
    """What arrived at the client."""
    lines = [line for event in transcript.events if (line := _line(event))]
    undecided = not (transcript.first(Accepted) or transcript.first(Refused))
    if undecided and not transcript.first(Vanished):
        return ["refused by the server"]
    return lines


def _line(event: Event) -> str | None:
    match event:
        case Accepted(subprotocol=subprotocol):
            return f"accepted, subprotocol {subprotocol}"
        case Refused(status=status, body=body):
            return f"refused: {status} {body!r}"
        case Answered(message=message):
            return shown(message.data)
        case Closed(code=code) if code != NO_STATUS and not is_sendable_close_code(code):
            return "closed: an illegal frame"
        case Closed(code=code, reason=reason):
            return f"closed: {code} {reason!r}"
        case Dropped(code=1006):
            return "closed: 1006"
        case Dropped(code=code):
            return f"closed: {code} ''"
    return None


def _request(server: Server, name: str, scenario: Scenario) -> Seen:
    transcript = server.begin()
    exchange = server.request(Request("GET", "/", query=(("id", name), ("do", scenario.script))))
    if scenario.handshake == "vanishes":
        server.advance(0.1)
        exchange.depart()
    server.drive(lambda: exchange.ended, 30)
    if scenario.handshake == "vanishes":
        return Seen(tuple(LOGS[name]), ())
    responded = transcript.first(Responded)
    if responded is None:
        client = "no response of the application"
    else:
        client = f"{responded.status} {responded.body!r}"
        client += "" if responded.complete else " incomplete"
    return Seen(tuple(LOGS[name]), (client,))
