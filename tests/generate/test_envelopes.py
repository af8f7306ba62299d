"""Declared types with one optional member for each kind of message."""

from __future__ import annotations

from collections import Counter
from typing import Any

from pydantic import BaseModel

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.declared import enclosed_members
from pytest_routes.generate.messages import message_source
from pytest_routes.routes.model import Route
from pytest_routes.simulator.transcript import Transcript


class Dial(BaseModel):
    digits: str


class Hold(BaseModel):
    seconds: int


class HangUp(BaseModel):
    pass


class Call(BaseModel):
    dial: Dial | None = None
    hold: Hold | None = None
    hang_up: HangUp | None = None


class Contact(BaseModel):
    home: Dial
    work: Dial | None = None
    note: str | None = None


def test_kinds_are_optional_members_with_a_type_of_their_own() -> None:
    assert enclosed_members(Call) == ["dial", "hold", "hang_up"]
    assert enclosed_members(Contact) == ["work"]
    assert enclosed_members(int) == []


async def _phone(ws: Any) -> None:
    while True:
        call = Call.model_validate_json(await ws.receive_text())
        if call.dial is not None:
            await ws.send_text(call.dial.digits)
        elif call.hold is not None:
            await ws.send_json(call.hold.seconds)
        else:
            await ws.send_text("bye")


def test_one_kind_is_sent_at_a_time_also_the_one_that_the_source_does_not_name() -> None:
    source = message_source(Route("websocket", "/ws", handler=_phone), max_size=400)
    found: Counter[frozenset[str]] = Counter()
    for seed in range(400):
        data = source.message(RandomChoices(seed), Transcript(), 0).data
        try:
            call = Call.model_validate_json(data)
        except ValueError:
            continue
        found[frozenset(k for k, v in call if v is not None)] += 1
    several = sum(n for kinds, n in found.items() if len(kinds) > 1)
    assert several < 0.3 * found.total()
    for kind in ("dial", "hold", "hang_up"):
        assert found[frozenset({kind})] > 0.1 * found.total()
