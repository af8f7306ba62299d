"""Functions that read a text as Python: what it says is something else than the text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.generate.vocabulary.values import Value, parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.generate.vocabulary.parameters import Arguments
    from pytest_routes.generate.vocabulary.reader import Reader


def _read_as(language: str) -> Callable[[Reader, Arguments, str], Value]:
    def noted(reader: Reader, arguments: Arguments, name: str) -> Value:  # noqa: ARG001
        for term in parts(arguments.named("source", 0)):
            term.use(language)
        return ()

    return noted


PROGRAMS: dict[str, Callable[[Reader, Arguments, str], Value]] = {
    "ast.parse": _read_as("python"),
    "ast.literal_eval": _read_as("literal"),
    "builtins.compile": _read_as("python"),
    "builtins.eval": _read_as("python"),
    "builtins.exec": _read_as("python"),
}
