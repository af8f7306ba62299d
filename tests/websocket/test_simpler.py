import pytest

from pytest_routes.simulator.conversation import Message
from pytest_routes.websocket.simpler import simpler


def simplest(message: Message, shows) -> str | bytes:
    """What is left of a message when only what `shows` is to stay."""
    while True:
        following = next((each for each in simpler(message) if shows(each.data)), None)
        if following is None:
            return message.data
        message = following


@pytest.mark.parametrize(
    ("data", "needed", "left"),
    [
        ('{"a": 1, "b": {"c": [1, 2, "deep"]}, "d": null}', '"c"', '{"b": {"c": []}}'),
        ('{"a": 1, "b": {"c": [1, 2, "deep"]}}', "deep", '{"b": {"c": ["deep"]}}'),
        ('[{"name": "somebody"}, 2.0, true]', '"name"', '[{"name": ""}]'),
        ("[1.5, 20.0]", "20", "[20]"),
    ],
)
def test_json_loses_all_that_does_not_matter(data: str, needed: str, left: str) -> None:
    assert simplest(Message("json", data), lambda text: needed in text) == left


def test_text_and_bytes_are_cut_on_both_sides() -> None:
    assert simplest(Message("text", "one two three"), lambda text: "two" in text) == "two"
    assert simplest(Message("bytes", b"\x01\x02\x03\x04"), lambda data: b"\x03" in data) == b"\x03"


def test_what_can_be_anything_becomes_empty() -> None:
    assert simplest(Message("text", "hello"), lambda _: True) == ""
    assert simplest(Message("bytes", b"hello"), lambda _: True) == b""
    assert simplest(Message("json", '{"a": {}}'), lambda _: True) == "{}"


def test_nothing_is_simpler_than_the_simplest_and_no_json_is_left_alone() -> None:
    for message in (Message("text", ""), Message("json", "{}"), Message("json", "{,")):
        assert list(simpler(message)) == []
