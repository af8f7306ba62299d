"""Whether an answer fits the type that a route declares for it."""

from __future__ import annotations

import collections.abc as c
import json
import types
from typing import TYPE_CHECKING, Annotated, Any, Union, get_args, get_origin

from pytest_routes.generate.schema.annotations import answer_schemas
from pytest_routes.generate.schema.document import Document
from pytest_routes.generate.schema.validation import Validator
from pytest_routes.routes.model import MISSING
from pytest_routes.simulator.conversation import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.routes.model import Route
    from pytest_routes.simulator.transcript import Responded


def answer_problem(route: Route) -> Callable[[Message | Responded], str | None] | None:
    """A function that says what is wrong with an answer of the route, or None when it fits.

    None instead of a function: the route declares nothing that could be checked.
    """
    if route.answer is MISSING:
        return None
    annotation = _yielded(route.answer)
    if annotation is not route.answer and route.kind == "http":
        return None  # a stream, whose form is the framework's
    fits = Fitting(annotation)
    if fits.takes_everything:
        return None

    def problem(answer: Message | Responded) -> str | None:
        if isinstance(answer, Message):
            return _of_message(answer, fits)
        if not 200 <= answer.status < 300 or not _is_json(answer):
            return None
        return fits.problem_of_json(answer.body)

    return problem


_STREAMS = (
    c.AsyncGenerator, c.AsyncIterator, c.AsyncIterable, c.Generator, c.Iterator,
)  # fmt: skip


def _yielded(annotation: Any) -> Any:
    """The type of one of the messages of a generator, and any other type as it is."""
    return get_args(annotation)[0] if get_origin(annotation) in _STREAMS else annotation


def _may_be_text(annotation: Any) -> bool:
    if get_origin(annotation) in (Union, types.UnionType, Annotated):
        return any(_may_be_text(each) for each in get_args(annotation))
    return annotation in (str, bytes)


def _of_message(message: Message, fits: Fitting) -> str | None:
    if fits.is_text:
        return None  # text and bytes travel as they are
    return fits.problem_of_json(message.data)


def _is_json(response: Responded) -> bool:
    types = [value for name, value in response.headers if name.lower() == b"content-type"]
    return any(b"json" in value for value in types) and bool(response.body)


class Fitting:
    """Tells whether values fit a declared type as an answer.

    It is what the type's library would write that counts: aliases as they are written,
    computed fields. A library may be told to write names instead of aliases, so either will do.
    """

    def __init__(self, annotation: Any) -> None:
        self._validators = [Validator(Document(s)) for s in answer_schemas(annotation)]
        schemas = [validator.document.root for validator in self._validators]
        self.takes_everything = not schemas or any(schema in ({}, True) for schema in schemas)
        self.is_text = _may_be_text(annotation)

    def problem(self, value: Any) -> str | None:
        """What is wrong with a JSON value, with the place; None when it fits."""
        first: str | None = None
        for validator in self._validators:
            found = validator.problem(value)
            if found is None:
                return None
            first = first or found
        return first

    def problem_of_json(self, text: str | bytes) -> str | None:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as error:
            return f"expected JSON: {error}"
        return self.problem(value)


def fits(value: Any, annotation: Any) -> bool:
    """Whether a JSON value fits a declared type as an answer."""
    return Fitting(annotation).problem(value) is None
