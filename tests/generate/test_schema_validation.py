"""What is wrong with a value, in the terms of its schema."""

from __future__ import annotations

from typing import Any

import pytest

from pytest_routes.generate.schema.document import Document
from pytest_routes.generate.schema.validation import Validator

NODE = {
    "$ref": "#/$defs/node",
    "$defs": {
        "node": {
            "type": "object",
            "properties": {"next": {"anyOf": [{"$ref": "#/$defs/node"}, {"type": "null"}]}},
            "required": ["next"],
        }
    },
}
# A schema, a value that satisfies it, one that does not, and what is wrong with that.
KEYWORDS: list[tuple[Any, Any, Any, str]] = [
    (False, ..., 1, "expected nothing here"),
    ({"type": "integer"}, 1.0, 1.5, "expected integer, got 1.5"),
    ({"type": "integer"}, 10**400, True, "expected integer, got True"),
    ({"type": "number"}, 1, "1", "expected number, got '1'"),
    ({"type": ["string", "null"]}, None, 0, "expected string or null, got 0"),
    ({"const": {"a": 1}}, {"a": 1.0}, {"a": 2}, "expected one of {'a': 1}, got {'a': 2}"),
    ({"enum": [1, "b"]}, 1.0, True, "expected one of 1, 'b', got True"),
    ({"minimum": 3}, 3, 2, "expected a number of at least 3, got 2"),
    ({"maximum": 3}, "a", 4, "expected a number of at most 3, got 4"),
    ({"exclusiveMinimum": 3}, 3.1, 3, "expected a number over 3, got 3"),
    ({"exclusiveMaximum": 3}, 2, 3, "expected a number under 3, got 3"),
    ({"multipleOf": 0.1}, 0.3, 0.35, "expected a number that is a multiple of 0.1, got 0.35"),
    ({"minLength": 2}, "éé", "é", "expected at least 2 characters, got 1: 'é'"),
    ({"maxLength": 1}, "😀", "ab", "expected at most 1 characters, got 2: 'ab'"),
    ({"pattern": "b+"}, "abc", "ac", "expected text like b+, got 'ac'"),
    ({"required": ["a"]}, {"a": None}, {}, "expected a member 'a', got {}"),
    (
        {"properties": {"a": {"properties": {"b": {"type": "null"}}}}},
        {"a": {"b": None}},
        {"a": {"b": 1}},
        ".a.b: expected null, got 1",
    ),
    (
        {"patternProperties": {"^n": {"type": "integer"}}},
        {"n": 1, "a": "x"},
        {"no": "x"},
        ".no: expected integer, got 'x'",
    ),
    (
        {"properties": {"a": True}, "additionalProperties": False},
        {"a": 1},
        {"a": 1, "b": 2},
        "expected no member 'b'",
    ),
    (
        {"additionalProperties": {"type": "null"}},
        {"a": None},
        {"b": 2},
        ".b: expected null, got 2",
    ),
    (
        {"propertyNames": {"maxLength": 1}},
        {"a": 1},
        {"ab": 1},
        "the name of member 'ab': expected at most 1 characters, got 2: 'ab'",
    ),
    # The names of numbers, as the types of keys are written for pydantic and msgspec.
    (
        {"propertyNames": {"type": "integer"}},
        {"12": 1},
        {"a": 1},
        "the name of member 'a': expected integer, got 'a'",
    ),
    ({"minProperties": 1}, {"a": 1}, {}, "expected at least 1 members, got 0: {}"),
    ({"maxProperties": 0}, {}, {"a": 1}, "expected at most 0 members, got 1: {'a': 1}"),
    (
        {"dependentRequired": {"a": ["b"]}},
        {"b": 1},
        {"a": 1},
        "expected a member 'b' beside 'a'",
    ),
    (
        {"dependentSchemas": {"a": {"maxProperties": 1}}},
        {"a": 1},
        {"a": 1, "b": 1},
        "expected at most 1 members, got 2: {'a': 1, 'b': 1}",
    ),
    (
        {"anyOf": [{"properties": {"a": True}}, {"properties": {"b": True}}],
         "unevaluatedProperties": False},
        {"a": 1, "b": 2},
        {"c": 3},
        "expected no member 'c'",
    ),
    ({"items": {"type": "null"}}, [None], [None, 1], "[1]: expected null, got 1"),
    (
        {"prefixItems": [{"type": "null"}], "items": False},
        [None],
        [None, 1],
        "[1]: expected nothing here",
    ),
    ({"minItems": 1}, [1], [], "expected at least 1 items, got 0: []"),
    ({"maxItems": 1}, [1], [1, 2], "expected at most 1 items, got 2: [1, 2]"),
    ({"uniqueItems": True}, [1, True, "1"], [1, 1.0], "expected different items, got [1, 1.0]"),
    (
        {"contains": {"const": 1}, "maxContains": 1},
        [1, 2],
        [1, 1],
        "expected 1 to 1 items of the kind that it must contain, got 2",
    ),
    ({"allOf": [{"minimum": 1}, {"maximum": 2}]}, 2, 3, "expected a number of at most 2, got 3"),
    (
        {"anyOf": [{"type": "string"}, {"type": "null"}]},
        None,
        1,
        "expected string or null, got 1",
    ),
    (
        {"anyOf": [{"type": "null"}, {"properties": {"a": {"type": "integer"}}}]},
        {"a": 1},
        {"a": "x"},
        ".a: expected integer, got 'x'",
    ),
    (
        {"oneOf": [{"multipleOf": 2}, {"multipleOf": 3}]},
        4,
        6,
        "expected one of the alternatives to fit, 2 did",
    ),
    ({"not": {"type": "string"}}, 1, "a", "unexpected 'a'"),
    (
        {"if": {"type": "string"}, "then": {"minLength": 1}, "else": {"minimum": 5}},
        "a",
        4,
        "expected a number of at least 5, got 4",
    ),
    (
        NODE,
        {"next": {"next": None}},
        {"next": {"next": 3}},
        ".next.next: expected object or null, got 3",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("schema", "right", "wrong", "problem"), KEYWORDS, ids=str)
def test_a_keyword_allows_one_value_and_tells_what_is_wrong_with_another(
    schema: Any, right: Any, wrong: Any, problem: str
) -> None:
    validator = Validator(Document(schema))
    if right is not ...:
        assert validator.problem(right) is None
    assert validator.problem(wrong) == problem


def test_every_keyword_is_tested() -> None:
    from pytest_routes.generate.schema import keywords

    text = str([schema for schema, *_ in KEYWORDS])
    assert [name for name in keywords.KEYWORDS if f"'{name}'" not in text] == []


def test_a_long_value_is_shortened_in_the_middle() -> None:
    problem = Validator(Document({"type": "null"})).problem("a" * 1000)
    assert problem == f"expected null, got '{'a' * 39}...{'a' * 11}'"


def test_a_definition_that_is_only_itself_says_nothing() -> None:
    assert Validator(Document({"$ref": "#"})).problem(1) is None
