from __future__ import annotations

import pytest

from pytest_routes.report.redaction import Redaction
from pytest_routes.report.timeline import entry_lines, timeline
from pytest_routes.simulator import transcript as t
from pytest_routes.simulator.conversation import Handshake
from pytest_routes.simulator.transcript import Frame, Request

from .talks import Talk


def lines_of(talk: Talk, failed: t.Event | None = None, **options) -> list[str]:
    return entry_lines(timeline(talk.transcript, failed, **options))


def test_a_conversation_is_told_line_by_line():
    talk = Talk().connect("/ws/chat", query=(("room", "a b"),), subprotocols=("v1", "v2"))
    talk.send("text", "hello").answer("text", "Echo: hello")
    talk.add(t.Waited, client=-1, seconds=30.0).at(30.0)
    talk.send("json", '{"action": "subscribe"}').send("bytes", b"\x00", taken=False)
    talk.add(t.Raised, exception=KeyError("channel"))
    assert lines_of(talk, talk.last) == [
        "   0.000 s  -> connect  /ws/chat?room=a+b  subprotocols: v1, v2",
        "   0.000 s  <- accept",
        "   0.000 s  -> text     'hello'",
        "   0.000 s  <- text     'Echo: hello'",
        "   0.000 s  -- 30 s of silence",
        '  30.000 s  -> json     {"action": "subscribe"}',
        r"  30.000 s  -> bytes    b'\x00'  (never read)",
        "> 30.000 s  !! the handler raised KeyError: 'channel'",
    ]


def test_several_clients_are_told_apart():
    talk = Talk().connect().connect(client=1).send("text", "hi", client=1)
    talk.add(t.Vanished, client=0).add(t.Undelivered, client=0, sender=1)
    talk.add(t.Waited, client=-1, seconds=1.0).add(t.Left, client=1, code=1001, reason="bye")
    assert lines_of(talk) == [
        "  0.000 s  client 0  -> connect  /ws/chat",
        "  0.000 s  client 0  <- accept",
        "  0.000 s  client 1  -> connect  /ws/chat",
        "  0.000 s  client 1  <- accept",
        "  0.000 s  client 1  -> text     'hi'",
        "  0.000 s  client 0  -> connection lost without a close (the server sees 1006)",
        "  0.000 s  client 0  -- a message to client 0, which has gone, cannot be sent",
        "  0.000 s            -- 1 s of silence",
        "  0.000 s  client 1  -> close    1001 'bye'",
    ]


FRAME = Frame("app.py", 1, "chat")


@pytest.mark.parametrize(
    ("event", "line"),
    [
        (
            t.Opened(
                time=0, client=0, handshake=Handshake("/ws", headers=(("origin", "http://a"),))
            ),
            "-> connect  /ws  origin: http://a",
        ),
        (
            t.Accepted(time=0, client=0, subprotocol="v1", headers=((b"set-cookie", b"a=1"),)),
            "<- accept  subprotocol: v1  set-cookie: a=1",
        ),
        (
            t.Refused(time=0, client=0, code=4001, reason="no token"),
            "<- refuse  403 Forbidden  (close code 4001 'no token')",
        ),
        (
            t.Refused(time=0, client=0, code=None, status=401, body=b"log in"),
            "<- refuse  401 Unauthorized  log in",
        ),
        (t.Closed(time=0, client=0, code=1011), "<- close  1011"),
        (
            t.Dropped(time=0, client=0, code=1006),
            "<- connection dropped (the client sees 1006)",
        ),
        (t.Returned(time=0, client=0), "-- the handler returned"),
        (
            t.Raised(time=0, client=0, exception=ValueError("x"), hidden=True),
            "!! the handler raised ValueError: x (its framework caught it)",
        ),
        (
            t.Stuck(time=0, client=0, phase="message", waited=10, proven=True, where=(FRAME,)),
            "!! the handler does not read the next message, and nothing is left that could wake it",
        ),
        (
            t.Stuck(time=0, client=0, phase="accept", waited=30, proven=False),
            "!! the handler neither accepts nor refuses, 30 s later",
        ),
        (
            t.Violated(time=0, client=0, rule="message_type", detail="got text=123"),
            "!! got text=123 (rule message_type)",
        ),
        (t.Blocked(time=0, client=0, seconds=5), "!! the event loop stood still for 5 s"),
        (
            t.Flooded(time=0, client=0, messages=10_001, size=64 * 2**20),
            "!! 10,001 messages (64.0 MiB) sent without reading",
        ),
        (
            t.TaskFailed(time=0, client=0, task="heartbeat", exception=OSError("x")),
            "!! task heartbeat raised OSError: x",
        ),
        (t.TaskLeft(time=0, client=0, task="heartbeat"), "!! task heartbeat still runs"),
        (
            t.LoopError(time=0, client=0, message="in a callback", exception=KeyError(1)),
            "!! event loop: in a callback: KeyError: 1",
        ),
        (
            t.Logged(time=0, client=0, logger="app", message="bad\nthing", exception=None),
            r"!! logged by app: bad\nthing",
        ),
        (
            t.Requested(
                time=0, client=0, request=Request("POST", "/users", (("a", "1"),), (), b'{"n": 1}')
            ),
            '-> POST  /users?a=1  {"n": 1}',
        ),
        (
            t.Responded(time=0, client=0, status=500, body=b"Internal Server Error"),
            "<- 500 Internal Server Error  Internal Server Error",
        ),
        (
            t.Responded(time=0, client=0, status=200, body=b"\xff", complete=False),
            r"<- 200 OK  b'\xff'  (it never ended)",
        ),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, t.Event) else "",
)
def test_each_kind_of_event_has_its_words(event, line):
    assert entry_lines(timeline(t.Transcript([event]))) == [f"  0.000 s  {line}"]


