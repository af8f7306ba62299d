"""The files that are written from the model, and that nothing heavy is needed to read them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from pytest_routes.config import derived
from pytest_routes.config.catalogue import catalogue
from pytest_routes.config.flags import FLAGS
from pytest_routes.config.json_schema import json_schema

HERE = Path(derived.__file__).parent
WRITE = "run python -m pytest_routes.config.derived"


def test_the_table_of_flags_is_what_the_model_says() -> None:
    assert derived.flag_rows() == FLAGS, WRITE


def test_the_schema_is_what_the_model_says() -> None:
    assert json.loads(HERE.joinpath("schema.json").read_text("utf-8")) == json_schema(), WRITE


def test_a_run_without_routes_imports_nothing_heavy() -> None:
    program = (
        "import sys, pytest; before = set(sys.modules); import pytest_routes.plugin; "
        "print(*sorted(name for name in set(sys.modules) - before if '.' not in name))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout.split() == ["pytest_routes"]


def test_every_flag_says_which_key_it_is_and_its_default() -> None:
    texts = {flag: text for flag, _, _, _, text in FLAGS}
    assert texts["--routes-ws-max-messages"] == (
        "messages per sequence, at most [websocket.max_messages, default: 10]"
    )
    for entry in catalogue().values():
        if entry.option.flag:
            assert f"[{entry.key}, default: " in texts[entry.option.flag]


# The schema, in the form that SchemaStore takes for a table of pyproject.toml.


def test_the_schema_is_a_self_contained_draft_7_schema_of_the_table() -> None:
    schema = json_schema()
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
    assert schema["$id"] == "https://www.schemastore.org/partial-pytest-routes.json"
    assert schema["type"] == "object"
    for reference in _references(schema):
        assert reference.removeprefix("#/definitions/") in schema["definitions"]
    assert "$defs" not in json.dumps(schema)
    assert '"null"' not in json.dumps(schema)


def test_the_schema_describes_every_option_and_refuses_every_other_key() -> None:
    schema = json_schema()
    for path in catalogue():
        table = schema
        for name in path[:-1]:
            below = table["properties"][name]
            reference = below.get("$ref") or below["anyOf"][1]["$ref"]
            table = schema["definitions"][reference.removeprefix("#/definitions/")]
            assert table["additionalProperties"] is False
        assert table["properties"][path[-1]]["description"]


def test_the_schema_knows_bounds_and_choices() -> None:
    websocket = json_schema()["definitions"]["WebSocketConfig"]["properties"]
    assert websocket["max_messages"]["minimum"] == 1
    assert websocket["message_timeout"]["exclusiveMinimum"] == 0
    assert websocket["server"]["enum"] == ["uvicorn", "hypercorn", "daphne"]
    assert websocket["server"]["default"] == "uvicorn"


def test_an_override_in_the_schema_has_the_options_of_single_routes_only() -> None:
    definitions = json_schema()["definitions"]
    override = definitions["Override"]
    assert override["required"] == ["path"]
    assert "max_messages" in override["properties"]
    assert "include" not in override["properties"]
    assert "include" not in definitions["WebSocketConfigPerRoute"]["properties"]
    assert "default" not in definitions["WebSocketConfigPerRoute"]["properties"]["max_messages"]


def _references(schema: Any) -> list[str]:
    if isinstance(schema, dict):
        own = [schema["$ref"]] if isinstance(schema.get("$ref"), str) else []
        return own + [found for value in schema.values() for found in _references(value)]
    if isinstance(schema, list):
        return [found for value in schema for found in _references(value)]
    return []
