"""Lists that name one thing together."""

from __future__ import annotations

import json
from typing import Any

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.memory import Memory
from pytest_routes.generate.recipes import recipe
from pytest_routes.generate.vocabulary import mine
from pytest_routes.simulator.conversation import Message
from pytest_routes.simulator.transcript import Sent, Transcript


async def _board(ws: Any) -> None:
    while True:
        data = await ws.receive_json()
        square = data["square"]
        if not isinstance(square, list) or len(square) != 2:
            await ws.close()
        elif all(isinstance(each, int) and 0 <= each < 8 for each in square):
            await ws.send_json([square[0], square[1]])


def _squares(said: list[int] | None = None) -> list[Any]:
    (site,) = mine(_board).sites
    transcript, memory = Transcript(), Memory()
    if said is not None:
        message = Message("text", json.dumps({"square": said}))
        transcript.events.append(Sent(time=0, client=0, message=message, index=1))
        memory.follow(transcript)
    memory.clean = memory.earnest = True
    fullest = max(site.shapes, key=lambda shape: len(shape.conditions))
    make = recipe(site.term, fullest)
    choices = RandomChoices(1)
    return [make(choices, memory)["square"] for _ in range(200)]


def test_what_is_asked_of_all_items_is_asked_of_each_position() -> None:
    made = _squares()
    assert all(len(square) == 2 for square in made)
    assert all(0 <= each < 8 for square in made for each in square)


def test_a_list_that_was_said_before_is_said_again_as_a_whole() -> None:
    assert _squares().count([6, 5]) < 10
    assert 30 < _squares([6, 5]).count([6, 5]) < 110
