"""From declared types to JSON Schemas."""

from __future__ import annotations

import asyncio
import collections
import dataclasses
import datetime as dt
import enum
import re
import subprocess
import sys
import typing
from collections.abc import AsyncIterator, Callable
from decimal import Decimal
from typing import Annotated, Any, Generic, Literal, NamedTuple, TypeVar

import attrs
import fastapi
import litestar.datastructures
import msgspec
import pydantic
import pytest
from litestar.params import Parameter as LitestarParameter
from typing_extensions import TypeAliasType, TypedDict

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.schema import maker_for
from pytest_routes.generate.schema.annotations import schema_of
from pytest_routes.generate.schema.structure import schema_by_structure

T = TypeVar("T")


class Colour(enum.Enum):
    RED = "red"
    ODD = object()


class Model(pydantic.BaseModel):
    i: int
    other: Model | None = None


class Struct(msgspec.Struct):
    model: Model
    models: list[Model]


@attrs.define
class Attrs:
    i: int
    model: Model


@dataclasses.dataclass
class Mixed:
    struct: Struct
    model: Model
    attrs: Attrs
    anything: object
    callback: Callable[[int], int]
    name: str = ""


@dataclasses.dataclass
class Unresolved:
    nowhere: Nowhere  # noqa: F821
    there: int = 0


class Raising:
    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: Any) -> Any:
        raise RuntimeError("not for you")


class Box(Generic[T]):
    pass


Tree = TypeAliasType("Tree", "dict[str, Tree] | list[Tree] | int")


def test_a_dataclass_of_several_libraries_types_is_told_by_all_of_them() -> None:
    value = maker_for(Mixed).simplest
    assert value == {
        "struct": {"model": {"i": 0}, "models": []},
        "model": {"i": 0},
        "attrs": {"i": 0, "model": {"i": 0}},
        "anything": None,
        "callback": None,
    }


ODD: list[Any] = [
    list, dict, tuple, set, typing.Sequence, type, type[int], Callable, object, typing.Never,
    typing.ClassVar[int], typing.LiteralString, asyncio.Queue, T, list[T], "Nowhere",
    Unresolved, Raising, Box, Box[int], AsyncIterator[int], ..., 5, [],
    collections.ChainMap[str, int], bytearray, memoryview, range, msgspec.Raw, msgspec.UnsetType,
    pydantic.BaseModel, msgspec.Struct, typing.IO, Annotated[int, LitestarParameter(ge=3)],
    dict[tuple[int, int], str], Tree, Colour, fastapi.Request, litestar.Request, NamedTuple,
]  # fmt: skip


@pytest.mark.parametrize(
    "annotation", ODD, ids=lambda annotation: re.sub(" at 0x[0-9a-f]+", "", str(annotation))
)
def test_no_type_is_too_odd(annotation: Any) -> None:
    values = maker_for(annotation)
    for seed in range(20):
        values(RandomChoices(seed))
        values.broken(RandomChoices(seed))


def test_members_of_an_enumeration_that_json_cannot_say_are_left_out() -> None:
    values = maker_for(list[Colour]).schema
    assert maker_for(Colour).simplest == "red"
    assert values != {}


@pytest.mark.parametrize(
    ("annotation", "says"),
    [
        (dt.datetime, {"format": "date-time"}),
        (pydantic.AwareDatetime, {"format": "date-time", "x-zone": "aware"}),
        (pydantic.PastDate, {"format": "date", "x-now": "past"}),
        (
            Annotated[Decimal, pydantic.Field(gt=0, decimal_places=2)],
            {"format": "decimal", "x-number": True, "x-bounds": {"gt": 0}, "x-places": 2},
        ),
        (pydantic.HttpUrl, {"format": "uri", "x-schemes": ["http", "https"]}),
        (Annotated[str, pydantic.StringConstraints(strip_whitespace=True)], {"x-strip": True}),
    ],
    ids=str,
)
def test_what_pydantic_checks_beyond_its_schema_is_told(annotation: Any, says: Any) -> None:
    found = schema_of(annotation)
    assert {key: value for key, value in found.items() if key in says} == says


def test_keys_of_another_type_are_told() -> None:
    asked = {"type": "object", "additionalProperties": {"type": "string"}}
    names = {"propertyNames": {"type": "integer"}}
    assert schema_of(dict[int, str], "pydantic") == asked | names
    assert schema_of(dict[int, str], "msgspec") == asked | names


@pytest.mark.parametrize(
    ("annotation", "library"),
    [(Struct, "msgspec"), (list[Struct], "msgspec"), (Attrs, "msgspec"), (Model, "pydantic")],
)
def test_the_library_that_declares_a_type_reads_it(annotation: Any, library: Any) -> None:
    assert schema_of(annotation) == schema_of(annotation, library)


def test_bytes_are_text_for_pydantic_and_base64_for_msgspec() -> None:
    assert schema_of(bytes, "pydantic")["format"] == "binary"
    assert schema_of(bytes, "msgspec")["format"] == "base64"


class Movie(TypedDict, total=False):
    title: typing.Required[str]
    year: int


class Pair(NamedTuple):
    left: int
    right: str = ""


@pytest.mark.parametrize(
    ("annotation", "schema"),
    [
        (int | None, {"anyOf": [{"leaf": "int"}, {"type": "null"}]}),
        (Literal["a", 1], {"enum": ["a", 1]}),
        (list[int], {"type": "array", "items": {"leaf": "int"}}),
        (set[int], {"type": "array", "items": {"leaf": "int"}, "uniqueItems": True}),
        (tuple[int, ...], {"type": "array", "items": {"leaf": "int"}}),
        (dict[str, int], {"type": "object", "additionalProperties": {"leaf": "int"}}),
        (typing.NewType("Id", int), {"leaf": "int"}),
        (
            Movie,
            {
                "$ref": "#/$defs/Movie-0",
                "$defs": {
                    "Movie-0": {
                        "title": "Movie",
                        "type": "object",
                        "properties": {"title": {"leaf": "str"}, "year": {"leaf": "int"}},
                        "required": ["title"],
                    }
                },
            },
        ),
        (
            Pair,
            {
                "$ref": "#/$defs/Pair-0",
                "$defs": {
                    "Pair-0": {
                        "type": "array",
                        "prefixItems": [{"leaf": "int"}, {"leaf": "str"}],
                        "items": False,
                        "minItems": 1,
                        "maxItems": 2,
                    }
                },
            },
        ),
    ],
    ids=str,
)
def test_a_structure_is_told_without_a_library(annotation: Any, schema: Any) -> None:
    assert schema_by_structure(annotation, lambda part: {"leaf": part.__name__}) == schema


def test_nothing_is_imported_for_a_type_that_does_not_need_it() -> None:
    program = (
        "import sys; from pytest_routes.generate.schema import maker_for; maker_for(int | None); "
        "print(sorted({'fastapi', 'litestar', 'msgspec', 'attr'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"
