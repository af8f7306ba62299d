"""GraphQL messages by the state of a connection, and operations that real libraries accept."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.graphql import (
    GraphQLMessages,
    introspection_steps,
    schema_from_sdl,
    schema_told,
    speaks_graphql,
)
from pytest_routes.generate.graphql.detection import schema_of
from pytest_routes.generate.graphql.operations import broken_operation, operation
from pytest_routes.generate.memory import Memory
from pytest_routes.generate.messages import message_source
from pytest_routes.generate.vocabulary import NOTHING, Vocabulary
from pytest_routes.routes.model import Route
from pytest_routes.simulator.conversation import Handshake, Message, Open, Recorded, Send
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import Accepted, Answered, Closed, Opened, Sent, Transcript
from pytest_routes.websocket.engine import Engine, Limits

graphql = pytest.importorskip("graphql")

SDL = """
enum Genre { NOVEL POEM }
scalar Moment
interface Named { name: String! }
type Author implements Named { name: String! born: Moment books(first: Int = 10): [Book!]! }
type Book implements Named { name: String! genre: Genre author: Author! pages: [Int!] }
union Found = Author | Book
input Range { from: Int! to: Int step: Float = 1.0 }
input Filter { genre: Genre names: [String!] range: Range }
type Query {
  book(id: ID!): Book
  named(name: String): Named
  search(filter: Filter!, genres: [Genre!]! = [POEM], at: Moment): [Found!]!
}
type Mutation { add(name: String!, genre: Genre!, tags: [[String]]): Book }
type Subscription { added(genre: Genre): Book! counted(to: Int!, every: Float): Int! }
"""


async def handler(ws: Any) -> None:
    await ws.accept(subprotocol="graphql-transport-ws")


def connection(*said: Any, subprotocol: str | None = "graphql-transport-ws") -> Memory:
    transcript = Transcript()
    transcript.events.append(Opened(time=0, client=0, handshake=Handshake("/")))
    transcript.events.append(Accepted(time=0, client=0, subprotocol=subprotocol))
    for index, value in enumerate(said, 1):
        message = Message("graphql", json.dumps(value))
        transcript.events.append(Sent(time=0, client=0, message=message, index=index))
    memory = Memory()
    memory.follow(transcript)
    return memory


def messages(memory: Memory, count: int = 500) -> list[Any]:
    make = GraphQLMessages()
    choices = RandomChoices(1)
    return [json.loads(make(choices, memory, 0).data) for _ in range(count)]


def kinds(found: list[Any]) -> Counter[str]:
    return Counter(str(m.get("type")) for m in found if isinstance(m, dict))


INIT = {"type": "connection_init"}


def test_a_client_introduces_itself_first() -> None:
    counts = kinds(messages(connection()))
    assert counts["connection_init"] > 300
    assert counts["subscribe"] > 10


def test_a_client_that_has_introduced_itself_starts_operations() -> None:
    counts = kinds(messages(connection(INIT)))
    assert counts["subscribe"] > 200
    assert 1 <= counts["connection_init"] < 50
    for kind in ("complete", "ping", "pong", "next", "None"):
        assert counts[kind] >= 1, kind


def test_the_older_protocol_has_other_words() -> None:
    counts = kinds(messages(connection(INIT, subprotocol="graphql-ws")))
    assert counts["start"] > 200
    assert counts["stop"] > 10
    assert counts["connection_terminate"] > 10


def test_identifiers_in_use_are_ended_and_used_twice() -> None:
    started = {"type": "subscribe", "id": "7", "payload": {"query": "{ __typename }"}}
    found = [m for m in messages(connection(INIT, started)) if isinstance(m, dict)]
    assert sum(m == {"type": "complete", "id": "7"} for m in found) > 10
    objects = [m for m in found if isinstance(m, dict) and "id" in m]
    assert sum(m["id"] == "7" and m.get("type") == "subscribe" for m in objects) > 5
    ended = messages(connection(INIT, started, {"type": "complete", "id": "7"}))
    assert {"type": "complete", "id": "7"} not in ended


def test_operations_are_valid() -> None:
    schema = graphql.build_schema(SDL)
    known = schema_from_sdl(SDL)
    choices = RandomChoices(1)
    rules = dict.fromkeys(("query", "mutation", "subscription"), 0)
    for _ in range(2000):
        payload = operation(choices, known)
        document = graphql.parse(payload["query"])
        assert graphql.validate(schema, document) == [], payload
        definition = next(d for d in document.definitions if hasattr(d, "operation"))
        rules[definition.operation.value] += 1
        result = graphql.execution.values.get_variable_values(
            schema, definition.variable_definitions or [], payload.get("variables", {})
        )
        assert not isinstance(result, list), (payload, result)
    assert min(rules.values()) > 100, rules


def test_every_field_of_the_roots_is_asked_for() -> None:
    known = schema_from_sdl(SDL)
    choices = RandomChoices(1)
    text = " ".join(operation(choices, known)["query"] for _ in range(500))
    for name in ("book(", "named", "search(", "add(", "added", "counted(", "fragment", "$v0"):
        assert name in text, name


def test_broken_operations_are_mostly_refused() -> None:
    schema = graphql.build_schema(SDL)
    known = schema_from_sdl(SDL)
    choices = RandomChoices(1)
    refused = sum(_is_refused(schema, broken_operation(choices, known)) for _ in range(500))
    assert refused > 300


def _is_refused(schema: Any, payload: Any) -> bool:
    if not isinstance(payload, dict) or not isinstance(payload.get("query"), str):
        return True
    try:
        document = graphql.parse(payload["query"])
    except graphql.GraphQLError:
        return True
    variables = payload.get("variables", {})
    if graphql.validate(schema, document) or not isinstance(variables, dict):
        return True
    definition = next(d for d in document.definitions if hasattr(d, "operation"))
    result = graphql.execution.values.get_variable_values(
        schema, definition.variable_definitions or [], variables
    )
    return isinstance(result, list)


def test_a_route_that_negotiates_a_subprotocol_of_graphql_speaks_it() -> None:
    route = Route("websocket", "/ws", handler=handler)
    assert speaks_graphql(route, Vocabulary(subprotocols=("graphql-ws",)))
    assert not speaks_graphql(route, NOTHING)
    source = message_source(route)
    assert source.kinds == ("graphql",)
    assert source.subprotocols == ("graphql-transport-ws",)


def test_what_the_user_asks_for_is_offered_both_subprotocols() -> None:
    source = message_source(Route("websocket", "/ws"), kinds=("graphql",))
    assert source.subprotocols == ("graphql-transport-ws", "graphql-ws")


def test_introspection_tells_the_schema() -> None:
    schema = graphql.build_schema(SDL)
    question = next(introspection_steps(Handshake("/")))[2]
    assert isinstance(question, Send)
    query = json.loads(question.message.data)["payload"]["query"]
    answer = {"type": "next", "payload": {"data": graphql.graphql_sync(schema, query).data}}
    transcript = Transcript()
    message = Message("text", json.dumps(answer))
    transcript.events.append(Answered(time=0, client=0, message=message))
    assert schema_told(transcript) == schema_from_sdl(SDL)


def _strawberry() -> Any:
    strawberry = pytest.importorskip("strawberry")
    from strawberry.asgi import GraphQL

    @strawberry.type
    class Query:
        @strawberry.field
        def double(self, of: int) -> int:
            return 2 * of

    @strawberry.type
    class Subscription:
        @strawberry.subscription
        async def count(self, to: int = 2) -> AsyncGenerator[int, None]:
            for number in range(min(to, 2)):
                yield number

    return GraphQL(strawberry.Schema(Query, subscription=Subscription))


def _ariadne(*, older: bool) -> Any:
    ariadne = pytest.importorskip("ariadne")
    from ariadne.asgi import GraphQL
    from ariadne.asgi.handlers import GraphQLTransportWSHandler, GraphQLWSHandler

    subscription = ariadne.SubscriptionType()

    async def source(_: Any, info: Any, to: int) -> Any:
        for number in range(min(to, 2)):
            yield number

    subscription.set_source("count", source)
    subscription.set_field("count", lambda number, info, to: number)  # noqa: ARG005
    schema = ariadne.make_executable_schema(
        "type Query { double(of: Int!): Int } type Subscription { count(to: Int!): Int! }",
        subscription,
    )
    socket = GraphQLWSHandler() if older else GraphQLTransportWSHandler()
    return GraphQL(schema, websocket_handler=socket)


@pytest.mark.parametrize(
    ("make", "protocol"),
    [
        (_strawberry, "graphql-transport-ws"),
        (lambda: _ariadne(older=False), "graphql-transport-ws"),
        (lambda: _ariadne(older=True), "graphql-ws"),
    ],
    ids=["strawberry", "ariadne", "ariadne, the older protocol"],
)
def test_a_server_is_asked_for_its_schema_and_answers_its_operations(
    make: Any, protocol: str
) -> None:
    app = make()
    source = message_source(Route("websocket", "/", handler=type(app)))
    assert source.kinds == ("graphql",)
    server = Server()
    try:
        with server.on_duty():
            server.start(app)
            engine = Engine(server, Limits())
            for steps in source.questions(Handshake("/")):
                if source.learn(engine.run(Recorded(steps))):
                    break
            else:
                pytest.fail("the server did not tell its schema")
            assert list(source.questions(Handshake("/"))) == []
            answers, codes = _conversations(engine, source, protocol)
            server.stop()
    finally:
        server.close()
    assert answers["connection_ack"] > 50
    assert answers["next"] + answers["data"] > 50
    assert answers["error"] > 5
    assert codes <= {1000, 1002, 4400, 4401, 4403, 4406, 4408, 4409, 4429}, codes


def _conversations(engine: Engine, source: Any, protocol: str) -> tuple[Counter[str], set[int]]:
    """The kinds of the answers, and the close codes, of conversations without another bug."""

    class Talk:
        def __init__(self, seed: int) -> None:
            self.choices = RandomChoices(seed)
            self.said = -1

        def next_step(self, transcript: Transcript) -> Any:
            self.said += 1
            if self.said == 0:
                return Open(0, Handshake("/", subprotocols=(protocol,)))
            if self.said > 6 or transcript.first(Closed) is not None:
                return None
            return Send(0, source.message(self.choices, transcript, 0))

    answers: Counter[str] = Counter()
    codes: set[int] = set()
    for seed in range(100):
        transcript = engine.run(Talk(seed))
        answers.update(json.loads(e.message.data).get("type") for e in transcript.of(Answered))
        codes.update(event.code for event in transcript.of(Closed))
    return answers, codes


def test_a_schema_within_reach_of_the_handler_needs_no_question() -> None:
    class Endpoint:
        def __init__(self) -> None:
            self.schema = graphql.build_schema(SDL)

        async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
            pass

    assert schema_of(Endpoint()) == schema_from_sdl(SDL)
    assert schema_of(handler) is None
