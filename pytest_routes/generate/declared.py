"""Values of the types that an application declares."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.generate.choices import Choices


def maker_of(annotation: Any) -> Callable[[Choices], Any] | None:
    """Makes JSON values that satisfy the type; None for a type of which no value can be made,
    which then says nothing about messages."""
    from pytest_routes.generate.schema import UnsatisfiableSchema, maker_for

    try:
        made: Callable[[Choices], Any] = maker_for(annotation)
        return made
    except (UnsatisfiableSchema, TypeError):
        return None
