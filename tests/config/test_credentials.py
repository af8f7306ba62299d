from __future__ import annotations

import pytest

from pytest_routes.config.credentials import Credentials, masked, parse


@pytest.mark.parametrize(
    ("text", "scheme", "name", "secret"),
    [
        ("bearer:abc", "bearer", "", "abc"),
        ("bearer:a:b:c", "bearer", "", "a:b:c"),
        ("basic:user:pass:word", "basic", "user", "pass:word"),
        ("header:X-Api-Key:abc", "header", "X-Api-Key", "abc"),
        ("query:token:a b", "query", "token", "a b"),
        ("cookie:session:abc", "cookie", "session", "abc"),
    ],
)
def test_every_form_is_read(text: str, scheme: str, name: str, secret: str) -> None:
    credentials = parse(text)
    assert (credentials.scheme, credentials.name, credentials.secret) == (scheme, name, secret)


@pytest.mark.parametrize(
    ("text", "headers", "query"),
    [
        ("bearer:abc", (("authorization", "Bearer abc"),), ()),
        ("basic:Aladdin:sesame", (("authorization", "Basic QWxhZGRpbjpzZXNhbWU="),), ()),
        ("header:X-Key:abc", (("X-Key", "abc"),), ()),
        ("cookie:session:abc", (("cookie", "session=abc"),), ()),
        ("query:token:abc", (), (("token", "abc"),)),
    ],
)
def test_credentials_know_how_they_are_shown_to_the_server(
    text: str, headers: tuple[tuple[str, str], ...], query: tuple[tuple[str, str], ...]
) -> None:
    assert parse(text).headers == headers
    assert parse(text).query == query


@pytest.mark.parametrize(
    ("text", "secret"),
    [
        ("bearer:$CHAT_TOKEN", "s3cret"),
        ("bearer:${CHAT_TOKEN}", "s3cret"),
        ("header:Authorization:Token $CHAT_TOKEN", "Token s3cret"),
        ("bearer:pa$word", "pa$word"),
        ("bearer:$CHAT_TOKEN.x", "$CHAT_TOKEN.x"),
    ],
)
def test_a_variable_is_filled_in_where_it_is_a_whole_word(
    monkeypatch: pytest.MonkeyPatch, text: str, secret: str
) -> None:
    monkeypatch.setenv("CHAT_TOKEN", "s3cret")
    assert parse(text).secret == secret


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("bearer:s3cret", "bearer:***"),
        ("basic:user:s3cret", "basic:user:***"),
        ("header:X-Key:s3cret", "header:X-Key:***"),
        ("bearer:$CHAT_TOKEN", "bearer:$CHAT_TOKEN"),
    ],
)
def test_neither_repr_nor_str_shows_the_secret(
    monkeypatch: pytest.MonkeyPatch, text: str, shown: str
) -> None:
    monkeypatch.setenv("CHAT_TOKEN", "s3cret")
    assert str(parse(text)) == shown
    assert repr(parse(text)) == f"Credentials('{shown}')"


def test_credentials_made_by_hand_do_not_show_the_secret_either() -> None:
    assert str(Credentials("basic", "user", "s3cret")) == "basic:user:***"


def test_the_secrets_include_what_travels_instead_of_the_password() -> None:
    assert parse("basic:Aladdin:sesame").secrets == ("sesame", "QWxhZGRpbjpzZXNhbWU=")
    assert parse("query:t:abc").secrets == ("abc",)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("s3cret", "***"),
        ("s3:cret", "***"),
        ("bearr:s3cret", "bearr:***"),
        ("basic:s3cret", "basic:***"),
        ("header:X-Key:", "header:X-Key:"),
    ],
)
def test_text_that_is_no_credentials_is_masked_all_the_same(text: str, shown: str) -> None:
    assert masked(text) == shown
