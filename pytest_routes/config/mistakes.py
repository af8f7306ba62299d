"""What was expected, in words, from the model's types and bounds."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args, get_origin

from annotated_types import Ge, Gt

from pytest_routes.config.catalogue import catalogue, option_of, plain_type, table_of
from pytest_routes.config.given import KeyPath, Mistake, dotted
from pytest_routes.config.model import Config, Override
from pytest_routes.config.reading import NOT_PER_ROUTE
from pytest_routes.routes.globs import nearest

if TYPE_CHECKING:
    from pydantic import BaseModel, ValidationError
    from pydantic.fields import FieldInfo
    from pydantic_core import ErrorDetails

    from pytest_routes.config.reading import Reading

_NOUNS = {
    "GLOBS": ("a glob", "globs"),
    "CODES": ("a close code", "close codes"),
    "NAMES": ("a name", "names"),
    "PATHS": ("a path", "paths"),
    "FILE": ("a path", "paths"),
    "METHODS": ("a method", "methods"),
}


def mistakes(error: ValidationError, reading: Reading) -> list[Mistake]:
    """One message for each thing that is wrong with the values of one source."""
    details = [(_location(item), item) for item in error.errors(include_url=False)]
    misspelt = {path[:-1] for path, item in details if item["type"] == "extra_forbidden"}
    return [
        _message(path, item, reading)
        for path, item in details
        if not (item["type"] == "missing" and path[:-1] in misspelt)
    ]


def _location(item: ErrorDetails) -> KeyPath:
    return tuple(part for part in item["loc"] if part != "[key]")


def _message(path: KeyPath, item: ErrorDetails, reading: Reading) -> Mistake:
    given = reading.at(path)
    if item["type"] == "extra_forbidden":
        return given.misplaced(unknown(path, is_table=isinstance(item["input"], Mapping)))
    if item["type"] == "missing":
        return given.misplaced(f"expected {path[-1]}, the {_help(path)}")
    got = _one_of_several(path, item["input"], reading)
    if item["type"] == "value_error":
        message = str(item["ctx"]["error"]) + got
    else:
        message = f"expected {expectation(path)}{got}{_did_you_mean(path, item['input'])}"
    if item["loc"][-1] == "[key]":
        return given.misplaced(message)
    return given.wrong(message)


def _one_of_several(path: KeyPath, value: Any, reading: Reading) -> str:
    """Which element of a list is meant, when the list was written as one text."""
    if path in reading.given or not isinstance(path[-1], int):
        return ""
    text = os.path.relpath(value, reading.base) if isinstance(value, Path) else str(value)
    return f", got {text}" if text != reading.at(path).text else ""


def unknown(path: KeyPath, *, is_table: bool) -> str:
    """What to say about a key that the model does not have."""
    kind = "table" if is_table else "key"
    name = str(path[-1]).replace("-", "_")
    model = _model(path[:-1])
    if model is Override and name in Config.model_fields:
        return NOT_PER_ROUTE
    elsewhere = _keys_by_last_name().get(name)
    if elsewhere and is_table:
        return f"unknown table, did you mean tool.pytest-routes.{elsewhere}?"
    if elsewhere:
        table = ".".join(["tool.pytest-routes", *elsewhere.split(".")[:-1]])
        return f"unknown key, it belongs to [{table}]"
    guess = key_of_flag(name) or nearest(name, model.model_fields)
    guess = guess or _keys_by_last_name().get(nearest(name, _keys_by_last_name(), 0.8) or "")
    return f"unknown {kind}" + (f", did you mean {guess}?" if guess else "")


def key_of_flag(name: str) -> str | None:
    """The key of the option whose flag is `--routes-NAME`, for who writes flags elsewhere."""
    plain = name.removeprefix("routes_").replace("_", "-")
    flags = {entry.option.flag: entry.key for entry in catalogue().values() if entry.option.flag}
    return flags.get(f"--routes-{plain}")


def _keys_by_last_name() -> Mapping[str, str]:
    """The dotted key of each option and table, by its last name; the first of several."""
    keys: dict[str, str] = {}
    for path in catalogue():
        for depth in range(1, len(path) + 1):
            keys.setdefault(path[depth - 1], ".".join(path[:depth]))
    return keys


def expectation(path: KeyPath) -> str:
    """What a value at this path must be: `an integer of at least 1`."""
    if path == ("overrides",):
        return "an array of tables, [[tool.pytest-routes.overrides]]"
    field = _option_field(path)
    if field is None:
        return "a table"
    return _describe(field, is_element=_option_field(path[:-1]) is field)


def _describe(field: FieldInfo, *, is_element: bool) -> str:
    option = option_of(field)
    kind = plain_type(field.annotation)
    single, several = _NOUNS.get(option.metavar if option else "", ("text", "values"))
    if get_origin(kind) is tuple:
        if is_element:
            element = plain_type(get_args(kind)[0])
            return _choice(element) if get_origin(element) is Literal else single
        return f"a list of {several}"
    if get_origin(kind) is Mapping:
        return "text" if is_element else "a table"
    if get_origin(kind) is Literal:
        return _choice(kind)
    if kind in (int, float):
        return _number(kind, field)
    if kind is bool:
        return "true or false"
    return option.noun if option else "text"


def _number(kind: type, field: FieldInfo) -> str:
    noun = "an integer" if kind is int else "a number"
    for bound in field.metadata:
        if isinstance(bound, Ge):
            return f"{noun} of at least {bound.ge}"
        if isinstance(bound, Gt):
            return f"{noun} over {bound.gt}"
    return noun


def _choice(kind: Any) -> str:
    *names, last = get_args(kind)
    return f"{', '.join(names)} or {last}"


def _did_you_mean(path: KeyPath, value: Any) -> str:
    field = _option_field(path)
    if field is None or not isinstance(value, str):
        return ""
    kind = plain_type(field.annotation)
    if get_origin(kind) is tuple and isinstance(path[-1], int):
        kind = plain_type(get_args(kind)[0])
    choices = get_args(kind) if get_origin(kind) is Literal else ()
    guess = nearest(value, choices)
    return f", did you mean {guess}?" if guess else ""


def _help(path: KeyPath) -> str:
    field = _option_field(path)
    option = option_of(field) if field is not None else None
    return option.help if option else dotted(path)


def _model(path: KeyPath) -> type[BaseModel]:
    """The model of the table at a path."""
    model: type[BaseModel] = Config
    for part in path:
        if part == "overrides":
            model = Override
        elif isinstance(part, str):
            model = table_of(model.model_fields.get(part)) or model
    return model


def _option_field(path: KeyPath) -> FieldInfo | None:
    """The field of the option at, or around, a path; None for a table."""
    model: type[BaseModel] = Config
    for part in path:
        if part == "overrides":
            model = Override
        elif isinstance(part, str):
            field = model.model_fields.get(part)
            table = table_of(field)
            if table is None:
                return field
            model = table
    return None
