"""Credentials beside what was drawn."""

from __future__ import annotations

from pytest_routes.config.credentials import parse
from pytest_routes.generate.authentication import with_credentials
from pytest_routes.generate.parameters import Target

DRAWN = Target(
    path="/ws",
    query=(("token", "drawn"), ("page", "1")),
    headers=(("Authorization", "drawn"), ("x-a", "1"), ("cookie", "sid=drawn; theme=dark")),
)


def _shown(credentials: str) -> Target:
    parsed = parse(credentials)
    return with_credentials(DRAWN, headers=parsed.headers, query=parsed.query)


def test_without_any_the_target_is_as_it_was() -> None:
    assert with_credentials(DRAWN) == DRAWN


def test_a_bearer_token_replaces_the_header_that_was_drawn() -> None:
    assert _shown("bearer:abc") == Target(
        path="/ws",
        query=DRAWN.query,
        headers=(*DRAWN.headers[1:], ("authorization", "Bearer abc")),
    )


def test_a_password_is_encoded() -> None:
    assert ("authorization", "Basic dTpwOnE=") in _shown("basic:u:p:q").headers


def test_a_header_of_its_own_is_added() -> None:
    assert _shown("header:X-Key:abc").headers == (*DRAWN.headers, ("X-Key", "abc"))


def test_a_query_parameter_replaces_the_one_that_was_drawn() -> None:
    assert _shown("query:token:abc").query == (("page", "1"), ("token", "abc"))


def test_a_cookie_joins_the_others_in_one_header() -> None:
    assert _shown("cookie:sid:abc").headers == (
        *DRAWN.headers[:2],
        ("cookie", "sid=abc; theme=dark"),
    )
