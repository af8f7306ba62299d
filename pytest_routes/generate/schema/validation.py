"""Does a value satisfy a JSON Schema, and if not, why and where?

Draft 2020-12, as far as pydantic, msgspec and people write it. Formats are not checked here:
by the specification they are annotations (Validation, 7.2.1).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_routes.generate.schema.document import Document, Schema, target
from pytest_routes.generate.schema.keywords import KEYWORDS


class Validator:
    """Says what is wrong with a value, in the terms of one schema."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._following: set[tuple[str, int]] = set()

    def problem(self, value: Any, schema: Schema | None = None) -> str | None:
        """What is wrong, with the place (`.items[0]: expected ...`); None: nothing."""
        if schema is None:
            schema = self.document.root
        if schema is True:
            return None
        if schema is False:
            return "expected nothing here"
        assert isinstance(schema, Mapping)
        reference = target(schema)
        if reference is not None:
            found = self._follow(value, reference)
            if found is not None:
                return found
        for keyword, check in KEYWORDS.items():
            if keyword in schema:
                found = check(self, value, schema[keyword], schema)
                if found is not None:
                    return found
        return None

    def fits(self, value: Any, schema: Schema | None = None) -> bool:
        return self.problem(value, schema) is None

    def _follow(self, value: Any, reference: str) -> str | None:
        # A definition that refers to itself without taking the value apart says nothing.
        key = (reference, id(value))
        if key in self._following:
            return None
        self._following.add(key)
        try:
            return self.problem(value, self.document.find(reference))
        finally:
            self._following.discard(key)
