"""A hundred declared types, each with the library that reads it.

`TYPES` is what is promised: every value that is made of one of these is accepted by its
library. Classes are in the style of applications, not of a test.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import enum
import ipaddress
import json
import pathlib
import re
import uuid
from collections import OrderedDict, defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import (
    Annotated,
    Any,
    Generic,
    Literal,
    NamedTuple,
    NewType,
    NotRequired,
    Optional,
    TypeVar,
    Union,
)

import annotated_types as at
import attrs
import msgspec
import pydantic
from msgspec import Meta
from pydantic import (
    AliasChoices,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Discriminator,
    Field,
    Json,
    RootModel,
    StringConstraints,
    Tag,
    TypeAdapter,
)
from typing_extensions import TypedDict  # pydantic wants it before Python 3.12

T = TypeVar("T")


class Colour(enum.Enum):
    RED = "red"
    GREEN = "green"


class Level(enum.IntEnum):
    LOW = 1
    HIGH = 10


class Size(str, enum.Enum):  # noqa: UP042 - as it is still written
    SMALL = "s"
    LARGE = "l"


class Address(BaseModel):
    street: str
    zip_code: Annotated[str, Field(pattern=r"^\d{5}(-\d{4})?$")]


class Person(BaseModel):
    name: Annotated[str, Field(min_length=1, max_length=40)]
    age: Annotated[int, Field(ge=0, lt=150)] = 0
    addresses: list[Address] = []
    nickname: str | None = None


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    id: int
    ratio: float
    label: str
    on: bool = False


class Aliased(BaseModel):
    first_name: str = Field(alias="firstName")
    last_name: str = Field(validation_alias=AliasChoices("lastName", "surname"))


class Circle(BaseModel):
    kind: Literal["circle"]
    radius: Annotated[float, Field(gt=0)]


class Square(BaseModel):
    kind: Literal["square"]
    side: Annotated[float, Field(gt=0, le=100)]


class Drawing(BaseModel):
    shapes: list[Annotated[Circle | Square, Field(discriminator="kind")]]


class Tree(BaseModel):
    value: int
    children: list[Tree] = []


class Linked(BaseModel):
    value: str
    next: Linked | None


class Even(BaseModel):
    odd: Odd | None = None


class Odd(BaseModel):
    even: Even


class Page(BaseModel, Generic[T]):
    items: list[T]
    total: Annotated[int, Field(ge=0)]


class Tags(RootModel[dict[str, list[str]]]):
    pass


class Stripped(BaseModel):
    model_config = ConfigDict(str_strip_whitespace=True, str_min_length=1, str_max_length=12)
    text: str


class Payment(BaseModel):
    amount: Annotated[Decimal, Field(gt=0, max_digits=8, decimal_places=2)]
    currency: Annotated[str, StringConstraints(to_upper=True, min_length=3, max_length=3)]
    at: AwareDatetime


class Wide(BaseModel):
    a: int | None = None
    b: str | None = None
    c: float | None = None
    d: bool | None = None
    e: list[int] | None = None
    f: dict[str, int] | None = None
    g: Colour | None = None
    h: uuid.UUID | None = None


class Password(BaseModel):
    password: Annotated[str, Field(pattern=r"^[A-Za-z0-9!@#$%]{8,32}$")]
    username: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", min_length=3, max_length=16)]


@dataclasses.dataclass
class Point:
    x: float
    y: float = 0.0
    labels: list[str] = dataclasses.field(default_factory=list)


@dataclasses.dataclass
class Segment:
    start: Point
    end: Point
    colour: Colour = Colour.RED


@dataclasses.dataclass
class Node:
    name: str
    parent: Optional[Node] = None  # noqa: UP045


class Movie(TypedDict):
    title: str
    year: NotRequired[int]


class Loose(TypedDict, total=False):
    a: int
    b: Movie


class Coordinate(NamedTuple):
    lat: Annotated[float, Field(ge=-90, le=90)]
    lon: Annotated[float, Field(ge=-180, le=180)]
    name: str = ""


class Command(msgspec.Struct):
    action: str
    channel: str | None = None
    tries: Annotated[int, Meta(ge=1, le=5)] = 1


class Renamed(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    user_id: int
    display_name: Annotated[str, Meta(min_length=2, max_length=8)]


class Get(msgspec.Struct, tag="get", tag_field="op"):
    key: str


class Put(msgspec.Struct, tag="put", tag_field="op"):
    key: str
    value: bytes


class Row(msgspec.Struct, array_like=True):
    id: int
    name: str
    score: float = 0.0


class Moved(msgspec.Struct, array_like=True, tag=True, forbid_unknown_fields=True):
    x: int
    y: int = 0


class Branch(msgspec.Struct):
    name: Annotated[str, Meta(pattern="^[a-z]+$")]
    left: Branch | None = None
    right: Branch | None = None


class Partial(msgspec.Struct):
    a: int | msgspec.UnsetType = msgspec.UNSET
    b: str | msgspec.UnsetType | None = msgspec.UNSET


class Box(msgspec.Struct, Generic[T]):
    content: T
    weight: Annotated[float, Meta(gt=0)]


class Times(msgspec.Struct):
    aware: Annotated[dt.datetime, Meta(tz=True)]
    naive: Annotated[dt.datetime, Meta(tz=False)]
    day: dt.date
    clock: dt.time
    span: dt.timedelta


@attrs.define
class Account:
    owner: str
    balance: float = 0.0
    tags: list[str] = attrs.field(factory=list)


@attrs.define
class Bank:
    name: str
    accounts: dict[str, Account]


UserId = NewType("UserId", int)


def _kind(value: Any) -> str:
    found = value.get("kind") if isinstance(value, dict) else value.kind
    return "round" if found == "circle" else "square"


PYDANTIC: dict[str, Any] = {
    "int": int,
    "float": float,
    "str": str,
    "bool": bool,
    "none": None,
    "any": Any,
    "bytes": bytes,
    "decimal": Decimal,
    "date": dt.date,
    "datetime": dt.datetime,
    "time": dt.time,
    "timedelta": dt.timedelta,
    "uuid": uuid.UUID,
    "uuid4": pydantic.UUID4,
    "uuid5": pydantic.UUID5,
    "complex": complex,
    "path": pathlib.Path,
    "pattern": re.Pattern[str],
    "ipv4": ipaddress.IPv4Address,
    "ipv6-network": ipaddress.IPv6Network,
    "ip-any": pydantic.IPvAnyAddress,
    "http-url": pydantic.HttpUrl,
    "any-url": pydantic.AnyUrl,
    "websocket-url": pydantic.WebsocketUrl,
    "postgres-dsn": pydantic.PostgresDsn,
    "redis-dsn": pydantic.RedisDsn,
    "secret": pydantic.SecretStr,
    "base64": pydantic.Base64Bytes,
    "json": Json[dict[str, int]],
    "byte-size": pydantic.ByteSize,
    "past-date": pydantic.PastDate,
    "future-datetime": pydantic.FutureDatetime,
    "aware": AwareDatetime,
    "naive": pydantic.NaiveDatetime,
    "date-bounds": Annotated[dt.date, Field(ge=dt.date(2020, 2, 1), lt=dt.date(2020, 3, 1))],
    "span-bounds": Annotated[dt.timedelta, Field(gt=dt.timedelta(0), le=dt.timedelta(hours=1))],
    "int-bounds": Annotated[int, Field(gt=100, lt=103)],
    "int-multiple": Annotated[int, Field(ge=10, multiple_of=7)],
    "float-bounds": Annotated[float, at.Gt(0), at.Lt(1)],
    "float-multiple": Annotated[float, Field(multiple_of=0.5, ge=-2, le=2)],
    "decimal-bounds": Annotated[Decimal, Field(ge=0, le=1, decimal_places=3)],
    "str-bounds": Annotated[str, Field(min_length=3, max_length=3)],
    "str-long": Annotated[str, at.MinLen(2000)],
    "str-pattern": Annotated[str, Field(pattern=r"^(?:\+\d{1,3}[ -]?)?\(?\d{3}\)?[ -]?\d{4}$")],
    "str-part": Annotated[str, Field(pattern=r"[A-Z]{2}\d")],
    "str-clean": Annotated[str, StringConstraints(strip_whitespace=True, min_length=2)],
    "bytes-bounds": Annotated[bytes, Field(min_length=2, max_length=4)],
    "list": list[int],
    "list-bounds": Annotated[list[str], Field(min_length=2, max_length=3)],
    "set-of-few": Annotated[set[Literal[1, 2, 3]], Field(min_length=3)],
    "frozenset": frozenset[str],
    "deque": deque[bool],
    "sequence": Sequence[float],
    "iterable": Iterable[int],
    "tuple": tuple[int, str, bool],
    "tuple-any": tuple[int, ...],
    "dict": dict[str, Any],
    "dict-int-keys": dict[int, str],
    "dict-enum-keys": dict[Colour, int],
    "dict-uuid-keys": dict[uuid.UUID, bool],
    "dict-date-keys": Mapping[dt.date, float],
    "dict-bounds": Annotated[dict[str, int], Field(min_length=2, max_length=2)],
    "dict-pattern": dict[Annotated[str, Field(pattern="^x-[a-z]+$")], str],
    "ordered": OrderedDict[str, int],
    "defaultdict": defaultdict[str, list[int]],
    "optional": Optional[int],  # noqa: UP045
    "union": Union[int, str, list[int]],  # noqa: UP007
    "literal": Literal["a", 1, None, True],
    "enum": Colour,
    "int-enum": Level,
    "str-enum": Size,
    "new-type": UserId,
    "model": Person,
    "model-strict": Strict,
    "model-aliases": Aliased,
    "model-discriminated": Drawing,
    "model-tagged": Annotated[
        Annotated[Circle, Tag("round")] | Annotated[Square, Tag("square")], Discriminator(_kind)
    ],
    "model-tree": Tree,
    "model-linked": Linked,
    "model-mutual": Even,
    "model-generic": Page[Person],
    "model-root": Tags,
    "model-stripped": Stripped,
    "model-payment": Payment,
    "model-wide": Wide,
    "model-patterns": Password,
    "dataclass": Point,
    "dataclass-nested": Segment,
    "dataclass-recursive": Node,
    "typed-dict": Movie,
    "typed-dict-loose": Loose,
    "named-tuple": Coordinate,
    "many": dict[str, list[tuple[int, Person | None]]],
}

MSGSPEC: dict[str, Any] = {
    "int": int,
    "float": float,
    "bytes": bytes,
    "decimal": Decimal,
    "datetime": dt.datetime,
    "date": dt.date,
    "time": dt.time,
    "timedelta": dt.timedelta,
    "uuid": uuid.UUID,
    "bytes-bounds": Annotated[bytes, Meta(min_length=3, max_length=3)],
    "int-bounds": Annotated[int, Meta(ge=-3, lt=0, multiple_of=2)],
    "str-bounds": Annotated[str, Meta(min_length=1, max_length=1)],
    "str-pattern": Annotated[str, Meta(pattern=r"^v\d+\.\d+$", max_length=6)],
    "dict-int-keys": dict[int, str],
    "dict-date-keys": dict[dt.date, int],
    "set": set[int],
    "tuple": tuple[int, str],
    "literal": Literal["x", 7],
    "enum": Colour,
    "struct": Command,
    "struct-renamed": Renamed,
    "struct-tagged": Get | Put,
    "struct-array": Row,
    "struct-array-tagged": list[Moved],
    "struct-recursive": Branch,
    "struct-unset": Partial,
    "struct-generic": Box[list[int]],
    "struct-times": Times,
    "attrs": Account,
    "attrs-nested": Bank,
    "dataclass": Segment,
    "typed-dict": Loose,
    "named-tuple": tuple[Coordinate, ...],
}


def accepts_pydantic(annotation: Any) -> Any:
    adapter: TypeAdapter[Any] = TypeAdapter(annotation)
    return lambda value: adapter.validate_json(json.dumps(value))


def accepts_msgspec(annotation: Any) -> Any:
    decoder = msgspec.json.Decoder(annotation)
    return lambda value: decoder.decode(json.dumps(value))


TYPES: dict[str, tuple[str, Any, Any]] = {
    **{f"pydantic-{n}": ("pydantic", t, accepts_pydantic) for n, t in PYDANTIC.items()},
    **{f"msgspec-{n}": ("msgspec", t, accepts_msgspec) for n, t in MSGSPEC.items()},
}
"""By name: the library, the type, and what makes a function that raises for what the library
refuses."""
