from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest
from hypothesis import HealthCheck, Phase
from hypothesis import strategies as st

from pytest_routes.websocket import (
    binary_message_strategy,
    graphql_message_strategy,
    json_message_strategy,
    text_message_strategy,
)

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy


def drawn(strategy: SearchStrategy[Any], count: int = 300) -> list[Any]:
    found: list[Any] = []

    @hypothesis.seed(1)
    @hypothesis.settings(
        max_examples=count,
        database=None,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @hypothesis.given(strategy)
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found


def test_texts_are_within_their_length_and_have_utf_8() -> None:
    texts = drawn(text_message_strategy(min_size=2, max_size=20))
    assert {len(text) for text in texts} >= {2, 20}
    assert all(2 <= len(text) <= 20 for text in texts)
    assert "".join(texts).encode()


def test_empty_and_long_texts_occur() -> None:
    texts = drawn(text_message_strategy(max_size=5000), 1000)
    assert "" in texts
    assert max(map(len, texts)) > 4000


def test_bytes_are_within_their_length() -> None:
    data = drawn(binary_message_strategy(min_size=4, max_size=4))
    assert {len(each) for each in data} == {4}
    assert len(set(data)) > 20


@pytest.mark.parametrize("strategy", [text_message_strategy, binary_message_strategy])
def test_a_range_of_lengths_that_holds_nothing_is_refused(strategy: Any) -> None:
    with pytest.raises(
        ValueError, match="^min_size must be from 0 to max_size, but min_size=3 and max_size=2$"
    ):
        strategy(min_size=3, max_size=2)


def test_json_is_what_json_can_say() -> None:
    values = drawn(json_message_strategy())
    assert all(json.dumps(value) for value in values)
    assert {type(value) for value in values} >= {dict, list, str, int}


def test_members_of_json_come_from_the_strategies_that_are_given() -> None:
    strategy = json_message_strategy(st.sampled_from(["room", "text"]), values=st.integers(0, 3))
    values = drawn(strategy)
    assert {key for value in values for key in value} == {"room", "text"}
    assert {item for value in values for item in value.values()} == {0, 1, 2, 3}


def test_graphql_messages_are_those_of_the_protocol() -> None:
    kinds = [message.get("type") for message in drawn(graphql_message_strategy())]
    for kind in ("connection_init", "subscribe", "complete", "ping"):
        assert kind in kinds
    older = drawn(graphql_message_strategy(protocol="graphql-ws"))
    kinds = [message.get("type") for message in older]
    for kind in ("connection_init", "start", "stop"):
        assert kind in kinds


def test_operations_come_from_the_schema() -> None:
    pytest.importorskip("graphql")
    schema = "type Query { pages(of: Int!): Int } type Subscription { turned: Int }"
    queries = [
        message["payload"]["query"]
        for message in drawn(graphql_message_strategy(schema), 500)
        if isinstance(message.get("payload"), dict)
        and isinstance(message["payload"].get("query"), str)
    ]
    assert "subscription { turned }" in queries
    assert any(query.startswith("query { pages(of: ") for query in queries)


def test_another_protocol_is_refused() -> None:
    with pytest.raises(
        ValueError,
        match="^protocol must be 'graphql-transport-ws' or 'graphql-ws', not 'graphql'$",
    ):
        graphql_message_strategy(protocol="graphql")


def test_every_strategy_shrinks_to_its_simplest_message() -> None:
    for strategy, simplest in (
        (text_message_strategy(), "a"),
        (binary_message_strategy(), b"\x00"),
        (json_message_strategy(), {}),
    ):
        assert hypothesis.find(strategy, lambda _: True) == simplest


def test_an_operation_shrinks_to_the_simplest_that_every_server_understands() -> None:
    found = hypothesis.find(
        graphql_message_strategy(),
        lambda message: message.get("type") == "subscribe" and "payload" in message,
    )
    assert found == {"type": "subscribe", "id": "1", "payload": {"query": "{ __typename }"}}
