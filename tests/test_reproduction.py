"""One seed gives the same conversations, whatever else is selected, installed or imported."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.slow

APP = """
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute

async def orders(websocket):
    await websocket.accept()
    async for order in websocket.iter_json():
        if order["action"] == "buy":
            await websocket.send_json({"total": 100 / int(order["amount"])})
        elif order["action"] == "cancel":
            await websocket.send_json({"cancelled": order["id"]})

async def words(websocket):
    await websocket.accept()
    opened = False
    async for text in websocket.iter_text():
        if text == "open":
            opened = True
        elif text == "shut" and opened:
            raise LookupError("no door")

async def item(request):
    number = request.path_params["number"]
    return PlainTextResponse(str(100 // (number - 3 if number > 2 else 1)))

app = Starlette(routes=[
    WebSocketRoute("/ws/orders", orders),
    WebSocketRoute("/ws/words", words),
    Route("/items/{number:int}", item),
])
"""
PROJECT = """
[tool.pytest-routes]
app = "shop:app"
max_examples = 60
websocket.enabled = true
"""
SEED = "20240229"
# Hypothesis draws from the constants of local modules that are imported.
CONSTANTS = "\n".join(
    [f"N{number} = {number * 7919 + 123_457}" for number in range(200)]
    + [f"T{number} = 'odd constant {number}'" for number in range(200)]
    + [f"F{number} = {number}.125" for number in range(50)]
)
Steps = dict[str, list[Any]]


def _project(folder: Path) -> Path:
    (folder / "shop.py").write_text(APP)
    (folder / "pyproject.toml").write_text(PROJECT)
    return folder


def _found(folder: Path, *arguments: str, **environment: str) -> Steps:
    """The steps of each replay file that a run leaves, by the file's name."""
    kept = {name: value for name, value in os.environ.items() if name != "CI"}
    command = [sys.executable, "-m", "pytest", "--routes", "--routes-seed", SEED, "-q"]
    done = subprocess.run(
        [*command, "-p", "no:cacheprovider", *arguments],
        cwd=folder,
        env=kept | {"PYTHONHASHSEED": "0"} | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == pytest.ExitCode.TESTS_FAILED, done.stdout + done.stderr
    files = (folder / ".pytest-routes").iterdir()
    return {file.name: json.loads(file.read_text())["steps"] for file in files}


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> Steps:
    """What is found when nothing is special."""
    found = _found(_project(tmp_path_factory.mktemp("usual")), "-p", "no:randomly")
    assert {name.rpartition("-")[0] for name in found} >= {"ws-orders", "ws-words"}
    return found


def _of(steps: Steps, route: str) -> Steps:
    return {name: steps[name] for name in steps if name.startswith(route)}


def test_shrinking_ends_at_the_shortest_conversation(expected) -> None:
    said = [
        [step["data"] for step in steps if step["step"] == "send"]
        for steps in _of(expected, "ws-words").values()
    ]
    assert ["open", "shut"] in said


@pytest.mark.parametrize(
    "selection",
    [("-k", "words"), ("pyproject.toml::test_websocket[/ws/words]",)],
    ids=["by name", "by id"],
)
def test_a_selection_finds_the_same(tmp_path, expected, selection) -> None:
    assert _found(_project(tmp_path), *selection) == _of(expected, "ws-words")


def test_another_order_and_another_hash_seed_find_the_same(tmp_path, expected) -> None:
    assert _found(_project(tmp_path), "-p", "randomly", PYTHONHASHSEED="4711") == expected


def test_workers_in_a_build_find_the_same(tmp_path, expected) -> None:
    assert _found(_project(tmp_path), "-n", "2", CI="1") == expected


def test_constants_of_other_modules_change_nothing(tmp_path, expected) -> None:
    folder = _project(tmp_path)
    (folder / "constants.py").write_text(CONSTANTS)
    (folder / "conftest.py").write_text("import constants\n")
    (folder / "test_other.py").write_text("import constants\ndef test(): pass\n")
    assert _found(folder) == expected


def test_a_user_with_a_profile_of_hypothesis_finds_the_same(tmp_path, expected) -> None:
    folder = _project(tmp_path)
    (folder / "conftest.py").write_text(
        "from hypothesis import settings\n"
        "settings.register_profile('mine', max_examples=7, derandomize=True, print_blob=True)\n"
        "settings.load_profile('mine')\n"
    )
    assert _found(folder) == expected


def test_the_last_failed_find_the_same(tmp_path, expected) -> None:
    folder = _project(tmp_path)
    cache = ("-p", "cacheprovider")
    first = _found(folder, *cache, "-k", "words or orders")
    assert _found(folder, *cache, "--lf") == first
    assert first.items() <= expected.items()
