from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_routes.report.literals import (
    count,
    exception_line,
    json_literal,
    literal,
    message_literal,
    printable,
    printable_lines,
    seconds,
    shortened,
)
from pytest_routes.report.redaction import NOTHING_SECRET, Redaction
from pytest_routes.simulator.conversation import Message


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain äöü 日本 🙂", "plain äöü 日本 🙂"),
        ("\x00\x1b[31m\x7f\x9b", r"\x00\x1b[31m\x7f\x9b"),
        ("a\nb\tc\r", r"a\nb\tc\r"),
        ("\ud800", r"\ud800"),
        ("\u202etxt.exe", r"\u202etxt.exe"),
        ("\U000e0001", r"\U000e0001"),
        ("\xa0", r"\xa0"),
    ],
)
def test_what_a_terminal_would_act_on_is_escaped(text, shown):
    assert printable(text) == shown


@given(st.text(alphabet=st.characters(exclude_categories=())), st.integers(1, 50))
def test_nothing_that_is_shown_can_act_on_a_terminal(text, limit):
    for shown in (printable(text), literal(text, limit), json_literal(text, limit)):
        assert shown.isprintable()
        shown.encode()


def test_a_text_for_people_keeps_its_lines():
    assert printable_lines("one\n\ttwo\x07") == ["one", r"    two\x07"]


def test_text_and_bytes_are_shown_as_python_literals():
    assert literal("it's\x00", 100) == r'''"it's\x00"'''
    assert literal(b"\xff\x00a", 100) == r"b'\xff\x00a'"
    assert literal("", 100) == "''"


def test_long_content_is_shortened_in_the_middle_and_its_length_told():
    text = " ".join(map(str, range(1_000)))
    assert literal(text, 30) == "'0 1 2 3 4 5 6 7 8 9 ' ... '97 998 999' (3,889 characters)"
    assert literal(bytes(range(256)), 6) == r"b'\x00\x01\x02\x03' ... b'\xfe\xff' (256 bytes)"


def test_content_that_repeats_itself_is_shown_as_a_product():
    assert literal("a" * 40_000, 100) == "'a' * 40000 (40,000 characters)"
    assert literal(b"\x00\x01" * 500, 100) == r"b'\x00\x01' * 500 (1,000 bytes)"


def test_json_is_shown_as_it_travels():
    assert json_literal('{"a": "\\u0000ä", "n": 1e400}', 100) == '{"a": "\\u0000ä", "n": 1e400}'


def test_long_strings_in_json_are_shortened_so_that_the_keys_stay_visible():
    text = '{"action": "post", "text": "' + "x" * 5_000 + '", "id": 7}'
    shown = json_literal(text, 100)
    assert shown == (
        '{"action": "post", "text": "xxxxxxxxxxxxxxxxx ... xxxxxxxx" (5,000 characters), "id": 7}'
    )


def test_json_with_too_much_of_everything_is_shortened_in_the_middle():
    text = "[" + ", ".join(map(str, range(2_000))) + "]"
    assert json_literal(text, 30) == "[0, 1, 2, 3, 4, 5, 6 ... 998, 1999] (10,890 characters)"


def test_a_message_is_shown_after_its_kind():
    assert message_literal(Message("json", '{"a": 1}'), 50) == '{"a": 1}'
    assert message_literal(Message("text", '{"a": 1}'), 50) == """'{"a": 1}'"""
    assert message_literal(Message("bytes", b"{}"), 50) == "b'{}'"


def test_a_secret_is_gone_before_a_message_is_shortened():
    redact = Redaction(("s3cret-token",))
    text = "x" * 15 + "s3cret-token" + "".join(map(str, range(100)))
    assert "s3cr" not in message_literal(Message("text", text), 27, redact)


def test_an_exception_is_told_on_one_line():
    assert exception_line(KeyError("channel"), 80, NOTHING_SECRET) == "KeyError: 'channel'"
    assert exception_line(ValueError("a\n  b\x07"), 80, NOTHING_SECRET) == r"ValueError: a b\x07"
    assert exception_line(TimeoutError(), 80, NOTHING_SECRET) == "TimeoutError"


def test_an_exception_that_cannot_be_told_is_told_anyway():
    class Odd(Exception):
        def __str__(self) -> str:
            raise RuntimeError("no")

    assert exception_line(Odd(), 80, NOTHING_SECRET).endswith(
        "Odd: <its __str__ raised RuntimeError>"
    )


def test_numbers_are_told_with_their_noun():
    assert count(1, "message") == "1 message"
    assert count(1_247, "message") == "1,247 messages"
    assert count(0, "reply", "replies") == "0 replies"
    assert [seconds(value) for value in (30, 0.25, 3_600.0, 0.0004)] == [
        "30 s",
        "0.25 s",
        "3,600 s",
        "0 s",
    ]


def test_short_text_is_not_shortened():
    assert shortened("abc", 3) == "abc"
    assert shortened("abcdefghi", 3) == "ab ... i"


@pytest.mark.parametrize("length", [61, 62, 78])
def test_what_shortening_would_make_longer_is_left_as_it_is(length):
    text = "".join(map(str, range(100)))[:length]
    assert literal(text, 60) == repr(text)
    assert literal(text.encode(), 60) == repr(text.encode())
    assert shortened("abcdefgh", 3) == "abcdefgh"
    assert literal("abab", 3) == "'abab'"


def test_what_does_not_repeat_itself_is_no_product_of_one():
    text = '{"type":"welcome","nick":"anonymous","members":["anonymous"]}'
    assert literal(text, 60) == repr(text)
    assert literal(text * 2, 60) == f"{text!r} * 2 (122 characters)"
    assert literal("0123456789" * 10 + "a", 60) == (
        "'0123456789012345678901234567890123456789' ... '1234567890123456789a' (101 characters)"
    )


@given(st.text(max_size=200) | st.binary(max_size=200), st.integers(1, 120))
def test_no_literal_is_longer_than_the_whole(data, limit):
    assert len(literal(data, limit)) <= len(repr(data))


@given(st.text(alphabet='a"{}', max_size=200), st.integers(1, 120))
def test_no_json_is_longer_than_the_whole(text, limit):
    assert len(json_literal(text, limit)) <= len(text)
