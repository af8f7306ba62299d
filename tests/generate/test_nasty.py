from __future__ import annotations

import json

import pytest

from pytest_routes.generate import content, nasty


@pytest.mark.parametrize("text", nasty.STRINGS, ids=ascii)
def test_a_nasty_string_can_be_sent_as_text(text: str) -> None:
    assert text.encode().decode() == text


@pytest.mark.parametrize("text", nasty.SURROGATES, ids=ascii)
def test_a_lone_surrogate_travels_only_as_an_escape(text: str) -> None:
    with pytest.raises(UnicodeEncodeError):
        text.encode()
    assert json.loads(nasty.dumps(text).encode()) == text


@pytest.mark.parametrize("data", [b for b in nasty.BINARY if b[:1] > b"\x7f"], ids=repr)
def test_binary_that_begins_above_ascii_is_not_utf_8(data: bytes) -> None:
    if data.startswith(b"\xef\xbb\xbf"):
        assert data.decode("utf-8-sig") == "{}"
    else:
        with pytest.raises(UnicodeDecodeError):
            data.decode()


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _refused_on_purpose(text: str) -> bool:
    """RFC 8259, 9: a parser may limit the depth and the range of numbers."""
    return len(text) > 1000


@pytest.mark.parametrize("text", nasty.JSON_TEXTS, ids=lambda text: ascii(text[:30]))
def test_a_nasty_json_text_is_json(text: str) -> None:
    try:
        json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        assert _refused_on_purpose(text)


@pytest.mark.parametrize("text", nasty.NOT_JSON, ids=lambda text: ascii(text[:30]))
def test_a_text_that_is_almost_json_is_not_json(text: str) -> None:
    with pytest.raises((ValueError, RecursionError)):
        json.loads(text, parse_constant=_refuse_constant)


@pytest.mark.parametrize("value", nasty.JSON_VALUES, ids=repr)
def test_a_value_of_every_kind_survives_json(value: object) -> None:
    assert json.loads(nasty.dumps(value)) == value


@pytest.mark.parametrize(
    "name",
    ["STRINGS", "SURROGATES", "KEYS", "INTEGERS", "JSON_TEXTS", "NOT_JSON", "BINARY"],
)
def test_no_entry_of_a_table_is_there_twice(name: str) -> None:
    table = getattr(nasty, name)
    assert len(set(table)) == len(table)


def test_what_parsers_give_up_on_is_left_out_whatever_this_python_does() -> None:
    left_out = set(nasty.JSON_TEXTS) - set(content.JSON_TEXTS)
    assert left_out == {
        "1" + "0" * 5000,
        "[" * 1100 + "]" * 1100,
        '{"a":' * 1100 + "1" + "}" * 1100,
    }