def test_the_same_message_over_and_over_is_one_line():
    talk = Talk().connect()
    for second in range(1_000):
        talk.at(second / 10).answer("text", "tick")
    talk.answer("text", "tock").answer("text", "tock")
    assert lines_of(talk)[2:] == [
        "   0.000 s  <- text     'tick'  (1,000 times within 99.9 s)",
        "  99.900 s  <- text     'tock'",
        "  99.900 s  <- text     'tock'",
    ]


def test_the_marked_message_has_a_line_of_its_own():
    talk = Talk().connect()
    for _ in range(4):
        talk.answer("text", "tick")
    assert lines_of(talk, talk.last)[2:] == [
        "  0.000 s  <- text     'tick'  (3 times)",
        "> 0.000 s  <- text     'tick'",
    ]


def test_of_a_long_conversation_the_beginning_and_the_failure_are_shown():
    talk = Talk().connect()
    for number in range(100):
        talk.send("text", str(number))
    failed = next(e for e in talk.transcript.events if getattr(e, "index", None) == 91)
    lines = lines_of(talk, failed, at_most=8)
    assert lines == [
        "  0.000 s  -> connect  /ws/chat",
        "  0.000 s  <- accept",
        "  0.000 s  -- ... 87 events left out ...",
        "  0.000 s  -> text     '87'",
        "  0.000 s  -> text     '88'",
        "  0.000 s  -> text     '89'",
        "> 0.000 s  -> text     '90'",
        "  0.000 s  -> text     '91'",
        "  0.000 s  -> text     '92'",
        "  0.000 s  -- ... 7 events left out ...",
    ]


def test_of_a_stream_of_answers_the_first_are_told_and_what_asked_for_them():
    talk = Talk().connect().send("text", "go")
    for number in range(100):
        talk.answer("text", str(number))
    told = [
        "  0.000 s  -> connect  /ws/chat",
        "  0.000 s  <- accept",
        "  0.000 s  -> text     'go'",
        "  0.000 s  <- text     '0'",
        "  0.000 s  <- text     '1'",
        "  0.000 s  <- text     '2'",
    ]
    stopped = lines_of(talk, talk.add(t.Returned).last, at_most=20)
    assert stopped == [
        *told,
        "  0.000 s  <- ... 97 more messages ...",
        "> 0.000 s  -- the handler returned",
    ]
    talk.transcript.events.pop()
    flooded = lines_of(talk, talk.add(t.Flooded, messages=10_001, size=38_899).last, at_most=20)
    assert flooded == [
        *told,
        "  0.000 s  <- ... and so on ...",
        "> 0.000 s  !! 10,001 messages (38,899 bytes) sent without reading",
    ]
    assert len(lines_of(talk, talk.last, at_most=None)) == 104


@pytest.mark.parametrize("failing", range(30))
def test_the_failure_is_always_shown(failing):
    talk = Talk()
    for number in range(30):
        talk.answer("text", str(number))
    lines = lines_of(talk, talk.transcript.events[failing], at_most=5)
    assert sum(line.startswith("> ") for line in lines) == 1
    assert len([line for line in lines if "left out" not in line]) == 5


def test_secrets_are_masked_wherever_they_stand():
    secret = "s3cr&t"
    talk = Talk().connect(query=(("token", secret),), headers=(("authorization", secret),))
    talk.send("text", secret).answer("bytes", secret.encode())
    talk.add(t.Raised, exception=ValueError(secret))
    talk.add(t.Logged, logger="app", message=secret, exception=None)
    text = "\n".join(lines_of(talk, redact=Redaction((secret,))))
    assert "s3cr" not in text
    assert text.count("***") == 6


def test_an_empty_transcript_has_no_lines():
    assert lines_of(Talk()) == []


def test_the_middle_of_a_long_path_is_left_out():
    talk = Talk().connect("/ws/" + "k" * 2_000)
    assert lines_of(talk)[0] == f"  0.000 s  -> connect  /ws/{'k' * 196} ... {'k' * 100}"
