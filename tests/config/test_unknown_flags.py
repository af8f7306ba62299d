"""A mistyped flag is told with the one that was meant."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

MISTYPED = {
    "--routes-websockets": "did you mean --routes-websocket?",
    "--routes-max-example=5": "did you mean --routes-max-examples?",
    "--routes-ws-maxmessages": "did you mean --routes-ws-max-messages?",
    "--no-routes-htpp": "did you mean --no-routes-http?",
    "--route": "did you mean --routes?",
    "--routes-chek": "did you mean --routes-check?",
    "--routes-showconfig": "did you mean --routes-show-config?",
}


@pytest.mark.parametrize("word", MISTYPED)
def test_the_flag_that_was_meant_is_named(pytester: pytest.Pytester, word: str) -> None:
    result = pytester.runpytest("--routes", word)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    flag = word.partition("=")[0]
    assert result.errlines == [f"ERROR: {flag}: unknown flag, {MISTYPED[word]}", ""]


def test_a_flag_like_no_other_is_unknown(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest("--routes-to-success")
    assert result.errlines == ["ERROR: --routes-to-success: unknown flag", ""]


def test_several_are_told_at_once(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest("--routes-sed", "1", "--routes-ap", "myapp:app")
    assert result.errlines == [
        "ERROR: --routes-sed: unknown flag, did you mean --routes-seed?",
        "--routes-ap: unknown flag, did you mean --routes-app?",
        "",
    ]


def test_what_others_call_so_is_theirs(pytester: pytest.Pytester) -> None:
    pytester.makeconftest(
        "def pytest_addoption(parser): parser.addoption('--routes-env', default='test')"
    )
    pytester.makepyfile("def test(pytestconfig): assert pytestconfig.option.routes_env == 'live'")
    pytester.runpytest("--routes-env", "live").assert_outcomes(passed=1)


def test_the_value_of_another_option_is_no_flag(pytester: pytest.Pytester) -> None:
    pytester.makepyfile("def test(): pass")
    pytester.runpytest("-k=--routes-websockets").assert_outcomes(deselected=1)


def test_other_unknown_flags_are_left_to_pytest(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest("--frobnicate")
    result.stderr.fnmatch_lines(["*unrecognized arguments: --frobnicate"])
