from __future__ import annotations

import asyncio
import time

import pytest

from checks.conversing import Leave, Vanish, accepting, found, names, opened, said, told
from pytest_routes.checks import Context, judge
from pytest_routes.simulator.conversation import Handshake, Message
from pytest_routes.simulator.transcript import (
    Accepted,
    Blocked,
    Frame,
    Opened,
    Raised,
    Sent,
    Stuck,
    Taken,
    TaskLeft,
    Transcript,
)


async def never_accepts(scope, receive, send):
    if scope["type"] == "websocket":
        await asyncio.Event().wait()


def test_a_handler_that_can_never_accept():
    (finding,) = found(never_accepts, opened())
    assert told(finding) == [
        "connection_timeout",
        "Handler neither accepted nor refused the connection",
        "Connection to be accepted or refused within 30 s",
        "The handler waits in never_accepts (test_waiting.py) for Event.wait, "
        "for what can never happen",
    ]


def test_a_handler_that_accepts_too_late():
    async def app(scope, receive, send):
        if scope["type"] == "websocket":
            await asyncio.sleep(40)
            await send({"type": "websocket.accept"})
            await receive()
            await receive()

    (finding,) = found(app, opened())
    assert finding.check == "connection_timeout"
    assert told(finding)[3].startswith("Nothing within 30 s; the handler waits in ")


def test_a_handler_that_accepts_in_time():
    async def app(scope, receive, send):
        if scope["type"] == "websocket":
            await asyncio.sleep(29)
            await send({"type": "websocket.accept"})

    assert found(app, opened()) == []


async def hangs(receive, send):
    while (event := await receive())["type"] == "websocket.receive":
        if event["text"] == "hang":
            await asyncio.Event().wait()
        await send({"type": "websocket.send", "text": "ok"})


def test_a_handler_that_hangs_on_a_message():
    (finding,) = found(accepting(hangs), opened(), said("x"), said("hang"))
    assert told(finding) == [
        "message_timeout",
        "Handler stopped reading after message 2",
        "Handler to answer, or to read the next message within 10 s",
        "The handler waits in hangs (test_waiting.py) for Event.wait, for what can never happen",
    ]


@pytest.mark.parametrize("leaving", [Leave(0), Vanish(0)])
def test_a_client_that_leaves_meanwhile_does_not_change_the_name_of_the_bug(leaving):
    (patient,) = found(accepting(hangs), opened(), said("hang"))
    (hasty,) = found(accepting(hangs), opened(), said("hang", settle=False), leaving)
    assert hasty.key == patient.key
    assert hasty.expected == "Handler to answer, or to read the next message"
    assert patient.expected == f"{hasty.expected} within 10 s"
    (patient,) = found(never_accepts, opened())
    (hasty,) = found(never_accepts, opened(settle=False), leaving)
    assert hasty.key == patient.key


def test_a_handler_that_answers_without_reading_is_right():
    async def streams(receive, send):
        await receive()
        for _ in range(100):
            await asyncio.sleep(5)
            await send({"type": "websocket.send", "text": "tick"})

    assert found(accepting(streams), opened(), said("x")) == []


async def ignores_the_end(receive, send):
    await receive()
    await asyncio.Event().wait()


def test_a_handler_that_does_not_end_after_its_client_left():
    (finding,) = found(accepting(ignores_the_end), opened(), Leave(0))
    assert told(finding) == [
        "shutdown_timeout",
        "Handler still runs after the client left with close code 1000",
        "Handler to end within 10 s",
        "The handler waits in ignores_the_end (test_waiting.py) for Event.wait, "
        "for what can never happen",
    ]


def test_a_handler_that_ends_in_time_is_right():
    async def says_goodbye(receive, send):
        await receive()
        await asyncio.sleep(9)

    assert found(accepting(says_goodbye), opened(), Leave(0)) == []


async def sleeps(receive, send):
    await receive()
    time.sleep(30)


