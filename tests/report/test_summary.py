from __future__ import annotations

from dataclasses import replace
from textwrap import dedent

from pytest_routes.report.failure import Telling
from pytest_routes.report.result import Refusals, RouteResult, record
from pytest_routes.report.summary import refusals_text, summary_text
from pytest_routes.simulator import transcript as t

from .talks import CHAT, Talk

CHAT_RESULT = RouteResult(
    route="/ws/chat",
    kind="websocket",
    sequences=100,
    messages_sent=1_247,
    connections=100,
    duration=0.4,
)
USERS_RESULT = RouteResult(
    route="GET /users/{id}",
    kind="http",
    sequences=100,
    responses=((200, 61), (404, 30), (422, 9)),
    duration=0.2,
)


def warning(message: str, check: str = "unexpected_frame", events: int = 1):
    talk = Talk().connect()
    for number in range(events):
        talk.send("bytes", bytes([number]))
    talk.add(t.Raised, exception=KeyError("text"))
    return record(talk.finding(check, message=message, severity="warn"), CHAT, telling=Telling())


def text(*parts: str) -> str:
    return "\n".join(dedent(part).strip("\n") for part in parts)


def test_a_websocket_route_has_the_block():
    assert summary_text([CHAT_RESULT], seed=54321) == text(
        """
        pytest-routes: WebSocket Test Summary
        =====================================
        Route: /ws/chat
        Sequences tested: 100
        Messages sent: 1,247
        Connections established: 100
        Failures: 0
        =====================================

        1 route: 1 passed; 100 sequences with 1,247 messages in 0.40 s (seed: 54321)
        """
    )


def test_an_http_route_has_a_block_like_it():
    assert summary_text([USERS_RESULT], seed=1).split("\n")[:6] == [
        "pytest-routes: HTTP Test Summary",
        "================================",
        "Route: GET /users/{id}",
        "Requests sent: 100",
        "Responses: 2xx 61, 4xx 39",
        "Failures: 0",
    ]


def test_routes_share_a_heading():
    lines = summary_text([CHAT_RESULT, USERS_RESULT, CHAT_RESULT], seed=1).split("\n")
    assert sum("Test Summary" in line for line in lines) == 2
    assert lines.count("Route: /ws/chat") == 2
    assert lines[-1] == (
        "2 routes in 3 tests: 3 passed; 200 sequences with 2,494 messages and 100 requests "
        "in 1.00 s (seed: 1)"
    )


def test_from_five_routes_on_there_is_a_table():
    routes = [replace(CHAT_RESULT, route=f"/ws/{number}") for number in range(4)]
    assert "Route: /ws/3" in summary_text(routes, seed=1)
    failed = replace(CHAT_RESULT, route="/ws/{room:int}/chat", failures=(warning("x"),))
    assert summary_text([*routes, failed], seed=1) == text(
        """
        pytest-routes: WebSocket Test Summary
        =====================================
        Route                Sequences  Messages  Connections  Failures
        /ws/0                      100     1,247          100         0
        /ws/1                      100     1,247          100         0
        /ws/2                      100     1,247          100         0
        /ws/3                      100     1,247          100         0
        /ws/{room:int}/chat        100     1,247          100         1
        =====================================

        5 routes: 4 passed, 1 failed; 500 sequences with 6,235 messages in 2.00 s (seed: 1)
        """
    )


def test_what_was_replayed_is_counted_where_anything_was():
    replayed = replace(CHAT_RESULT, replayed=2)
    block = summary_text([replayed], seed=1).split("\n")
    assert block[2:8] == [
        "Route: /ws/chat",
        "Sequences tested: 100",
        "Messages sent: 1,247",
        "Connections established: 100",
        "Replayed from the example database: 2",
        "Failures: 0",
    ]
    table = summary_text([CHAT_RESULT] * 4 + [replayed], seed=1).split("\n")
    assert table[2].split()[-2:] == ["Replayed", "Failures"]
    assert [row.split()[-2] for row in table[3:8]] == ["0", "0", "0", "0", "2"]


def test_verbose_runs_have_blocks_for_many_routes_too():
    routes = [replace(CHAT_RESULT, route=f"/ws/{number}") for number in range(7)]
    assert summary_text(routes, seed=1, verbosity=1).count("Route: /ws/") == 7


def test_quiet_runs_have_the_totals_only():
    assert summary_text([CHAT_RESULT], seed=1, verbosity=-1) == (
        "1 route: 1 passed; 100 sequences with 1,247 messages in 0.40 s (seed: 1)"
    )


def test_routes_that_were_not_tested_are_listed_with_the_reason():
    skipped = RouteResult(
        route="/ws/private",
        kind="websocket",
        skipped="every connection was refused (100 with close code 4001)",
    )
    assert summary_text([CHAT_RESULT, skipped], seed=1).split("\n")[9:] == [
        "Not tested:",
        "  /ws/private  every connection was refused (100 with close code 4001)",
        "",
        "2 routes: 1 passed, 1 not tested; 100 sequences with 1,247 messages in 0.40 s (seed: 1)",
    ]


def test_a_route_that_should_have_been_tested_has_failed():
    refused = RouteResult(route="/ws/private", kind="websocket", skipped="refused", failed=True)
    assert refused.outcome == "failed"
    assert summary_text([CHAT_RESULT, refused], seed=1).split("\n")[9:] == [
        "Not tested:",
        "  /ws/private  refused",
        "",
        "2 routes: 1 passed, 1 failed; 100 sequences with 1,247 messages in 0.40 s (seed: 1)",
    ]


