"""Whether an answer fits the type that is declared for it."""

from __future__ import annotations

from typing import Any

from pytest_routes.generate.schema.annotations import answer_schemas
from pytest_routes.generate.schema.document import Document
from pytest_routes.generate.schema.validation import Validator


class Fitting:
    """Tells whether values fit a declared type as an answer.

    It is what the type's library would write that counts: aliases as they are written,
    computed fields. A library may be told to write names instead of aliases, so either will do.
    """

    def __init__(self, annotation: Any) -> None:
        self._validators = [Validator(Document(s)) for s in answer_schemas(annotation)]

    def problem(self, value: Any) -> str | None:
        """What is wrong with a JSON value, with the place; None when it fits."""
        first: str | None = None
        for validator in self._validators:
            found = validator.problem(value)
            if found is None:
                return None
            first = first or found
        return first


def fits(value: Any, annotation: Any) -> bool:
    """Whether a JSON value fits a declared type as an answer."""
    return Fitting(annotation).problem(value) is None
