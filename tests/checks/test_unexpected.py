from __future__ import annotations

import pytest

from checks.conversing import accepting, found, opened, said, told
from pytest_routes.checks.context import Context
from pytest_routes.checks.course import Course
from pytest_routes.checks.unexpected import unexpected_frame
from pytest_routes.simulator.conversation import Handshake
from pytest_routes.simulator.transcript import Opened, Raised, Transcript


@accepting
async def echoes_text(receive, send):
    while (event := await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": event.get("text")})


NEITHER = "neither text nor bytes is given"


@pytest.mark.parametrize(
    ("profile", "message", "actual"),
    [
        ("uvicorn", "made {handler} break the rule message_type", NEITHER),
        (
            "hypercorn",
            f"crashed {{handler}}: IllegalEvent: {NEITHER} in echoes_text (test_unexpected.py)",
            f"Connection closed with code 1011 after IllegalEvent: {NEITHER}",
        ),
    ],
)
def test_a_rule_that_a_frame_of_another_kind_breaks_is_a_warning(profile, message, actual):
    (finding,) = found(
        echoes_text, opened(), said(b"x"), profile=profile, reads=frozenset({"text"})
    )
    assert told(finding) == [
        "unexpected_frame",
        "A binary frame " + message.format(handler="the handler that reads something else"),
        "Connection to remain open, or to be closed with 1003 or 1007",
        actual,
    ]


def test_a_rule_that_is_broken_by_two_frames_is_one_bug():
    twice = found(echoes_text, opened(), said(b"x"), said(b"y"), reads=frozenset({"text"}))
    assert [finding.key for finding in twice] == [("unexpected_frame", "message_type")]


def test_what_is_not_known_of_the_frame_and_of_the_end_is_left_out():
    cause = KeyError("text")
    end = Raised(time=0, client=0, exception=cause, connected=True)
    transcript = Transcript([Opened(time=0, client=0, handshake=Handshake("/ws")), end])
    finding = unexpected_frame(Course(transcript, Context()), end, cause)
    assert finding.message == (
        "A frame crashed the handler that reads something else: KeyError: 'text'"
    )
    assert finding.actual == "Connection dropped after KeyError: 'text'"
