"""What is said where the declared types of a union are the commands."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from generate.saying import said

TANKS = {"east": 9, "west": 4}


class Fill(msgspec.Struct, tag_field="verb", tag="fill"):
    tank: str
    litres: int


class Level(msgspec.Struct, tag_field="verb", tag="level"):
    tank: str


class Drain(msgspec.Struct, tag_field="verb", tag="drain"):
    tank: str


class Plant:
    def __init__(self) -> None:
        self.levels = {tank: [0] for tank in TANKS}

    def find(self, tank: str) -> list[int]:
        if tank not in self.levels:
            raise LookupError(tank)
        return self.levels[tank]


async def _plant(ws: Any) -> None:
    plant = Plant()
    while True:
        try:
            command = msgspec.json.decode(await ws.receive_text(), type=Fill | Level | Drain)
            if isinstance(command, Fill):
                plant.find(command.tank).append(command.litres)
            elif isinstance(command, Level):
                await ws.send_text(str(max(plant.find(command.tank))))
            else:
                levels = plant.find(command.tank)
                levels.clear()
        except (msgspec.DecodeError, LookupError):
            await ws.send_text("no")


def test_a_name_that_several_commands_know_is_said_with_each_of_them() -> None:
    times: dict[tuple[str, bool], int] = {}
    for data in said(_plant):
        message = _parsed(data)
        if isinstance(message, dict) and isinstance(message.get("verb"), str):
            known = (message["verb"], message.get("tank") in ("east", "west"))
            times[known] = times.get(known, 0) + 1
    for verb in ("fill", "level", "drain"):
        assert times[verb, True] > 20
        assert times[verb, True] > times[verb, False]


def _parsed(data: Any) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        return None
