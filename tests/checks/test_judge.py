import asyncio
import logging
from types import SimpleNamespace

from litestar import Litestar, websocket
from litestar import WebSocket as LitestarWebSocket
from litestar.exceptions import LitestarException

from checks.conversing import accepting, conversation, found, names, opened, said
from pytest_routes.checks import Context, judge
from pytest_routes.config.checks import WebSocketChecks


async def several(receive, send):
    """Warns, then fails, for two reasons that have nothing to do with each other."""
    await receive()
    try:
        raise ValueError("first")
    except ValueError:
        logging.getLogger("app").exception("first")
    await receive()
    raise KeyError("second")


STEPS = opened(), said("a"), said("b")


def test_distinct_causes_are_distinct_findings_errors_first():
    findings = found(accepting(several), *STEPS)
    assert [(each.check, each.severity) for each in findings] == [
        ("message_handler_error", "error"),
        ("logged_exception", "warn"),
    ]


async def logs_what_came_of_it(receive, send):
    await receive()
    try:
        raise KeyError("crash")
    except KeyError as error:
        try:
            raise RuntimeError("and could not be saved") from error
        except RuntimeError:
            logging.getLogger("app").exception("failed")
        raise


def test_what_is_logged_of_an_exception_that_is_raised_as_well_is_no_news():
    findings = found(accepting(logs_what_came_of_it), opened(), said("a"))
    assert names(findings) == ["message_handler_error"]


def test_severities_are_taken_from_a_mapping_or_from_an_object():
    transcript = conversation(accepting(several), *STEPS)
    for severities in (
        {"message_handler_error": "warn", "logged_exception": "error"},
        SimpleNamespace(message_handler_error="warn", logged_exception="error"),
        WebSocketChecks(message_handler_error="warn", logged_exception="error"),
    ):
        findings = judge(transcript, severities, Context())
        assert [(each.check, each.severity) for each in findings] == [
            ("logged_exception", "error"),
            ("message_handler_error", "warn"),
        ]


def test_a_check_that_is_off_finds_nothing():
    transcript = conversation(accepting(several), *STEPS)
    assert names(judge(transcript, {"logged_exception": "off"}, Context())) == [
        "message_handler_error"
    ]


async def fails_late(receive, send):
    await receive()
    await asyncio.sleep(60)
    raise KeyError("late")


def test_a_check_that_is_off_still_explains_its_consequences():
    transcript = conversation(accepting(fails_late), opened(), said("x"))
    assert judge(transcript, {"message_handler_error": "off"}, Context()) == []


async def crashes(receive, send):
    await receive()
    raise KeyError("same line")


def test_the_same_bug_in_two_connections_is_one_finding():
    findings = found(accepting(crashes), opened(0), opened(1), said("a", 0), said("b", 1))
    assert [(each.check, each.event.client) for each in findings] == [("message_handler_error", 0)]


def test_a_conversation_without_a_fault_has_no_findings():
    async def echoes(receive, send):
        while (event := await receive())["type"] == "websocket.receive":
            await send({"type": "websocket.send", "text": event["text"]})

    assert found(accepting(echoes), opened(), said("x")) == []


def listening(handler):
    return Litestar([websocket("/ws")(handler)])


async def fails_at_length(socket: LitestarWebSocket) -> None:
    await socket.accept()
    raise LitestarException(await socket.receive_text())


async def closes_at_length(socket: LitestarWebSocket) -> None:
    await socket.accept()
    try:
        raise KeyError(await socket.receive_text())
    except KeyError as error:
        await socket.close(reason=str(error))


def test_a_framework_that_closes_with_the_text_of_an_exception_is_no_news():
    findings = found(listening(fails_at_length), opened(), said("a" * 200))
    assert names(findings) == ["message_handler_error"]


def test_a_handler_that_closes_with_the_text_of_an_exception_has_to_cut_it():
    findings = found(listening(closes_at_length), opened(), said("a" * 200))
    assert names(findings) == ["invalid_close"]