def test_synchronous_code_that_holds_the_loop():
    (finding,) = found(accepting(sleeps), opened(), said("x"))
    said_of_it = told(finding)
    assert said_of_it[:3] == [
        "blocked_event_loop",
        "Synchronous code held the event loop in sleeps (test_waiting.py)",
        "Handler to wait without holding the event loop",
    ]
    assert said_of_it[3].startswith("Event loop held until it was interrupted after 0.")
    assert finding.key[1:3] == ("test_waiting.py", "sleeps")


def test_what_an_interrupted_application_does_afterwards_is_not_told():
    transcript = Transcript(
        [
            Opened(time=0, client=0, handshake=Handshake("/ws")),
            Accepted(time=0, client=0),
            Blocked(time=0, client=-1, seconds=1.0, where=(Frame("/app.py", 1, "serve"),)),
            Raised(time=0, client=0, exception=KeyError("half done")),
            TaskLeft(time=0, client=0, task="heartbeat"),
        ]
    )
    assert names(judge(transcript, {}, Context())) == ["blocked_event_loop"]


async def floods(receive, send):
    await receive()
    while True:
        await send({"type": "websocket.send", "text": "x" * 50_000})


def test_an_answer_without_an_end_is_a_warning():
    (finding,) = found(accepting(floods), opened(), said("x"))
    assert finding.severity == "warn"
    assert told(finding) == [
        "message_flood",
        "Handler sent without an end before it read again",
        "At most 10,000 messages and 64 MiB between two reads with no time passing",
        "1,343 messages, 67,150,000 bytes",
    ]


def test_a_time_out_that_is_not_proven_says_for_how_long_was_waited():
    where = (
        Frame("/srv/app.py", 3, "serve"),
        Frame("/usr/lib/python3/dist-packages/db.py", 9, "get"),
    )
    transcript = Transcript(
        [
            Opened(time=0, client=0, handshake=Handshake("/ws")),
            Accepted(time=0, client=0),
            Sent(time=0, client=0, message=Message("text", "x"), index=1),
            Taken(time=0, client=0, index=1),
            Stuck(time=10, client=0, phase="message", waited=10.0, proven=False, where=where),
        ]
    )
    (finding,) = judge(transcript, {}, Context())
    assert finding.actual == "Nothing within 10 s; the handler waits in serve (app.py:3) for get"
    assert finding.key == ("message_timeout", "app.py", "serve", "3")


@pytest.mark.parametrize(
    ("where", "at"),
    [
        ((), ""),
        (
            (Frame("/app.py", 1, "serve"), Frame("/v/site-packages/starlette/x.py", 2, "read")),
            " in serve (app.py:1)",
        ),
        (
            tuple(Frame("/v/site-packages/starlette/x.py", line, "read") for line in (1, 2, 3)),
            " in read (x.py:3)",
        ),
    ],
)
def test_a_block_is_placed_in_the_application_or_else_where_it_was_interrupted(where, at):
    blocked = Blocked(time=0, client=-1, seconds=1.0, where=where)
    transcript = Transcript([Opened(time=0, client=0, handshake=Handshake("/ws")), blocked])
    (finding,) = judge(transcript, {}, Context())
    assert finding.message == f"Synchronous code held the event loop{at}"


@pytest.mark.parametrize(
    ("where", "waits"),
    [
        ((), "somewhere"),
        ((Frame("/v/site-packages/starlette/x.py", 2, "read"),), "in read (x.py:2)"),
        ((Frame("/app.py", 1, "serve"),), "in serve (app.py:1)"),
    ],
)
def test_a_hang_is_placed_as_well_as_is_known(where, waits):
    stuck = Stuck(time=0, client=0, phase="accept", waited=30.0, proven=True, where=where)
    transcript = Transcript([Opened(time=0, client=0, handshake=Handshake("/ws")), stuck])
    (finding,) = judge(transcript, {}, Context())
    assert finding.actual == f"The handler waits {waits}, for what can never happen"
