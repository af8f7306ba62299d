"""Which types plain JSON can be of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Literal, NotRequired, Optional, TypedDict, Union

import msgspec
import pytest
from pydantic import BaseModel

from pytest_routes.routes.plain_json import is_plain_json


class Typed(TypedDict):
    name: str
    inner: NotRequired[list[Typed]]


class Dated(TypedDict):
    at: datetime


@dataclass
class Data:
    name: str


class Model(BaseModel):
    name: str


class Struct(msgspec.Struct):
    name: str


@pytest.mark.parametrize(
    "annotation",
    [
        str,
        int,
        float,
        bool,
        None,
        dict,
        list,
        dict[str, Any],
        list[dict[str, int]],
        Optional[str],  # noqa: UP045
        Union[int, list[str]],  # noqa: UP007
        int | None,
        Literal["a", 1, None],
        Annotated[dict[str, str], "comment"],
        Typed,
    ],
)
def test_what_json_decodes_to(annotation: Any) -> None:
    assert is_plain_json(annotation)


@pytest.mark.parametrize(
    "annotation",
    [
        Any,
        object,
        bytes,
        datetime,
        Data,
        Model,
        Struct,
        list[Data],
        dict[str, datetime],
        Dated,
        set[int],
    ],
)
def test_what_needs_a_conversion(annotation: Any) -> None:
    assert not is_plain_json(annotation)
