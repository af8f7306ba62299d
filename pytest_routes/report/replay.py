"""Replay files: a conversation as plain data, to be had again anywhere.

A replay file is JSON, version 1 of this schema:

    format          "pytest-routes replay"
    version         1
    route           the route's id: "/ws/chat", "GET /users/{id}"
    kind            "websocket" or "http"
    app             what --routes-app said, or null
    seed            the seed of the run that found it
    check           what was found: a name of the catalogue
    severity        "error" or "warn"
    message         what was found, in a sentence
    key             what makes two findings the same bug: a list of texts
    options         options that the conversation depends on, by name
                    ("websocket.server": "uvicorn", ...)
    earlier         conversations that came before it, each a list of steps; they are had again
                    where the conversation alone does not fail as it did
    steps           the conversation: a list of steps

`pytest_routes.report.steps` describes the steps, `pytest_routes.report.payload` how texts and
bytes are written: repetitions as such, secrets by number.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias, get_args

from pytest_routes.report.payload import BadPayload
from pytest_routes.report.redaction import NOTHING_SECRET, Redaction
from pytest_routes.report.steps import Act, BadStep, pack_step, unpack_step
from pytest_routes.routes.model import RouteKind
from pytest_routes.simulator.transcript import Requested

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from pytest_routes.checks.finding import Finding, Severity
    from pytest_routes.routes.model import Route

FORMAT = "pytest-routes replay"
VERSION = 1
LARGEST = 2 * 2**20
"""Bytes of a replay file, at most."""
_LARGEST_EARLIER = 2**20
"""Bytes of the conversations that came before, at most."""
_AROUND_A_LINE = 6  # the indentation, the comma and the end
_HEAD = 4_096
"""Bytes that are kept free for everything but the steps."""

Verdict: TypeAlias = Literal["still fails", "fails differently", "fixed"]


class ReplayError(Exception):
    """A replay file cannot be read; the message says which, and what was expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """What a replay file says."""

    route: str
    kind: RouteKind
    steps: tuple[Act, ...]
    check: str
    severity: Severity = "error"
    message: str = ""
    key: tuple[str, ...] = ()
    seed: int = 0
    app: str | None = None
    options: Mapping[str, str | float] = field(default_factory=dict)
    earlier: tuple[tuple[Act, ...], ...] = ()

    @property
    def name(self) -> str:
        """The file's name: the same bug of the same route has the same."""
        slug = re.sub(r"[^A-Za-z0-9]+", "-", self.route).strip("-").lower()[:60].strip("-")
        identity = "\0".join((self.kind, self.route, self.check, *self.key))
        digest = hashlib.sha256(identity.encode("utf-8", "surrogatepass")).hexdigest()
        return f"{slug or 'root'}-{digest[:8]}.json"

    def verdict(self, findings: Sequence[Finding]) -> Verdict:
        """What has become of it, by what was found when the conversation was had again.

        A line that has moved within its function since is still the same line.
        """
        errors = [finding for finding in findings if finding.severity == self.severity]
        known = self.check, _without_lines(self.key)
        if any((each.check, _without_lines(each.key)) == known for each in errors):
            return "still fails"
        return "fails differently" if errors else "fixed"


def _without_lines(key: Sequence[str]) -> tuple[str, ...]:
    """A finding's key without the line numbers, which follow a file and a function."""
    return tuple(
        part
        for index, part in enumerate(key)
        if not (part.isdecimal() and index >= 2 and key[index - 2].endswith(".py"))
    )


def replay_of(
    finding: Finding,
    route: Route,
    *,
    seed: int,
    app: str | None = None,
    options: Mapping[str, str | float] | None = None,
    earlier: Sequence[Sequence[Act]] = (),
    redact: Redaction = NOTHING_SECRET,
) -> Replay:
    """The replay of a finding's conversation or request."""
    transcript = finding.transcript
    steps: tuple[Act, ...] = tuple(transcript.steps)
    if route.kind == "http":
        steps = tuple(event.request for event in transcript.of(Requested))
    return Replay(
        route=route.id,
        kind=route.kind,
        steps=steps,
        check=finding.check,
        severity=finding.severity,
        message=redact(finding.message),
        key=tuple(map(redact, finding.key)),
        seed=seed,
        app=app,
        options=dict(options or {}),
        earlier=tuple(map(tuple, earlier)),
    )


