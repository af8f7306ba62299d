"""What a client offers when it connects."""

from __future__ import annotations

from typing import Literal

import pytest

from pytest_routes.config.model import Config
from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.handshake import handshakes, offers
from pytest_routes.routes.model import Parameter, Route
from pytest_routes.simulator.transcript import Transcript


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


def test_a_cookie_of_the_credentials_is_added_to_those_of_the_route() -> None:
    room = Parameter(name="room", location="cookie", annotation=Literal["lobby"])
    route = Route(kind="websocket", path="/ws", parameters=(room,))
    config = Config(auth={"credentials": "cookie:session:sesame"})
    draw = handshakes(route, config, ())
    (cookies,) = (
        value
        for name, value in draw(RandomChoices(1), Transcript()).headers
        if name.lower() == "cookie"
    )
    assert dict(each.split("=") for each in cookies.split("; ")) == {
        "room": "lobby",
        "session": "sesame",
    }
