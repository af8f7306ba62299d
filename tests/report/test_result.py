from __future__ import annotations

import json

from pytest_routes.report.failure import Telling
from pytest_routes.report.redaction import Redaction
from pytest_routes.report.result import Refusals, RouteResult, record
from pytest_routes.simulator import transcript as t

from . import chat_app
from .talks import CHAT, Talk, caught


def recorded(**telling):
    talk = Talk().connect(query=(("token", "s3cret"),)).send("json", '{"a": "s3cret"}')
    error = caught(chat_app.handle, "{}")
    talk.at(1.5).add(t.Raised, exception=error)
    finding = talk.finding(exception=error, message="Wrong: s3cret\x07", key=("KeyError", "x"))
    return record(finding, CHAT, telling=Telling(**telling), replay=".pytest-routes/a.json")


def test_a_result_survives_json():
    found = recorded()
    result = RouteResult(
        route="/ws/chat",
        kind="websocket",
        sequences=100,
        messages_sent=1_247,
        connections=90,
        refusals=(Refusals(code=4001, status=403, count=10, reason="no"),),
        responses=((200, 3),),
        failures=(found,),
        warnings=(found,),
        duration=0.25,
        nodeid="pyproject.toml::test_websocket[/ws/chat]",
        command="pytest --routes",
        vocabulary=(("subscribe", 12), ("channel", 0)),
    )
    assert RouteResult.from_plain(json.loads(json.dumps(result.to_plain()))) == result


def test_the_outcome_follows_from_what_was_found():
    found = recorded()
    assert RouteResult(route="/a", kind="http").outcome == "passed"
    assert RouteResult(route="/a", kind="http", warnings=(found,)).outcome == "passed"
    assert RouteResult(route="/a", kind="http", skipped="refused").outcome == "skipped"
    assert RouteResult(route="/a", kind="http", failures=(found,)).outcome == "failed"


def test_a_record_tells_what_the_finding_is():
    found = recorded(start=str(chat_app.__file__).rpartition("/")[0])
    assert found.line == r"message_handler_error: Wrong: s3cret\x07"
    assert found.exception == "KeyError: 'channel'"
    assert found.place.startswith("chat_app.py:")
    assert found.traceback[-1] == "KeyError: 'channel'"
    assert (found.client, found.time, found.key) == (0, 1.5, ("KeyError", "x"))
    assert [entry.failed for entry in found.entries] == [False, False, False, True]


def test_a_record_holds_no_secrets():
    assert "s3cret" not in repr(recorded(secrets=Redaction(("s3cret",))))
