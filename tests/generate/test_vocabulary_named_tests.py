"""What is mined of tests whose result gets a name before anything depends on it."""

from __future__ import annotations

from typing import Any

from pytest_routes.generate.vocabulary import Shape, mine


def saying(handler: Any, value: str) -> list[Shape]:
    """The shapes that ask for a value."""
    (site,) = mine(handler).sites
    return [s for s in site.shapes if any(value in c.values for c in s.conditions)]


def asked(shape: Shape, key: str) -> set[str]:
    return {c.operation for c in shape.conditions if c.holds and c.term.key == key}


async def _refused_by_name(ws: Any) -> None:
    while True:
        data = await ws.receive_json()
        level = data.get("level")
        valid = isinstance(level, int) and 0 < level < 10
        if not valid:
            await ws.send_json({"error": "level"})
            continue
        if data.get("knob") == "bass":
            await ws.send_json(level)


def test_what_a_named_test_asks_holds_behind_the_refusal() -> None:
    (bass,) = saying(_refused_by_name, "bass")
    assert asked(bass, "level") == {"type", "near"}


async def _branch_by_name(ws: Any) -> None:
    while True:
        data = await ws.receive_json()
        is_mute = data.get("knob") == "mute"
        if is_mute:
            await ws.send_json(data["channel"])


def test_a_branch_under_a_named_test_is_a_command() -> None:
    (mute,) = saying(_branch_by_name, "mute")
    assert {t.key for t in mute.reads if t.role == "field"} == {"knob", "channel"}


async def _kept_by_name(ws: Any) -> None:
    trusted = False
    while True:
        data = await ws.receive_json()
        if data.get("knob") == "unlock":
            trusted = data.get("pin") == "0042"
        if trusted and data.get("knob") == "reset":
            await ws.send_json("done")


def test_what_only_one_branch_has_tested_is_not_asked_of_later_messages() -> None:
    (reset,) = saying(_kept_by_name, "reset")
    assert asked(reset, "pin") == set()
