from __future__ import annotations

import pytest

from pytest_routes.config.lines import KeyPath, key_lines

PROJECT = '''\
[project]
name = "x"
description = """
[tool.pytest-routes]
app = "no"
"""
dependencies = [
    "a[b]",  # a comment with ]
    "pytest-routes",
]

[tool.pytest-routes]  # ours
app = "x:app"
include = [
    "/a",

    # not this one
    "/b", "/c",
    "/d#e",
]
websocket.enabled = true
"max-examples" = 5

[tool.pytest-routes.websocket.checks]
leaked_task = "off"

[[tool.pytest-routes.overrides]]
path = "/x"

[[tool.pytest-routes.overrides]]
path = "/y"
parameters = { id = [1, 2], name = "n" }

[tool.pytest-routes.overrides.websocket]
max_messages = 1
'''
TABLE: KeyPath = ("tool", "pytest-routes")


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("project", "dependencies"), 7),
        (("project", "dependencies", 1), 9),
        (TABLE, 12),
        ((*TABLE, "app"), 13),
        ((*TABLE, "include"), 14),
        ((*TABLE, "include", 0), 15),
        ((*TABLE, "include", 1), 18),
        ((*TABLE, "include", 2), 18),
        ((*TABLE, "include", 3), 19),
        ((*TABLE, "websocket", "enabled"), 21),
        ((*TABLE, "max-examples"), 22),
        ((*TABLE, "websocket", "checks"), 24),
        ((*TABLE, "websocket", "checks", "leaked_task"), 25),
        ((*TABLE, "overrides", 0), 27),
        ((*TABLE, "overrides", 0, "path"), 28),
        ((*TABLE, "overrides", 1), 30),
        ((*TABLE, "overrides", 1, "path"), 31),
        ((*TABLE, "overrides", 1, "parameters", "id"), 32),
        ((*TABLE, "overrides", 1, "parameters", "id", 1), 32),
        ((*TABLE, "overrides", 1, "websocket", "max_messages"), 35),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_the_line_of_a_key(path: KeyPath, line: int, newline: str) -> None:
    assert key_lines(PROJECT.replace("\n", newline))[path] == line


def test_an_array_of_inline_tables_has_the_line_of_each() -> None:
    lines = key_lines('overrides = [\n  {path = "/a"},\n  {path = "/b", skip = "x"},\n]\n')
    assert lines[("overrides", 0, "path")] == 2
    assert lines[("overrides", 1, "skip")] == 3


def test_text_within_a_multi_line_string_is_not_a_table() -> None:
    assert (*TABLE, "app") not in key_lines('x = """\n[tool.pytest-routes]\napp = 1\n"""\n')
    assert key_lines("x = '''\n]\n'''\ny = 1\n")[("y",)] == 4


def test_a_separator_that_is_no_line_break_in_toml_does_not_count_as_one() -> None:
    assert key_lines('x = "a\u2028b"\ny = 1\n')[("y",)] == 2


def test_an_empty_text_has_no_keys() -> None:
    assert key_lines("") == {}
    assert key_lines("# only a comment\n\n") == {}
