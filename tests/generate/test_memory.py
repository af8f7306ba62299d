from __future__ import annotations

import pytest
from generate.saying import remembered

from pytest_routes.generate.memory import Memory
from pytest_routes.simulator.conversation import Handshake, Message
from pytest_routes.simulator.transcript import Answered, Opened, Sent, Transcript


def test_values_are_found_under_their_key() -> None:
    memory = remembered(("S", '{"session": {"token": "t-1", "user": {"name": "ann"}}}'))
    assert memory.values_for("token") == ["t-1"]
    assert memory.values_for("name") == ["ann"]
    assert memory.values_for("other") == []


@pytest.mark.parametrize("key", ["roomId", "room_id", "room-id", "ROOM_ID", "id", "user_id"])
def test_values_are_found_under_a_similar_key(key: str) -> None:
    assert remembered(("S", '{"room_id": 71}')).values_for(key) == [71]


def test_the_servers_words_come_before_the_clients_and_the_newest_first() -> None:
    memory = remembered(
        ("C", '{"id": 1}'), ("S", '{"id": 2}'), ("C", '{"id": 3}'), ("S", '{"id": 4}')
    )
    assert memory.values_for("id") == [4, 2, 1, 3]
    assert memory.answered == [4, 2]


def test_words_of_an_answer_that_is_no_json_are_values() -> None:
    memory = remembered(("S", "HELLO n0nce=x41, welcome"))
    assert set(memory.answered) >= {"HELLO", "n0nce", "x41"}


def test_what_is_neither_text_nor_scalar_is_no_value() -> None:
    memory = remembered(("S", b"\xff\xfe"), ("S", '{"a": null, "b": true, "c": []}'))
    assert memory.answered == []
    assert memory.anything == []


def test_large_messages_are_not_read() -> None:
    memory = remembered(("S", '{"id": "' + "x" * 30_000 + '"}'))
    assert memory.values_for("id") == []


def test_how_much_each_client_has_said() -> None:
    transcript = Transcript()
    memory = Memory()
    assert memory.position(None) == 0
    for client in (0, 1):
        opened = Opened(time=0, client=client, handshake=Handshake("/"))
        transcript.events.append(opened)
    message = Message("text", "a")
    transcript.events.append(Sent(time=0, client=1, message=message, index=1))
    memory.follow(transcript)
    assert (memory.position(0), memory.position(1), memory.position(None)) == (0, 1, 0)


def test_names_in_texts_are_the_keys_of_what_stands_behind_them() -> None:
    memory = remembered(
        ("S", "MESSAGE\nmessage-id:m1x\nsubscription: s7\n\n"), ("S", "topic=a%2Fb&n=3")
    )
    assert memory.values_for("message-id") == ["m1x"]
    assert memory.values_for("subscription") == ["s7"]
    assert memory.values_for("topic") == ["a/b"]
    assert "subscription" not in memory.answered


@pytest.mark.parametrize(
    ("answer", "key"),
    [
        ('{"event": "card_added", "id": "c7"}', "card"),
        ('{"type": "cardAdded", "id": "c7"}', "card_id"),
        ('{"card": {"id": "c7", "title": "x"}}', "card"),
        ('{"cards": [{"uuid": "c7"}]}', "card"),
        ('{"card_id": "c7"}', "card"),
        ('{"card": "c7"}', "cardId"),
    ],
)
def test_an_id_is_one_of_what_the_words_beside_it_say(answer: str, key: str) -> None:
    memory = remembered(("S", answer), ("S", '{"event": "column_added", "id": "k1"}'))
    assert memory.values_for(key)[0] == "c7"


def test_an_id_is_one_of_what_the_answered_command_names() -> None:
    memory = Memory()
    memory.names_of_commands = frozenset({"add_card", "add_column"})
    transcript = Transcript()
    for name in ("card", "column"):
        command = Message("text", f'{{"do": "add_{name}"}}')
        transcript.events.append(Sent(time=0, client=0, message=command, index=1))
        answer = Message("text", f'{{"ok": true, "id": "{name}-1"}}')
        transcript.events.append(Answered(time=0, client=0, message=answer))
    memory.follow(transcript)
    assert memory.likely("column", bool) == ["column-1"]
    assert memory.likely("card", bool) == ["card-1"]


def test_a_word_that_says_what_an_answer_is_names_nothing() -> None:
    memory = remembered(
        ("C", '{"do": "board", "deck": "upper"}'),
        ("S", '{"event": "boarded", "role": "crew", "type": "c7"}'),
    )
    assert memory.answered == ["c7"]
