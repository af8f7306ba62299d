"""How a failure is brought about again: the command, the replay file, the test to paste."""

from __future__ import annotations

import inspect
import os
import shlex
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_routes.app import resolve
from pytest_routes.hypothesis_profile import UNCHANGED
from pytest_routes.report.export import App, ExportedTest, exported_test, file_text
from pytest_routes.report.failure import Reproduction
from pytest_routes.report.redaction import Redaction
from pytest_routes.run import replays
from pytest_routes.run.isolation import makes_new_ones
from pytest_routes.simulator.conversation import Open

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pytest_routes.config import Config
    from pytest_routes.hypothesis_profile import Profile
    from pytest_routes.routes import Route
    from pytest_routes.routes.model import RouteKind
    from pytest_routes.search import Found
    from pytest_routes.search.found import Unshrunk

_UNSHRUNK: dict[Unshrunk, str] = {
    "slow": "The {one} may not be the shortest one: having it takes too long for many tries.",
    "gone": (
        "The {one} may not be the shortest one: it did not fail when it was had again, because "
        "of what the application keeps, or by chance."
    ),
    "unasked": (
        "The {one} is as it was first seen: the Hypothesis profile {profile} leaves out "
        "Phase.shrink."
    ),
}
_SAVED = (
    "It was not found by this seed, but is in the example database of the Hypothesis profile "
    "{profile}, where a run with seed {seed} has saved it."
)
_NEEDS = "It depends on what earlier {many} left behind: {why}."
_FINE_WHEN_NEW = "a new application does not fail when it has this {one} alone"
_REACHES_BACK = "it sends something to a client of them"
_MAY_NEED = (
    "It may depend on what earlier {many} left behind, or on chance: this {one} was had before, "
    "and was fine then."
)
_NAMES: dict[RouteKind, tuple[str, str]] = {
    "websocket": ("conversation", "sequences"),
    "http": ("request", "requests"),
}
_EARLIER = "The replay file has {} before it too."
# Judged over many conversations, or by what only the run's configuration says.
_NOT_IN_A_TEST = frozenset({"leaked_connection", "auth_bypass"})


def _is_reordered(step: object) -> bool:
    return isinstance(step, Open) and step.schedule != 0


def _notes(
    found: Found, kind: RouteKind, profile: Profile, *, made_anew: bool, written: int
) -> Iterator[str]:
    one, many = _NAMES[kind]
    if found.saved_with is not None:
        yield _SAVED.format(profile=profile.name, seed=found.saved_with)
    if found.unshrunk is not None:
        yield _UNSHRUNK[found.unshrunk].format(one=one, profile=profile.name)
    if found.alone is None:
        yield _MAY_NEED.format(one=one, many=many)
    elif not found.alone:
        why = (_FINE_WHEN_NEW if made_anew else _REACHES_BACK).format(one=one)
        yield _NEEDS.format(many=many, why=why)
    if not found.alone and written:
        all_of_them = f"the {many[:-1]}" if written == 1 else f"the {written:,} {many}"
        yield _EARLIER.format(all_of_them)


@dataclass(slots=True)
class Bringing:
    """Knows the run that a failure was found in."""

    config: Config
    seed: int
    directories: Sequence[Path]
    """Where the application's modules may be; shown paths are relative to the first."""
    root: Path | None
    """Below it replay files are written; None: nowhere."""
    flags: Sequence[str] = ()
    """What this run was told beside the project's file."""
    complaints: list[str] = field(default_factory=list)
    """What went wrong while writing."""
    profile: Profile = UNCHANGED

    def command(self, nodeid: str) -> str:
        """The command that runs one item again with the same seed."""
        words = ["pytest", self._from_here(nodeid), "--routes"]
        if self.config.app:
            words += ["--routes-app", self.config.app]
        if self.config.websocket.enabled:
            words.append("--routes-websocket")
        words += [*self.flags, "--routes-seed", str(self.seed), "-v"]
        return shlex.join(words)

    def _from_here(self, nodeid: str) -> str:
        """An id, which begins at the rootdir, as it is typed where pytest was started."""
        path, colons, name = nodeid.partition("::")
        if self.root is None or not colons or self.directories[0] == self.root:
            return nodeid
        return f"{os.path.relpath(self.root / path, self.directories[0])}::{name}"

    def replay_command(self, file: str) -> str:
        """The command that has one replay file's conversation again."""
        words = ["pytest"]
        if self.config.app:
            words += ["--routes-app", self.config.app]
        return shlex.join([*words, *self.flags, "--routes-replay", file])

    def reproduction(
        self,
        found: Found,
        route: Route,
        nodeid: str,
        replay: str | None,
        test: ExportedTest | None,
    ) -> Reproduction:
        """What the failure block says of it."""
        return Reproduction(
            seed=self.seed,
            command=(
                self.command(nodeid)
                if found.saved_with is None or replay is None
                else self.replay_command(replay)
            ),
            replay=replay,
            test=None if test is None else self.file_text([test]),
            first_seen=found.sequence or None,
            shrunk=self.profile.shrinks,
            note=" ".join(self._notes(found, route)) or None,
        )

    def _notes(self, found: Found, route: Route) -> Iterator[str]:
        config = self.config.for_route(route.kind, route.path, route.method)
        written = 0 if found.alone else replays.earlier_written(found.earlier, config)
        return _notes(
            found,
            route.kind,
            self.profile,
            made_anew=makes_new_ones(self.config),
            written=written,
        )

    def replay(self, found: Found, route: Route) -> str | None:
        """Write the replay file of a failure; its path as it is shown, None without a file."""
        if self.root is None:
            return None
        config = self.config.for_route(route.kind, route.path, route.method)
        folder = self.root / replays.FOLDER
        try:
            path = replays.write(
                found.finding,
                route,
                config,
                folder=folder,
                seed=self.seed if found.saved_with is None else found.saved_with,
                earlier=found.earlier,
            )
        except OSError as error:
            complaint = f"replay files cannot be written: {error}"
            if complaint not in self.complaints:
                self.complaints.append(complaint)
            return None
        start = self.directories[0]
        if path is None or not path.is_relative_to(start):
            return None if path is None else str(path)
        return path.relative_to(start).as_posix()

    def test(self, found: Found, route: Route) -> ExportedTest | None:
        """A plain test that fails as the application did; None when none can."""
        steps = found.finding.transcript.steps
        if (
            found.alone is False
            or found.finding.check in _NOT_IN_A_TEST
            or any(map(_is_reordered, steps))
        ):
            return None
        config = self.config.for_route(route.kind, route.path, route.method)
        usual = type(config.websocket)()
        options = {
            name: getattr(config.websocket, key)
            for name, key in _SIMULATED.items()
            if getattr(config.websocket, key) != getattr(usual, key)
        }
        return exported_test(
            found.finding, route, redact=Redaction(config.secrets), options=options
        )

    def file_text(self, tests: Sequence[ExportedTest]) -> str:
        """A test module with the tests."""
        reference = self.config.app or ""
        factory = resolve(reference, self.directories).factory
        asynchronous = inspect.iscoroutinefunction(factory)
        return file_text(tests, App.of(reference, asynchronous=asynchronous), seed=self.seed)


# The arguments of `simulate`, and the options of `[tool.pytest-routes.websocket]` behind them.
_SIMULATED = {
    "server": "server",
    "clock": "clock",
    "connection_timeout": "connection_timeout",
    "message_timeout": "message_timeout",
}
