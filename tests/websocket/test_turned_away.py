"""Connections that are accepted and closed before anything is read."""

from __future__ import annotations

from collections.abc import Callable
from textwrap import dedent

import pytest

from pytest_routes.simulator.conversation import Message
from pytest_routes.simulator.transcript import (
    Accepted,
    Answered,
    Closed,
    Event,
    Left,
    Sent,
    Taken,
    Told,
    Transcript,
    Vanished,
)
from pytest_routes.websocket.examine import Tally
from pytest_routes.websocket.turned_away import unserved

ACCEPTED = Accepted(time=0.0, client=0)
SENT = Sent(time=0.0, client=0, message=Message("text", "a"), index=1)
TAKEN = Taken(time=0.0, client=0, index=1)
ANSWERED = Answered(time=0.0, client=0, message=Message("text", "a"))
LEFT = Left(time=0.0, client=0, code=1000)
VANISHED = Vanished(time=0.0, client=0)
TOLD = Told(time=0.0, client=0)


def closed(code: int) -> Closed:
    return Closed(time=0.0, client=0, code=code)


def codes(*events: Event) -> list[int | None]:
    return [each and each.code for each in unserved(Transcript(events=list(events)))]


@pytest.mark.parametrize("code", [1008, 3000, 3003, 4001, 4003, 4401, 4403, 4404, 4999])
def test_closing_at_once_with_a_code_of_the_application_turns_away(code: int) -> None:
    assert codes(ACCEPTED, closed(code)) == [code]
    assert codes(ACCEPTED, SENT, closed(code)) == [code]
    assert codes(ACCEPTED, SENT, TAKEN, closed(code)) == []


@pytest.mark.parametrize("code", [1000, 1001, 1011, 1013])
def test_codes_that_tell_how_the_connection_ended_turn_nobody_away(code: int) -> None:
    assert codes(ACCEPTED, closed(code)) == []


def test_who_is_told_why_is_turned_away_and_who_is_served_a_feed_is_not() -> None:
    assert codes(ACCEPTED, ANSWERED, closed(4401)) == [4401]
    assert codes(ACCEPTED, ANSWERED, closed(4000)) == []
    assert codes(ACCEPTED, ANSWERED, closed(1000)) == []


@pytest.mark.parametrize("departure", [LEFT, VANISHED])
def test_of_a_client_that_left_at_once_nothing_is_known(departure: Event) -> None:
    assert codes(ACCEPTED, departure, TOLD) == [None]
    assert codes(ACCEPTED, SENT, departure, TAKEN, TOLD) == []


def test_nobody_was_served_when_all_others_left_by_themselves() -> None:
    tally = Tally()
    tally.connections = 3
    tally.turned_away[4401, 101, ""] = 2
    assert not tally.nobody_was_served
    tally.undecided = 1
    assert tally.nobody_was_served
    tally.turned_away.clear()
    tally.undecided = 3
    assert not tally.nobody_was_served


PROJECT = """
[tool.pytest-routes]
enabled = true
app = "door:app"
seed = 7

[tool.pytest-routes.websocket]
enabled = true
max_clients = 1
checks.unexpected_frame = "off"
"""
DOOR = """
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

async def door(websocket):
    await websocket.accept()
    {body}
    async for text in websocket.iter_text():
        pass

app = Starlette(routes=[WebSocketRoute("/door", door)])
"""
WRONG = """
    if websocket.headers.get("authorization") != "Bearer sesame":
        await websocket.close(4401, "who are you?")
        return
"""
Door = Callable[..., pytest.RunResult]


@pytest.fixture
def door(pytester: pytest.Pytester) -> Door:
    """Tests a route whose handler does something between accepting and reading."""

    def run(body: str, *arguments: str) -> pytest.RunResult:
        indented = dedent(body).strip().replace("\n", "\n    ")
        pytester.makepyfile(door=DOOR.replace("{body}", indented))
        pytester.makepyprojecttoml(PROJECT)
        return pytester.runpytest_subprocess("-q", "-rs", *arguments)

    return run


TOLD_HOW = "every connection was refused: 100 with close code 4401 (who are you?)"


def test_a_route_that_turns_everybody_away_was_not_tested(door: Door) -> None:
    result = door(WRONG)
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(
        [
            "Not tested:",
            f"  /door  {TOLD_HOW}",
            "1 route: 1 not tested; 100 sequences with 0 messages in * s (seed: 7)",
            f"SKIPPED [[]1] *: {TOLD_HOW}",
        ]
    )


def test_it_fails_where_credentials_were_given(door: Door) -> None:
    result = door(WRONG, "--routes-auth", "bearer:wrong")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "/door was not tested: every connection was refused: * with close code 4401 "
            "(who are you?), although credentials (bearer:[*][*][*]) were given."
        ]
    )
    door(WRONG, "--routes-auth", "bearer:sesame").assert_outcomes(passed=1)


def test_a_route_that_says_something_and_closes_has_passed(door: Door) -> None:
    farewell = 'await websocket.send_text("closed today")\nawait websocket.close()\nreturn'
    door(farewell, "--routes-auth", "bearer:wrong").assert_outcomes(passed=1)
