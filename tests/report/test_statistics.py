from __future__ import annotations

from dataclasses import replace

import pytest

from pytest_routes.report.statistics import statistics_text

from .test_run import FAILURES
from .test_summary import CHAT_RESULT, USERS_RESULT

ROUTE = replace(CHAT_RESULT, nodeid="pyproject.toml::test_websocket[/ws/chat]")
FOUND = FAILURES["message_handler_error"]
SAVED = replace(FAILURES["message_timeout"], saved=True)


def lines_of(result, runtimes=(0.0004,) * 100, **values) -> list[str]:
    told = {"failing": 0, "shrinks": 0, "shrink_seconds": 0.0, "max_examples": 100} | values
    return statistics_text(result, runtimes=runtimes, **told).split("\n")


def test_a_route_in_which_nothing_was_found():
    assert lines_of(ROUTE) == [
        "pyproject.toml::test_websocket[/ws/chat]:",
        "",
        "  - during generate phase (0.04 seconds):",
        "    - Typical runtimes: < 1ms",
        "    - 100 passing examples, 0 failing examples, 0 invalid examples",
        "    - Found 0 distinct errors in this phase",
        "",
        "  - Stopped because settings.max_examples=100",
    ]


def test_a_route_with_a_failure_and_one_of_an_earlier_run():
    result = replace(ROUTE, failures=(SAVED, FOUND), replayed=3)
    assert lines_of(result, failing=7, shrinks=41, shrink_seconds=0.123)[2:] == [
        "  - during reuse phase:",
        "    - 3 saved failures had again, 1 of them not found by this seed",
        "",
        "  - during generate phase (0.04 seconds):",
        "    - Typical runtimes: < 1ms",
        "    - 93 passing examples, 7 failing examples, 0 invalid examples",
        "    - Found 1 distinct error in this phase",
        "",
        "  - during shrink phase (0.12 seconds):",
        "    - Tried 41 shorter conversations",
        "",
        "  - Stopped because settings.max_examples=100",
    ]


def test_of_requests_none_is_a_conversation():
    assert "    - Tried 1 simpler request" in lines_of(USERS_RESULT, shrinks=1)


@pytest.mark.parametrize(
    ("runtimes", "typical"),
    [
        ([0.0011] * 20, "~ 1-2 ms"),
        ([0.002] * 20, "~ 2ms"),
        ([0.0] + [0.0105] * 9 + [0.0301] * 9 + [9.0], "~ 10-31 ms"),  # neither end of them
        ([0.5], "~ 500ms"),
    ],
)
def test_typical_runtimes_are_those_of_the_middle(runtimes, typical):
    assert f"    - Typical runtimes: {typical}" in lines_of(ROUTE, runtimes)


@pytest.mark.parametrize(
    ("count", "reason"),
    [(100, "settings.max_examples=100"), (20, "nothing left to do"), (0, "nothing is generated")],
)
def test_why_it_stopped(count, reason):
    assert lines_of(ROUTE, [0.0] * count)[-1] == f"  - Stopped because {reason}"


def test_a_search_that_one_slow_sequence_ended():
    result = replace(ROUTE, stopped="4 of 100 sequences, one took 5.1 s of real time")
    assert lines_of(result, runtimes=(0.1, 0.1, 0.1, 5.1))[-1] == (
        "  - Stopped because it takes too long: 4 of 100 sequences, one took 5.1 s of real time"
    )
