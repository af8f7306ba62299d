"""The words that a group of a pattern lets one choose from."""

import pytest

from pytest_routes.generate.alternatives import alternatives


@pytest.mark.parametrize(
    ("pattern", "group", "words"),
    [
        ("(open|close) (front|back)", 1, ["open", "close"]),
        ("(open|close) (front|back)", 2, ["front", "back"]),
        (r"(?P<verb>log-in|out) (?P<name>\w+)", "verb", ["log-in", "out"]),
        (r"(?P<verb>log-in|out) (?P<name>\w+)", 1, ["log-in", "out"]),
        (r"(?P<verb>log-in|out) (?P<name>\w+)", "name", []),
        (r"(?:a|b)\((c|d)\)", 1, ["c", "d"]),
        (r"[(|)](c|d)", 1, ["c", "d"]),
        ("(open)", 1, []),
        ("(open|c.*)", 1, []),
        ("(open|close)", 2, []),
        ("((a|b)|c)", 1, []),
        ("((a|b)|c)", 2, ["a", "b"]),
    ],
)
def test_alternatives_of_a_group(pattern: str, group: int | str, words: list[str]) -> None:
    assert alternatives(pattern, group) == words
