"""Texts that a handler takes apart at separators: how many pieces, and what they are."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.messages import message_source
from pytest_routes.routes.model import Route
from pytest_routes.simulator.transcript import Transcript


def texts(handler: Any, messages: int = 600) -> list[str]:
    source = message_source(Route("websocket", "/ws", handler=handler), max_size=400)
    choices = RandomChoices(1)
    made = (source.message(choices, Transcript(), 0).data for _ in range(messages))
    return [data for data in made if isinstance(data, str)]


async def _eject(ws: Any) -> None:
    async for line in ws.iter_text():
        verb, *rest = line.split()
        if verb == "eject":
            if len(rest) < 2:
                await ws.send_text("usage: eject DISC DRIVE")
                continue
            await ws.send_text(rest[0] + rest[1])


def test_there_are_mostly_as_many_words_as_the_source_looks_at_or_one_more() -> None:
    found = Counter(len(t.split()) - 1 for t in texts(_eject) if t.startswith("eject "))
    assert found[2] + found[3] > 0.8 * found.total()
    assert found[2] > 0.3 * found.total()


async def _hoist(ws: Any) -> None:
    async for line in ws.iter_text():
        verb, *rest = line.split()
        if verb == "hoist" and " ".join(rest) in ("blue peter", "yellow jack"):
            await ws.send_text("aye")


def test_words_that_are_joined_again_are_said_with_spaces() -> None:
    said = texts(_hoist)
    assert said.count("hoist blue peter") > 10
    assert said.count("hoist yellow jack") > 10
