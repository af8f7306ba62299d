from __future__ import annotations

import re
from typing import Any

import pytest
from pydantic import ValidationError

from pytest_routes.config.model import Config
from pytest_routes.config.values import Range


def overridden(*overrides: dict[str, Any], **values: Any) -> Config:
    return Config(overrides=overrides, **values)


def test_the_configuration_of_a_user_who_has_set_nothing() -> None:
    config = Config()
    assert (config.enabled, config.app, config.max_examples, config.seed) == (
        False,
        None,
        100,
        None,
    )
    assert config.exclude == ("/health", "/metrics", "/openapi*", "/docs*", "/redoc", "/schema*")
    assert config.methods == ("GET", "POST", "PUT", "PATCH", "DELETE")
    websocket = config.websocket
    assert (websocket.enabled, websocket.max_messages, websocket.max_clients) == (False, 10, 2)
    assert (websocket.connection_timeout, websocket.message_timeout) == (30.0, 10.0)
    assert (websocket.max_message_size, websocket.test_close_codes) == (65536, (1000, 1001))
    assert (websocket.server, websocket.clock, websocket.messages) == ("uvicorn", "virtual", "auto")
    assert config.auth.query_param == "token"


def test_it_never_reads_the_environment_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTEST_ROUTES_MAX_EXAMPLES", "7")
    monkeypatch.setenv("MAX_EXAMPLES", "7")
    assert Config().max_examples == 100


def test_it_cannot_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Config().max_examples = 5  # type: ignore[misc]
    with pytest.raises(ValidationError, match="frozen"):
        Config().websocket.max_messages = 5  # type: ignore[misc]


@pytest.mark.parametrize("value", ["10", True, 1.5, None])
def test_a_value_of_another_type_is_not_converted(value: Any) -> None:
    with pytest.raises(ValidationError):
        Config(max_examples=value)


def test_a_route_without_an_override_has_the_configuration_of_the_run() -> None:
    config = overridden({"path": "/ws/*", "max_examples": 5})
    assert config.for_route("websocket", "/other") is config


def test_an_override_changes_only_what_it_names() -> None:
    config = overridden(
        {"path": "/ws/*", "websocket": {"max_messages": 3, "checks": {"leaked_task": "off"}}},
        websocket={"message_timeout": 5.0},
    )
    route = config.for_route("websocket", "/ws/{room}")
    assert route.websocket.max_messages == 3
    assert route.websocket.message_timeout == 5.0
    assert route.websocket.checks.leaked_task == "off"
    assert route.websocket.checks.message_flood == "warn"
    assert config.websocket.max_messages == 10


def test_a_later_override_wins_key_by_key() -> None:
    config = overridden(
        {"path": "/**", "max_examples": 5, "headers": {"X-A": "1", "X-B": "1"}},
        {"path": "/ws", "max_examples": 9, "headers": {"X-B": "2"}},
    )
    route = config.for_route("websocket", "/ws")
    assert route.max_examples == 9
    assert route.headers == {"x-a": "1", "x-b": "2"}


def test_an_override_that_names_the_default_wins_over_the_run() -> None:
    config = overridden({"path": "/ws", "max_examples": 100}, max_examples=5)
    assert config.for_route("websocket", "/ws").max_examples == 100


def test_an_override_may_be_for_some_methods_only() -> None:
    config = overridden({"path": "/users", "methods": ["DELETE"], "skip": "destroys"})
    assert config.for_route("http", "/users", "DELETE").skip_reason == "destroys"
    assert config.for_route("http", "/users", "GET").skip_reason is None
    assert config.for_route("websocket", "/users").skip_reason is None


def test_a_later_override_takes_skip_back() -> None:
    config = overridden(
        {"path": "/ws/*", "skip": "slow", "xfail": "known"}, {"path": "/ws/a", "skip": False}
    )
    assert config.for_route("websocket", "/ws/b").skip_reason == "slow"
    assert config.for_route("websocket", "/ws/a").skip_reason is None
    assert config.for_route("websocket", "/ws/a").xfail_reason == "known"


