"""What an application changes of the process, and what is left of that."""

from __future__ import annotations

import asyncio
import locale
import logging
import logging.config
import os
import random
import signal
import sys
import threading
import warnings
from typing import TYPE_CHECKING

import pytest

from pytest_routes.simulator.surroundings import Unclosable, kept_surroundings

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def _ignore_sigterm() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)


def _no_stdout() -> None:
    sys.stdout = None


def _other_policy() -> None:
    asyncio.set_event_loop_policy(asyncio.DefaultEventLoopPolicy())


class _OtherLogger(logging.Logger):
    pass


CHANGES: dict[str, tuple[Callable[[], object], Callable[[], object]]] = {
    "directory": (os.getcwd, lambda: os.chdir("/")),
    "environment": (lambda: dict(os.environ), os.environ.clear),
    "new variables": (lambda: dict(os.environ), lambda: os.environ.update(PYTEST_ROUTES_X="1")),
    "stdout": (lambda: sys.stdout, _no_stdout),
    "path": (lambda: list(sys.path), sys.path.clear),
    "recursion limit": (sys.getrecursionlimit, lambda: sys.setrecursionlimit(5_000)),
    "warnings": (lambda: list(warnings.filters), lambda: warnings.simplefilter("error")),
    "logging": (lambda: logging.root.manager.disable, lambda: logging.disable(50)),
    "log level": (lambda: logging.root.level, lambda: logging.root.setLevel(50)),
    "log handlers": (lambda: list(logging.root.handlers), logging.root.handlers.clear),
    "log records": (
        logging.getLogRecordFactory,
        lambda: logging.setLogRecordFactory(lambda *given: logging.LogRecord(*given)),
    ),
    "kind of loggers": (logging.getLoggerClass, lambda: logging.setLoggerClass(_OtherLogger)),
    "loggers": (
        lambda: logging.getLogger("pytest_routes").disabled,
        lambda: logging.config.dictConfig({"version": 1}),
    ),
    "signals": (lambda: signal.getsignal(signal.SIGTERM), _ignore_sigterm),
    "locale": (
        lambda: locale.setlocale(locale.LC_ALL),
        lambda: locale.setlocale(locale.LC_CTYPE, "C.UTF-8"),
    ),
    "randomness": (random.getstate, lambda: random.seed(0)),
    "policy": (asyncio.get_event_loop_policy, _other_policy),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_changed_is_put_back(name: str, tmp_path: Path) -> None:
    state, change = CHANGES[name]
    with kept_surroundings():
        os.chdir(tmp_path)
        locale.setlocale(locale.LC_ALL, "C")
        before = state()
        with kept_surroundings():
            inside = state()
            change()
            assert state() != inside
        assert state() == before


def test_what_is_added_to_the_import_path_stays() -> None:
    before = list(sys.path)
    with kept_surroundings():
        sys.path.insert(0, "/of/the/application")
    try:
        assert sys.path == [*before, "/of/the/application"]
    finally:
        sys.path[:] = before


def test_a_closed_stream_is_open_for_everybody_else(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w+") as file:
        stream = Unclosable(file)
        stream.write("before")
        with stream:
            pass
        print("after", file=stream, end="")
        stream.close()
        file.seek(0)
        assert file.read() == "beforeafter"
        assert not stream.closed


def test_a_stream_may_be_entered_and_gone_through(tmp_path: Path) -> None:
    with (tmp_path / "in").open("w+") as file:
        file.write("a\nb\n")
        file.seek(0)
        with Unclosable(file) as stream:
            assert isinstance(stream, Unclosable)
            assert list(stream) == ["a\n", "b\n"]


def test_what_is_written_is_there_when_the_stream_is_left(tmp_path: Path) -> None:
    with (tmp_path / "out").open("w") as file:
        with Unclosable(file) as stream:
            stream.write("x")
        assert (tmp_path / "out").read_text() == "x"


def test_only_streams_that_there_are_are_kept_open(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    with kept_surroundings():
        assert isinstance(sys.stdout, Unclosable)
        assert sys.stderr is None


def test_signals_are_left_alone_in_other_threads() -> None:
    failures: list[BaseException] = []

    def elsewhere() -> None:
        try:
            with kept_surroundings():
                pass
        except BaseException as failure:
            failures.append(failure)

    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=elsewhere)
    thread.start()
    thread.join()
    assert failures == []
    assert signal.getsignal(signal.SIGTERM) == before
