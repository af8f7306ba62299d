from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import strategies as st

from pytest_routes.generate import registry
from pytest_routes.generate.registry import registrations_for
from pytest_routes.websocket import register_message_strategy, unregister_message_strategy

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(autouse=True)
def _forget() -> Iterator[None]:
    known = registry._registrations[:]
    registry._registrations.clear()
    yield
    registry._registrations[:] = known


def test_a_strategy_counts_for_the_routes_that_its_glob_names() -> None:
    register_message_strategy("/ws/*", "json", st.just({}))
    assert [r.kind for r in registrations_for("/ws/chat")] == ["json"]
    assert registrations_for("/other") == ()
    assert registrations_for("/ws/a/b") == ()


def test_a_glob_matches_the_declared_path_with_its_parameters() -> None:
    register_message_strategy("/ws/{room:int}", "text", st.just("a"))
    assert registrations_for("/ws/{room:int}")
    assert not registrations_for("/ws/{room}")


def test_of_two_registrations_of_a_kind_the_later_wins() -> None:
    first, second, other = st.just("1"), st.just("2"), st.just(b"3")
    register_message_strategy("/ws/chat", "text", first)
    register_message_strategy("/ws/chat", "bytes", other)
    register_message_strategy("/ws/**", "text", second)
    assert [r.strategy for r in registrations_for("/ws/chat")] == [other, second]


def test_unregistering_forgets_one_kind_or_all_of_a_glob() -> None:
    for kind in ("text", "json", "bytes"):
        register_message_strategy("/ws", kind, st.just(""))  # type: ignore[arg-type]
    unregister_message_strategy("/ws", "json")
    assert [r.kind for r in registrations_for("/ws")] == ["text", "bytes"]
    unregister_message_strategy("/ws")
    assert registrations_for("/ws") == ()


def test_unregistering_what_is_not_registered_names_what_is() -> None:
    register_message_strategy("/ws/a", "text", st.text())
    with pytest.raises(
        LookupError, match=r"^no message strategy is registered for '/ws/b'; registered: /ws/a$"
    ):
        unregister_message_strategy("/ws/b")


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (
            (7, "json", st.text()),
            TypeError,
            "pattern must be a glob like '/ws/*', not 7",
        ),
        (
            ("ws/chat", "json", st.text()),
            ValueError,
            "pattern 'ws/chat': expected a glob that begins with / or *",
        ),
        (
            ("/ws", "JSON", st.text()),
            ValueError,
            "kind must be one of 'text', 'json', 'bytes', 'graphql', not 'JSON'; "
            "did you mean 'json'?",
        ),
        (
            ("/ws", "json", st.text),
            TypeError,
            "; call it: text()",
        ),
        (
            ("/ws", "json", ["a", "b"]),
            TypeError,
            "strategy must be a Hypothesis strategy, not ['a', 'b']",
        ),
    ],
)
def test_a_bad_argument_is_refused_at_once(
    arguments: Any, error: type[Exception], message: str
) -> None:
    with pytest.raises(error) as refused:
        register_message_strategy(*arguments)
    assert str(refused.value).startswith("register_message_strategy: ")
    assert str(refused.value).endswith(message)
    assert registrations_for("/ws") == ()


@pytest.mark.parametrize("weight", [0, -1, 1.5])
def test_a_weight_is_a_share(weight: float) -> None:
    with pytest.raises(ValueError, match="weight must be over 0 and at most 1, not"):
        register_message_strategy("/ws", "json", st.text(), weight=weight)
    with pytest.raises(TypeError, match="weight must be a number, not True"):
        register_message_strategy("/ws", "json", st.text(), weight=True)


def test_a_registration_says_where_it_was_made() -> None:
    register_message_strategy("/ws", "json", st.text())
    (registration,) = registrations_for("/ws")
    file, _, line = registration.place.rpartition(":")
    assert file == __file__
    assert str(registration) == (
        f"register_message_strategy('/ws', 'json', ...) in {__file__}:{line}"
    )


def test_a_conftest_can_register_without_loading_what_only_tests_need() -> None:
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys; from pytest_routes.websocket import register_message_strategy;"
            "print(*[n for n in ('hypothesis', 'pydantic', 'starlette', 'fastapi', 'litestar',"
            " 'asyncio') if n in sys.modules])",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert loaded.stdout.split() == []
