"""What the handshake of a client decides about its messages."""

from __future__ import annotations

import enum
import json
from collections import Counter
from typing import Annotated, Any, Literal, NewType

import pytest
from fastapi import Depends, FastAPI, WebSocket

from pytest_routes.config.model import Config
from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.handshake import handshakes
from pytest_routes.generate.messages import message_source
from pytest_routes.generate.settings import in_another_role, settings_in
from pytest_routes.generate.vocabulary import mine
from pytest_routes.generate.vocabulary.named_types import is_plain_type
from pytest_routes.routes import discover
from pytest_routes.simulator.conversation import Handshake
from pytest_routes.simulator.transcript import Opened, Sent, Transcript

Seat = Literal["judge", "dancer"]
app = FastAPI()


@app.websocket("/{hall}/{seat}")
async def contest(ws: WebSocket, hall: str, seat: Seat) -> None:
    await ws.accept()
    while True:
        said = json.loads(await ws.receive_text())
        if seat == "judge":
            if said.get("do") == "mark":
                print(said.get("points"))
            elif said.get("do") == "pass":
                print("next")
        elif said.get("do") == "enter":
            print(said.get("number"))
        elif said.get("do") == "bow":
            print(hall)


(ROUTE,) = [r for r in discover(app).routes if r.kind == "websocket"]
JUDGE, DANCER = Handshake("/a/judge"), Handshake("/a/dancer")


def said_by(handshake: Handshake) -> Counter[str]:
    source = message_source(ROUTE)
    choices = RandomChoices(1)
    found: Counter[str] = Counter()
    for _ in range(100):
        transcript = Transcript()
        transcript.events.append(Opened(time=0, client=0, handshake=handshake))
        for position in range(5):
            message = source.message(choices, transcript, 0)
            transcript.events.append(Sent(time=0, client=0, message=message, index=position + 1))
            found[_command(message.data)] += 1
    return found


def _command(data: str | bytes) -> str:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return ""
    return str(value.get("do", "")) if isinstance(value, dict) else ""


def test_a_client_says_mostly_what_is_for_its_role() -> None:
    judge, dancer = said_by(JUDGE), said_by(DANCER)
    assert min(judge["mark"], judge["pass"]) > 2 * max(judge["enter"], judge["bow"])
    assert min(dancer["enter"], dancer["bow"]) > 2 * max(dancer["mark"], dancer["pass"])


def test_a_further_client_mostly_has_another_role_in_the_same_place() -> None:
    draw = handshakes(ROUTE, Config(), ())
    transcript = Transcript()
    transcript.events.append(Opened(time=0, client=0, handshake=JUDGE))
    drawn = Counter(draw(RandomChoices(seed), transcript).path for seed in range(200))
    assert drawn[DANCER.path] > 60
    assert drawn[JUDGE.path] > 40


def test_values_that_a_type_lists_are_asked_for_alike() -> None:
    draw = handshakes(ROUTE, Config(), ())
    drawn = [draw(RandomChoices(seed), Transcript()).path for seed in range(200)]
    assert 60 < sum(path.endswith("/judge") for path in drawn) < 140


@pytest.mark.parametrize(
    ("other", "mixed"),
    [
        (Handshake("/b/dancer"), DANCER),
        (Handshake("/b/judge"), None),
        (Handshake("/b"), Handshake("/b")),
    ],
)
def test_of_another_handshake_only_what_makes_a_difference_is_taken(
    other: Handshake, mixed: Handshake | None
) -> None:
    settings = settings_in(mine(ROUTE.handler, ROUTE.dependencies))
    assert in_another_role(JUDGE, other, settings) == mixed


def test_a_parameter_of_the_query_is_taken_alone_too() -> None:
    async def watched(ws: WebSocket, as_: str = "viewer", room: str = "a") -> None:
        said = await ws.receive_json()
        if as_ == "host" and said["do"] == "close":
            print(room)

    settings = settings_in(mine(watched))
    first = Handshake("/ws", query=(("room", "a"),))
    other = Handshake("/ws", query=(("room", "b"), ("as_", "host")))
    mixed = Handshake("/ws", query=(("room", "a"), ("as_", "host")))
    assert in_another_role(first, other, settings) == mixed


class Colour(enum.Enum):
    RED = "red"


class Row:
    pass


@pytest.mark.parametrize(
    ("annotation", "plain"),
    [
        (Seat, True),
        (Colour, True),
        (NewType("Name", str), True),
        (Annotated[int, "a mark"], True),
        (Seat | None, True),
        (Annotated[str, Depends(len)], False),
        (Row, False),
        (WebSocket, False),
        (None, False),
    ],
)
def test_types_of_parameters_are_known_under_names_of_their_own(
    annotation: Any, plain: bool
) -> None:
    assert is_plain_type(annotation) is plain
