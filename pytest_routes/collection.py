"""The nodes that pytest collects and runs: one item for each route, and each replay file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from pytest_routes.hypothesis_profile import wants_statistics
from pytest_routes.report.junit import junit_properties
from pytest_routes.report.longrepr import FailureRepr
from pytest_routes.run import ReplayVerdict, Run, Verdict
from pytest_routes.simulator.ctrl_c import UsersInterrupt

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from pytest_routes.report.failure import Telling
    from pytest_routes.report.result import RouteResult
    from pytest_routes.routes.model import Route
    from pytest_routes.run.replays import Stored

RUN = pytest.StashKey[Run]()
VERDICT = pytest.StashKey[Verdict]()
REPLAYED = pytest.StashKey[ReplayVerdict]()

_FUNCTIONS = {"websocket": "test_websocket", "http": "test_http"}
_REPLAY = "test_replay"


class RouteFailure(Exception):
    """A route failed; the text is the whole report."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(verdict.failure)
        self.verdict = verdict


class ReplayFailure(Exception):
    """What was recorded in a replay file fails again; the text is the whole report."""

    def __init__(self, verdict: ReplayVerdict) -> None:
        super().__init__(verdict.failure)
        self.verdict = verdict


class RoutesFile(pytest.File):
    """The file node under which the items of all routes stand."""

    def collect(self) -> Iterable[pytest.Item]:
        run = self.config.stash[RUN]
        for stored in run.replays:
            yield ReplayItem.from_parent(
                self,
                name=f"{_REPLAY}[{stored.name}]",
                callobj=_named(_REPLAY, f"{stored.replay.route}: {stored.replay.message}"),
                stored=stored,
            )
        for route in () if run.config.replay else run.routes:
            yield RouteItem.from_parent(
                self,
                name=f"{_FUNCTIONS[route.kind]}[{route.id}]",
                callobj=_named(_FUNCTIONS[route.kind], f"{run.config.app}: {route.id}"),
                route=route,
            )


class RouteItem(pytest.Function):
    """The test of one route."""

    def __init__(self, *, route: Route, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.route = route
        for mark in marks(self.config.stash[RUN], route):
            self.add_marker(mark)

    @property
    def id(self) -> Any:
        # pytest 9.2 compares ids by their parts, and takes what stands in the brackets of an
        # id that it reads (`--lf`) for parameters; the items of older ones have no such id.
        assert self.parent is not None
        return self.parent.id.child(_FUNCTIONS[self.route.kind]).with_params(self.route.id)

    def runtest(self) -> None:
        run_route(self, self.route)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        # A line, though there is none to point at: pytest wants one for a skipped item.
        return self.path, 0, self.name

    def repr_failure(
        self,
        excinfo: pytest.ExceptionInfo[BaseException],
        style: Any = None,  # noqa: ARG002
    ) -> Any:
        # The style is pytest's `--tb`, which the failure's text already went by.
        told = failure_repr(excinfo, self)
        return super().repr_failure(excinfo) if told is None else told


class ReplayItem(pytest.Function):
    """The conversation of one replay file, had again."""

    def __init__(self, *, stored: Stored, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.stored = stored
        self.add_marker("routes")
        self.add_marker(stored.replay.kind)

    @property
    def id(self) -> Any:
        assert self.parent is not None  # as in `RouteItem.id`
        return self.parent.id.child(_REPLAY).with_params(self.stored.name)

    def runtest(self) -> None:
        run = self.config.stash[RUN]
        try:
            verdict = run.replay(self.stored, telling=telling(self.config))
        except UsersInterrupt:
            raise KeyboardInterrupt from None
        self.stash[REPLAYED] = verdict
        if verdict.failure is not None:
            raise ReplayFailure(verdict)

    def reportinfo(self) -> tuple[Any, int | None, str]:
        return self.path, 0, self.name

    def repr_failure(
        self,
        excinfo: pytest.ExceptionInfo[BaseException],
        style: Any = None,  # noqa: ARG002
    ) -> Any:
        told = failure_repr(excinfo, self)
        return super().repr_failure(excinfo) if told is None else told


def marks(run: Run, route: Route) -> Iterator[pytest.MarkDecorator]:
    """The marks of each test of a route."""
    config = run.config.for_route(route.kind, route.path, route.method)
    yield pytest.mark.routes
    yield getattr(pytest.mark, route.kind)
    if config.skip_reason is not None:
        yield pytest.mark.skip(reason=config.skip_reason)
    if config.xfail_reason is not None:
        yield pytest.mark.xfail(reason=config.xfail_reason, strict=False)


def _named(name: str, doc: str) -> Callable[[], None]:
    def test() -> None:
        """Replaced by the item's `runtest`, which knows what it is for."""

    test.__name__ = test.__qualname__ = name
    test.__doc__ = doc
    return test


def run_route(item: pytest.Item, route: Route) -> Verdict:
    """Test a route on behalf of an item; fails or skips it by what came of that."""
    run = item.config.stash[RUN]
    try:
        verdict = run.test(route, nodeid=item.nodeid, telling=telling(item.config))
    except UsersInterrupt:
        raise KeyboardInterrupt from None
    item.stash[VERDICT] = verdict
    if wants_statistics(item.config):
        # What Hypothesis's plugin looks for on each item, to print it.
        item.hypothesis_statistics = verdict.statistics  # type: ignore[attr-defined]
    item.user_properties += junit_properties(verdict.result, seed=run.seed)
    if verdict.failure is not None:
        raise RouteFailure(verdict)
    if verdict.result.skipped is not None:
        pytest.skip(verdict.result.skipped)
    return verdict


@dataclass(frozen=True, slots=True)
class BoundRoute:
    """What the fixtures `websocket_route` and `http_route` give: a route, ready to be tested."""

    route: Route
    item: pytest.Item | None = None

    def bound_to(self, item: pytest.Item) -> BoundRoute:
        return BoundRoute(self.route, item)

    def test(self) -> RouteResult:
        """Test the route as an item of its own would be tested.

        Fails the calling test with the report of what is wrong, skips it when every connection
        was refused or nothing was said before it stopped early, and otherwise returns what was
        counted.
        """
        assert self.item is not None
        return run_route(self.item, self.route).result


def failure_repr(excinfo: Any, item: pytest.Item) -> FailureRepr | None:
    """The report of a route's or a replay's failure; None for any other exception."""
    error = excinfo.value
    path = str(item.path)
    if isinstance(error, ReplayFailure):
        replayed = error.verdict
        file, _, line = (replayed.place or f"{path}:0").rpartition(":")
        return FailureRepr(
            replayed.failure or "", line=replayed.line, path=file, lineno=int(line or 0)
        )
    if isinstance(error, RouteFailure):
        verdict = error.verdict
        text = verdict.failure or ""
        if verdict.result.failures:
            return FailureRepr.of(text, verdict.result.failures, path)
        return FailureRepr(text, line=text.partition("\n")[0], path=path, lineno=0)
    return None


def telling(config: pytest.Config) -> Telling:
    """How failures are told, from what pytest was asked for."""
    from pytest_routes.report.failure import Telling

    return Telling(
        verbosity=max(-1, min(2, config.get_verbosity())),
        tb_style=config.getoption("tbstyle", "auto"),
        start=str(config.invocation_params.dir),
    )
