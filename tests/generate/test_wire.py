"""How values are written outside JSON."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_routes.generate.wire import LEGAL, text_of, texts_of


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        ("", ""),
        (True, "true"),
        (False, "false"),
        (0, "0"),
        (-(10**30), "-" + "1" + "0" * 30),
        (1.5, "1.5"),
        (1e-7, "0.0000001"),
        (1e16, "10000000000000000"),
        (-0.0, "-0.0"),
        ({"a": [1]}, '{"a": [1]}'),
    ],
    ids=repr,
)
def test_a_value_has_one_text(value: Any, text: str) -> None:
    assert text_of(value) == text
    assert texts_of(value) == (text,)


def test_null_has_none_and_a_list_one_for_each_item() -> None:
    assert texts_of(None) == ()
    assert texts_of([1, "a", None]) == ("1", "a", "null")
    assert texts_of([]) == ()


# What each place can carry: path, several segments, query, header, cookie.
CARRIED = {
    "a": "yes yes yes yes yes",
    "": "no no yes yes yes",
    ".": "no no yes yes yes",
    "..": "no no yes yes yes",
    "...": "yes yes yes yes yes",
    "a/b": "no yes yes yes yes",
    "a/": "no yes yes yes yes",
    "/a": "no no yes yes yes",
    "a//b": "no no yes yes yes",
    "a/../b": "no no yes yes yes",
    "a b": "yes yes yes yes no",
    " a": "yes yes yes no no",
    "a;b": "yes yes yes yes no",
    'a"b': "yes yes yes yes no",
    "a=b": "yes yes yes yes yes",
    "é": "yes yes yes yes no",
    "漢": "yes yes yes no no",
    "\x00": "yes yes yes no no",
    "a\tb": "yes yes yes yes no",
    "a\nb": "yes no yes no no",
    "\ud800": "no no no no no",
}


@pytest.mark.parametrize("text", CARRIED, ids=ascii)
def test_what_a_place_can_carry(text: str) -> None:
    places = ("path", "segments", "query", "header", "cookie")
    carried = " ".join("yes" if LEGAL[place](text) else "no" for place in places)
    assert carried == CARRIED[text]
