"""What the application's own validators ask of messages is read as the handler's source is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import msgspec
import pytest
from generate.saying import said
from pydantic import BaseModel, TypeAdapter, ValidationError, field_validator, model_validator

ROLES = ("producer", "consumer")
REGIONS = ("eu-north", "us-east")


class Pydantic(BaseModel):
    action: Literal["attach", "fetch"]
    role: str | None = None
    cursor: int | None = None

    @model_validator(mode="after")
    def complete(self) -> Pydantic:
        if self.action == "attach":
            if self.role not in ROLES:
                raise ValueError("which role?")
        elif self.cursor is None:
            raise ValueError("where from?")
        return self


class Fields(BaseModel):
    action: Literal["attach"]
    region: str

    @field_validator("region")
    @classmethod
    def known(cls, value: str) -> str:
        if value not in REGIONS:
            raise ValueError("no such region")
        return value


@dataclass
class Dataclass:
    action: Literal["attach", "fetch"]
    role: str | None = None
    cursor: int | None = None

    def __post_init__(self) -> None:
        if self.action == "attach" and self.role not in ROLES:
            raise ValueError("which role?")
        if self.action == "fetch" and self.cursor is None:
            raise ValueError("where from?")


class Struct(msgspec.Struct):
    action: Literal["attach", "fetch"]
    role: str | None = None
    cursor: int | None = None

    def __post_init__(self) -> None:
        if self.action == "attach":
            if self.role not in ROLES:
                raise TypeError("which role?")
        elif self.cursor is None:
            raise ValueError("where from?")


async def pydantic(websocket: Any) -> None:
    while True:
        Pydantic.model_validate_json(await websocket.receive_text())


async def dataclasses(websocket: Any) -> None:
    while True:
        try:
            Dataclass(**json.loads(await websocket.receive_text()))
        except ValueError:
            await websocket.send_text("no")


async def msgspec_structs(websocket: Any) -> None:
    while True:
        msgspec.json.decode(await websocket.receive_text(), type=Struct)


async def fields(websocket: Any) -> None:
    adapter = TypeAdapter(Fields)
    while True:
        adapter.validate_json(await websocket.receive_text())


def accepted(handler: Any, decode: Callable[[Any], Any]) -> float:
    """How much of what is said of the declared type its validators accept."""
    seen = [0, 0]
    for data in said(handler):
        try:
            value = json.loads(data)
        except ValueError:
            continue
        if isinstance(value, dict) and value.get("action") == "attach":
            seen[0] += 1
            try:
                decode(value)
            except (ValidationError, ValueError, TypeError, msgspec.ValidationError):
                continue
            seen[1] += 1
    assert seen[0] > 60
    return seen[1] / seen[0]


@pytest.mark.parametrize(
    ("handler", "decode"),
    [
        (pydantic, Pydantic.model_validate),
        (dataclasses, lambda value: Dataclass(**value)),
        (msgspec_structs, lambda value: msgspec.convert(value, Struct)),
        (fields, Fields.model_validate),
    ],
    ids=["model_validator", "__post_init__", "msgspec", "field_validator"],
)
def test_what_a_validator_lists_is_said(handler: Any, decode: Callable[[Any], Any]) -> None:
    # Of texts made at random hardly one is.
    assert accepted(handler, decode) > 0.25
