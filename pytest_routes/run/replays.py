"""Replay files in a run: found, had again exactly as they were recorded, and written.

Nothing is drawn here: a replay is steps, and what those who judge them have to know.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from pytest_routes.checks import judge
from pytest_routes.judging import context_of
from pytest_routes.report.redaction import Redaction
from pytest_routes.report.replay import (
    Replay,
    ReplayError,
    earlier_that_fit,
    read_replay,
    replay_of,
    write_replay,
)
from pytest_routes.simulator.conversation import Recorded
from pytest_routes.simulator.profiles import PROFILES
from pytest_routes.simulator.transcript import Request

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from pytest_routes.checks import Finding
    from pytest_routes.config import Config
    from pytest_routes.report.replay import Verdict
    from pytest_routes.report.steps import Act
    from pytest_routes.routes.model import Route
    from pytest_routes.simulator.server import Server
    from pytest_routes.simulator.transcript import Transcript

FOLDER = ".pytest-routes"
"""Where the replay files of a run are written, in pytest's rootdir."""

# These are judged over many conversations: one of them would prove nothing.
_NOT_IN_ONE_CONVERSATION = frozenset({"leaked_connection"})


@dataclass(frozen=True, slots=True)
class Stored:
    """A replay file that was read."""

    path: Path
    name: str
    """The path as node ids show it: relative to pytest's rootdir where it can be."""
    replay: Replay


@dataclass(frozen=True, slots=True)
class Replayed:
    """What came of having a replay file's conversations again."""

    stored: Stored
    verdict: Verdict
    found: tuple[Finding, ...] = ()
    """What is wrong now: the recorded finding first, when it is among it."""


def stored_replays(
    paths: Sequence[Path], places: Sequence[Path], root: Path, secrets: Sequence[str]
) -> list[Stored]:
    """Read replay files, and all those below folders, sorted by name.

    A relative path is looked for in each of `places`. Raises `ReplayError` for a path that does
    not exist, and for a file that is no replay file.
    """
    found: dict[Path, Stored] = {}
    for path in paths:
        there = next((each / path for each in places if (each / path).exists()), None)
        if there is None:
            looked = "" if path.is_absolute() else f" in {' or '.join(map(str, places))}"
            raise ReplayError(f"expected a replay file or a folder of them, no {path}{looked}")
        files = sorted(there.rglob("*.json")) if there.is_dir() else [there]
        for file in files:
            key = file.resolve()
            if key not in found:
                name = key.relative_to(root) if key.is_relative_to(root) else key
                found[key] = Stored(key, name.as_posix(), read_replay(file, secrets))
    return sorted(found.values(), key=lambda stored: stored.name)


def have_again(stored: Stored, route: Route, server: Server, config: Config) -> Replayed:
    """Have the recorded conversation, or request, again, and judge it.

    When it does not fail as it did, it is had once more after the conversations that came before
    it. `config` is the route's own; what the recording depends on (`options`) comes from the file.
    The server has to be on duty.
    """
    recorded = stored.replay
    config = _as_recorded(config, recorded)
    with _server_as_recorded(server, recorded):
        replayed = _judged(stored, route, server, config)
        if recorded.earlier and replayed.verdict != "still fails":
            for steps in recorded.earlier:
                have_steps(steps, route, server, config)
            after = _judged(stored, route, server, config)
            if after.verdict == "still fails" or replayed.verdict == "fixed":
                return after
    return replayed


def _judged(stored: Stored, route: Route, server: Server, config: Config) -> Replayed:
    recorded = stored.replay
    transcript = have_steps(recorded.steps, route, server, config)
    checks = config.websocket.checks if route.kind == "websocket" else config.http.checks
    context = replace(context_of(route, config), must_authenticate=recorded.check == "auth_bypass")
    redact = Redaction(config.secrets)
    found = [
        finding
        for finding in judge(transcript, checks, context)
        if finding.severity == "error" or finding.check == recorded.check
    ]
    # What the file says of the finding is masked; so must be what it is compared with.
    masked = [replace(each, key=tuple(map(redact, each.key))) for each in found]
    verdict = recorded.verdict(masked)
    found.sort(key=lambda each: each.check != recorded.check)
    return Replayed(stored, verdict, () if verdict == "fixed" else tuple(found))


