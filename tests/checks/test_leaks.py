from __future__ import annotations

from checks.conversing import accepting, conversation, opened, told
from pytest_routes.checks import Context, leaked_connection


async def nothing(receive, send):
    pass


def leaked(ended, kept):
    transcript = conversation(accepting(nothing), opened())
    return leaked_connection(transcript, Context(), ended=ended, kept=kept)


def test_a_route_most_of_whose_connections_are_alive_is_a_warning_that_names_what_holds_them():
    finding = leaked(100, ["chat.clients (list)"] * 80 + [""] * 15)
    assert finding.severity == "warn"
    assert told(finding) == [
        "leaked_connection",
        "Connections are still referenced by chat.clients (list) after they ended",
        "Connections to be forgotten when they end",
        "95 of 100 connections are still alive, held by chat.clients (list)",
    ]
    assert finding.key == ("leaked_connection", "chat.clients (list)")


def test_what_holds_them_need_not_be_known():
    finding = leaked(4, [""] * 4)
    assert told(finding)[1] == "Connections are still referenced after they ended"
    assert told(finding)[3] == "4 of 4 connections are still alive"


def test_a_few_may_be_kept_on_purpose():
    assert leaked(100, ["chat.latest"] * 50) is None
    assert leaked(2, ["chat.latest"] * 2) is None
    assert leaked(6, ["chat.latest"] * 3) is None
    assert leaked(5, ["chat.latest"] * 3) is not None
    assert leaked(100, []) is None


def test_the_two_that_hold_most_are_named():
    holders = ["chat.rooms", *["chat.clients"] * 3, *["chat.names"] * 2, ""]
    finding = leaked(7, holders)
    assert told(finding)[3] == (
        "7 of 7 connections are still alive, held by chat.clients and chat.names"
    )
    assert finding.key == ("leaked_connection", "chat.clients")
