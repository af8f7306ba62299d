"""What clients of the board really say, and a board that is empty before each test."""

from __future__ import annotations

from collections.abc import Iterator

import board
import pytest
from hypothesis import strategies as st

from pytest_routes.websocket import register_message_strategy

note = st.one_of(
    st.fixed_dictionaries({"pin": st.text(max_size=80)}),
    st.fixed_dictionaries({"take": st.integers(min_value=1, max_value=20)}),
)
register_message_strategy("/board", "json", note)


@pytest.fixture
def empty_board() -> Iterator[None]:
    board.pinned.clear()
    yield
    board.pinned.clear()