def write(
    finding: Finding,
    route: Route,
    config: Config,
    *,
    folder: Path,
    seed: int,
    earlier: Sequence[Sequence[Act]] = (),
) -> Path | None:
    """Write the replay file of a finding; None when there can be none.

    `config` is the route's own. Raises `OSError` when the folder or the file cannot be written.
    """
    recorded = recorded_replay(finding, route, config, seed=seed, earlier=earlier)
    if recorded is None:
        return None
    return write_replay(recorded, folder, Redaction(config.secrets))


def recorded_replay(
    finding: Finding,
    route: Route,
    config: Config,
    *,
    seed: int,
    earlier: Sequence[Sequence[Act]] = (),
) -> Replay | None:
    """The replay of a finding; None when there can be none. `config` is the route's own."""
    if finding.check in _NOT_IN_ONE_CONVERSATION:
        return None
    if finding.check == "auth_bypass" and config.auth.first_message is not None:
        return None  # it shows beside what a client with credentials is answered
    return replay_of(
        finding,
        route,
        seed=seed,
        app=config.app,
        options=_options(route, config),
        earlier=earlier,
        redact=Redaction(config.secrets),
    )


def earlier_written(earlier: Sequence[Sequence[Act]], config: Config) -> int:
    """How many of the sequences before a finding its replay file has room for."""
    return earlier_that_fit(earlier, Redaction(config.secrets))


def _options(route: Route, config: Config) -> dict[str, str | float]:
    """What the course of a conversation depends on beside its steps."""
    websocket = config.websocket
    options: dict[str, str | float] = {
        "websocket.server": websocket.server,
        "websocket.clock": websocket.clock,
    }
    if route.kind == "http":
        return options | {"http.timeout": config.http.timeout}
    return options | {
        "websocket.connection_timeout": websocket.connection_timeout,
        "websocket.message_timeout": websocket.message_timeout,
    }


def _as_recorded(config: Config, recorded: Replay) -> Config:
    """The configuration with the limits that the file names."""
    websocket, http = config.websocket, config.http
    for name, value in recorded.options.items():
        table, _, key = name.partition(".")
        if not key.endswith("timeout") or isinstance(value, str):
            continue
        if table == "websocket":
            websocket = websocket.model_copy(update={key: float(value)})
        elif table == "http":
            http = http.model_copy(update={key: float(value)})
    return config.model_copy(update={"websocket": websocket, "http": http})


@contextmanager
def _server_as_recorded(server: Server, recorded: Replay) -> Iterator[None]:
    """While entered, the server behaves as the one did for which the recording was made."""
    profile = server.profile
    server.profile = PROFILES.get(str(recorded.options.get("websocket.server")), profile)
    with ExitStack() as stack:
        stack.callback(setattr, server, "profile", profile)
        if recorded.options.get("websocket.clock") == "real":
            stack.enter_context(server.loop.real_time())
        yield


def have_steps(steps: Sequence[Act], route: Route, server: Server, config: Config) -> Transcript:
    """Have a conversation, or requests one after the other, on a server; the last transcript."""
    if route.kind == "http":
        from pytest_routes.http.engine import HttpEngine

        engine = HttpEngine(server, config.http.timeout)
        transcripts = [engine.run(step) for step in steps if isinstance(step, Request)]
        return transcripts[-1] if transcripts else server.begin()
    from pytest_routes.websocket.engine import Engine, Limits

    options = config.websocket
    limits = Limits(options.connection_timeout, options.message_timeout)
    talk = tuple(step for step in steps if not isinstance(step, Request))
    return Engine(server, limits).run(Recorded(talk))
