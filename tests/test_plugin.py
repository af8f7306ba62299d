"""The plugin as its users run it: items, ids, selection, fixtures, reports, exit codes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING
from xml.etree import ElementTree

import pytest

if TYPE_CHECKING:
    from pathlib import Path

APP = """
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute

async def echo(websocket):
    await websocket.accept()
    async for text in websocket.iter_text():
        await websocket.send_text(text)

async def picky(websocket):
    await websocket.accept()
    async for text in websocket.iter_text():
        if text == "order":
            raise LookupError("nothing to order")

async def private(websocket):
    await websocket.close(4001)

async def hello(request):
    return PlainTextResponse("hello")

async def broken(request):
    raise ZeroDivisionError("no answer")

app = Starlette(routes=[
    WebSocketRoute("/ws/echo", echo),
    WebSocketRoute("/ws/picky", picky),
    WebSocketRoute("/ws/private", private),
    Route("/hello", hello),
    Route("/broken", broken),
])
"""

PROJECT = """
[tool.pytest-routes]
app = "myapp:app"
max_examples = 20
seed = 7

[tool.pytest-routes.websocket]
checks.unexpected_frame = "off"
"""

ECHO = "pyproject.toml::test_websocket[[]/ws/echo]"
PICKY = "pyproject.toml::test_websocket[[]/ws/picky]"
PRIVATE = "pyproject.toml::test_websocket[[]/ws/private]"
HELLO = "pyproject.toml::test_http[[]GET /hello]"
BROKEN = "pyproject.toml::test_http[[]GET /broken]"


@pytest.fixture
def project(pytester: pytest.Pytester) -> pytest.Pytester:
    """A project with an application of five routes, and `app` set in `pyproject.toml`."""
    pytester.makepyfile(myapp=APP)
    pytester.makepyprojecttoml(PROJECT)
    return pytester


def _run(project: pytest.Pytester, *arguments: str) -> pytest.RunResult:
    return project.runpytest("--routes", "--routes-websocket", *arguments)


def test_without_the_option_nothing_is_tested_and_nothing_is_said(project) -> None:
    project.makepyfile(test_mine="def test(): pass")
    result = project.runpytest()
    result.assert_outcomes(passed=1)
    assert "seed" not in result.stdout.str()


def test_each_route_is_an_item(project) -> None:
    result = _run(project, "-v")
    result.assert_outcomes(passed=2, failed=2, skipped=1)
    result.stdout.fnmatch_lines_random(
        [f"{ECHO} PASSED*", f"{PICKY} FAILED*", f"{PRIVATE} SKIPPED*", f"{HELLO} PASSED*"]
    )


def test_an_option_alone_is_enough(project) -> None:
    (project.path / "pyproject.toml").unlink()
    result = _run(project, "--routes-app", "myapp:app", "--routes-max-examples=10", "-v")
    result.stdout.fnmatch_lines(["myapp.py::test_websocket[[]/ws/echo] PASSED*"])


def test_http_routes_are_tested_alone_without_the_websocket_option(project) -> None:
    result = project.runpytest("--routes", "-v")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.no_fnmatch_line("*test_websocket*")


def test_websocket_routes_are_tested_alone_without_http(project) -> None:
    result = _run(project, "--no-routes-http")
    result.assert_outcomes(passed=1, failed=1, skipped=1)


@pytest.mark.parametrize("wanted", [ECHO, HELLO])
def test_an_id_can_be_passed_back(project, wanted: str) -> None:
    result = _run(project, "-v", wanted.replace("[[]", "["))
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([f"{wanted} PASSED*"])


def test_an_unknown_id_is_a_usage_error(project) -> None:
    result = _run(project, "pyproject.toml::test_websocket[/ws/nowhere]")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: not found: *pyproject.toml::test_websocket*"])


@pytest.mark.parametrize(
    ("selection", "passed"),
    [
        (("-k", "echo"), 1),
        (("-k", "hello or echo"), 2),
        (("-m", "websocket", "--deselect", PICKY.replace("[[]", "[")), 1),
        (("-m", "http and not websocket", "-k", "hello"), 1),
        (("-m", "routes", "-k", "not picky and not broken"), 2),
    ],
)
def test_selection_does_what_it_does_for_any_test(project, selection, passed: int) -> None:
    result = _run(project, *selection)
    assert result.parseoutcomes()["passed"] == passed
    assert "failed" not in result.parseoutcomes()


def test_collect_only_lists_the_items_and_runs_nothing(project) -> None:
    result = _run(project, "--collect-only", "-q")
    assert result.ret == 0
    listed = [line for line in result.outlines if "::" in line]
    assert sorted(listed) == sorted(
        name.replace("[[]", "[") for name in (ECHO, PICKY, PRIVATE, HELLO, BROKEN)
    )
    result.stdout.no_fnmatch_line("*Test Summary*")


def test_last_failed_runs_what_failed(project) -> None:
    _run(project)
    result = _run(project, "--lf", "-v")
    result.assert_outcomes(failed=2)
    result.stdout.fnmatch_lines_random([f"{PICKY} FAILED*", f"{BROKEN} FAILED*"])


def test_exit_first_stops_after_the_first_failure(project) -> None:
    result = _run(project, "-x")
    assert result.parseoutcomes()["failed"] == 1
    result.stdout.fnmatch_lines(["*stopping after 1 failures*"])


def test_workers_share_the_seed_and_the_summary_is_printed_once(project) -> None:
    pytest.importorskip("xdist")
    alone = _run(project, "-p", "no:cacheprovider")
    spread = _run(project, "-n", "2", "-p", "no:cacheprovider")
    spread.assert_outcomes(passed=2, failed=2, skipped=1)
    assert spread.stdout.str().count("WebSocket Test Summary") == 1
    assert _blocks(spread) == _blocks(alone)


def _blocks(result: pytest.RunResult) -> set[str]:
    """The counts of each route, in whatever order."""
    text = result.stdout.str()
    parts = text.split("Test Summary\n")[1:]
    return {
        block.strip()
        for part in parts
        for block in part.split("=====\n")
        if block.strip().startswith("Route:")
    }


def test_the_seed_in_the_output_reproduces_the_failure(project) -> None:
    first = _run(project, "-k", "picky", "--routes-seed", "99")
    again = _run(project, "--routes-seed", "99")
    block = _failure(first, "/ws/picky")
    assert "LookupError: nothing to order" in block
    assert _failure(again, "/ws/picky") == block


# The time that shrinking may take is real time: a busy machine ends it sooner.
_VARIES = ("elapsed_time_ms", "The conversation may not be the shortest one")


def _failure(result: pytest.RunResult, route: str) -> str:
    text = result.stdout.str()
    begin = text.index(f"WEBSOCKET TEST FAILURE: {route}")
    lines = text[begin : text.index("Reproduce:", begin)].splitlines()
    return "\n".join(line for line in lines if not line.strip().startswith(_VARIES))


def test_the_command_that_reproduces_it_does(project) -> None:
    result = _run(project, "-k", "picky")
    line = next(each for each in result.outlines if each.startswith("Reproduce: pytest "))
    done = subprocess.run(
        ["bash", "-c", line.replace("Reproduce: pytest", f"{sys.executable} -m pytest")],
        capture_output=True,
        text=True,
        cwd=project.path,
        check=False,
    )
    assert done.returncode == pytest.ExitCode.TESTS_FAILED
    assert "LookupError: nothing to order" in done.stdout
    assert "1 failed" in done.stdout


def test_the_command_repeats_the_flags_that_the_finding_depends_on(project) -> None:
    flags = ("--routes-ws-max-messages", "3", "--no-routes-ws-validate-subprotocols")
    checks = ("--routes-check", "leaked_task=off", "--routes-verbose")
    result = _run(project, "-k", "picky", *flags, *checks)
    line = next(each for each in result.outlines if each.startswith("Reproduce: pytest "))
    assert (
        " --routes-ws-max-messages 3 --no-routes-ws-validate-subprotocols"
        " --routes-check leaked_task=off --routes-seed " in line
    )
    assert "--routes-verbose" not in line


def test_the_failure_says_what_was_sent_and_where_it_broke(project) -> None:
    result = _run(project, "-k", "picky")
    result.stdout.fnmatch_lines(
        [
            "WEBSOCKET TEST FAILURE: /ws/picky",
            "Error Type: message_handler_error",
            "Failed at message index: *",
            "Sent (text):",
            "  'order'",
            '*raise LookupError("nothing to order")*',
            "WebSocket test failed (seed: 7)",
            "Reproduce: pytest *",
        ]
    )


def test_a_refused_route_is_skipped_with_the_close_code(project) -> None:
    result = _run(project, "-k", "private", "-rs")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED*every connection was refused*4001*"])


def test_a_refused_route_fails_when_credentials_were_given(project) -> None:
    result = _run(project, "-k", "private", "--routes-auth", "bearer:hush-hush")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["1 route: 1 failed; *"])
    assert "hush-hush" not in result.stdout.str() + result.stderr.str()


def test_junit_has_a_case_for_each_route(project) -> None:
    _run(project, "--junitxml", "report.xml")
    cases = {
        case.get("name"): [child.tag for child in case]
        for case in ElementTree.parse(project.path / "report.xml").iter("testcase")
    }
    assert set(cases) == {
        "test_websocket[/ws/echo]",
        "test_websocket[/ws/picky]",
        "test_websocket[/ws/private]",
        "test_http[GET /hello]",
        "test_http[GET /broken]",
    }
    assert "failure" in cases["test_websocket[/ws/picky]"]
    assert "skipped" in cases["test_websocket[/ws/private]"]


@pytest.mark.parametrize("style", ["auto", "short", "long", "line"])
def test_every_traceback_style_shows_the_failure_and_no_frame_of_ours(project, style: str) -> None:
    result = _run(project, "-k", "picky", f"--tb={style}")
    result.assert_outcomes(failed=1)
    text = result.stdout.str()
    assert "LookupError: nothing to order" in text
    assert "collection.py" not in text
    assert "pytest_routes/" not in text


def test_a_native_traceback_has_every_frame(project) -> None:
    result = _run(project, "-k", "picky", "--tb=native")
    result.stdout.fnmatch_lines(["*starlette*routing.py*", "*in picky", "LookupError: *"])


def test_no_traceback_leaves_only_the_line_of_the_short_summary(project) -> None:
    result = _run(project, "-k", "picky", "--tb=no")
    result.stdout.no_fnmatch_line("*WEBSOCKET TEST FAILURE*")
    result.stdout.fnmatch_lines(["FAILED pyproject.toml::* - message_handler_error: *"])


def test_own_tests_and_routes_run_side_by_side(project) -> None:
    project.makepyfile(test_mine="def test(): pass")
    result = _run(project, "-k", "echo or test_mine")
    result.assert_outcomes(passed=2)


def test_naming_a_file_runs_that_file_alone(project) -> None:
    path = project.makepyfile(test_mine="def test(): pass")
    result = _run(project, path)
    result.assert_outcomes(passed=1)


def test_the_fixture_runs_a_test_of_the_users_for_each_route(project) -> None:
    path = project.makepyfile(
        test_routes="""
        import pytest

        @pytest.fixture
        def prepared():
            print("prepared")

        def test_websocket(prepared, websocket_route):
            result = websocket_route.test()
            assert result.sequences == 20

        def test_http(http_route):
            http_route.test()
        """
    )
    result = _run(project, path, "-v")
    result.assert_outcomes(passed=2, failed=2, skipped=1)
    result.stdout.fnmatch_lines_random(
        [
            "test_routes.py::test_websocket[[]/ws/echo] PASSED*",
            "test_routes.py::test_websocket[[]/ws/picky] FAILED*",
            "test_routes.py::test_http[[]GET /hello] PASSED*",
        ]
    )
    result.stdout.fnmatch_lines(["WEBSOCKET TEST FAILURE: /ws/picky"])


def test_the_fixture_skips_while_route_tests_are_off(project) -> None:
    project.makepyfile(test_routes="def test_it(websocket_route): websocket_route.test()")
    result = project.runpytest("-rs")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED*route tests are off: give --routes*"])


def test_a_strategy_of_a_conftest_is_used(project) -> None:
    project.makeconftest(
        """
        from hypothesis import strategies as st
        from pytest_routes.websocket import register_message_strategy

        register_message_strategy("/ws/echo", "text", st.just("the one and only"))
        """
    )
    result = _run(project, "-k", "echo", "--routes-verbose")
    result.assert_outcomes(passed=1)
    sent = [line for line in result.outlines if "-> text" in line]
    assert sent
    assert all("the one and only" in line for line in sent)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--routes-app", "nosuchmodule:app"), "*nosuchmodule*"),
        (("--routes-app", "myapp:nothing"), "*myapp*nothing*"),
        (("--routes-app", "myapp:APP_NAME"), "*"),
        (("--routes-max-examples", "none"), "*--routes-max-examples none: expected an integer*"),
    ],
)
def test_what_cannot_be_run_ends_with_a_usage_error(project, arguments, message: str) -> None:
    project.makepyfile(test_mine="def test(): pass")
    (project.path / "myapp.py").write_text(APP + "\nAPP_NAME = 'mine'\n", encoding="utf-8")
    result = _run(project, *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {message}"])
    output = result.stdout.str() + result.stderr.str()
    assert "pytest_routes/" not in output
    assert "1 passed" not in output


def test_a_run_without_an_application_says_how_to_name_one(project) -> None:
    (project.path / "pyproject.toml").unlink()
    result = _run(project)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: no application to test: give --routes-app *"])


def test_the_traceback_of_an_import_error_is_the_applications(project) -> None:
    project.makepyfile(broken_app="import nothing_of_that_name")
    result = _run(project, "--routes-app", "broken_app:app")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    output = result.stderr.str()
    assert "broken_app.py" in output
    assert "nothing_of_that_name" in output
    assert "importlib" not in output


def test_an_application_without_routes_to_test_is_pytests_exit_code_5(project) -> None:
    project.makepyfile(myapp="from starlette.applications import Starlette\napp = Starlette()")
    result = _run(project)
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    result.stdout.fnmatch_lines(["*warning: myapp:app has no WebSocket routes (looked at: *"])
    result = _run(project, "--no-routes-websocket")
    result.stdout.fnmatch_lines(["*warning: myapp:app has no HTTP routes (looked at: *"])


def test_routes_of_the_kind_that_is_not_tested_are_pointed_out(project) -> None:
    project.makepyfile(
        myapp="""
        from starlette.applications import Starlette
        from starlette.routing import WebSocketRoute

        async def echo(websocket):
            await websocket.accept()

        app = Starlette(routes=[WebSocketRoute("/ws", echo)])
        """
    )
    result = _run(project, "--no-routes-websocket")
    assert result.ret == pytest.ExitCode.NO_TESTS_COLLECTED
    result.stdout.fnmatch_lines(["*1 WebSocket route can be tested with --routes-websocket"])


@pytest.mark.parametrize("workers", [(), ("-n", "1")])
def test_every_conversation_is_printed_when_it_is_asked_for(project, workers) -> None:
    result = _run(project, "-k", "echo", "--routes-verbose", *workers)
    numbers = [line for line in result.outlines if line.startswith("-- conversation ")]
    assert numbers == [f"-- conversation {number}" for number in range(1, 21)]


def test_a_command_to_reproduce_repeats_the_flags_without_secrets(project) -> None:
    flags = ("--routes-ws-max-messages", "4", "--routes-auth", "bearer:sesame")
    result = _run(project, "-k", "picky", *flags, "--routes-header=X-Token:abc", "--routes-verbose")
    command = next(line for line in result.outlines if line.startswith("Reproduce: "))
    assert command == (
        "Reproduce: pytest 'pyproject.toml::test_websocket[/ws/picky]' --routes "
        "--routes-app myapp:app --routes-websocket --routes-header 'x-token:***' "
        "--routes-auth 'bearer:***' --routes-ws-max-messages 4 --routes-seed 7 -v"
    )


def test_tests_of_the_users_own_have_the_marks_and_count_no_route_twice(project) -> None:
    project.makepyfile(test_routes="def test_it(websocket_route): websocket_route.test()")
    result = _run(project, "-m", "websocket", "-k", "echo")
    result.assert_outcomes(passed=2, deselected=6)
    result.stdout.fnmatch_lines(["1 route in 2 tests: 2 passed; 40 sequences *"])


def test_an_installed_application_needs_no_file_in_the_project(project, monkeypatch) -> None:
    (project.path / "pyproject.toml").unlink()
    elsewhere = project.mkdir("elsewhere")
    (project.path / "myapp.py").rename(elsewhere / "installed.py")
    monkeypatch.syspath_prepend(str(elsewhere))
    arguments = ("--routes-app", "installed:app", "--routes-max-examples", "5")
    result = _run(project, *arguments, "-k", "echo or hello")
    result.assert_outcomes(passed=2, deselected=3)
    one = "installed.py::test_websocket[/ws/echo]"
    result = _run(project, *arguments, one, "-v")
    result.assert_outcomes(passed=1)
    assert any(line.startswith(f"{one} PASSED") for line in result.outlines)
    result = _run(project, *arguments, "installed.py::test_http")
    result.assert_outcomes(passed=1, failed=1)
    result = _run(project, *arguments, "installed.py::test_websocket[/ws/ecco]")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: not found: test_websocket[[]/ws/ecco]: *"])


def test_in_a_monorepo_items_stand_under_the_projects_own_file(project, monkeypatch) -> None:
    project.makeini("[pytest]")
    inner = project.mkdir("inner")
    (project.path / "pyproject.toml").rename(inner / "pyproject.toml")
    monkeypatch.chdir(inner)
    result = _run(project, "pyproject.toml::test_websocket[/ws/picky]")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "Reproduce: pytest 'pyproject.toml::test_websocket[[]/ws/picky]' --routes *",
            "FAILED pyproject.toml::test_websocket[[]/ws/picky] - *",
        ]
    )


def test_show_config_prints_the_origins_and_runs_nothing(project) -> None:
    result = _run(project, "--routes-show-config")
    assert result.ret == 0
    result.stdout.fnmatch_lines(
        [
            "enabled *on *--routes",
            "app *myapp:app *pyproject.toml:2",
            "max_examples *20 *pyproject.toml:3",
            "route *overrides",
        ]
    )
    result.stdout.no_fnmatch_line("*passed*")


def test_the_lifespan_begins_once_before_and_ends_once_after_the_items(project) -> None:
    project.makepyfile(
        myapp="""
        from contextlib import asynccontextmanager
        from pathlib import Path
        from starlette.applications import Starlette
        from starlette.routing import WebSocketRoute

        def note(text):
            with Path("notes.txt").open("a") as notes:
                print(text, file=notes)

        async def echo(websocket):
            await websocket.accept()
            async for text in websocket.iter_text():
                await websocket.send_text(text + websocket.state.mark)

        @asynccontextmanager
        async def lifespan(app):
            note("begin")
            app.router.routes.append(WebSocketRoute("/ws/late", echo))
            yield {"mark": "!"}
            note("end")

        app = Starlette(lifespan=lifespan)
        """
    )
    result = _run(project, "-v")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*test_websocket[[]/ws/late] PASSED*"])
    assert (project.path / "notes.txt").read_text(encoding="utf-8").split() == ["begin", "end"]


@pytest.mark.parametrize(
    ("body", "ret", "message"),
    [
        ("raise RuntimeError('no database')\n            yield", 4, "*no database*"),
        ("yield\n            raise RuntimeError('cannot stop')", 1, "*cannot stop*"),
    ],
)
def test_a_lifespan_that_fails_is_one_clear_error(project, body, ret: int, message: str) -> None:
    project.makepyfile(
        myapp=f"""
        from contextlib import asynccontextmanager
        from starlette.applications import Starlette
        from starlette.routing import WebSocketRoute

        async def echo(websocket):
            await websocket.accept()
            async for text in websocket.iter_text():
                await websocket.send_text(text)

        @asynccontextmanager
        async def lifespan(app):
            {body}

        app = Starlette(routes=[WebSocketRoute("/ws", echo)], lifespan=lifespan)
        """
    )
    result = _run(project)
    assert result.ret == ret
    output = result.stderr if ret == pytest.ExitCode.USAGE_ERROR else result.stdout
    output.fnmatch_lines([message])


def test_an_application_that_is_found_in_the_rootdir_needs_no_path(project) -> None:
    inner = project.mkdir("inner")
    os.chdir(inner)
    result = _run(project, "--rootdir", str(project.path), "-k", "echo")
    result.assert_outcomes(passed=1)


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_ctrl_c_ends_the_run_at_once_with_the_summary_so_far(project) -> None:
    project.makepyfile(
        myapp="""
        from starlette.applications import Starlette
        from starlette.routing import WebSocketRoute

        async def echo(websocket):
            await websocket.accept()
            async for text in websocket.iter_text():
                await websocket.send_text(text)

        app = Starlette(routes=[WebSocketRoute("/ws/a", echo), WebSocketRoute("/ws/b", echo)])
        """
    )
    project.makepyprojecttoml(
        f"{PROJECT}\n[[tool.pytest-routes.overrides]]\npath = '/ws/b'\nmax_examples = 1000000\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "--routes", "--routes-websocket", "-v"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        cwd=project.path,
        # A shell's background jobs ignore it, and so would what they start.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        _wait_for(process, "test_websocket[/ws/b]")
        time.sleep(0.5)
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        output, _ = process.communicate(timeout=60)
    finally:
        process.kill()
    assert time.monotonic() - began < 10
    assert process.returncode == pytest.ExitCode.INTERRUPTED
    assert "!!! KeyboardInterrupt !!!" in output
    assert "Route: /ws/a\nSequences tested: 20\n" in output
    assert "Route: /ws/b" not in output


def _wait_for(process: subprocess.Popen[str], text: str) -> None:
    assert process.stdout is not None
    seen = ""
    while text not in seen:
        read = process.stdout.read(1)
        assert read, seen
        seen += read


FRAMEWORKS = {
    "fastapi": """
        from fastapi import APIRouter, FastAPI, WebSocket

        router = APIRouter(prefix="/rooms")

        @router.websocket("/{room}")
        async def room(websocket: WebSocket, room: int, loud: bool = False) -> None:
            await websocket.accept()
            async for text in websocket.iter_text():
                if text == "leave":
                    raise LookupError("no door")
                await websocket.send_text(text)

        @router.get("/{room}")
        async def users(room: int) -> list[int]:
            return [room]

        app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
        app.include_router(router, prefix="/v1")
        """,
    "litestar": """
        from litestar import Litestar, Router, WebSocket, get, websocket

        @websocket("/{room:int}")
        async def room(socket: WebSocket) -> None:
            await socket.accept()
            while True:
                text = await socket.receive_text()
                if text == "leave":
                    raise LookupError("no door")
                await socket.send_text(text)

        @get("/users")
        async def users() -> list[int]:
            return [1]

        app = Litestar([Router("/v1/rooms", route_handlers=[room, users])], openapi_config=None)
        """,
}


@pytest.mark.parametrize("framework", FRAMEWORKS)
def test_an_application_of_each_framework_is_looked_into(project, framework: str) -> None:
    pytest.importorskip(framework)
    project.makepyfile(myapp=FRAMEWORKS[framework])
    result = _run(project, "--routes-max-examples", "50")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["Error Type: message_handler_error", "  'leave'", "*LookupError: no door"]
    )


def test_the_next_route_is_tested_as_if_nothing_had_happened(project) -> None:
    project.makepyfile(
        myapp="""
        import asyncio, os, sys, time
        from starlette.applications import Starlette
        from starlette.routing import WebSocketRoute

        async def leaves(websocket):
            await websocket.accept()
            await websocket.receive_text()
            raise SystemExit("enough")

        async def sleeps(websocket):
            await websocket.accept()
            if await websocket.receive_text():
                time.sleep(60)

        async def waits(websocket):
            await asyncio.Event().wait()

        async def echo(websocket):
            await websocket.accept()
            async for text in websocket.iter_text():
                await websocket.send_text(text)

        app = Starlette(routes=[
            WebSocketRoute(f"/ws/{number}-{handler.__name__}", handler)
            for number, handler in enumerate([leaves, sleeps, waits, echo])
        ])
        """
    )
    began = time.monotonic()
    result = _run(project, "-v")
    result.assert_outcomes(passed=1, failed=3)
    assert time.monotonic() - began < 30
    result.stdout.fnmatch_lines_random(
        [
            "Error Type: message_handler_error",
            "Error Type: blocked_event_loop",
            "Error Type: connection_timeout",
            "*SystemExit: enough*",
            "*time.sleep(60)*",
        ]
    )


def test_the_terminal_shows_no_path_of_the_plugin(project, tmp_path: Path) -> None:
    result = _run(project, "-vv")
    assert "pytest_routes/" not in result.stdout.str()
    assert tmp_path.exists()


@pytest.mark.parametrize(
    ("strategy", "told"),
    [
        (
            "st.integers()",
            "register_message_strategy('/ws/echo', 'text', ...) in *conftest.py:3: the strategy "
            "must yield a str, but it yielded int: *",
        ),
        (
            "st.text().map(lambda text: text.no_such())",
            "register_message_strategy('/ws/echo', 'text', ...) in *conftest.py:3: drawing from "
            "the strategy raised AttributeError: 'str' object has no attribute 'no_such'",
        ),
    ],
)
def test_a_strategy_that_cannot_be_used_is_named(project, strategy: str, told: str) -> None:
    project.makeconftest(
        "from hypothesis import strategies as st\n"
        "from pytest_routes.websocket import register_message_strategy\n"
        f"register_message_strategy('/ws/echo', 'text', {strategy})\n"
    )
    result = project.runpytest_subprocess(
        "--routes", "--routes-websocket", "-k", "echo", "-p", "no:randomly"
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines([told])
    result.stdout.no_fnmatch_line("*registered.py*")


def test_a_registration_that_matches_no_route_is_warned_about_once(project) -> None:
    project.makeconftest(
        "from hypothesis import strategies as st\n"
        "from pytest_routes.websocket import register_message_strategy\n"
        "register_message_strategy('/ws/ecko', 'text', st.text())\n"
    )
    told = "register_message_strategy('/ws/ecko', 'text', ...) in "
    for arguments in ((), ("-n", "2")):
        result = _run(project, "-k", "echo", *arguments)
        result.assert_outcomes(passed=1)
        warned = [line for line in result.outlines if told in line]
        assert len(warned) == 1
        assert warned[0].startswith("pytest-routes: warning: ")
        assert warned[0].endswith("conftest.py:3 matches no route, the nearest is /ws/echo")


def test_a_route_that_was_not_tested_is_named_where_skipped_tests_are(project) -> None:
    result = _run(project, "-rs", "-k", "private")
    result.stdout.fnmatch_lines(
        [f"SKIPPED [[]1] {PRIVATE}: every connection was refused: * with close code 4001"]
    )


def test_a_route_that_one_slow_sequence_ended_is_not_passed_in_silence(
    project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Here every sequence is too slow."""
    for limit in ("LONG", "_VERY_LONG"):
        monkeypatch.setattr(f"pytest_routes.search.survey.{limit}", -1.0)
    result = _run(project, "-rs", "-k", "hello or echo or private")
    result.assert_outcomes(passed=1, skipped=2)
    silent = "no message was sent, stopped early: 1 of 20 sequences, one took * s of real time"
    refused = "every connection was refused: 1 with close code 4001; stopped early: 1 of 20 *"
    result.stdout.fnmatch_lines(
        [
            "Route: GET /hello",
            "Requests sent: 1",
            "Responses: 2xx 1",
            "Stopped early: 1 of 20 requests, one took * s of real time",
            "Failures: 0",
            "Not tested:",
            f"  /ws/echo     {silent}",
            f"  /ws/private  {refused}",
            "3 routes: 1 passed, 2 not tested (3 stopped early); *",
            f"SKIPPED [[]1] {ECHO}: {silent}",
        ]
    )
