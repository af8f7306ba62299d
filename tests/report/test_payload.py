from __future__ import annotations

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pytest_routes.report.payload import BadPayload, pack, unpack, unpack_text
from pytest_routes.report.redaction import Redaction

SECRETS = ("s3cr&t tökén", "ab")
REDACT = Redaction(SECRETS)

texts = st.text(alphabet=st.characters(exclude_categories=()))
repeating = st.builds(
    lambda unit, times, end: unit * times + end,
    st.text(max_size=12),
    st.integers(0, 300),
    st.text(max_size=12),
)
with_secrets = st.lists(st.one_of(texts, st.sampled_from(SECRETS))).map(" ".join)


@given(st.one_of(texts, repeating, with_secrets, st.binary(), repeating.map(str.encode)))
def test_what_is_packed_comes_back(data):
    assert unpack(json.loads(json.dumps(pack(data, REDACT))), SECRETS) == data


def test_ordinary_data_is_readable():
    assert pack("hello\n") == "hello\n"
    assert pack("") == ""
    assert pack(b"\x00\xff") == {"base64": "AP8="}
    assert pack(b"") == {"base64": ""}


def test_a_repetition_is_written_as_one():
    assert pack("<" + "ab" * 20_000 + ">") == ["<", {"repeat": "ab", "times": 20_000}, ">"]
    assert pack(b"\x00" * 70_000) == {"bytes": [{"repeat": {"base64": "AA=="}, "times": 70_000}]}


def test_what_is_long_is_compressed():
    text = json.dumps([{"name": f"item {number}"} for number in range(5_000)])
    assert len(json.dumps(pack(text))) < len(text) / 5
    assert unpack(pack(text)) == text


def test_what_cannot_be_compressed_is_kept():
    data = random.Random(1).randbytes(3_000)
    assert set(pack(data)) == {"base64"}


def test_secrets_are_replaced_and_filled_in_again():
    packed = pack("Bearer s3cr&t tökén, ab", REDACT)
    assert packed == [
        "Bearer ",
        {"secret": 0, "form": "plain"},
        ", ",
        {"secret": 1, "form": "plain"},
    ]
    assert unpack(packed, ("new", "cd")) == "Bearer new, cd"
    assert unpack(pack('{"t": "s3cr&t t\\u00f6k\\u00e9n"}', REDACT), ('"', "")) == '{"t": "\\""}'
    assert unpack(pack("s3cr&t tökén".encode(), REDACT), ("ö",)) == "ö".encode()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (5, "expected a text, bytes or a list of pieces, got '5'"),
        ([5], "expected a piece of text, got '5'"),
        ({"bytes": ["x"]}, "expected a piece of bytes, got 'x'"),
        ({"base64": "!"}, "expected Base64 (Only base64 data is allowed)"),
        ([{"zlib": "AAAA"}], "expected compressed data (Error -3 while decompressing data: "),
        ([{"repeat": "ab", "times": 2**40}], "expected at most 67108864 bytes"),
        ([{"secret": 7, "form": "plain"}], "the file was recorded with credentials: give those"),
        ([{"secret": 0, "form": "magic"}], "expected a piece of text, got "),
    ],
)
def test_what_is_not_of_the_documented_form_is_refused(value, message):
    with pytest.raises(BadPayload) as caught:
        unpack(value, SECRETS)
    assert str(caught.value).startswith(message)


def test_bytes_are_no_text():
    with pytest.raises(BadPayload, match="expected a text, got bytes"):
        unpack_text(pack(b""))
