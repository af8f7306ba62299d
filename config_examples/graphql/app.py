"""GraphQL with subscriptions, over the WebSocket protocols that Strawberry speaks."""

import asyncio
from collections.abc import AsyncIterator

import strawberry
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from strawberry.asgi import GraphQL

LONGEST = 60


@strawberry.type
class Query:
    @strawberry.field
    def longest(self) -> int:
        return LONGEST


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def countdown(self, start: int = 10) -> AsyncIterator[int]:
        for left in range(min(max(start, 0), LONGEST), -1, -1):
            yield left
            await asyncio.sleep(1)


schema = strawberry.Schema(query=Query, subscription=Subscription)
graphql = GraphQL(schema)

app = Starlette(routes=[Route("/graphql", graphql), WebSocketRoute("/graphql", graphql)])
