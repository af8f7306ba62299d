"""GraphQL over WebSocket: both protocols in use, and operations of the server's own schema.

`graphql-transport-ws` is the protocol of the GraphQL over WebSocket specification, `graphql-ws`
the older one of subscriptions-transport-ws. Which of the two a client speaks is settled by the
subprotocol that the server accepts.
"""

from __future__ import annotations

from pytest_routes.generate.graphql.detection import speaks_graphql
from pytest_routes.generate.graphql.introspection import introspection_steps, schema_told
from pytest_routes.generate.graphql.messages import GraphQLMessages
from pytest_routes.generate.graphql.protocols import LEGACY, SUBPROTOCOLS, TRANSPORT
from pytest_routes.generate.graphql.schema import GraphQLSchema, schema_from_sdl

__all__ = [
    "LEGACY",
    "SUBPROTOCOLS",
    "TRANSPORT",
    "GraphQLMessages",
    "GraphQLSchema",
    "introspection_steps",
    "schema_from_sdl",
    "schema_told",
    "speaks_graphql",
]
