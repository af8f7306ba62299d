"""The tables of the reference, written from the model and the catalogues at build time."""

from __future__ import annotations

from importlib import metadata
from itertools import groupby
from typing import TYPE_CHECKING

from pytest_routes.checks.catalogue import CHECKS
from pytest_routes.config.catalogue import catalogue
from pytest_routes.config.derived import default_text
from pytest_routes.simulator.profiles import PROFILES

if TYPE_CHECKING:
    from pathlib import Path

    from pytest_routes.config.catalogue import Entry

_KINDS = {"websocket": "WebSocket", "http": "HTTP"}
_PROFILE_ROWS = {
    "spec_version": 'ASGI version in `scope["asgi"]["spec_version"]` of a WebSocket',
    "http_spec_version": "... and of a request",
    "lacks": "keys that the scope of a WebSocket lacks",
    "http_extensions": "`extensions`, which is empty, is in the scope of a request",
    "addresses_are_lists": "`client` and `server` in the scope are lists, not tuples",
    "state": 'the state of the lifespan is in `scope["state"]`',
    "denial_response": "a handshake may be answered with `websocket.http.response`",
    "both_keys": "`websocket.receive` carries both `text` and `bytes`, one of them None",
    "tells_close_code": "`websocket.disconnect` carries the client's close code (else 1006)",
    "tells_close_reason": "... and its reason",
    "no_status_code": "... the code when the client's close has none",
    "lost_code": "... the code when the connection is lost",
    "refused_code": "... the code after the application has refused",
    "closed_code": "... the code after the application has closed (no: its own)",
    "second_disconnect": "code of one more `websocket.disconnect` after that of a close",
    "send_raises": "`send` raises an `OSError` after the client has gone (else nothing happens)",
    "sends_empty": "a message without content is sent",
    "sends_reason": "the reason of a close is sent",
    "none_close_code": "what is sent for a close code of None (no: `send` raises)",
    "unsendable_close_codes": "legal close codes that are not sent: `send` raises",
    "disconnect_overtakes": "`http.disconnect` comes before a body that was not read",
    "kills_after": "seconds after the client has gone until the application is cancelled",
    "crash_code": "what the client sees when the application raises",
    "return_code": "what the client sees when the application returns without closing",
    "tolerates": "illegal events that do not raise (they are findings)",
}


def version() -> str:
    return metadata.version("pytest-routes")


def options() -> str:
    """Every option, a section for each table of `pyproject.toml`."""
    parts = []
    for table, entries in groupby(catalogue().values(), key=lambda entry: entry.path[:-1]):
        name = ".".join(("tool", "pytest-routes", *table))
        parts += [f"## `[{name}]`", "", *(_option(entry) for entry in entries)]
    return "\n".join(parts)


def _option(entry: Entry) -> str:
    option = entry.option
    value = f" {option.metavar}" if option.metavar else ""
    ways = [f"Variable `{entry.variable}`"]
    if option.flag:
        ways.insert(0, f"Flag `{option.flag}{value}`")
    if entry.type is bool and option.flag:
        ways[0] += f", `--no-{option.flag[2:]}`"
    if option.repeatable:
        ways[0] += " (repeatable)"
    per_route = " An override may set it." if option.per_route else ""
    help_text = option.help[0].upper() + option.help[1:]
    return "\n".join(
        [
            f"### `{entry.key}`",
            "",
            f"{_escaped(help_text)}.{per_route}",
            "",
            f"- Default: {_code(default_text(entry))}",
            *(f"- {way}" for way in ways),
            "",
        ]
    )


def _code(text: str) -> str:
    return f"`{text}`"


def _escaped(text: str) -> str:
    return text.replace("$", "\\$").replace("*", "\\*")


def checks() -> str:
    """Every check: what it finds, why that matters, what to do about it."""
    lines = []
    for check in CHECKS:
        kinds = " and ".join(_KINDS[kind] for kind in check.kinds)
        lines += [
            f"## `{check.name}`",
            "",
            f"{kinds}; default: `{check.severity}`.",
            "",
            f"Found when {check.meaning}.",
            "",
            f"On a real server: {check.matters}",
            "",
            f"What to do: {check.fix}",
            "",
        ]
    return "\n".join(lines)


def profiles() -> str:
    """How the three simulated servers differ."""
    lines = [f"| | {' | '.join(PROFILES)} |", "|---" * (len(PROFILES) + 1) + "|"]
    for name, meaning in _PROFILE_ROWS.items():
        cells = [_cell(getattr(profile, name)) for profile in PROFILES.values()]
        lines.append(f"| {meaning} | {' | '.join(cells)} |")
    return "\n".join([*lines, ""])


def _cell(value: object) -> str:
    if value is None:
        return "no"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, frozenset):
        return _listed(value)
    return str(value)


def _listed(values: frozenset[object]) -> str:
    if all(isinstance(value, int) for value in values):
        return ", ".join(str(value) for value in sorted(values, key=str)) or "none"
    separator = "; " if any(" " in str(value) for value in values) else ", "
    return separator.join(sorted(str(value) for value in values)) or "none"


def write(folder: Path) -> None:
    """Write all of them as Markdown that the documents include."""
    folder.mkdir(exist_ok=True)
    for name, text in (("options", options()), ("checks", checks()), ("profiles", profiles())):
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
