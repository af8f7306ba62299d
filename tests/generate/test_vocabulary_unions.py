"""What is mined of handlers that tell the types of a declared union apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal, assert_never

import pytest
from fastapi import WebSocket
from pydantic import BaseModel, Field, TypeAdapter

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.memory import Memory
from pytest_routes.generate.typed import of_type
from pytest_routes.generate.vocabulary import Shape, Term, mine


class Rent(BaseModel):
    kind: Literal["rent"]
    bike: str


class Return(BaseModel):
    kind: Literal["return"]
    rental: str


class Report(BaseModel):
    kind: Literal["report"]
    rental: str
    fault: str


@dataclass
class Rental:
    bike: str
    late: bool = False


Command = Annotated[Rent | Return | Report, Field(discriminator="kind")]
COMMANDS: TypeAdapter[Command] = TypeAdapter(Command)


class Desk:
    def __init__(self) -> None:
        self.open: dict[str, Rental] = {}

    def rent(self, command: Rent) -> None:
        self.open[command.bike] = Rental(**command.model_dump(exclude={"kind"}))

    def bring_back(self, command: Return) -> None:
        self.open.pop(command.rental)

    def report(self, command: Report) -> None:
        print(self.open[command.rental], command.fault)


async def _if_else(ws: WebSocket) -> None:
    desk = Desk()
    while True:
        command = COMMANDS.validate_json(await ws.receive_text())
        if isinstance(command, Rent):
            desk.rent(command)
        elif isinstance(command, Return):
            desk.bring_back(command)
        else:
            desk.report(command)


async def _not_first(ws: WebSocket) -> None:
    desk = Desk()
    async for text in ws.iter_text():
        command = COMMANDS.validate_json(text)
        if not isinstance(command, (Rent, Return)):
            desk.report(command)
        elif isinstance(command, Rent):
            desk.rent(command)
        else:
            desk.bring_back(command)


async def _cases(ws: WebSocket) -> None:
    desk = Desk()
    async for text in ws.iter_text():
        match COMMANDS.validate_json(text):
            case Rent() as rent:
                desk.rent(rent)
            case Return() as back:
                desk.bring_back(back)
            case other:
                desk.report(other)


async def _never(ws: WebSocket) -> None:
    async for text in ws.iter_text():
        command = COMMANDS.validate_json(text)
        match command:
            case Rent():
                print(command.bike)
            case Return():
                print(command.rental)
            case Report():
                print(command.fault)
            case never:
                assert_never(never)


def types_asked(handler: Any) -> set[frozenset[str]]:
    """The types that each shape asks of the whole message, by name."""
    (site,) = mine(handler).sites
    return {
        frozenset(d.annotation.__name__ for c in s.conditions for d in c.values)
        for s in site.shapes
        if all(c.operation == "model" for c in s.conditions)
    }


@pytest.mark.parametrize("handler", [_if_else, _not_first, _cases, _never])
def test_the_last_branch_is_about_what_is_left_of_a_union(handler: Any) -> None:
    assert types_asked(handler) >= {
        frozenset(),
        frozenset({"Rent"}),
        frozenset({"Return"}),
        frozenset({"Report"}),
    }


def test_what_the_application_makes_of_a_message_is_no_type_of_messages() -> None:
    (site,) = mine(_if_else).sites
    term = site.term.children["json", None]
    assert Rental not in [declared.annotation for declared in term.declared]


def test_a_function_that_takes_one_type_of_a_union_does_not_narrow_what_is_sent() -> None:
    (site,) = mine(_if_else).sites
    term = site.term.children["json", None]
    assert [declared.annotation for declared in term.models] == [Command]


def test_a_member_whose_values_are_listed_is_never_what_was_said_under_its_name() -> None:
    term = Term("message", "json")
    make = of_type(Command, term, Shape((), frozenset({term})))
    assert make is not None
    memory = Memory()
    memory.draft({"kind": "accepted"})
    said = {make(RandomChoices(seed), memory)["kind"] for seed in range(100)}
    assert said == {"rent", "return", "report"}
