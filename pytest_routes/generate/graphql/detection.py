"""Telling that a route speaks GraphQL, and finding its schema without asking it."""

from __future__ import annotations

from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from pytest_routes.generate.graphql.protocols import SUBPROTOCOLS
from pytest_routes.generate.graphql.schema import GraphQLSchema, schema_from_library

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_routes.generate.vocabulary import Vocabulary
    from pytest_routes.routes.model import Route

_LIBRARIES = frozenset(
    {
        "strawberry",
        "ariadne",
        "graphene",
        "starlette_graphene",
        "starlette_graphene3",
        "tartiflette",
    }
)
_MOST_OBJECTS = 60


def speaks_graphql(route: Route, vocabulary: Vocabulary) -> bool:
    """The handler belongs to a GraphQL library, or negotiates one of the subprotocols."""
    if set(vocabulary.subprotocols) & set(SUBPROTOCOLS):
        return True
    handler: Any = route.handler
    if handler is None:
        return False
    module = getattr(handler, "__module__", None) or type(handler).__module__
    return isinstance(module, str) and module.partition(".")[0] in _LIBRARIES


def schema_of(handler: Any) -> GraphQLSchema | None:
    """The schema that a handler, or an object that it holds, refers to.

    Objects are only looked at. None when there is none within reach: a server can still be
    asked (`introspection_steps`).
    """
    for thing in _reachable(handler):
        if type(thing).__name__ == "GraphQLSchema" and type(thing).__module__.startswith("graphql"):
            return schema_from_library(thing)
    return None


def _reachable(handler: Any) -> Iterator[Any]:
    """What the handler refers to, nearest first."""
    waiting = [handler]
    seen: set[int] = set()
    while waiting and len(seen) < _MOST_OBJECTS:
        thing = waiting.pop(0)
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        yield thing
        waiting.extend(_references(thing))


def _references(thing: Any) -> Iterator[Any]:
    if isinstance(thing, MethodType):
        yield thing.__self__
    elif isinstance(thing, FunctionType):
        for cell in thing.__closure__ or ():
            try:
                yield cell.cell_contents
            except ValueError:  # not filled yet
                continue
    elif isinstance(thing, type):
        yield from (
            thing.__dict__[name] for name in ("schema", "_schema") if name in thing.__dict__
        )
    else:
        try:
            attributes = object.__getattribute__(thing, "__dict__")
        except (AttributeError, TypeError):
            return
        for name, value in list(attributes.items()):
            if "schema" in name or "app" in name or "handler" in name or "endpoint" in name:
                yield value
