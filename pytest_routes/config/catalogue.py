"""All options of the model, one by one, with their dotted keys."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin

from pydantic import BaseModel

from pytest_routes.config.model import Config
from pytest_routes.config.option import Option

if TYPE_CHECKING:
    from pydantic.fields import FieldInfo

PREFIX = "PYTEST_ROUTES_"


@dataclass(frozen=True, slots=True)
class Entry:
    """One option of the configuration."""

    path: tuple[str, ...]
    field: FieldInfo
    option: Option

    @property
    def key(self) -> str:
        """As it stands in TOML, below `tool.pytest-routes`."""
        return ".".join(self.path)

    @property
    def variable(self) -> str:
        return PREFIX + "__".join(self.path).upper()

    @property
    def type(self) -> Any:
        """The annotation, without `Annotated` and without `None`."""
        return plain_type(self.field.annotation)

    @property
    def is_mapping(self) -> bool:
        return get_origin(self.type) is Mapping


def plain_type(annotation: Any) -> Any:
    """What is left of an annotation without `Annotated` and without `| None`."""
    while True:
        if hasattr(annotation, "__metadata__"):
            annotation = annotation.__origin__
        elif get_origin(annotation) in (Union, UnionType):
            members = [member for member in get_args(annotation) if member is not NoneType]
            if len(members) > 1:
                return annotation
            annotation = members[0]
        else:
            return annotation


def table_of(field: FieldInfo | None) -> type[BaseModel] | None:
    """The model of a field that is a table, or None."""
    annotation = field.annotation if field is not None else None
    return (
        annotation if isinstance(annotation, type) and issubclass(annotation, BaseModel) else None
    )


def option_of(field: FieldInfo) -> Option | None:
    return next((item for item in field.metadata if isinstance(item, Option)), None)


def entries(model: type[BaseModel], path: tuple[str, ...] = ()) -> Iterator[Entry]:
    """The options of a model: its own first, then those of its tables."""
    tables = []
    for name, field in model.model_fields.items():
        option = option_of(field)
        table = table_of(field)
        if table is not None:
            tables.append((table, (*path, name)))
        elif option is not None:
            yield Entry((*path, name), field, option)
    for table, below in tables:
        yield from entries(table, below)


@cache
def catalogue() -> Mapping[tuple[str, ...], Entry]:
    """Every option of `[tool.pytest-routes]`, by its path, in the order of the tables."""
    return {entry.path: entry for entry in entries(Config)}
