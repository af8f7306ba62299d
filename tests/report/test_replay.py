"""What is written into a replay file comes back, on any machine, without the secrets."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_routes.report.redaction import Redaction
from pytest_routes.report.replay import (
    LARGEST,
    Replay,
    ReplayError,
    read_replay,
    replay_of,
    replay_text,
    write_replay,
)
from pytest_routes.simulator.conversation import (
    Handshake,
    Leave,
    Message,
    Open,
    Send,
    Vanish,
    Wait,
)
from pytest_routes.simulator.transcript import Request

from .kinds import HTTP, KINDS
from .talks import CHAT, Talk

STEPS = (
    Open(0, Handshake("/ws/chat", query=(("token", "s3cret"),), subprotocols=("v1",))),
    Open(1, Handshake("/ws/chat", headers=(("authorization", "Bearer s3cret"),)), settle=False),
    Send(0, Message("json", '{"action": "subscribe"}')),
    Send(1, Message("text", "a" * 40_000), settle=False),
    Send(1, Message("bytes", b"\x00\xff")),
    Wait(30.0),
    Leave(1, 1001, "bye"),
    Vanish(0),
)
REPLAY = Replay(
    route="/ws/chat",
    kind="websocket",
    steps=STEPS,
    check="message_handler_error",
    message="Server closed connection unexpectedly: KeyError: 'channel'",
    key=("KeyError", "chat.py", "12"),
    seed=54321,
    app="chat:app",
    options={"websocket.server": "uvicorn", "websocket.message_timeout": 10.0},
)


def test_a_replay_file_reads_well(tmp_path):
    path = write_replay(REPLAY, tmp_path / ".pytest-routes", Redaction(("s3cret",)))
    assert path is not None
    assert path.relative_to(tmp_path).as_posix() == ".pytest-routes/ws-chat-5190ad62.json"
    assert path.read_text() == (
        "{\n"
        '  "format": "pytest-routes replay",\n'
        '  "version": 1,\n'
        '  "route": "/ws/chat",\n'
        '  "kind": "websocket",\n'
        '  "app": "chat:app",\n'
        '  "seed": 54321,\n'
        '  "check": "message_handler_error",\n'
        '  "severity": "error",\n'
        '  "message": "Server closed connection unexpectedly: KeyError: \'channel\'",\n'
        '  "key": ["KeyError", "chat.py", "12"],\n'
        '  "options": {"websocket.server": "uvicorn", "websocket.message_timeout": 10.0},\n'
        '  "steps": [\n'
        '    {"step": "open", "path": "/ws/chat", "query": [["token", '
        '[{"secret": 0, "form": "plain"}]]], "subprotocols": ["v1"]},\n'
        '    {"step": "open", "client": 1, "path": "/ws/chat", "headers": [["authorization", '
        '["Bearer ", {"secret": 0, "form": "plain"}]]], "settle": false},\n'
        '    {"step": "send", "kind": "json", "data": "{\\"action\\": \\"subscribe\\"}"},\n'
        '    {"step": "send", "client": 1, "kind": "text", '
        '"data": [{"repeat": "a", "times": 40000}], "settle": false},\n'
        '    {"step": "send", "client": 1, "kind": "bytes", "data": {"base64": "AP8="}},\n'
        '    {"step": "wait", "seconds": 30.0},\n'
        '    {"step": "leave", "client": 1, "code": 1001, "reason": "bye"},\n'
        '    {"step": "vanish"}\n'
        "  ]\n"
        "}\n"
    )


def test_what_is_written_comes_back(tmp_path):
    replay = replace(REPLAY, earlier=(STEPS[:3], STEPS[2:]))
    path = write_replay(replay, tmp_path, Redaction(("s3cret",)))
    assert read_replay(path, ("s3cret",)) == replay
    other = read_replay(path, ("changed",)).steps[0]
    assert other.handshake.query == (("token", "changed"),)


texts = st.text(alphabet=st.characters(exclude_categories=()), max_size=8)
pairs = st.lists(st.tuples(texts, texts), max_size=2).map(tuple)
clients = st.integers(0, 3)
handshakes = st.builds(
    Handshake, texts, pairs, pairs, st.lists(texts, max_size=2).map(tuple), st.just("example.org")
)
messages = st.one_of(
    st.builds(Message, st.sampled_from(["text", "json", "graphql"]), texts),
    st.builds(Message, st.just("bytes"), st.binary(max_size=8)),
)
steps = st.one_of(
    st.builds(Open, clients, handshakes, st.booleans(), st.booleans()),
    st.builds(Send, clients, messages, st.booleans()),
    st.builds(Wait, st.floats(0, 1e6)),
    st.builds(Leave, clients, st.integers(1000, 4999), texts, st.booleans()),
    st.builds(Vanish, clients, st.booleans()),
    st.builds(Request, texts, texts, pairs, pairs, st.binary(max_size=8)),
)


@given(st.lists(steps, max_size=5).map(tuple))
def test_every_step_comes_back(tmp_path_factory, steps):
    path = tmp_path_factory.getbasetemp() / "replay.json"
    replay = replace(REPLAY, steps=steps)
    path.write_text(replay_text(replay), encoding="utf-8")
    assert read_replay(path) == replay


def test_the_replay_of_a_finding_holds_its_conversation():
    talk = Talk().connect()
    talk.transcript.steps.extend(STEPS)
    finding = talk.finding(message="wrong: s3cret", key=("KeyError", "s3cret"))
    replay = replay_of(finding, CHAT, seed=7, app="chat:app", redact=Redaction(("s3cret",)))
    assert replay.steps == STEPS
    assert (replay.message, replay.key) == ("wrong: ***", ("KeyError", "***"))
    assert (replay.route, replay.kind, replay.seed) == ("/ws/chat", "websocket", 7)


def test_the_replay_of_a_request_holds_the_request():
    finding = KINDS["handler_error"].finding("handler_error")
    replay = replay_of(finding, HTTP, seed=7)
    assert [step.path for step in replay.steps] == ["/users/0"]
    assert replay.name.startswith("post-users-id-")


def test_the_same_bug_has_the_same_file():
    assert replace(REPLAY, seed=1, message="x", steps=()).name == REPLAY.name
    names = {
        REPLAY.name,
        replace(REPLAY, key=("KeyError", "chat.py", "13")).name,
        replace(REPLAY, check="message_timeout").name,
        replace(REPLAY, route="/ws/Chat").name,
    }
    assert len(names) == 4
    assert replace(REPLAY, route="/").name.startswith("root-")
    assert len(replace(REPLAY, route="/" + "x" * 500).name) < 80


def test_a_file_is_never_larger_than_the_limit(tmp_path):
    noise = Send(0, Message("bytes", random.Random(1).randbytes(300_000)))
    replay = replace(REPLAY, steps=(noise,), earlier=((noise,),) * 20)
    path = write_replay(replay, tmp_path)
    assert path.stat().st_size <= LARGEST
    assert 1 <= len(read_replay(path).earlier) < 20
    assert write_replay(replace(REPLAY, steps=(noise,) * 10), tmp_path / "no") is None
    assert not (tmp_path / "no").exists()


def finding(check="message_handler_error", key=REPLAY.key, severity="error"):
    talk = Talk().connect()
    return talk.finding(check, key=key, severity=severity)


@pytest.mark.parametrize(
    ("findings", "verdict"),
    [
        ([finding()], "still fails"),
        ([finding("message_timeout"), finding()], "still fails"),
        ([finding("message_timeout")], "fails differently"),
        ([finding(key=("ValueError",))], "fails differently"),
        ([finding("leaked_task", severity="warn")], "fixed"),
        ([], "fixed"),
    ],
)
def test_the_verdict_on_a_replay(findings, verdict):
    assert REPLAY.verdict(findings) == verdict


GOOD = json.loads(replay_text(REPLAY))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", ":1: expected JSON (Expecting property name enclosed in double quotes)"),
        ("[]", ': expected a replay file (with "format": "pytest-routes replay")'),
        (
            GOOD | {"version": 2},
            ": expected version 1 of a replay file, got 2; it was written by another version "
            "of pytest-routes",
        ),
        (GOOD | {"route": None}, ": expected 'route' to be another value than None"),
        (GOOD | {"kind": "smtp"}, ": expected kind to be one of websocket, http, got 'smtp'"),
        (GOOD | {"steps": {}}, ": expected 'steps' to be another value than {}"),
        (GOOD | {"steps": [7]}, ": expected an object as a step, got '7'"),
        (
            GOOD | {"steps": [{"step": "jump"}]},
            ": expected one of open, send, wait, leave, vanish, request as step, got 'jump'",
        ),
        (
            GOOD | {"steps": [{"step": "wait", "seconds": "1"}]},
            ": expected seconds to be of type float, got '1'",
        ),
        (
            GOOD | {"steps": [{"step": "send", "kind": "bytes", "data": "x"}]},
            ": expected data of kind bytes, got str",
        ),
        (
            GOOD | {"steps": [{"step": "open", "path": "/", "query": ["a"]}]},
            ": expected query to be a list of pairs, got ['a']",
        ),
        (
            GOOD | {"steps": [{"step": "open", "path": [{"secret": 3, "form": "plain"}]}]},
            ": the file was recorded with credentials: give those of the same kind",
        ),
        (GOOD | {"earlier": [5]}, ": expected a list of steps, got 5"),
        ("[" * 100_000, ": nested too deeply for a replay file"),
    ],
)
def test_a_bad_file_is_one_clear_message(tmp_path, content, message):
    path = tmp_path / "bad.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    with pytest.raises(ReplayError) as caught:
        read_replay(path)
    assert str(caught.value) == f"{path}{message}"


def test_a_missing_file_is_one_clear_message():
    with pytest.raises(
        ReplayError, match=r"no-such\.json: expected a replay file \(.*No such file"
    ):
        read_replay(Path("no-such.json"))
