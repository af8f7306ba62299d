"""Failures in the example database that a profile of Hypothesis names.

What is saved of a failure is the content of its replay file, under a key of its route. Later runs
have it again, after the sequences of their own seed: an application keeps its state, and these
sequences have to meet the same one with and without a database. What is fixed is forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_routes.checks.repeats import is_repeat
from pytest_routes.report.redaction import Redaction
from pytest_routes.report.replay import LARGEST, Replay, ReplayError, replay_from, replay_text
from pytest_routes.run.replays import Stored, have_again, recorded_replay
from pytest_routes.search import Found
from pytest_routes.simulator.surroundings import kept_surroundings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from hypothesis.database import ExampleDatabase

    from pytest_routes.config import Config
    from pytest_routes.routes.model import Route
    from pytest_routes.search import SearchResult
    from pytest_routes.simulator.server import Server

PLACE = "the example database"


@dataclass(frozen=True, slots=True)
class SavedFailures:
    """The failures of all routes, and the user's database that keeps them."""

    database: ExampleDatabase
    complain: Callable[[str], None]
    """Told what went wrong with the database, which fails nothing."""

    def add_to(self, search: SearchResult, route: Route, server: Server, config: Config) -> int:
        """Have the failures that were saved for a route again, and put those that a search has
        not found before what it has. Returns how many there were."""
        with kept_surroundings(), server.on_duty():
            count, again = self.had_again(route, server, config)
        known = {each.finding.key for each in search.found}
        new = [each for each in again if each.finding.key not in known]
        findings = [each.finding for each in (*search.found, *new)]
        search.found[:0] = [each for each in new if not is_repeat(each.finding, findings)]
        return count

    def had_again(self, route: Route, server: Server, config: Config) -> tuple[int, list[Found]]:
        """How many were saved for a route, and what is wrong when they are had again.

        `config` is the route's own. The server has to be on duty.
        """
        key = _key(route, config)
        count, found = 0, []
        for value, recorded in list(self._saved(key, config)):
            if server.blocked:
                break
            count += 1
            replayed = have_again(Stored(Path(), PLACE, recorded), route, server, config)
            if replayed.verdict != "still fails":
                self._do(lambda value=value: self.database.delete(key, value))  # type: ignore[misc]
            found += [
                Found(finding, 0, earlier=recorded.earlier, saved_with=recorded.seed)
                for finding in replayed.found
                if finding.severity == "error"
            ]
        return count, list({each.finding.key: each for each in found}.values())

    def save(self, found: Found, route: Route, config: Config, *, seed: int) -> None:
        """Save a failure, in the place of what was saved of the same one. `seed`: of the run."""
        key = _key(route, config)
        made_with = seed if found.saved_with is None else found.saved_with
        recorded = recorded_replay(
            found.finding, route, config, seed=made_with, earlier=found.earlier
        )
        if recorded is None:
            return
        text = replay_text(recorded, Redaction(config.secrets)).encode()
        if len(text) > LARGEST:
            return
        for value, older in list(self._saved(key, config)):
            if older.name == recorded.name and value != text:
                self._do(lambda value=value: self.database.delete(key, value))  # type: ignore[misc]
        self._do(lambda: self.database.save(key, text))

    def _saved(self, key: bytes, config: Config) -> Iterator[tuple[bytes, Replay]]:
        """In an order of their own: a database has none."""
        values: list[bytes] = []
        self._do(lambda: values.extend(sorted(map(bytes, self.database.fetch(key)))))
        for value in values:
            try:
                yield value, replay_from(value.decode(), PLACE, config.secrets)
            except (ReplayError, UnicodeDecodeError):
                continue  # saved by another version, or with secrets that are not given now

    def _do(self, action: Callable[[], object]) -> None:
        try:
            action()
        except Exception as error:  # the database may be anybody's, and far away
            self.complain(f"{PLACE} cannot be used: {type(error).__name__}: {error}")


def _key(route: Route, config: Config) -> bytes:
    return "\0".join(("pytest-routes", config.app or "", route.kind, route.id)).encode()
