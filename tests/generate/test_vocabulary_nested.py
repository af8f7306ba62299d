"""What is mined of the members of members, and of what the source wraps around a message."""

from __future__ import annotations

import enum
import json
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
import pytest
from fastapi import WebSocket
from generate.saying import said
from pydantic import BaseModel, Field

from pytest_routes.generate.vocabulary import mine


class Size(enum.Enum):
    SMALL = "s"
    LARGE = "l"


class Cup(BaseModel):
    drink: str = Field(min_length=3)
    size: Size
    milk: bool = False


class Till(BaseModel):
    number: int


class Order(BaseModel):
    cups: list[Cup] = Field(min_length=1, max_length=3)
    till: Till | None = None


async def _items(ws: WebSocket) -> None:
    while True:
        order = Order.model_validate_json(await ws.receive_text())
        for cup in order.cups:
            if cup.size is Size.LARGE and cup.drink == "mocha":
                await ws.send_text("hot")
        if order.till and order.till.number == 77:
            await ws.send_text("closed")


@dataclass
class Crate:
    label: str


class Load(msgspec.Struct):
    crates: tuple[Crate, ...]


async def _struct(ws: WebSocket) -> None:
    async for text in ws.iter_text():
        load = msgspec.json.decode(text, type=Load)
        print([crate.label == "fragile" for crate in load.crates])


def test_an_attribute_of_an_item_is_a_member_where_a_type_declares_it() -> None:
    (site,) = mine(_items).sites
    cup = site.term.children["json", None].children["field", "cups"].children["item", None]
    assert [child.key for child in cup.of("field")] == ["size", "drink"]
    assert cup.values == []
    assert cup.children["field", "size"].values == ["l"]
    assert cup.children["field", "drink"].values == ["mocha"]


def test_an_attribute_of_a_member_is_a_member_where_a_type_declares_it() -> None:
    (site,) = mine(_items).sites
    till = site.term.children["json", None].children["field", "till"]
    assert till.values == []
    assert till.children["field", "number"].values == [77]


def test_what_is_asked_of_items_is_put_into_items_that_the_type_takes() -> None:
    orders = [_read(data) for data in said(_items)]
    taken = [order for order in orders if order is not None]
    cups = [cup for order in taken for cup in order.cups]
    assert len(taken) > len(orders) / 2
    assert any(cup.size is Size.LARGE and cup.drink == "mocha" for cup in cups)
    assert any(order.till and order.till.number == 77 for order in taken)


def _read(data: Any) -> Order | None:
    try:
        return Order.model_validate_json(data)
    except ValueError:
        return None


def test_the_items_of_a_struct_are_dataclasses() -> None:
    (site,) = mine(_struct).sites
    crate = site.term.children["json", None].children["field", "crates"].children["item", None]
    assert crate.children["field", "label"].values == ["fragile"]


class Arm(BaseModel):
    do: Literal["arm"]
    zone: str


class Disarm(BaseModel):
    do: Literal["disarm"]
    code: int


Command = Annotated[Arm | Disarm, Field(discriminator="do")]


class Request(BaseModel):
    sender: str
    command: Command


async def _wrapped(ws: WebSocket) -> None:
    while True:
        request = Request.model_validate({"sender": "me", "command": await ws.receive_json()})
        if isinstance(request.command, Arm):
            print(request.command.zone)


async def _named(ws: WebSocket) -> None:
    async for message in ws.iter_json():
        command = Request(sender="me", command=message).command
        match command:
            case Arm():
                print(command.zone)
            case Disarm(code=code):
                print(code)


class Note(msgspec.Struct):
    body: Crate


async def _converted(ws: WebSocket) -> None:
    async for text in ws.iter_text():
        note = msgspec.convert({"body": json.loads(text)}, Note)
        print(note.body.label)


@pytest.mark.parametrize("handler", [_wrapped, _named])
def test_what_is_wrapped_around_a_message_says_the_type_of_the_message(handler: Any) -> None:
    (site,) = mine(handler).sites
    assert [declared.annotation for declared in site.term.models] == [Command]
    messages = [json.loads(data) for data in said(handler) if data[:1] == "{"]
    assert any(message.get("do") == "arm" and "zone" in message for message in messages)
    assert any(message.get("do") == "disarm" and "code" in message for message in messages)


def test_a_wrapped_message_of_a_struct_is_of_its_type() -> None:
    (site,) = mine(_converted).sites
    term = site.term.children["json", None]
    assert [declared.annotation for declared in term.models] == [Crate]
    assert list(term.children) == [("field", "label")]
