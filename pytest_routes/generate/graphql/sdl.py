"""A GraphQL schema that the user has in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pytest_routes.generate.graphql.schema import GraphQLSchema, schema_from_sdl
from pytest_routes.generate.registry import WrongMessage

if TYPE_CHECKING:
    from pathlib import Path


def schema_in(file: Path) -> GraphQLSchema:
    """The schema that a file in the schema definition language describes.

    Raises WrongMessage, with the file's name, when it cannot be read or is no schema.
    """
    name = f"websocket.graphql_schema: {file}"
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise WrongMessage(f"{name}: expected a file with a GraphQL schema ({error})") from None
    try:
        return schema_from_sdl(text)
    except ImportError:
        raise WrongMessage(f"{name}: reading it takes graphql-core, which is not there") from None
    except Exception as error:  # graphql-core's, and what it lets through
        raise WrongMessage(f"{name}: expected a GraphQL schema ({error})") from None
