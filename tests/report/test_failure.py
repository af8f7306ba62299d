"""What is printed for a failure, word by word.

`tests/report/golden/CHECK.txt` holds the text of each check at each verbosity. After a change
that is meant, run these tests with `UPDATE_GOLDEN=1` in the environment and read the diff.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pytest_routes.checks.catalogue import CATALOGUE
from pytest_routes.report.failure import (
    Reproduction,
    Telling,
    failure_line,
    failure_text,
    failures_text,
)
from pytest_routes.report.redaction import Redaction
from pytest_routes.report.result import RouteResult, record
from pytest_routes.report.summary import summary_text

from .kinds import HIDDEN, KINDS
from .talks import CHAT, Talk

HERE = Path(__file__).parent
GOLDEN = HERE / "golden"
REPRODUCTION = Reproduction(
    seed=54321,
    command="pytest 'pyproject.toml::test_websocket[/ws/chat]' --routes --routes-seed 54321 -v",
    replay=".pytest-routes/ws-chat-1a2b3c4d.json",
    test='def test_ws_chat():\n    assert "to paste"',
    first_seen=12,
)
VERBOSITIES = {"-q": -1, "default": 0, "-v": 1, "-vv": 2}


def telling(**values) -> Telling:
    return Telling(start=str(HERE), **values)


def text_of(check: str, **values) -> str:
    kind = KINDS[check]
    return failure_text(kind.finding(check), kind.route, REPRODUCTION, telling(**values))


def warning_of(check: str, verbosity: int) -> str:
    """What the summary says of it where it is a warning."""
    kind = KINDS[check]
    told = record(kind.finding(check), kind.route, telling=telling(verbosity=verbosity))
    result = RouteResult(route=kind.route.id, kind=kind.route.kind, sequences=1, warnings=(told,))
    lines = summary_text([result], seed=54321, verbosity=verbosity).split("\n")
    return "\n".join(lines[lines.index(f"Warning: {check}") : -2])


def test_there_is_an_example_and_a_file_of_each_check():
    assert set(KINDS) == set(CATALOGUE)
    assert {file.stem for file in GOLDEN.iterdir()} == set(CATALOGUE)


@pytest.mark.parametrize("check", KINDS)
def test_the_text_of_each_check_at_each_verbosity(check):
    told = "".join(
        f"######## {name}\n{text_of(check, verbosity=verbosity)}\n"
        for name, verbosity in VERBOSITIES.items()
    )
    told += "".join(
        f"######## as a warning, {name}\n{warning_of(check, verbosity)}\n"
        for name, verbosity in VERBOSITIES.items()
    )
    file = GOLDEN / f"{check}.txt"
    if os.environ.get("UPDATE_GOLDEN"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(told)
    assert told == file.read_text()


def lines_of(text: str, *, after: str, until: str = "") -> list[str]:
    lines = text.split("\n")
    start = lines.index(after) + 1
    return lines[start : lines.index(until, start)]


def test_the_traceback_is_in_the_style_that_pytest_was_asked_for():
    def traceback(style):
        return lines_of(text_of("connection_error", tb_style=style), after="Traceback:")

    assert traceback("short") == traceback("auto")
    assert len(traceback("auto")) == 5
    assert len(traceback("long")) > 5
    assert traceback("native")[0] == "Traceback (most recent call last):"
    assert "Traceback:" not in text_of("connection_error", tb_style="no")


def test_a_line_is_enough_when_pytest_was_asked_for_lines():
    told = "WebSocket test failed (seed: 54321): /ws/chat/{room:int}"
    assert text_of("connection_error", tb_style="line") == told


def test_a_failure_that_its_framework_hides_is_told_with_what_led_to_it():
    text = failure_text(
        HIDDEN.finding("message_handler_error"), HIDDEN.route, REPRODUCTION, telling()
    )
    lines = text.split("\n")
    assert "Close Code: 4500" in lines
    assert "which was turned into:" in lines
    assert "KeyError: 'channel'" in lines
    assert "> 0.000 s  !! the handler raised ChatError: no channel (its framework caught it)" in (
        lines
    )


def test_several_failures_have_a_block_each_and_one_seed():
    findings = [
        (KINDS[check].finding(check), REPRODUCTION)
        for check in ("message_timeout", "shutdown_timeout", "message_timeout")
    ]
    text = failures_text(findings, CHAT, telling())
    lines = text.split("\n")
    assert [line for line in lines if line.startswith("Failure ")] == [
        "Failure 1 of 3",
        "Failure 2 of 3",
        "Failure 3 of 3",
    ]
    assert text.count("WEBSOCKET TEST FAILURE: /ws/chat") == 3
    assert text.count("WebSocket test failed (seed: 54321)") == 1
    assert text.count("Reproduce: ") == 1
    assert text.count("message_timeout = ") == 1
    assert lines[lines.index("Failure 2 of 3") - 1] == ""


def test_a_note_is_told():
    talk = Talk().connect().send("text", "a")
    reproduction = Reproduction(seed=1, command="pytest", note="It does not fail every time.")
    text = failure_text(talk.finding(), CHAT, reproduction)
    assert "\n\nIt does not fail every time.\n" in text


def test_without_a_replay_file_none_is_named():
    talk = Talk().connect().send("text", "a")
    text = failure_text(talk.finding(), CHAT, Reproduction(seed=1, command="pytest"))
    assert "Replay" not in text
    assert text.endswith("\n\nWebSocket test failed (seed: 1)\nReproduce: pytest")


def test_secrets_are_masked_in_every_part():
    secret = "s3cr&t-token"
    talk = Talk().connect(query=(("token", secret),)).send("text", secret)
    error = ValueError(secret)
    finding = talk.finding(
        message=secret, expected=f"not {secret}", actual=f"but {secret}", exception=error
    )
    reproduction = Reproduction(seed=1, command=f"pytest --routes-auth {secret}", note=secret)
    told = telling(secrets=Redaction((secret,)))
    text = failure_text(finding, CHAT, reproduction, told)
    assert "s3cr" not in text
    assert failure_line(finding, told) == "message_handler_error: ***"


def test_nothing_reaches_the_terminal_raw():
    raw = "\x1b[31m\x00\ud800\u202e"
    talk = Talk().connect(f"/ws/{raw}").send("text", raw).answer("json", f'"{raw}"')
    finding = talk.finding(message=raw, expected=raw, actual=raw, exception=ValueError(raw))
    text = failure_text(finding, CHAT, Reproduction(seed=1, command=raw), telling())
    assert all(line.isprintable() for line in text.split("\n"))


def test_a_huge_conversation_stays_readable():
    talk = Talk().connect()
    for number in range(1_000):
        talk.send("text", f"{number} " * 5_000)
    text = failure_text(talk.finding(), CHAT, REPRODUCTION, telling())
    assert len(text) < 12_000
    assert len(text.split("\n")) < 90
