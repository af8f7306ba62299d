"""Registrations that no route is meant by."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import strategies as st

from pytest_routes.generate import registry, written
from pytest_routes.generate.unused import unused_registrations
from pytest_routes.websocket import register_conversation, register_message_strategy

if TYPE_CHECKING:
    from collections.abc import Iterator

PATHS = ["/ws/{room:int}", "/ws/news"]


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_registrations", [])
    monkeypatch.setattr(written, "_registrations", [])


def haggle(draw: object) -> Iterator[object]:
    yield {}


def test_what_matches_a_route_is_used() -> None:
    register_message_strategy("/ws/*", "json", st.just({}))
    register_conversation("/ws/{any}", haggle)  # type: ignore[arg-type]
    assert [*unused_registrations(PATHS)] == []


def test_what_matches_none_is_told_with_its_place_and_the_nearest_route() -> None:
    register_message_strategy("/ws/mews", "json", st.just({}))
    register_conversation("/zzz", haggle)  # type: ignore[arg-type]
    strategy, conversation = unused_registrations(PATHS)
    head, _, tail = strategy.partition(" in ")
    assert head == "register_message_strategy('/ws/mews', 'json', ...)"
    assert tail.endswith("test_unused.py:37 matches no route, the nearest is /ws/news")
    assert conversation.startswith("register_conversation('/zzz', haggle) in ")
    assert conversation.endswith("test_unused.py:38 matches no route")
