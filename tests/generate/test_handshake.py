"""What a client offers when it connects."""

from __future__ import annotations

import pytest

from pytest_routes.generate.handshake import offers


def test_the_whole_list_is_offered_most_often() -> None:
    offered = offers(("v1.chat", "v2.chat"))
    assert offered[0] == ("v1.chat", "v2.chat")
    assert offered.count(("v1.chat", "v2.chat")) > len(offered) / 2
    assert {("v1.chat",), ("v2.chat",), ()} < set(offered)


@pytest.mark.parametrize(
    ("known", "other"),
    [
        (("v2.chat",), "v1.chat"),
        (("v1.chat", "v2.chat"), "v3.chat"),
        (("chat",), "chat.v2"),
    ],
)
def test_another_version_is_offered_alone_and_beside_the_known_ones(
    known: tuple[str, ...], other: str
) -> None:
    assert set(offers(known)) - set(offers(known, others=False)) == {(other,), (other, *known)}


def test_nothing_is_offered_where_no_subprotocol_is_known() -> None:
    assert offers(()) == ((),)
