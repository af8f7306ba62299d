"""A new application for each sequence, and failures that need the sequences before them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

# Fails from the third connection of an application on, and tells how often it was made.
COUNTING = """
from contextlib import asynccontextmanager
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

started = ended = 0

def create_app():
    connections = 0

    @asynccontextmanager
    async def lifespan(app):
        global started, ended
        started += 1
        yield
        ended += 1
        assert started == ended
        with open("made.txt", "w") as file:
            file.write(str(started))

    async def third_time_unlucky(websocket):
        nonlocal connections
        connections += 1
        await websocket.accept()
        async for text in websocket.iter_text():
            if connections > 40:
                raise LookupError("no room")

    return Starlette(routes=[WebSocketRoute("/ws", third_time_unlucky)], lifespan=lifespan)

app = create_app()
"""
# The same before anything was sent: every conversation begins with what fails.
ALWAYS = """
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

def create_app():
    async def fail(websocket):
        await websocket.accept()
        await websocket.receive_text()
        raise LookupError("never any room")

    return Starlette(routes=[WebSocketRoute("/ws", fail)])
"""

UNSTARTABLE = """
from contextlib import asynccontextmanager
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

port_is_taken = False

def create_app():
    @asynccontextmanager
    async def lifespan(app):
        global port_is_taken
        if port_is_taken:
            raise OSError("the port is taken")
        port_is_taken = True
        yield

    async def echo(websocket):
        await websocket.accept()
        async for text in websocket.iter_text():
            await websocket.send_text(text)

    return Starlette(routes=[WebSocketRoute("/ws", echo)], lifespan=lifespan)
"""

NOTE = "*depends on what earlier sequences left behind*"


@pytest.fixture
def run(pytester: pytest.Pytester) -> Callable[..., pytest.RunResult]:
    def run(source: str, *options: str, app: str = "counted:create_app()") -> pytest.RunResult:
        pytester.makepyprojecttoml("")
        pytester.makepyfile(counted=source)
        return pytester.runpytest_inprocess(
            *("--routes", "--routes-app", app, "--routes-websocket", "--routes-seed", "1"),
            *("--routes-max-examples", "60", *options),
        )

    return run


def test_one_application_serves_all_sequences_of_a_run(
    run: Callable[..., pytest.RunResult],
) -> None:
    result = run(COUNTING)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["Error Type: message_handler_error"])


def test_each_sequence_has_an_application_of_its_own(
    run: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    result = run(COUNTING, "--routes-isolation", "sequence")
    assert result.ret == pytest.ExitCode.OK
    assert int((pytester.path / "made.txt").read_text()) > 60


def test_a_failure_that_needs_earlier_sequences_says_so(
    run: Callable[..., pytest.RunResult],
) -> None:
    run(COUNTING).stdout.fnmatch_lines([NOTE])


def test_a_failure_that_needs_nothing_says_nothing(run: Callable[..., pytest.RunResult]) -> None:
    result = run(ALWAYS)
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.no_fnmatch_line(NOTE)


def test_only_the_sequences_that_a_failure_needs_are_in_its_replay(
    run: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    run(COUNTING)
    (file,) = (pytester.path / ".pytest-routes").iterdir()
    opened = [
        step["step"] for steps in json.loads(file.read_text())["earlier"] for step in steps
    ].count("open")
    assert 35 <= opened < 50


FULL = """
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

connections = 0

async def third_time_unlucky(websocket):
    global connections
    connections += 1
    await websocket.accept()
    if connections > 40:
        raise LookupError("no room")
    async for text in websocket.iter_text():
        pass

app = Starlette(routes=[WebSocketRoute("/ws", third_time_unlucky)])
"""

TAKEN = """
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

names = set()

async def join(websocket):
    await websocket.accept()
    async for name in websocket.iter_text():
        if name in names:
            raise LookupError("there is one already")
        names.add(name)

app = Starlette(routes=[WebSocketRoute("/ws", join)])
"""


def test_a_replay_finds_again_what_may_have_needed_earlier_sequences(
    run: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    assert run(TAKEN, app="counted:app").ret == pytest.ExitCode.TESTS_FAILED
    (file,) = (pytester.path / ".pytest-routes").iterdir()
    result = pytester.runpytest_inprocess(*("--routes-replay", file, "--routes-app", "counted:app"))
    result.stdout.fnmatch_lines([f"pytest-routes: replay *{file.name}: still fails"])


def test_a_conversation_that_was_fine_before_needs_the_sequences_in_between(
    run: Callable[..., pytest.RunResult], pytester: pytest.Pytester
) -> None:
    result = run(FULL, app="counted:app")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(["It may depend on what earlier sequences left behind, or on*"])
    (file,) = (pytester.path / ".pytest-routes").iterdir()
    assert len(json.loads(file.read_text())["earlier"]) > 10


@pytest.mark.parametrize("app", ["counted:app", "counted:create_app()"])
def test_the_replay_of_a_failure_that_needs_earlier_sequences_fails(
    run: Callable[..., pytest.RunResult], pytester: pytest.Pytester, app: str
) -> None:
    run(COUNTING, app=app)
    (file,) = (pytester.path / ".pytest-routes").iterdir()
    result = pytester.runpytest_inprocess(*("--routes-replay", file, "--routes-app", app))
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines([f"pytest-routes: replay *{file.name}: still fails"])


def test_an_application_that_starts_only_once_fails_its_routes_with_one_message(
    run: Callable[..., pytest.RunResult],
) -> None:
    result = run(UNSTARTABLE, "--routes-isolation", "sequence")
    assert result.ret == pytest.ExitCode.TESTS_FAILED
    result.stdout.fnmatch_lines(
        [
            "counted:create_app(), made anew for a sequence: lifespan startup failed: "
            "OSError: the port is taken"
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


# Fails once in the life of the process, and never again.
ONCE = """
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

rooms = set()

async def join(websocket):
    await websocket.accept()
    async for text in websocket.iter_text():
        if not rooms:
            rooms.add(text)
            raise LookupError("the first room")

app = Starlette(routes=[WebSocketRoute("/ws", join)])
"""


def test_a_failure_that_the_application_cannot_have_again_says_why_it_is_not_shorter(
    run: Callable[..., pytest.RunResult],
) -> None:
    result = run(ONCE, app="counted:app")
    result.stdout.fnmatch_lines(["*LookupError: the first room*"])
    text = " ".join(result.stdout.str().split())
    assert (
        "The conversation may not be the shortest one: it did not fail when it was had again, "
        "because of what the application keeps, or by chance."
    ) in text
    assert "takes too long" not in text
