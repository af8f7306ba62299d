"""Which answers sound like refusals."""

from __future__ import annotations

import pytest

from pytest_routes.generate.refusals import sounds_like_refusal


@pytest.mark.parametrize(
    "answer",
    [
        '{"error": "no such lot"}',
        '{"ok": false}',
        '{"type": "invalid_request"}',
        '{"phase": "verify", "problem": "code"}',
        "ERR unknown command",
        "503 say HELO first",
        "? say something else",
        "you are not there",
        "illegal: syntax",
        b"ERROR\nmessage:not connected\n\n",
        b"\xee",
        b"\xff\x02",
        b"\x15",
    ],
)
def test_a_complaint_is_a_refusal(answer: str | bytes) -> None:
    assert sounds_like_refusal(answer)


@pytest.mark.parametrize(
    "answer",
    [
        '{"ok": true, "id": 1}',
        '{"jsonrpc": "2.0", "result": 1, "error": null}',
        '{"created": "note-1"}',
        "joined #a",
        "250 queued as 503",
        "404s: 3",
        "OK 1",
        "",
        b"\x09\x01",
        b"\x00\xff",
        b"\xffabcdefgh",
        b"",
    ],
)
def test_what_only_tells_is_none(answer: str | bytes) -> None:
    assert not sounds_like_refusal(answer)
