"""A run: the application under test, its routes, and what came of testing each of them.

One object carries all of it from hook to hook; it lives in pytest's `config.stash`.
"""

from __future__ import annotations

import importlib
import time
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from pytest_routes.app import AppError
from pytest_routes.checks.repeats import is_repeat
from pytest_routes.generate.registry import WrongMessage
from pytest_routes.hypothesis_profile import UNCHANGED
from pytest_routes.report.failure import Reproduction, Telling, failures_text
from pytest_routes.report.literals import printable
from pytest_routes.report.redaction import Redaction
from pytest_routes.report.result import RouteResult, record
from pytest_routes.report.statistics import statistics_text
from pytest_routes.routes import discover, observe
from pytest_routes.run.bringing import Bringing
from pytest_routes.run.examining import examined
from pytest_routes.run.isolation import Renewal, RenewalError, create, look_at_what_it_needs
from pytest_routes.run.narrator import Narrator
from pytest_routes.run.refused import refusal, refused_throughout
from pytest_routes.run.selection import is_documentation, missing
from pytest_routes.run.untested import stopped_text, untested
from pytest_routes.run.verdicts import ReplayVerdict, Verdict
from pytest_routes.search import SearchResult, item_seed
from pytest_routes.simulator.lifespan import LifespanError
from pytest_routes.simulator.server import Server

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytest_routes.config import Config
    from pytest_routes.hypothesis_profile import Profile
    from pytest_routes.progress import Progress
    from pytest_routes.report.export import ExportedTest
    from pytest_routes.routes import Discovery, Route
    from pytest_routes.run.replays import Stored
    from pytest_routes.run.saved import SavedFailures
    from pytest_routes.simulator.transcript import Transcript


class RunError(Exception):
    """The run cannot begin; the message is for the user."""


