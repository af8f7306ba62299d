"""What is mined of tests with several parts, and of what is read on the way to a branch."""

from __future__ import annotations

from typing import Any, Literal

from fastapi import WebSocket
from pydantic import BaseModel

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.command_groups import fullest
from pytest_routes.generate.memory import Memory
from pytest_routes.generate.recipes import recipe
from pytest_routes.generate.schema import maker_for
from pytest_routes.generate.vocabulary import Shape, mine


def shapes(handler: Any) -> list[Shape]:
    (site,) = mine(handler).sites
    return list(site.shapes)


def saying(handler: Any, value: str) -> list[Shape]:
    """The shapes that ask for a value."""
    return [s for s in shapes(handler) if any(value in c.values for c in s.conditions)]


def keys_read(shape: Shape) -> set[Any]:
    return {term.key for term in shape.reads if term.role == "field"}


async def _looked_up_first(ws: Any) -> None:
    tickets: dict[int, dict[str, Any]] = {}
    while True:
        data = await ws.receive_json()
        verb = data.get("verb") if isinstance(data, dict) else None
        ticket = tickets.get(data.get("ticket")) if isinstance(data, dict) else None
        if verb == "reopen":
            await ws.send_json(ticket)


def test_what_is_read_of_any_object_is_read_of_one_with_a_command() -> None:
    (reopen,) = saying(_looked_up_first, "reopen")
    assert keys_read(reopen) == {"verb", "ticket"}


async def _read_of_texts(ws: Any) -> None:
    while True:
        data = await ws.receive_json()
        size = data["size"] if isinstance(data.get("unit"), str) else 0
        if data.get("unit") == "cm":
            print(size)
        elif data.get("unit") == 5:
            print("five")


def test_what_is_read_with_a_text_is_read_with_one_text_and_not_with_a_number() -> None:
    (centimetres,) = saying(_read_of_texts, "cm")
    (five,) = [s for s in shapes(_read_of_texts) if any(5 in c.values for c in s.conditions)]
    assert keys_read(centimetres) == {"unit", "size"}
    assert keys_read(five) == {"unit"}


class Note(BaseModel):
    kind: str
    body: str | None = None
    row: int | None = None
    pitch: Literal["low", "high"] = "low"


async def _parts_of_a_test(ws: WebSocket) -> None:
    rows: list[str] = []
    async for text in ws.iter_text():
        note = Note.model_validate_json(text)
        if note.kind == "write" and note.body is not None:
            rows.append(note.body)
        elif note.kind == "show" and note.row is not None:
            if 0 <= note.row < len(rows):
                print(rows[note.row])
        elif note.kind == "wipe":
            rows.clear()


def test_the_first_part_of_a_test_is_no_branch_of_its_own() -> None:
    halfway = {
        (value, shape.halfway)
        for value in ("write", "show", "wipe")
        for shape in saying(_parts_of_a_test, value)
    }
    assert halfway == {
        ("write", True),
        ("write", False),
        ("show", True),
        ("show", False),
        ("wipe", False),
    }


def test_what_says_only_the_first_part_of_a_test_is_not_among_the_fullest() -> None:
    writing = saying(_parts_of_a_test, "write")
    (full,) = fullest(writing)
    assert [c.operation for c in writing[full].conditions] == ["is", "present"]


def test_a_member_that_must_be_there_is_not_null() -> None:
    (shape,) = [s for s in saying(_parts_of_a_test, "write") if not s.halfway]
    (site,) = mine(_parts_of_a_test).sites
    make = recipe(site.term.children["json", None], shape)
    memory = Memory()
    memory.clean = True
    made = [make(RandomChoices(seed), memory) for seed in range(200)]
    missing = [value for value in made if value.get("body") is None]
    assert len(missing) < 30


def test_the_shortest_array_that_a_type_allows_is_not_rare() -> None:
    make = maker_for(list[int])
    empty = [seed for seed in range(300) if make(RandomChoices(seed)) == []]
    assert len(empty) > 30
