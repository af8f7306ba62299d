from __future__ import annotations

import pytest

from pytest_routes.routes.globs import check, matches, matches_any, nearest, split_outside_braces


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("/ws/chat", "/ws/chat"),
        ("/ws/*", "/ws/chat"),
        ("/ws/*", "/ws/{room_id:int}"),
        ("/ws/*", "/ws/"),
        ("/ws/{room_id:int}", "/ws/{room_id:int}"),
        ("/ws/{id:int}", "/ws/{room_id:int}"),
        ("/ws/{room}", "/ws/{room_id:int}"),
        ("/ws/{room}", "/ws/<int:room_id>"),
        ("/ws/room-*", "/ws/room-{room_id}"),
        ("/ws/*/members", "/ws/{room}/members"),
        ("/**", "/"),
        ("**", "/ws/a/b"),
        ("/api/**", "/api/v1/users/{id}"),
        ("/api/**", "/api"),
        ("/api/**/users", "/api/users"),
        ("/api/**/users", "/api/v1/internal/users"),
        ("/api/v**", "/api/v1/users"),
        ("/ws/?", "/ws/a"),
        ("/ws/{chat,news}", "/ws/news"),
        ("/ws/{chat,news/*}", "/ws/news/{topic}"),
        ("/ws/{chat,{room}}", "/ws/{room_id:int}"),
        ("{/ws,/live}/*", "/live/chat"),
        ("/ws{,/}", "/ws"),
        ("/ws{,/}", "/ws/"),
        ("/a.b", "/a.b"),
        ("/n/{x:re(a{1,3})}", "/n/{x:re(a{1,3})}"),
        ("/docs*", "/docs"),
        ("/openapi*", "/openapi.json"),
    ],
)
def test_a_glob_matches_the_declared_path(glob: str, path: str) -> None:
    assert matches(glob, path)


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("/ws/*", "/ws/a/b"),
        ("/ws/*", "/ws"),
        ("/ws", "/ws/"),
        ("/ws/{room}", "/ws/lobby"),
        ("/ws/{id:int}", "/ws/{name:str}"),
        ("/ws/{id:int}", "/ws/{id}"),
        ("/ws/?", "/ws/"),
        ("/ws/?", "/ws/ab"),
        ("/ws?chat", "/ws/chat"),
        ("/ws/{chat,news}", "/ws/chatnews"),
        ("/api/**/users", "/api/v1/xusers"),
        ("/api/**", "/apix"),
        ("/a.b", "/axb"),
        ("/WS", "/ws"),
        ("/docs*", "/docs/oauth2-redirect"),
    ],
)
def test_a_glob_does_not_match_another_path(glob: str, path: str) -> None:
    assert not matches(glob, path)


def test_one_of_several_globs_is_enough() -> None:
    assert matches_any(("/a", "/b*"), "/bc")
    assert not matches_any(("/a", "/b"), "/bc")
    assert not matches_any((), "/bc")


@pytest.mark.parametrize(
    ("glob", "expected"),
    [
        ("", "expected a glob that begins with / or *"),
        ("ws/*", "expected a glob that begins with / or *"),
        ("/ws/{a,b", "expected a glob whose { and } are in pairs"),
        ("/ws/a}", "expected a glob whose { and } are in pairs"),
        ("/ws/}a{", "expected a glob whose { and } are in pairs"),
        ("/ws /a", "expected a glob without white space"),
    ],
)
def test_a_malformed_glob_is_refused_with_what_was_expected(glob: str, expected: str) -> None:
    with pytest.raises(ValueError, match="expected") as caught:
        check(glob)
    assert str(caught.value) == expected


@pytest.mark.parametrize("glob", ["/", "*", "**", "/ws/{room_id:int}", "{/a,/b}/**", "/ws/[a]"])
def test_a_well_formed_glob_is_returned_as_it_is(glob: str) -> None:
    assert check(glob) == glob


def test_even_an_unchecked_glob_can_be_matched_without_an_error() -> None:
    assert not matches("/ws/{a", "/ws/a")
    assert not matches("/ws/a}", "/ws/a")


@pytest.mark.parametrize(
    ("text", "candidates", "expected"),
    [
        ("max_mesages", ["max_messages", "max_message_size"], "max_messages"),
        ("max-messages", ["max_message_size", "max_messages"], "max_messages"),
        ("/ws/chta", ["/ws/chat", "/ws/news"], "/ws/chat"),
        ("zzz", ["max_messages", "app"], None),
        ("anything", [], None),
    ],
)
def test_nearest_is_the_most_alike_or_none(
    text: str, candidates: list[str], expected: str | None
) -> None:
    assert nearest(text, candidates) == expected


def test_commas_within_braces_do_not_separate() -> None:
    assert split_outside_braces("/ws/{a,b},/c") == ["/ws/{a,b}", "/c"]
