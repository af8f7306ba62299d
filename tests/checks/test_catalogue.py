from __future__ import annotations

import pytest

from pytest_routes.checks.catalogue import CATALOGUE, CHECKS, default_severities
from pytest_routes.config.checks import HttpChecks, WebSocketChecks

WEBSOCKET = {
    "message_handler_error": "error",
    "connection_error": "error",
    "connection_timeout": "error",
    "message_timeout": "error",
    "blocked_event_loop": "error",
    "message_flood": "warn",
    "protocol_violation": "error",
    "subprotocol_mismatch": "error",
    "invalid_close": "error",
    "shutdown_error": "error",
    "shutdown_timeout": "error",
    "leaked_task": "warn",
    "leaked_connection": "warn",
    "collateral_disconnect": "warn",
    "response_mismatch": "error",
    "unexpected_frame": "warn",
    "logged_exception": "warn",
    "auth_bypass": "error",
    "origin_unchecked": "off",
}
HTTP = {
    "handler_error": "error",
    "server_error": "error",
    "protocol_violation": "error",
    "response_timeout": "error",
    "blocked_event_loop": "error",
    "response_mismatch": "error",
    "logged_exception": "warn",
    "leaked_task": "warn",
    "auth_bypass": "error",
}


def test_the_checks_of_a_websocket_route_have_the_promised_severities():
    assert default_severities("websocket") == WEBSOCKET


def test_the_checks_of_an_http_route_have_the_promised_severities():
    assert default_severities("http") == HTTP


def test_every_check_has_an_option_with_the_same_default():
    assert WebSocketChecks().model_dump() == default_severities("websocket")
    assert HttpChecks().model_dump() == default_severities("http")


def test_every_check_is_listed_once():
    assert list(CATALOGUE) == [check.name for check in CHECKS]
    assert len(CATALOGUE) == len(CHECKS)


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.name)
def test_a_check_says_what_it_finds_in_one_line_and_why_and_what_to_do_in_sentences(check):
    assert check.kinds
    assert "\n" not in check.meaning
    assert not check.meaning.endswith(".")
    for text in (check.matters, check.fix):
        assert text.endswith(".")
        assert text[0].isupper()


def test_a_check_is_silenced_in_the_table_of_its_kind_of_route():
    assert CATALOGUE["leaked_task"].silence("http") == (
        '[tool.pytest-routes.http.checks]\nleaked_task = "off"'
    )
