"""Which values a branch refuses, and which it looks up in what the source lists."""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

import pytest
from generate.saying import said
from pydantic import BaseModel, Field, TypeAdapter

from pytest_routes.generate.command_groups import fullest
from pytest_routes.generate.vocabulary import Shape, mine


class Open(BaseModel):
    kind: Literal["open"]
    name: str


class Close(BaseModel):
    kind: Literal["close"]
    name: str


Command = Annotated[Open | Close, Field(discriminator="kind")]
commands: TypeAdapter[Command] = TypeAdapter(Command)


class Conflict(Exception):
    pass


class Shelves:
    def __init__(self) -> None:
        self.shelves: dict[str, list[str]] = {"inbox": [], "attic": [], "cellar": []}

    def apply(self, command: Command) -> None:
        match command:
            case Open(name=name):
                if name in self.shelves:
                    raise Conflict("there is one")
                self.shelves[name] = []
            case Close(name=name):
                if name not in self.shelves:
                    raise Conflict("no such shelf")
                if name == "inbox":
                    raise Conflict("stays")
                del self.shelves[name]


async def keep_shelves(websocket: Any) -> None:
    shelves = Shelves()
    while True:
        try:
            shelves.apply(commands.validate_json(await websocket.receive_text()))
        except Conflict as conflict:
            await websocket.send_text(str(conflict))


def of_kind(model: type[BaseModel]) -> list[Shape]:
    (site,) = mine(keep_shelves, ()).sites
    return [
        shape
        for shape in site.shapes
        if any(
            [each.annotation for each in c.values] == [model]
            for c in shape.conditions
            if c.operation == "model"
        )
    ]


def names(shape: Shape, operation: str) -> list[tuple[Any, ...]]:
    return [c.values for c in shape.conditions if c.operation == operation]


def test_a_value_that_is_refused_makes_a_refused_branch() -> None:
    refused = [shape for shape in of_kind(Open) if shape.refused]
    assert [names(shape, "told") for shape in refused] == [[("inbox", "attic", "cellar")]]
    refused = [shape for shape in of_kind(Close) if shape.refused]
    assert [names(shape, "is") for shape in refused] == [[("inbox",)]]


def test_the_branch_that_goes_on_avoids_what_is_refused() -> None:
    shapes = of_kind(Close)
    (full,) = (shapes[i] for i in fullest(shapes))
    assert names(full, "told") == [("inbox", "attic", "cellar")]
    assert {v for c in full.avoided if c.operation == "is" for v in c.values} == {"inbox"}


@pytest.mark.parametrize(
    ("kind", "wanted", "least"),
    [
        # Of what is looked up, some that the source has listed and the branch takes.
        ("close", lambda name: name in ("attic", "cellar"), 0.15),
        # Where what is listed is refused, something new.
        ("open", lambda name: name not in ("inbox", "attic", "cellar"), 0.5),
    ],
)
def test_what_is_said_goes_on(kind: str, wanted: Any, least: float) -> None:
    of_the_kind = []
    for data in said(keep_shelves):
        try:
            value = json.loads(data)
        except ValueError:
            continue
        if isinstance(value, dict) and value.get("kind") == kind:
            of_the_kind.append(value.get("name"))
    assert len(of_the_kind) > 60
    assert sum(map(wanted, of_the_kind)) > least * len(of_the_kind)
