"""Which answers can be held against the type that a route declares for them, and how."""

from __future__ import annotations

import dataclasses
import datetime
import decimal
import enum
import inspect
import json
import re
import types
import typing
import uuid
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, TypeAlias

from pytest_routes.routes.model import MISSING
from pytest_routes.simulator.transcript import Responded

if TYPE_CHECKING:
    from pytest_routes.routes.model import Route
    from pytest_routes.simulator.conversation import Message

Problem: TypeAlias = Callable[[Any], "str | None"]
"""What is wrong with a value as JSON decodes to it, or None."""

_SCALARS = frozenset(
    {
        str,
        int,
        float,
        bool,
        None,
        type(None),
        datetime.datetime,
        datetime.date,
        datetime.time,
        decimal.Decimal,
        uuid.UUID,
    }
)
_CONTAINERS = frozenset({list, dict, set, frozenset, tuple})
_SPECIAL = frozenset(
    {typing.Union, types.UnionType, typing.Annotated, typing.Required, typing.NotRequired}
)
_DEPTH = 20
_JSON = re.compile(rb"\w+/(.+\+)?json")
"""Media types of one JSON value; `application/x-ndjson` is one of many."""
_MODULE = re.compile(r"(?<![\w.'\"])(?:[A-Za-z_]\w*\.)+(?=[A-Za-z_])")


def answer_check(
    route: Route, problem_for: Callable[[Any], Problem]
) -> Callable[[Message | Responded], str | None] | None:
    """What is wrong with an answer of the route, as `Context.answer_problem` asks.

    `problem_for` makes the function that holds a value against a type. None where nothing
    can be said: nothing is declared; the text is sent as it is; a handler that can send other
    messages; and types whose JSON depends on how the framework is set up. FastAPI validates what
    a handler returns, but for responses that it has made itself.
    """
    annotation = route.answer
    models = route.framework == "fastapi"
    if annotation is MISSING or not _is_certain(annotation, models=models):
        return None
    if route.kind == "websocket" and (_is_text(annotation) or _has_socket(route.handler)):
        return None
    problem = problem_for(annotation)

    def check(answer: Message | Responded) -> str | None:
        data: str | bytes
        if isinstance(answer, Responded):
            if route.answer_status not in (None, answer.status):
                return None
            content_type = dict(answer.headers).get(b"content-type", b"")
            if not _JSON.fullmatch(content_type.partition(b";")[0].strip().lower()):
                return None
            data = answer.body
        else:
            data = answer.data
        try:
            value = json.loads(data)
        except ValueError as error:
            return f"expected JSON, got {data!r:.60}: {error}"
        return problem(value)

    return check


def answer_type(route: Route) -> str:
    """What the type is called that a route declares for its answers; empty without one."""
    annotation = route.answer
    if annotation is MISSING:
        return ""
    if isinstance(annotation, type) and not typing.get_args(annotation):
        return annotation.__name__
    return _MODULE.sub("", str(annotation))


def _has_socket(handler: Callable[..., Any] | type | None) -> bool:
    function = getattr(handler, "on_receive", handler)
    try:
        return function is None or "socket" in inspect.signature(function).parameters
    except (TypeError, ValueError):
        return True


def _is_text(annotation: Any) -> bool:
    """Whether a listener's return value is sent without being encoded as JSON."""
    parts = typing.get_args(annotation) or (annotation,)
    return any(isinstance(part, type) and issubclass(part, str | bytes) for part in parts) and (
        typing.get_origin(annotation) in (None, *_SPECIAL)
    )


def _is_certain(annotation: Any, depth: int = 0, *, models: bool = False) -> bool:
    """Whether the JSON of a type is known. `models`: the framework writes pydantic's models as
    pydantic does."""
    if depth > _DEPTH:  # a type that contains itself
        return True

    def all_certain(parts: Iterable[Any]) -> bool:
        return all(
            each in (Any, ...) or _is_certain(each, depth + 1, models=models) for each in parts
        )

    origin = typing.get_origin(annotation)
    arguments = typing.get_args(annotation)
    if origin is typing.Literal:
        return all(type(value) in _SCALARS for value in arguments)
    if origin is typing.Annotated:
        return all_certain(arguments[:1])
    if origin in _SPECIAL or origin in _CONTAINERS:
        return all_certain(arguments)
    if annotation in _SCALARS or annotation in _CONTAINERS:
        return True
    if not isinstance(annotation, type):  # also a name that could not be resolved
        return False
    if issubclass(annotation, enum.Enum):
        return True
    if _is_record(annotation):
        return all_certain(_members(annotation))
    return models and _is_plain_model(annotation) and all_certain(_members_of_model(annotation))


def _is_plain_model(kind: type) -> bool:
    """Whether pydantic writes all fields of a model as their types say."""
    fields = getattr(kind, "model_fields", None)
    decorators = getattr(kind, "__pydantic_decorators__", None)
    if not isinstance(fields, dict) or decorators is None:
        return False
    written = (decorators.field_serializers, decorators.model_serializers)
    if any(written) or kind.model_config.get("json_encoders"):  # type: ignore[attr-defined]
        return False
    return not any(field.exclude for field in fields.values()) and not any(
        type(each).__module__.startswith("pydantic.functional")
        for field in fields.values()
        for each in field.metadata
    )


def _members_of_model(kind: Any) -> list[Any]:
    return [field.annotation for field in kind.model_fields.values()]


def _is_record(kind: type) -> bool:
    if hasattr(kind, "__pydantic_validator__"):
        return False
    named_tuple = issubclass(kind, tuple) and hasattr(kind, "_fields")
    struct = hasattr(kind, "__struct_fields__")
    return typing.is_typeddict(kind) or dataclasses.is_dataclass(kind) or named_tuple or struct


def _members(kind: type) -> list[Any]:
    try:
        hints = typing.get_type_hints(kind, include_extras=True)
    except Exception:  # a name that cannot be resolved: whatever evaluating it raises
        return [""]
    return [hint for hint in hints.values() if typing.get_origin(hint) is not typing.ClassVar]
