"""Values of declared types and of JSON Schemas."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

import corpus
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from pytest_routes.generate.choices import HypothesisChoices, RandomChoices
from pytest_routes.generate.schema import (
    UnsatisfiableSchema,
    Values,
    maker_for,
    maker_for_pattern,
    maker_for_schema,
)

DRAWS = 200


def _drawn(values: Any, count: int = DRAWS) -> list[Any]:
    choices = RandomChoices(7)
    return [values(choices) for _ in range(count)]


def test_the_corpus_is_large() -> None:
    assert len(corpus.TYPES) >= 100


@pytest.mark.parametrize("name", corpus.TYPES)
def test_what_is_made_of_a_type_is_accepted_by_its_library(name: str) -> None:
    library, annotation, acceptance = corpus.TYPES[name]
    values = maker_for(annotation, prefer=library)
    accept = acceptance(annotation)
    accept(values.simplest)
    for value in _drawn(values):
        accept(value)


@pytest.mark.parametrize("name", ["pydantic-model", "pydantic-model-tree", "msgspec-struct-times"])
def test_under_hypothesis_it_is_accepted_as_well(name: str) -> None:
    library, annotation, acceptance = corpus.TYPES[name]
    values = maker_for(annotation, prefer=library)
    accept = acceptance(annotation)

    @settings(max_examples=50, database=None, deadline=None)
    @given(st.data())
    def run(data: st.DataObject) -> None:
        accept(values(HypothesisChoices(data.draw)))

    run()


@pytest.mark.parametrize("name", corpus.TYPES)
def test_a_broken_value_does_not_satisfy_the_schema(name: str) -> None:
    library, annotation, _ = corpus.TYPES[name]
    values = maker_for(annotation, prefer=library)
    if values.schema == {}:
        pytest.skip("everything satisfies it")
    broken = [values.broken(RandomChoices(seed)) for seed in range(60)]
    loose = [value for value in broken if values.problem(value) is None]
    # A value of a wrong format has the right type, which is all that a schema can tell.
    assert all("format" in json.dumps(values.schema, default=str) for _ in loose)
    assert len(loose) < 40


SATISFIED: dict[str, Any] = {
    "nothing is asked": {},
    "true": True,
    "several types": {"type": ["integer", "null", "string"]},
    "const": {"const": {"a": [1, None]}},
    "enum of everything": {"enum": [1, "1", None, [], {"a": 1}]},
    "enum and type": {"enum": [1, "a", None], "type": "string"},
    "bounds": {"type": "integer", "minimum": 10, "exclusiveMaximum": 12},
    "a narrow number": {"type": "number", "exclusiveMinimum": 0.1, "maximum": 0.10001},
    "multiples": {"type": "number", "multipleOf": 0.25, "minimum": 3},
    "multiples of both": {
        "allOf": [
            {"type": "integer", "multipleOf": 4},
            {"multipleOf": 6, "minimum": 1},
        ]
    },
    "lengths": {"type": "string", "minLength": 5, "maxLength": 6},
    "a pattern": {"type": "string", "pattern": "^[A-Z]{2}[0-9]{3}$"},
    "a pattern of a length": {"pattern": "^[a-c]+$", "minLength": 20, "maxLength": 22},
    "two patterns": {"allOf": [{"pattern": "^[a-z]+"}, {"pattern": "[0-9]$"}], "type": "string"},
    "lookaheads": {"type": "string", "pattern": r"^(?=.*[A-Z])(?=.*\d)[A-Za-z\d]{8,}$"},
    "items": {"type": "array", "items": {"type": "boolean"}, "minItems": 2, "maxItems": 3},
    "a tuple": {
        "type": "array",
        "prefixItems": [{"const": 1}, {"type": "string"}],
        "items": False,
        "minItems": 1,
    },
    "different items": {"items": {"enum": [1, 2, 3]}, "uniqueItems": True, "minItems": 3},
    "an item among others": {"type": "array", "contains": {"const": 7}, "maxItems": 3},
    "two such items": {
        "type": "array",
        "items": {"type": "integer"},
        "contains": {"minimum": 1000},
        "minContains": 2,
    },
    "no such item": {
        "type": "array",
        "items": {"enum": [1, 2]},
        "contains": {"const": 2},
        "minContains": 0,
        "maxContains": 0,
    },
    "members": {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": "string"}},
        "required": ["a", "c"],
        "additionalProperties": {"type": "null"},
    },
    "no other members": {"properties": {"a": True}, "additionalProperties": False},
    "members by pattern": {
        "type": "object",
        "patternProperties": {"^n_": {"type": "integer"}, "^s_": {"type": "string"}},
        "additionalProperties": False,
        "minProperties": 2,
    },
    "names": {
        "type": "object",
        "propertyNames": {"pattern": "^[a-z]$"},
        "minProperties": 3,
        "maxProperties": 4,
    },
    "a member forbidden": {"type": "object", "properties": {"a": False, "b": {"const": 1}}},
    "members together": {
        "type": "object",
        "properties": {"a": {"type": "integer"}, "b": {"type": "integer"}},
        "dependentRequired": {"a": ["b"]},
    },
    "a member decides": {
        "type": "object",
        "properties": {"kind": {"enum": ["a", "b"]}, "x": {"type": "integer"}},
        "required": ["kind"],
        "if": {"properties": {"kind": {"const": "a"}}},
        "then": {"required": ["x"]},
        "else": {"properties": {"x": False}},
    },
    "any of": {"anyOf": [{"type": "integer"}, {"type": "string", "maxLength": 3}]},
    "any of, and more": {
        "anyOf": [{"minimum": 5}, {"maximum": -5}],
        "type": "integer",
        "multipleOf": 5,
    },
    "one of": {"type": "integer", "oneOf": [{"multipleOf": 3}, {"multipleOf": 5}]},
    "all of": {
        "allOf": [
            {"type": "object", "properties": {"a": {"type": "integer"}}, "required": ["a"]},
            {"properties": {"a": {"minimum": 3}, "b": {"type": "string"}}, "required": ["b"]},
        ]
    },
    "not": {"type": "integer", "not": {"minimum": 2}},
    "not a string": {"not": {"type": "string"}},
    "not one of": {"enum": [1, 2, 3], "not": {"const": 2}},
    "an alternative that cannot be": {
        "type": "integer",
        "anyOf": [{"type": "string"}, {"minimum": 3}],
    },
    "a reference": {
        "$ref": "#/$defs/a~1b",
        "minimum": 4,
        "$defs": {"a/b": {"type": "integer", "maximum": 9}},
    },
    "an anchor": {"$ref": "#here", "$defs": {"x": {"$anchor": "here", "type": "null"}}},
    "recursion": {
        "$ref": "#/$defs/node",
        "$defs": {
            "node": {
                "type": "object",
                "properties": {
                    "value": {"type": "integer"},
                    "children": {"type": "array", "items": {"$ref": "#/$defs/node"}},
                },
                "required": ["value", "children"],
                "additionalProperties": False,
            }
        },
    },
    "recursion with a way out": {
        "anyOf": [{"type": "array", "items": {"$ref": "#"}, "minItems": 1}, {"type": "integer"}]
    },
    "recursion with more asked": {
        "type": "object",
        "properties": {"next": {"allOf": [{"$ref": "#"}, {"maxProperties": 1}]}},
        "additionalProperties": False,
    },
    "itself, or something": {
        "$ref": "#/$defs/a",
        "$defs": {"a": {"anyOf": [{"$ref": "#/$defs/a"}, {"type": "boolean"}]}},
    },
    "unevaluated": {
        "allOf": [{"properties": {"a": {"type": "integer"}}}],
        "type": "object",
        "unevaluatedProperties": False,
    },
}


@pytest.mark.parametrize("name", SATISFIED)
def test_values_satisfy_their_schema(name: str) -> None:
    values = maker_for_schema(SATISFIED[name])
    for value in [values.simplest, *_drawn(values)]:
        assert values.problem(value) is None, value
        json.dumps(value)


UNSATISFIABLE: dict[str, tuple[Any, str]] = {
    "false": (False, "nothing satisfies false"),
    "two types": (
        {"allOf": [{"type": "string"}, {"type": "integer"}]},
        'nothing satisfies {"allOf": [{"type": "string"}, {"type": "integer"}]}',
    ),
    "crossed bounds": (
        {"type": "integer", "minimum": 5, "maximum": 3},
        "no integer is at least 5 and at most 3",
    ),
    "between two integers": (
        {"type": "integer", "exclusiveMinimum": 1, "exclusiveMaximum": 2},
        "no integer is over 1 and under 2",
    ),
    "crossed lengths": (
        {"type": "string", "minLength": 3, "maxLength": 2},
        "no string has at least 3 and at most 2 characters",
    ),
    "a pattern of another length": (
        {"type": "string", "pattern": "^a$", "minLength": 3},
        "no text was found that matches ^a$ with at least 3 characters",
    ),
    "no alternative": (
        {"anyOf": [{"type": "string"}, {"minimum": 3, "type": "number"}], "type": "null"},
        'nothing satisfies {"anyOf": [{"type": "string"}, {"minimum": 3, "type": "number"}], '
        '"type": "null"}',
    ),
    "an empty enum": ({"enum": []}, 'none of the values of {"enum": []} satisfies it'),
    "a const that is excluded": (
        {"const": 1, "not": {"const": 1}},
        'none of the values of {"const": 1, "not": {"const": 1}} satisfies it',
    ),
    "not anything": ({"not": {}}, 'no value was found that satisfies {"not": {}}'),
    "too few different items": (
        {"type": "array", "items": {"enum": [1, 2]}, "uniqueItems": True, "minItems": 3},
        'no value was found that satisfies {"type": "array", "items": {"enum": [1, 2]}, '
        '"uniqueItems": true, "minItems": 3}',
    ),
    "a required member that is forbidden": (
        {"type": "object", "properties": {"a": False}, "required": ["a"]},
        "a: nothing satisfies false",
    ),
    "a required member deep inside": (
        {
            "type": "object",
            "properties": {"a": {"type": "array", "items": {"type": "integer", "minimum": 2,
                                                            "maximum": 1}, "minItems": 1}},
            "required": ["a"],
        },
        "a[0]: no integer is at least 2 and at most 1",
    ),
    "a type that contains itself": (
        {"type": "object", "title": "Node", "properties": {"next": {"$ref": "#"}},
         "required": ["next"]},
        "next: Node always contains itself, so no finite value exists",
    ),
    "nothing but itself": ({"$ref": "#"}, 'nothing satisfies {"$ref": "#"}'),
    "a reference to nowhere": ({"$ref": "#/$defs/a"}, '$ref "#/$defs/a" leads nowhere'),
    "a reference out of the document": (
        {"$ref": "https://example.com/schema"},
        '$ref "https://example.com/schema" leads out of the schema: only references within it '
        "can be followed",
    ),
    "a million items": (
        {"type": "array", "items": {}, "minItems": 1000000},
        "an array of at least 1000000 items is more than is ever made",
    ),
    "a gigabyte": (
        {"type": "string", "minLength": 1 << 30},
        "a string of at least 1073741824 characters is more than is ever made",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", UNSATISFIABLE)
def test_what_cannot_be_satisfied_is_told_at_once(name: str) -> None:
    schema, message = UNSATISFIABLE[name]
    began = time.perf_counter()
    with pytest.raises(UnsatisfiableSchema) as caught:
        maker_for_schema(schema)
    assert str(caught.value) == message
    assert time.perf_counter() - began < 2


def test_a_model_that_always_contains_itself_is_told() -> None:
    from pydantic import BaseModel

    class Endless(BaseModel):
        other: list[Endless] | None = None
        next: Endless

    Endless.model_rebuild(_types_namespace={"Endless": Endless})
    with pytest.raises(UnsatisfiableSchema) as caught:
        maker_for(Endless)
    assert str(caught.value) == ("next: Endless always contains itself, so no finite value exists")


def _depth(value: Any) -> int:
    if isinstance(value, Mapping):
        return 1 + max(map(_depth, value.values()), default=0)
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


def _parts(value: Any) -> int:
    if isinstance(value, Mapping):
        return 1 + sum(map(_parts, value.values()))
    return 1 + sum(map(_parts, value)) if isinstance(value, list) else 1


def test_recursive_values_are_mostly_flat_sometimes_deep_and_never_large() -> None:
    values = maker_for_schema(SATISFIED["recursion"])
    drawn = _drawn(values, 1000)
    depths = sorted(_depth(value) for value in drawn)
    assert values.simplest == {"value": 0, "children": []}
    assert depths[500] <= 6
    assert depths[-1] > 8
    assert max(map(_parts, drawn)) < 2500


def test_everything_shrinks_to_the_simplest_value() -> None:
    _, annotation, _ = corpus.TYPES["pydantic-model"]
    values = maker_for(annotation)
    assert values.simplest == {"name": "a"}

    @st.composite
    def people(draw: Any) -> Any:
        return values(HypothesisChoices(draw))

    smallest = find(people(), lambda person: bool(person.get("addresses")))
    assert smallest == {"name": "a", "addresses": [{"street": "a", "zip_code": "00000"}]}


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "integer", "minimum": 3, "maximum": 90}, {3, 4, 89, 90}),
        ({"type": "integer", "exclusiveMinimum": 3, "exclusiveMaximum": 90}, {4, 89}),
        ({"type": "integer", "maximum": 2**40}, {2**40, 2**40 - 1, 0, -1, 2**31}),
        ({"type": "number", "minimum": 0.5}, {0.5, 1}),
    ],
)
def test_values_at_the_bounds_are_drawn_often(schema: Any, expected: set[float]) -> None:
    assert expected <= set(_drawn(maker_for_schema(schema), 400))


@pytest.mark.parametrize(("least", "most"), [(0, 300), (3, 3), (1, 64), (2000, 3000)])
def test_strings_have_their_shortest_and_their_longest_length(least: int, most: int) -> None:
    schema = {"type": "string", "minLength": least, "maxLength": most}
    lengths = {len(text) for text in _drawn(maker_for_schema(schema), 600)}
    assert min(lengths) == least
    assert max(lengths) == most


def test_optional_members_come_all_none_and_some() -> None:
    names = [f"m{number}" for number in range(7)]
    schema = {"type": "object", "properties": {name: {"const": 1} for name in names}}
    sizes = {len(set(value) & set(names)) for value in _drawn(maker_for_schema(schema), 400)}
    assert sizes == set(range(8))


def test_examples_and_known_values_are_preferred() -> None:
    schema = {
        "type": "object",
        "properties": {
            "plan": {"type": "string", "examples": ["gold", 3]},
            "action": {"type": "string", "maxLength": 9},
        },
        "required": ["plan", "action"],
    }
    values = maker_for_schema(schema, known={"action": ["subscribe", "unsubscribe", 5]})
    drawn = _drawn(values, 400)
    assert 120 < sum(value["plan"] == "gold" for value in drawn) < 280
    assert 120 < sum(value["action"] == "subscribe" for value in drawn) < 280
    assert all(values.problem(value) is None for value in drawn)


def test_the_same_choices_make_the_same_value() -> None:
    for _, annotation, _ in corpus.TYPES.values():
        one, other = maker_for(annotation), maker_for(annotation)
        assert [one(RandomChoices(n)) for n in range(5)] == [
            other(RandomChoices(n)) for n in range(5)
        ]


def test_a_type_that_no_library_knows_may_be_anything() -> None:
    class Unknown:
        pass

    assert maker_for(Unknown).schema == {}
    assert isinstance(maker_for(list[Unknown]).simplest, list)


def test_a_pattern_alone_makes_texts() -> None:
    import re

    make = maker_for_pattern(r"/(join|part) #[a-z]{1,8}", whole=True)
    texts = _drawn(make)
    assert all(re.fullmatch(r"/(join|part) #[a-z]{1,8}", text) for text in texts)
    assert {text.split()[0] for text in texts} == {"/join", "/part"}
    with pytest.raises(UnsatisfiableSchema):
        maker_for_pattern(r"a(?!a)a")


def test_the_public_maker_is_a_values() -> None:
    assert isinstance(maker_for(int), Values)