def test_refused_connections_are_counted_by_how():
    refused = replace(
        CHAT_RESULT,
        refusals=(
            Refusals(code=4001, status=403, count=1, reason="a"),
            Refusals(code=None, status=401, count=3),
            Refusals(code=4001, status=403, count=4, reason="b"),
        ),
    )
    told = "5 with close code 4001, 3 with HTTP 401"
    assert refusals_text(refused) == told
    assert f"Connections refused: {told}" in summary_text([refused], seed=1).split("\n")


def test_the_same_warning_of_many_routes_is_told_once():
    results = [
        replace(
            CHAT_RESULT,
            route=f"/ws/{name}",
            warnings=(
                warning(
                    f"Binary frame crashed the handler: KeyError: 'text' in {name} (app.py:{line})",
                    events=3 - number,
                ),
            ),
        )
        for number, (name, line) in enumerate([("chat", 12), ("echo", 30)])
    ]
    lines = summary_text(results, seed=1).split("\n")
    start = lines.index("Warning: unexpected_frame")
    assert lines[start:] == [
        "Warning: unexpected_frame",
        "  Binary frame crashed the handler: KeyError: 'text'",
        "    /ws/chat in chat (app.py:12), /ws/echo in echo (app.py:30)",
        "      0.000 s  -> connect  /ws/chat",
        "      0.000 s  <- accept",
        r"      0.000 s  -> bytes    b'\x00'",
        r"      0.000 s  -> bytes    b'\x01'",
        "    > 0.000 s  !! the handler raised KeyError: 'text'",
        '  unexpected_frame = "off" in [tool.pytest-routes.websocket.checks] silences it.',
        "",
        "2 routes: 2 passed (2 with warnings); "
        "200 sequences with 2,494 messages in 0.80 s (seed: 1)",
    ]


def test_of_a_warnings_long_conversation_the_beginning_and_the_end_are_told():
    warned = replace(CHAT_RESULT, warnings=(warning("Something", "leaked_task", events=20),))
    lines = summary_text([warned], seed=1).split("\n")
    start = lines.index("Warning: leaked_task")
    told = [line.strip() for line in lines[start + 3 : start + 16]]
    assert told[:4] == [
        "0.000 s  -> connect  /ws/chat",
        "0.000 s  <- accept",
        r"0.000 s  -> bytes    b'\x00'",
        "0.000 s  -- ... 11 events left out ...",
    ]
    assert told[-1].startswith("> ")


def test_slow_routes_are_named():
    slow = replace(CHAT_RESULT, route="/ws/slow", duration=5.0)
    line = "Slowest: /ws/slow 5.0 s (20/s)"
    assert line in summary_text([CHAT_RESULT, slow], seed=1).split("\n")
    assert "Slowest" not in summary_text([CHAT_RESULT, USERS_RESULT], seed=1)


def test_an_exception_that_not_all_routes_raised_is_not_said_of_all():
    text = "Binary frame crashed the handler: KeyError: 'text' in chat (app.py:12)"
    other = "Binary frame crashed the handler: ValueError: no JSON in echo (app.py:30)"
    results = [
        replace(CHAT_RESULT, warnings=(warning(text),)),
        replace(CHAT_RESULT, route="/ws/echo", warnings=(warning(other),)),
    ]
    lines = summary_text(results, seed=1).split("\n")
    start = lines.index("Warning: unexpected_frame")
    assert lines[start + 1 : start + 3] == [
        "  Binary frame crashed the handler",
        "    /ws/chat in chat (app.py:12), /ws/echo in echo (app.py:30)",
    ]


def test_the_reason_of_a_refusal_is_told_when_there_is_one_for_all():
    no_token = Refusals(code=4001, status=403, count=3, reason="no token")
    refused = replace(CHAT_RESULT, refusals=(no_token,))
    assert refusals_text(refused) == "3 with close code 4001 (no token)"
    refused = replace(refused, refusals=(no_token, replace(no_token, count=1, reason="late")))
    assert refusals_text(refused) == "4 with close code 4001"


STOPPED = replace(
    CHAT_RESULT,
    route="/ws/slow",
    sequences=4,
    messages_sent=9,
    connections=4,
    stopped="4 of 100 sequences, one took 5.1 s of real time",
)


def test_a_search_that_stopped_early_is_told_in_the_block_and_the_totals():
    assert summary_text([STOPPED], seed=1).split("\n")[2:] == [
        "Route: /ws/slow",
        "Sequences tested: 4",
        "Messages sent: 9",
        "Connections established: 4",
        "Stopped early: 4 of 100 sequences, one took 5.1 s of real time",
        "Failures: 0",
        "=====================================",
        "",
        "1 route: 1 passed (1 stopped early); 4 sequences with 9 messages in 0.40 s (seed: 1)",
    ]


def test_below_a_table_and_in_quiet_runs_routes_that_stopped_early_are_listed():
    warned = replace(CHAT_RESULT, warnings=(warning("x"),))
    results = [*[CHAT_RESULT] * 3, warned, STOPPED]
    listed = text(
        """
        Stopped early:
          /ws/slow  4 of 100 sequences, one took 5.1 s of real time

        """
    )
    assert f"=\n\n{listed}" in summary_text(results, seed=1)
    assert summary_text(results, seed=1, verbosity=-1).startswith(listed)
    assert " (1 with warnings, 1 stopped early); " in summary_text(results, seed=1)
    assert "Stopped early:\n" not in summary_text(results, seed=1, verbosity=1)