@dataclass
class Run:
    """One run of pytest with route tests."""

    config: Config
    seed: int
    directories: tuple[Path, ...]
    """Where the application's modules may be: pytest's starting directory and the rootdir."""
    root: Path | None = None
    """pytest's rootdir, below which replay files are written; None: nowhere."""
    flags: tuple[str, ...] = ()
    """What this run was told beside the project's file, for commands that bring it back."""
    progress: Progress | None = None
    """Told how far the search is, while somebody watches."""
    replays: tuple[Stored, ...] = ()
    """The replay files that are items of the run."""
    routes: tuple[Route, ...] = ()
    """Those that are tested."""
    discovered: tuple[Route, ...] = ()
    looked_at: tuple[str, ...] = ()
    profile: Profile = UNCHANGED
    """What the user has told Hypothesis."""
    results: list[RouteResult] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    """What is told after the summary and fails nothing."""
    shutdown_error: str | None = None
    _server: Server | None = None
    _unobserve: Callable[[], None] | None = None

    @property
    def started(self) -> bool:
        return self._server is not None

    def begin(self) -> None:
        """Import and start the application, and find its routes. Raises `RunError`."""
        if self._server is not None:
            return
        reference = self.config.app
        if reference is None:
            raise RunError(
                "no application to test: give --routes-app MODULE:ATTRIBUTE, or app = "
                '"MODULE:ATTRIBUTE" in [tool.pytest-routes] of pyproject.toml'
            )
        server = Server(
            profile=self.config.websocket.server,
            clock=self.config.websocket.clock,
            watchdog=self.config.watchdog,
        )
        self._server = server
        try:
            with server.on_duty():
                app = create(server, self.config, self.directories)
                server.start(app, self.config.lifespan_timeout)
        except AppError as error:
            raise RunError(str(error)) from error
        except LifespanError as error:
            raise RunError(f"{reference}: {error}") from error
        try:
            discovery = discover(app, websocket_paths=self.config.websocket.paths)
        except ValueError as error:
            raise RunError(f"websocket.paths: {error}") from error
        self._unobserve = observe(app, server.hidden_exception)
        if self.config.isolation == "sequence":
            renewal = Renewal(server, self.config, self.directories, self._unobserve)
            server.renew, self._unobserve = renewal, renewal.end
        self._select(discovery)
        self._load_engines()

    def _load_engines(self) -> None:
        """Import what the items need now, so that the first of them does not look slow."""
        for kind in {route.kind for route in self.routes}:
            importlib.import_module(f"pytest_routes.{kind}.examine")

    def _select(self, discovery: Discovery) -> None:
        config = self.config
        self.looked_at = discovery.looked_at
        self.discovered = discovery.routes
        self.routes = tuple(
            route
            for route in discovery.routes
            if config.selects(route.kind, route.path, route.method)
            and (config.include or not is_documentation(route))
        )
        self.complaints += missing(config, discovery)

    def test(self, route: Route, *, nodeid: str, telling: Telling) -> Verdict:
        """Test one route; nothing is raised for what is wrong with it."""
        server = self._server
        assert server is not None
        config = self.config.for_route(route.kind, route.path, route.method)
        telling = replace(telling, secrets=Redaction(config.secrets))
        narrator = Narrator(telling) if config.verbose else None
        progress = self.progress
        done = 0

        def tell(transcript: Transcript) -> None:
            nonlocal done
            done += 1
            if narrator is not None:
                narrator(transcript)
            if progress is not None:
                progress.step(route, done, config.max_examples)

        if progress is not None:
            progress.begin()
        began = time.monotonic()
        try:
            search, counts = self._examine(route, server, config, tell)
        except (RenewalError, WrongMessage) as error:
            text = telling.secrets(str(error))
            result = RouteResult(
                route=route.id,
                kind=route.kind,
                nodeid=nodeid,
                skipped=text.partition("\n")[0],
                failed=True,
            )
            return Verdict(result, text)
        finally:
            if progress is not None:
                progress.end()
        findings = [each.finding for each in search.found]
        search.found = [each for each in search.found if not is_repeat(each.finding, findings)]
        replayed = 0
        if self.saved is not None and self.profile.reuses:
            replayed = self.saved.add_to(search, route, server, config)
        for each in search.found:
            if each.finding.severity == "error":
                look_at_what_it_needs(each, route, config, self.directories)
                if self.saved is not None:
                    self.saved.save(each, route, config, seed=self.seed)
        counts["replayed"] = replayed
        verdict = self._verdict(
            route, search, counts, nodeid=nodeid, telling=telling, seconds=time.monotonic() - began
        )
        statistics = statistics_text(
            verdict.result,
            runtimes=search.runtimes,
            failing=search.failing,
            shrinks=search.shrinks,
            shrink_seconds=search.shrink_seconds,
            max_examples=config.max_examples,
        )
        conversations = "" if narrator is None else "\n".join(narrator.lines)
        return replace(verdict, conversations=conversations, statistics=statistics)

    def _examine(
        self,
        route: Route,
        server: Server,
        config: Config,
        tell: Callable[[Transcript], None],
    ) -> tuple[SearchResult, dict[str, Any]]:
        if not self.profile.generates:
            return SearchResult(), {}
        return examined(
            route,
            server,
            config,
            seed=item_seed(self.seed, route.id),
            routes=self.routes,
            tell=tell,
            shrink=self.profile.shrinks,
        )

    def replay(self, stored: Stored, *, telling: Telling) -> ReplayVerdict:
        """Have the conversation of a replay file again; nothing is written."""
        from pytest_routes.run.replays import have_again

        server = self._server
        assert server is not None
        recorded = stored.replay
        route = next((each for each in self.discovered if each.id == recorded.route), None)
        if route is None or route.kind != recorded.kind:
            known = ", ".join(each.id for each in self.discovered) or "none"
            text = (
                f"{stored.name} cannot be replayed: the application has no {recorded.kind} route "
                f"{recorded.route} (it has: {known})"
            )
            return ReplayVerdict("fails differently", text, text)
        config = self.config.for_route(route.kind, route.path, route.method)
        telling = replace(telling, secrets=Redaction(config.secrets))
        with server.on_duty():
            replayed = have_again(stored, route, server, config)
        if not replayed.found:
            return ReplayVerdict(replayed.verdict)
        reproduction = Reproduction(
            seed=recorded.seed, command=self.bringing.replay_command(stored.name)
        )
        told = failures_text([(each, reproduction) for each in replayed.found], route, telling)
        head = [f"Replay of {stored.name}: {replayed.verdict}"]
        if replayed.verdict == "fails differently":
            head += [f"Recorded was {recorded.check}: {printable(recorded.message)}"]
        records = [record(each, route, telling=telling) for each in replayed.found]
        return ReplayVerdict(
            replayed.verdict,
            "\n".join([*head, "", told]),
            f"{replayed.verdict}: {'; '.join(each.line for each in records)}",
            next((each.place for each in records if each.place), None),
        )

    def _verdict(
        self,
        route: Route,
        search: SearchResult,
        counts: dict[str, Any],
        *,
        nodeid: str,
        telling: Telling,
        seconds: float,
    ) -> Verdict:
        config = self.config.for_route(route.kind, route.path, route.method)
        errors = [each for each in search.found if each.finding.severity == "error"]
        warnings = [each for each in search.found if each.finding.severity == "warn"]
        bringing = self.bringing
        replays = [bringing.replay(each, route) for each in errors]
        result = RouteResult(
            route=route.id,
            kind=route.kind,
            sequences=search.sequences,
            failures=tuple(
                record(
                    each.finding,
                    route,
                    telling=telling,
                    replay=replay,
                    saved=each.saved_with is not None,
                )
                for each, replay in zip(errors, replays, strict=True)
            ),
            warnings=tuple(record(each.finding, route, telling=telling) for each in warnings),
            duration=seconds,
            nodeid=nodeid,
            command=bringing.command(nodeid),
            skipped=None if errors else untested(route, search, counts, self.profile),
            stopped=stopped_text(route, search),
            **counts,
        )
        if not errors and refused_throughout(route, counts):
            return refusal(result, config)
        if not errors:
            return Verdict(result)
        tests: list[ExportedTest | None] = [None] * len(errors)
        if telling.verbosity >= 2 or self.config.export is not None:
            tests = [bringing.test(each, route) for each in errors]
        failures = [
            (each.finding, bringing.reproduction(each, route, nodeid, replay, test))
            for each, replay, test in zip(errors, replays, tests, strict=True)
        ]
        text = failures_text(failures, route, telling)
        return Verdict(result, text, tuple(test for test in tests if test is not None))

    @cached_property
    def saved(self) -> SavedFailures | None:
        """The failures in the user's example database; None: there is none."""
        database = self.profile.database
        if database is None:
            return None
        from pytest_routes.run.saved import SavedFailures

        return SavedFailures(database, self._complain)

    def _complain(self, complaint: str) -> None:
        if complaint not in self.complaints:
            self.complaints.append(complaint)

    @cached_property
    def bringing(self) -> Bringing:
        """How failures of this run are brought about again."""
        return Bringing(
            self.config,
            self.seed,
            self.directories,
            self.root,
            flags=self.flags,
            complaints=self.complaints,
            profile=self.profile,
        )

    def end(self) -> None:
        """End the application; what goes wrong is kept in `shutdown_error`."""
        server, self._server = self._server, None
        if server is None:
            return
        if self._unobserve is not None:
            self._unobserve()
        try:
            with server.on_duty():
                server.stop(self.config.lifespan_timeout)
        except LifespanError as error:
            self.shutdown_error = f"{self.config.app}: {error}"
        finally:
            server.close()
