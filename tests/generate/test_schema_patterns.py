"""Texts of regular expressions."""

from __future__ import annotations

import re
import time

import pytest

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.schema import UnsatisfiableSchema, maker_for_pattern
from pytest_routes.generate.schema.enumeration import Simplest
from pytest_routes.generate.schema.regex import NotRead, read

# Each with the text that it shrinks to.
PATTERNS = {
    "abc": "abc",
    "a|b": "a",
    "a*": "",
    "a+b?": "a",
    "[a-f0-9]{4}": "aaaa",
    r"\d{3}-\d{2,}": "000-00",
    r"\w+@\w+\.(com|org)": "a@a.com",
    r"^\s*$": "",
    "[^a-z/]": "A",
    "(a(b)?){2}": "aa",
    r"(?P<x>a|b)-(?P=x)": "a-a",
    r"(['\"])\w\1": "'a'",
    r"(?:x|y){0,3}z": "z",
    r"(?i)abc": "abc",
    r"(?x) a b # both": "ab",
    r"a{,2}b": "b",
    r"a{b": "a{b",
    r"[]a]": "]",
    r"[a\-z]": "a",
    r"[\w.-]+": "a",
    r"\x41\u00e9": "Aé",
    r"(?<=a)b|c": "c",
    r"a(?!b)\w": "aa",
    r"^(?=.*\d)(?=.*[A-Z]).{6,12}$": None,
    r"\bword\b": "word",
    r"(?#what)a": "a",
    r"(?s:.)": "a",
    r".": "a",
    r"\.\*\+": ".*+",
    r"^#[0-9a-fA-F]{6}$": "#000000",
    r"^([01]\d|2[0-3]):[0-5]\d$": "00:00",
    r"^(?:25[0-5]|2[0-4]\d|1?\d?\d)(?:\.(?:25[0-5]|2[0-4]\d|1?\d?\d)){3}$": "250.250.250.250",
    r"^[^@\s]+@[^@\s]+\.[a-z]{2,}$": "a@a.aa",
    r"[\s\S]*": "",
    r"(a)?(?(1)b|c)": None,
    r"[\[\]]": "[",
    r"": "",
}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_what_is_made_matches(pattern: str) -> None:
    expression = re.compile(pattern)
    make, whole = maker_for_pattern(pattern), maker_for_pattern(pattern, whole=True)
    for seed in range(100):
        assert expression.search(make(RandomChoices(seed)))
        assert expression.fullmatch(whole(RandomChoices(seed)))
    if PATTERNS[pattern] is not None:
        assert whole(Simplest()) == PATTERNS[pattern]


def test_only_where_the_pattern_has_no_end_something_stands_around_the_match() -> None:
    def found(pattern: str) -> set[str]:
        make = maker_for_pattern(pattern)
        return {make(RandomChoices(seed)) for seed in range(300)}

    assert found("^a$") == {"a"}
    assert all(text.startswith("a") for text in found("^a"))
    assert all(text.endswith("a") for text in found("a$"))
    assert {"a", "xa", "ax", "a\n"} <= found("a")


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ("a(?=b)c", "no text was found that matches a(?=b)c"),
        (r"(?!)", "no text was found that matches (?!)"),
        ("(a", "the pattern (a cannot be read: a group is not closed in (a"),
        ("[a", "the pattern [a cannot be read: [a ends too early"),
        ("a)", "the pattern a) cannot be read: unexpected ')' in a)"),
        ("*a", "the pattern *a cannot be read: nothing to repeat in *a"),
        (r"\p{Klingon}", r"the pattern \p{Klingon} cannot be read: an unknown property Klingon "
                         r"in \p{Klingon}"),
    ],
)  # fmt: skip
def test_a_pattern_without_a_match_is_told(pattern: str, message: str) -> None:
    with pytest.raises(UnsatisfiableSchema) as caught:
        maker_for_pattern(pattern)
    assert str(caught.value) == message


@pytest.mark.parametrize("pattern", [r"^\p{Lu}\p{Ll}+\z", r"[[:alpha:]]{2}", r"\u{41}"])
def test_words_of_other_dialects_are_understood(pattern: str) -> None:
    # Python cannot check them; Rust's regex, which pydantic uses, can.
    from typing import Annotated

    import pydantic

    if pattern == r"\u{41}":
        assert maker_for_pattern(pattern)(Simplest()) == "A"
        return
    accept = pydantic.TypeAdapter(Annotated[str, pydantic.Field(pattern=pattern)])
    make = maker_for_pattern(pattern)
    for seed in range(50):
        accept.validate_python(make(RandomChoices(seed)))


def test_a_monstrous_pattern_takes_no_time() -> None:
    began = time.perf_counter()
    make = maker_for_pattern("(" * 40 + "a{1,1000}" + "{1,9}){1,9}" * 2 + ")" * 38)
    make(RandomChoices(1))
    assert time.perf_counter() - began < 5


def test_too_deep_a_pattern_is_not_read() -> None:
    with pytest.raises((NotRead, RecursionError)):
        read("(" * 5000)