def test_an_override_may_have_its_own_credentials() -> None:
    config = overridden(
        {"path": "/admin", "auth": {"credentials": "bearer:boss"}},
        auth={"credentials": "bearer:me", "query_param": "t"},
    )
    assert config.for_route("websocket", "/admin").auth.handshake_query == (("t", "boss"),)
    assert config.for_route("websocket", "/").auth.handshake_query == (("t", "me"),)


@pytest.mark.parametrize(
    ("kind", "path", "method", "selected"),
    [
        ("websocket", "/ws/chat", "", True),
        ("websocket", "/ws/internal/a", "", False),
        ("websocket", "/live", "", False),
        ("http", "/users", "GET", True),
        ("http", "/users", "HEAD", False),
        ("http", "/health", "GET", False),
    ],
)
def test_which_routes_are_tested(kind: Any, path: str, method: str, selected: bool) -> None:
    websocket = {"enabled": True, "include": ["/ws/**"], "exclude": ["/ws/internal/*"]}
    assert Config(websocket=websocket).selects(kind, path, method) is selected


def test_a_kind_of_route_that_is_switched_off_is_not_tested() -> None:
    assert not Config().selects("websocket", "/ws")
    assert not Config(http={"enabled": False}).selects("http", "/", "GET")


def test_which_routes_must_refuse_a_client_without_credentials() -> None:
    config = Config(auth={"required": ["/private/**"]})
    assert config.requires_auth("/private/ws")
    assert not config.requires_auth("/public")


@pytest.mark.parametrize(
    ("credentials", "query_param", "query"),
    [
        ("bearer:abc", "token", (("token", "abc"),)),
        ("bearer:abc", "", ()),
        ("query:key:abc", "token", (("key", "abc"),)),
        ("header:X:abc", "token", ()),
    ],
)
def test_what_a_handshake_shows_in_its_query(
    credentials: str, query_param: str, query: tuple[tuple[str, str], ...]
) -> None:
    config = Config(auth={"credentials": credentials, "query_param": query_param})
    assert config.auth.handshake_query == query


def test_the_opening_message_has_the_secret_in_its_place() -> None:
    message = '{"auth": "$TOKEN"}'
    with_token = Config(auth={"credentials": "bearer:abc", "first_message": message})
    assert with_token.auth.opening_message == '{"auth": "abc"}'
    assert Config(auth={"first_message": message}).auth.opening_message is None
    assert Config(auth={"first_message": "hello"}).auth.opening_message == "hello"
    assert Config().auth.opening_message is None


@pytest.mark.parametrize(
    ("value", "read"),
    [
        (5, ("5",)),
        ("a", ("a",)),
        (True, ("true",)),
        ([1, "b", False], ("1", "b", "false")),
        ({"min": 1, "max": 9}, Range(1, 9)),
        ({"min": -0.5, "max": 0.5}, Range(-0.5, 0.5)),
    ],
)
def test_parameter_values_are_texts_to_choose_from_or_a_range(value: Any, read: Any) -> None:
    assert Config(parameters={"id": value}).parameters == {"id": read}


@pytest.mark.parametrize(
    ("value", "read"),
    [("auto", "auto"), ("json", ("json",)), (["text", "json", "text"], ("text", "json"))],
)
def test_kinds_of_messages(value: Any, read: Any) -> None:
    assert Config(websocket={"messages": value}).websocket.messages == read


def test_methods_are_upper_case_and_named_once() -> None:
    assert Config(methods=["get", "GET", "head"]).methods == ("GET", "HEAD")


SECRETS = {
    "auth": {"credentials": "basic:me:s3cret", "first_message": "let s3cret in"},
    "headers": {"X-Api-Key": "k3y", "X-Tenant": "acme"},
    "parameters": {"access_token": ["t0ken"]},
}


def test_repr_shows_no_secret() -> None:
    text = repr(overridden({"path": "/", **SECRETS}, **SECRETS))
    assert re.findall("s3cret|k3y|t0ken", text) == []


def test_secrets_are_masked_in_any_text() -> None:
    config = overridden({"path": "/", "auth": {"credentials": "bearer:0ther"}}, **SECRETS)
    text = "s3cret bWU6czNjcmV0 k3y acme t0ken 0ther"
    assert config.mask(text) == "*** *** *** acme *** ***"
