"""Which of the values that were said before stand in for a new one."""

from __future__ import annotations

from generate.saying import remembered

from pytest_routes.generate.memory import Memory
from pytest_routes.generate.remembered import listed_first, words_for
from pytest_routes.generate.vocabulary import Term


def test_a_word_told_under_another_name_comes_behind_what_was_said_under_this_one() -> None:
    memory = remembered(("C", '{"shelf": "north"}'), ("S", '{"caption": "Ferns", "token": "t-81"}'))
    assert memory.likely("shelf", lambda _: True) == ["t-81", "north", "Ferns"]


def test_what_the_source_lists_comes_first_once_a_client_has_said_it() -> None:
    term = Term("field", "plant", values=["fern", "moss"])
    memory = remembered(("C", '{"plant": "moss"}'), ("C", '{"plant": "x-1"}'))
    known = ["x-1", "moss"]
    assert listed_first(term, memory, known, lambda _: True) == ["moss", "x-1", "moss"]
    assert listed_first(Term("field", "plant"), memory, known, lambda _: True) == known


def test_at_a_place_with_a_prefix_only_words_that_begin_so_are_known() -> None:
    words = Term("split", " ")
    channel, nick = words.child("index", 1), words.child("index", 2)
    channel.prefixes.append("#")
    memory = remembered(("C", "ENTER"))
    for word in ("#tea", "ann"):
        memory.put(word)
    assert words_for(channel, memory) == ["#tea"]
    assert words_for(nick, memory) == ["ann"]


def test_without_a_fitting_word_any_known_word_will_do() -> None:
    words = Term("split", " ")
    channel = words.child("index", 1)
    channel.prefixes.append("#")
    memory = Memory()
    memory.put("ann")
    assert words_for(channel, memory) == ["ann"]