def write_replay(replay: Replay, folder: Path, redact: Redaction = NOTHING_SECRET) -> Path | None:
    """Write the replay into `folder`; None when it would be larger than `LARGEST`.

    Of the conversations to be had before it, the oldest are left out until it fits.
    """
    text = replay_text(replay, redact)
    if len(text.encode()) > LARGEST:
        return None
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / replay.name
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def replay_text(replay: Replay, redact: Redaction = NOTHING_SECRET) -> str:
    """The content of a replay file."""
    told: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "route": replay.route,
        "kind": replay.kind,
        "app": replay.app,
        "seed": replay.seed,
        "check": replay.check,
        "severity": replay.severity,
        "message": replay.message,
        "key": list(replay.key),
        "options": dict(replay.options),
    }
    lines = [f"  {_json(name)}: {_json(value)}," for name, value in told.items()]
    steps = _packed(replay.steps, redact)
    room = LARGEST - sum(len(line.encode()) for line in steps)
    earlier = _latest(replay.earlier, min(room, _LARGEST_EARLIER), redact)
    if earlier:
        lines += ['  "earlier": [', *_lines(earlier), "  ],"]
    lines += ['  "steps": [', *_lines(steps), "  ]"]
    return "\n".join(["{", *lines, "}", ""])


def _latest(earlier: Sequence[Sequence[Act]], room: int, redact: Redaction) -> list[str]:
    """The last of the conversations that were had before: as many as there is room for."""
    kept: list[str] = []
    room -= _HEAD
    for steps in reversed(earlier):
        line = f"[{', '.join(_packed(steps, redact))}]"
        room -= len(line.encode()) + _AROUND_A_LINE
        if room < 0:
            break
        kept.append(line)
    return kept[::-1]


def earlier_that_fit(earlier: Sequence[Sequence[Act]], redact: Redaction = NOTHING_SECRET) -> int:
    """How many of the conversations that came before are written, the latest of them."""
    return len(_latest(earlier, _LARGEST_EARLIER, redact))


def read_replay(path: Path, secrets: Sequence[str] = ()) -> Replay:
    """Read a replay file; `secrets` are those of the configuration. Raises `ReplayError`."""
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ReplayError(f"{path}: expected a replay file ({error})") from None
    return replay_from(text, path, secrets)


def replay_from(text: str, path: Path | str, secrets: Sequence[str] = ()) -> Replay:
    """Read the content of a replay file; `path` is for messages. Raises `ReplayError`."""
    try:
        plain = json.loads(text)
        if not isinstance(plain, dict) or plain.get("format") != FORMAT:
            raise ReplayError(f'{path}: expected a replay file (with "format": "{FORMAT}")')
        if plain.get("version") != VERSION:
            raise ReplayError(
                f"{path}: expected version {VERSION} of a replay file, got "
                f"{plain.get('version')!r}; it was written by another version of pytest-routes"
            )
        return _read(plain, secrets)
    except RecursionError:
        raise ReplayError(f"{path}: nested too deeply for a replay file") from None
    except json.JSONDecodeError as error:
        raise ReplayError(f"{path}:{error.lineno}: expected JSON ({error.msg})") from None
    except (BadStep, BadPayload) as error:
        raise ReplayError(f"{path}: {error}") from None


def _read(plain: Mapping[str, Any], secrets: Sequence[str]) -> Replay:
    values: dict[str, Any] = {}
    for name, (expected, default) in _MEMBERS.items():
        values[name] = plain.get(name, default)
        if not isinstance(values[name], expected) or isinstance(values[name], bool):
            raise BadStep(f"expected {name!r} to be another value than {values[name]!r:.60}")
    kinds = get_args(RouteKind)
    if values["kind"] not in kinds:
        raise BadStep(f"expected kind to be one of {', '.join(kinds)}, got {values['kind']!r}")
    values["key"] = tuple(map(str, values["key"]))
    values["steps"] = _unpacked(values["steps"], secrets)
    values["earlier"] = tuple(_unpacked(steps, secrets) for steps in values["earlier"])
    return Replay(**values)


_MEMBERS: dict[str, tuple[type | tuple[type, ...], Any]] = {
    "route": (str, None),
    "kind": (str, None),
    "app": ((str, type(None)), None),
    "seed": (int, 0),
    "check": (str, None),
    "severity": (str, "error"),
    "message": (str, ""),
    "key": (list, []),
    "options": (dict, {}),
    "earlier": (list, []),
    "steps": (list, None),
}
"""The type of each member, and its default; None: it must be there."""


def _packed(steps: Sequence[Act], redact: Redaction) -> list[str]:
    return [_json(pack_step(step, redact)) for step in steps]


def _unpacked(steps: Any, secrets: Sequence[str]) -> tuple[Act, ...]:
    if not isinstance(steps, list):
        raise BadStep(f"expected a list of steps, got {steps!r:.60}")
    return tuple(unpack_step(step, secrets) for step in steps)


def _lines(values: Sequence[str]) -> list[str]:
    return [f"    {value}," for value in values[:-1]] + [f"    {value}" for value in values[-1:]]


def _json(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    try:
        text.encode()
    except UnicodeEncodeError:  # a lone surrogate
        return json.dumps(value)
    return text
