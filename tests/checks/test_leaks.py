from __future__ import annotations

from checks.conversing import accepting, conversation, opened, told
from pytest_routes.checks import Context, Kept, leaked_connection


async def nothing(receive, send):
    pass


def leaked(ended, kept, way=""):
    transcript = conversation(accepting(nothing), opened())
    return leaked_connection(transcript, Context(), [Kept(way, ended, kept)])


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


def test_nearly_all_that_ended_in_one_way_are_a_warning_too():
    """An application forgets who says goodbye, and keeps who does not."""
    transcript = conversation(accepting(nothing), opened())
    gone = "whose client vanished"
    kept = [
        Kept("", 100, ["chat.members"] * 19),
        Kept("whose client left with code 1000", 80, []),
        Kept(gone, 20, ["chat.members"] * 19),
    ]
    assert told(leaked_connection(transcript, Context(), kept)) == [
        "leaked_connection",
        "Connections whose client vanished are still referenced by chat.members after they ended",
        "Connections to be forgotten when they end",
        "19 of 20 connections whose client vanished are still alive, held by chat.members",
    ]


def test_some_of_those_that_ended_in_one_way_may_be_kept_on_purpose():
    gone = "whose client vanished"
    assert leaked(5, ["chat.members"] * 5, gone) is not None
    assert leaked(4, ["chat.members"] * 4, gone) is None
    assert leaked(20, ["chat.members"] * 17, gone) is None
    assert leaked(20, ["chat.members"] * 18, gone) is not None
