"""The numbers of the failure block are those of the transcript, and none is made up."""

from __future__ import annotations

import pytest

from pytest_routes.report.standing import standing
from pytest_routes.simulator import transcript as t

from .talks import Talk


def test_the_failing_message_is_the_last_one_that_the_handler_took():
    talk = Talk().connect().send("text", "one").answer("text", "ok").send("json", "{}")
    talk.send("text", "three", taken=False).at(0.25).add(t.Raised, exception=KeyError())
    now = standing(talk.finding())
    assert (now.index, now.message.data, now.remark) == (2, "{}", "")
    assert (now.sent, now.answer.data, now.elapsed) == (3, "ok", 0.25)
    assert not now.several


def test_a_message_that_was_not_taken_is_said_to_be_so():
    talk = Talk().connect().send("text", "one", taken=False)
    talk.add(t.Stuck, phase="message", waited=10.0, proven=True)
    now = standing(talk.finding())
    assert (now.index, now.remark) == (1, "which the handler had not read")


def test_without_a_message_there_is_no_index():
    talk = Talk().connect().add(t.Raised, exception=KeyError())
    now = standing(talk.finding())
    assert (now.index, now.message, now.remark) == (None, None, "before any message")


def test_a_failure_before_accepting_is_said_to_be_so():
    talk = Talk().connect()
    talk.transcript.events.pop()
    talk.add(t.Stuck, phase="accept", waited=30.0, proven=True)
    now = standing(talk.finding())
    assert now.remark == "before any message"
    assert (now.state, now.close_code) == ("connecting", "none")


def test_a_failure_after_the_client_left_is_said_to_be_so():
    talk = Talk().connect().send("text", "a").add(t.Left, code=1001)
    talk.add(t.Raised, exception=KeyError(), connected=False)
    now = standing(talk.finding())
    assert (now.index, now.remark) == (1, "after the client left with close code 1001")
    assert (now.state, now.close_code) == ("closed by the client", "1001")


def test_a_failure_after_the_connection_was_lost_is_said_to_be_so():
    talk = Talk().connect().add(t.Vanished).add(t.Raised, exception=KeyError())
    now = standing(talk.finding())
    assert now.remark == "after the client's connection was lost; no message was sent"
    assert (now.state, now.close_code) == ("lost", "1006 (no close was sent)")


def test_what_happens_after_the_failure_does_not_count():
    talk = Talk().connect().send("text", "a")
    violated = talk.add(t.Violated, rule="message_type", detail="got 1").last
    talk.send("text", "b").answer("text", "B").add(t.Left, code=1000)
    now = standing(talk.finding(event=violated))
    assert (now.index, now.sent, now.answer) == (1, 1, None)
    assert (now.state, now.close_code) == ("open", "none")


@pytest.mark.parametrize(
    ("events", "state", "close_code"),
    [
        ([(t.Closed, {"code": 4500})], "closed", "4500"),
        (
            [(t.Raised, {"exception": KeyError()}), (t.Dropped, {"code": 1006})],
            "closed",
            "1006 (no close was sent)",
        ),
        (
            [(t.Raised, {"exception": KeyError(), "hidden": True}), (t.Closed, {"code": 4500})],
            "closed",
            "4500",
        ),
        ([(t.Returned, {}), (t.Dropped, {"code": 1011})], "closed", "1011"),
    ],
)
def test_how_an_open_connection_ended(events, state, close_code):
    talk = Talk().connect()
    for event, values in events:
        talk.add(event, **values)
    now = standing(talk.finding(event=talk.transcript.events[2]))
    assert (now.state, now.close_code) == (state, close_code)


@pytest.mark.parametrize(
    ("event", "values", "state", "close_code"),
    [
        (t.Raised, {"exception": KeyError()}, "refused", "none (HTTP 500)"),
        (t.Returned, {}, "refused", "none (HTTP 500)"),
        (t.Refused, {"code": 1011}, "refused", "1011 (HTTP 403)"),
        (t.Refused, {"code": None, "status": 500}, "refused", "none (HTTP 500)"),
    ],
)
def test_how_a_handshake_ended(event, values, state, close_code):
    talk = Talk().connect()
    talk.transcript.events.pop()
    talk.add(event, **values)
    now = standing(talk.finding())
    assert (now.state, now.close_code) == (state, close_code)


def test_of_several_clients_the_failing_one_counts():
    talk = Talk().connect().connect(client=1)
    talk.send("text", "a").send("text", "b").send("text", "c", client=1)
    talk.add(t.Raised, exception=KeyError(), client=1)
    now = standing(talk.finding())
    assert (now.client, now.several, now.index, now.sent) == (1, True, 1, 3)


def test_what_is_of_no_client_is_of_the_one_that_spoke_last():
    talk = Talk().connect().connect(client=1).send("text", "c", client=1)
    talk.add(t.Blocked, client=-1, seconds=5.0)
    now = standing(talk.finding())
    assert (now.client, now.index, now.state) == (1, 1, "open")


def test_what_is_about_the_whole_conversation_stands_at_its_end():
    talk = Talk().connect().send("text", "a").add(t.Left, code=1000)
    now = standing(talk.finding(event=talk.transcript.events[0]))
    assert (now.index, now.state, now.close_code) == (1, "closed by the client", "1000")
