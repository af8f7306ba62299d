from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

import pytest

from pytest_routes.report.redaction import Redaction

SECRET = 'p4ss wört"/+\\'


@pytest.mark.parametrize(
    "encoded",
    [
        SECRET,
        quote(SECRET),
        quote(SECRET, safe=""),
        quote(SECRET, safe="").lower(),
        quote_plus(SECRET),
        json.dumps(SECRET)[1:-1],
        repr(SECRET)[1:-1],
        base64.b64encode(SECRET.encode()).decode(),
    ],
)
def test_a_secret_is_found_however_it_is_encoded(encoded):
    assert Redaction((SECRET,))(f"<{encoded}>").rstrip("=>") == "<***"


def test_a_secret_is_found_in_bytes():
    assert Redaction(("token-1",)).of_bytes(b"\xfftoken-1\x00") == b"\xff***\x00"


def test_of_two_secrets_the_longer_one_is_masked_whole():
    assert Redaction(("abcd", "abcdefgh"))("abcdefgh abcd") == "*** ***"


def test_a_very_short_secret_is_masked_where_it_stands_alone():
    assert Redaction(("ab",))("token=ab, about ab") == "token=***, about ***"


def test_without_secrets_nothing_changes():
    redact = Redaction(("",))
    assert redact("abc") == "abc"
    assert redact.of_bytes(b"abc") == b"abc"
