"""pytest's hooks of a session with route tests: the application starts before collection, each
route becomes an item, what came of it goes to whoever prints the summary."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from pytest_routes.collection import (
    REPLAYED,
    RUN,
    VERDICT,
    BoundRoute,
    ReplayItem,
    RoutesFile,
    failure_repr,
    marks,
)
from pytest_routes.config import (
    ConfigError,
    asks_for_config,
    flags_again,
    load,
    show_config,
    unmatched,
)
from pytest_routes.hypothesis_profile import profile, with_profile
from pytest_routes.node_file import chosen, node_file, virtual_file, without_virtual
from pytest_routes.outputs import Outputs
from pytest_routes.progress import Progress
from pytest_routes.report.longrepr import FailureRepr
from pytest_routes.report.replay import ReplayError
from pytest_routes.report.result import RouteResult
from pytest_routes.report.summary import summary_text
from pytest_routes.run import Run, RunError

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from pytest_routes.config import Config
    from pytest_routes.run.replays import Stored

_SEED = "pytest_routes_seed"
_FLAGS = "pytest_routes_flags"
# What a report carries from xdist's workers to the controller.
_RESULT = "pytest_routes"
_REPLAY = "pytest_routes_replay"
_TESTS = "pytest_routes_tests"
_NOTES = "pytest_routes_notes"
_SAID = "pytest_routes_said"
_SEED_BITS = 31
_CAPTURED = 2_000
_KINDS = {"websocket_route": "websocket", "http_route": "http"}


class RouteSession:
    """One session; registered as a plugin of its own while route tests are switched on."""

    def __init__(self, config: pytest.Config) -> None:
        self.config = config
        try:
            self.loaded = load(config)
        except ConfigError as error:
            raise pytest.UsageError(str(error)) from None
        self.loaded = with_profile(self.loaded, config)
        seed = getattr(config, "workerinput", {}).get(_SEED, self.loaded.config.seed)
        if seed is None:
            seed = random.SystemRandom().getrandbits(_SEED_BITS)
        typed = tuple(map(str, config.invocation_params.args))
        flags = getattr(config, "workerinput", {}).get(_FLAGS, flags_again(self.loaded, typed))
        start = config.invocation_params.dir
        places = tuple(dict.fromkeys((start, config.rootpath)))
        replays = self._replays(places)
        self.run = Run(
            self._with_app(replays),
            seed,
            directories=places,
            root=config.rootpath,
            replays=tuple(replays),
            flags=flags,
            profile=profile(config),
        )
        self.results: list[RouteResult] = []
        self.outputs = Outputs(self.loaded)
        self.replayed: dict[str, str] = {}
        """The verdict of each replay file."""
        self._file: Path | None = None
        self._chosen: list[str] = []
        """The names of the items asked for in a file that is not there; all without any."""
        self._written: list[str] = []
        config.stash[RUN] = self.run
        self._file = node_file(config, self.loaded.file, self.run.config.app)
        self._virtual = self._file is None and self.run.config.app is not None
        if self._virtual:
            self._file = virtual_file(config, str(self.run.config.app))
            self._chosen = without_virtual(config.args, self._file, config.invocation_params.dir)
        elif self._file is not None:
            self._ask_for(self._file)

    def _replays(self, places: Sequence[Path]) -> list[Stored]:
        options = self.loaded.config
        key = "replay" if options.replay else "replays"
        paths = getattr(options, key)
        if asks_for_config(self.config):
            return []  # nothing runs, and the folder may not be there yet
        if not paths:
            return []
        from pytest_routes.run.replays import stored_replays

        try:
            return stored_replays(paths, places, self.config.rootpath, options.secrets)
        except ReplayError as error:
            raise pytest.UsageError(self.loaded.given[key,].wrong(str(error)).text) from None

    def _with_app(self, replays: Sequence[Stored]) -> Config:
        """The configuration; replay files alone tell which application they are for."""
        options = self.loaded.config
        apps = {stored.replay.app for stored in replays if stored.replay.app}
        if options.app is None and options.replay and len(apps) == 1:
            return options.model_copy(update={"app": apps.pop()})
        return options

    @property
    def is_worker(self) -> bool:
        """This is one of xdist's workers."""
        return hasattr(self.config, "workerinput")

    @property
    def has_workers(self) -> bool:
        """This is xdist's controller: others run the items."""
        return not self.is_worker and bool(self.config.getoption("tx", None))

    # Starting.

    def pytest_sessionstart(self) -> None:
        if not self.is_worker and not self.has_workers:
            self.run.progress = Progress.of(self.config)

    def pytest_report_header(self) -> list[str]:
        lines = [f"pytest-routes: seed {self.run.seed}"]
        differing = getattr(self.loaded, "header", "")
        if differing:
            lines.append(f"pytest-routes: {differing}")
        return lines

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        node.workerinput[_SEED] = self.run.seed
        node.workerinput[_FLAGS] = self.run.flags

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection(self) -> None:
        try:
            self.run.begin()
        except RunError as error:
            self.run.end()
            raise pytest.UsageError(str(error)) from None
        self.run.complaints += self.loaded.warnings
        self.run.complaints += unmatched(self.loaded, self.run.discovered)
        if self.has_workers:
            # The workers have an application each. Here it was started to say at once, and
            # once, what is wrong with it.
            self.run.end()

    # Collecting.

    def _ask_for(self, file: Path) -> None:
        """Have the routes' file collected, unless the user named single files or tests."""
        chosen = self.config.args
        if self.run.config.replay:
            chosen[:] = [str(file)]
            return
        if any("::" in each or Path(each).is_file() for each in chosen):
            return
        start = self.config.invocation_params.dir
        folders = {(start / each).resolve() for each in chosen}
        # A folder brings its files along. Asking for one of them too makes pytest 8 forget
        # the rest of the folder.
        if file.name == "__init__.py" or folders.isdisjoint(file.resolve().parents):
            chosen.append(str(file))

    @pytest.hookimpl(wrapper=True)
    def pytest_collect_file(
        self, file_path: Path, parent: pytest.Collector
    ) -> Generator[None, list[pytest.Collector], list[pytest.Collector]]:
        collectors = yield
        if file_path != self._file:
            return collectors
        if not any(file_path.match(each) for each in self.config.getini("python_files")):
            # The application's module was asked for on behalf of its routes only.
            collectors = [each for each in collectors if not isinstance(each, pytest.Module)]
        return [*collectors, RoutesFile.from_parent(parent, path=file_path)]

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        for name, kind in _KINDS.items():
            if name in metafunc.fixturenames:
                routes = [route for route in self.run.routes if route.kind == kind]
                parameters = [
                    pytest.param(BoundRoute(route), id=route.id, marks=[*marks(self.run, route)])
                    for route in routes
                ]
                metafunc.parametrize(name, parameters, indirect=True)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(
        self, session: pytest.Session, items: list[pytest.Item]
    ) -> None:
        if self._virtual and self._file is not None:
            file = RoutesFile.from_parent(session, path=self._file)
            items += chosen(list(session.genitems(file)), self._chosen)
        # A folder and the file below it may both have been asked for.
        items[:] = {each.nodeid: each for each in reversed(items)}.values()
        items.reverse()
        if self.run.config.websocket.enabled:
            # Only now, since a conftest.py in a folder below is read while it is collected.
            from pytest_routes.generate.unused import unused_registrations

            routes = self.run.discovered
            declared = [route.path for route in routes if route.kind == "websocket"]
            self.run.complaints += unused_registrations(declared)

    # Running.

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        report = yield
        if call.when != "call":
            return report
        replayed = item.stash.get(REPLAYED, None)
        if replayed is not None and isinstance(item, ReplayItem):
            setattr(report, _REPLAY, [item.stored.name, replayed.verdict])
        verdict = item.stash.get(VERDICT, None)
        if verdict is None:
            return report
        setattr(report, _RESULT, verdict.result.to_plain())
        setattr(report, _TESTS, [test.to_plain() for test in verdict.tests])
        setattr(report, _NOTES, list(self.run.complaints))
        setattr(report, _SAID, verdict.conversations)
        report.sections = [(name, _ending(text)) for name, text in report.sections]
        told = failure_repr(call.excinfo, item) if call.excinfo is not None else None
        if told is not None:
            # A test of the user's own that calls `websocket_route.test()`.
            report.longrepr = told
        elif report.skipped and isinstance(report.longrepr, tuple):
            # The item, not the line of ours that skipped it.
            told_at = (item.nodeid, None, report.longrepr[2])
            report.longrepr = told_at  # type: ignore[assignment]  # None: there is no line
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> Generator[None]:
        self._take(report)
        yield
        said = getattr(report, _SAID, "")
        terminal: Any = self.config.pluginmanager.getplugin("terminalreporter")
        if said and terminal is not None and not self.is_worker:
            terminal.ensure_newline()
            terminal.section(report.head_line or report.nodeid, "-")
            for line in said.splitlines():
                terminal.line(line)

    def _take(self, report: pytest.TestReport) -> None:
        sent = FailureRepr.sent(report.longrepr) if self.has_workers else None
        ours = hasattr(report, _RESULT) or hasattr(report, _REPLAY)
        if ours and sent is not None:
            report.longrepr = sent
        plain = getattr(report, _RESULT, None)
        if plain is not None:
            result = RouteResult.from_plain(plain)
            self.results.append(result)
            self.outputs.add(result.route, getattr(report, _TESTS, ()))
        if hasattr(report, _REPLAY):
            name, verdict = getattr(report, _REPLAY)
            self.replayed[name] = verdict
        for note in getattr(report, _NOTES, ()):
            if note not in self.run.complaints:
                self.run.complaints.append(note)

    # Ending.

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        self.run.end()
        # Workers finish in any order; what is told and written goes by the application's.
        order = {route.id: place for place, route in enumerate(self.run.routes)}
        self.results.sort(key=lambda result: order.get(result.route, len(order)))
        if not self.is_worker:
            self._written = list(self.outputs.write(self.run, self.results))
        if self.run.shutdown_error and session.exitstatus in (
            pytest.ExitCode.OK,
            pytest.ExitCode.NO_TESTS_COLLECTED,
        ):
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        verbosity = self.config.get_verbosity()
        if self.results:
            terminalreporter.ensure_newline()
            terminalreporter.line("")
            text = summary_text(self.results, seed=self.run.seed, verbosity=verbosity)
            for line in text.splitlines():
                terminalreporter.line(line)
        for name, verdict in sorted(self.replayed.items()):
            terminalreporter.line(f"pytest-routes: replay {name}: {verdict}")
        for complaint in self.run.complaints:
            terminalreporter.line(f"pytest-routes: warning: {complaint}", yellow=True)
        if self.run.shutdown_error:
            terminalreporter.line(f"pytest-routes: {self.run.shutdown_error}", red=True)
        for sentence in self._written:
            terminalreporter.line(f"pytest-routes: {sentence}")

    def configuration(self) -> str:
        """What `--routes-show-config` prints; with an application, also its routes."""
        if self.loaded.config.app is None:
            return show_config(self.loaded)
        try:
            self.run.begin()
            return show_config(self.loaded, self.run.routes)
        except RunError as error:
            raise pytest.UsageError(str(error)) from None
        finally:
            self.run.end()


def _ending(text: str) -> str:
    """The end of what an application printed in a hundred conversations."""
    if len(text) <= _CAPTURED:
        return text
    return f"... ({len(text):,} characters in all)\n" + text[-_CAPTURED:]
