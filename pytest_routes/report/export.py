"""A finding as a plain pytest file: with the framework's test client where that can show it.

A test client runs one client at a time, in real time, and waits for ever for an answer that
does not come. So it serves for what an application raises, and for what a request is answered
with; hangs, several clients, passing time and broken protocol rules need the simulator
(`pytest_routes.simulate`). A test is written to fail as the finding did, and to pass, not to
hang, when the bug is fixed.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from dataclasses import asdict, dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias
from urllib.parse import urlencode

from pytest_routes.checks.catalogue import CATALOGUE
from pytest_routes.report.expressions import Source
from pytest_routes.report.literals import printable, shortened
from pytest_routes.report.redaction import NOTHING_SECRET, Redaction
from pytest_routes.report.steps import HOST
from pytest_routes.simulator.conversation import Leave, Open, Send, Vanish, Wait
from pytest_routes.simulator.transcript import Left, Raised, Requested, Vanished

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from pytest_routes.checks.finding import Finding
    from pytest_routes.routes.model import Route
    from pytest_routes.simulator.conversation import Handshake, Step
    from pytest_routes.simulator.transcript import Request

_SIMULATE = "with simulate(app) as server:"
NO_OPTIONS: Mapping[str, str | float] = MappingProxyType({})
ABNORMAL_CLOSURE = 1006  # RFC 6455, 7.4.1
LITESTAR_FAILED = 4500  # what Litestar closes with when a handler raised

# Checks whose finding is an exception: a test client lets it out, or shows Litestar's close.
_RAISING = frozenset(
    {"message_handler_error", "unexpected_frame", "shutdown_error", "connection_error"}
)
_FAILED_REQUESTS = frozenset({"handler_error", "server_error"})
_STARLETTE = frozenset({"starlette", "fastapi"})
_CLIENTS = {
    "starlette": "starlette.testclient",
    "fastapi": "starlette.testclient",
    "litestar": "litestar.testing",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """Where an exported test gets the application from."""

    module: str
    attribute: str
    """Dotted, without a factory's parentheses."""
    factory: bool = False
    asynchronous: bool = False
    """The factory has to be awaited."""

    @classmethod
    def of(cls, reference: str, *, asynchronous: bool = False) -> App:
        """From `module:attribute` or `module:create_app()`."""
        module, _, attribute = reference.partition(":")
        name = attribute.removesuffix("()")
        return cls(
            module=module,
            attribute=name,
            factory=name != attribute,
            asynchronous=asynchronous,
        )


@dataclass(frozen=True, slots=True)
class ExportedTest:
    """One test function, and what it needs around it."""

    name: str
    doc: str
    body: tuple[str, ...]
    imports: frozenset[str]
    secrets: tuple[str, ...]
    """The assignments by which it gets the secrets from the environment."""

    def to_plain(self) -> dict[str, Any]:
        """Values that xdist's serialiser knows."""
        plain = asdict(self)
        return plain | {
            "body": list(self.body),
            "imports": sorted(self.imports),
            "secrets": list(self.secrets),
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> ExportedTest:
        """The test that `to_plain` was made from."""
        return cls(
            name=plain["name"],
            doc=plain["doc"],
            body=tuple(plain["body"]),
            imports=frozenset(plain["imports"]),
            secrets=tuple(plain["secrets"]),
        )


def exported_test(
    finding: Finding,
    route: Route,
    *,
    redact: Redaction = NOTHING_SECRET,
    options: Mapping[str, str | float] = NO_OPTIONS,
) -> ExportedTest:
    """A test that shows the finding; `options` are arguments for `simulate`."""
    source = Source(redact)
    write = _writer(finding, route)
    body = [
        line.replace(_SIMULATE, _simulate(finding, options))
        for line in write(finding, route, source)
    ]
    name = re.sub(r"\W+", "_", f"{route.id} {finding.check}").strip("_").lower()
    doc = " ".join(shortened(redact(finding.message), 300).split())
    return ExportedTest(
        name=f"test_{name}",
        doc=printable(doc).replace("\\", "\\\\").replace('"""', "'" * 3),
        body=tuple(body),
        imports=frozenset(source.imports),
        secrets=tuple(source.secret_lines()),
    )


def _simulate(finding: Finding, options: Mapping[str, str | float]) -> str:
    arguments = ["app", *(f"{name}={value!r}" for name, value in options.items())]
    known = CATALOGUE.get(finding.check)
    if known is not None and known.severity != "error":
        arguments.append(f'checks={{"{finding.check}": "error"}}')
    return f"with simulate({', '.join(arguments)}) as server:"


def file_text(tests: Sequence[ExportedTest], app: App, *, seed: int) -> str:
    """A complete test module."""
    imports = set().union(*(test.imports for test in tests))
    imports.add(f"from {app.module} import {app.attribute.partition('.')[0]}")
    if app.asynchronous:
        imports.add("import asyncio")
    assignments = sorted({line for test in tests for line in test.secrets})
    assignments += _application(app)
    sections = [f'"""Found by pytest-routes (seed {seed})."""', "", *_sorted_imports(imports), ""]
    sections += [*assignments, ""] if assignments else []
    names: Counter[str] = Counter()
    for test in tests:
        names[test.name] += 1
        suffix = f"_{names[test.name]}" if names[test.name] > 1 else ""
        sections += ["", f"def {test.name}{suffix}():", f'    """{test.doc}"""']
        sections += [f"    {line}" for line in test.body]
        sections += [""]
    return "\n".join(sections)


def _application(app: App) -> list[str]:
    made = app.attribute
    if app.factory:
        made += "()"
    if app.asynchronous:
        made = f"asyncio.run({made})"
    return [] if made == "app" else [f"app = {made}"]


def _sorted_imports(imports: Iterable[str]) -> list[str]:
    """Those of the standard library first, a blank line, all others."""
    groups: tuple[list[str], list[str]] = ([], [])
    for line in sorted(imports, key=lambda line: (line.startswith("from"), line)):
        top = line.split()[1].partition(".")[0]
        groups[top not in sys.stdlib_module_names].append(line)
    return [*groups[0], *([""] if groups[0] else []), *groups[1]]


def _writer(finding: Finding, route: Route) -> _Writer:
    if route.kind == "http":
        simple = finding.check in _FAILED_REQUESTS and route.framework in _CLIENTS
        return _http_client if simple else _simulated_request
    if not _is_simple(finding):
        return _simulated
    if route.framework == "litestar":
        return _litestar
    return _starlette if route.framework in _STARLETTE else _simulated


def _is_simple(finding: Finding) -> bool:
    """Whether a test client can show it: one client, an exception, and no matter of time."""
    steps = finding.transcript.steps
    openings = [step for step in steps if isinstance(step, Open)]
    return (
        finding.check in _RAISING
        and isinstance(finding.event, Raised)
        and len(openings) == 1
        and not openings[0].slow_reader
        and not openings[0].schedule
        and len(dict(openings[0].handshake.headers)) == len(openings[0].handshake.headers)
        and all(not isinstance(step, Wait) and step.settle for step in steps)
    )


def _until_failure(finding: Finding) -> list[Step]:
    """The steps, without the goodbyes that were only said because all was over."""
    events = finding.transcript.events
    at = next((i for i, event in enumerate(events) if event is finding.event), len(events))
    left = {event.client for event in events[:at] if isinstance(event, (Left, Vanished))}
    return [
        step
        for step in finding.transcript.steps
        if not isinstance(step, (Leave, Vanish)) or step.client in left
    ]


def _starlette(finding: Finding, route: Route, source: Source) -> list[str]:
    source.imports |= {
        "import time",
        "from contextlib import suppress",
        "from starlette.testclient import TestClient",
        "from starlette.websockets import WebSocketDisconnect",
    }
    opening, *steps = _until_failure(finding)
    assert isinstance(opening, Open)
    lines = [
        "with (",
        "    suppress(WebSocketDisconnect),  # it may be closed, but not by an exception",
        f"    TestClient(app{_base_url(route)}) as client,",
        f"    client.websocket_connect({_arguments(opening.handshake, source)}) as websocket,",
        "):",
    ]
    for step in steps:
        lines.append(f"    websocket.{_act(step, source)}")
    return [*lines, "    time.sleep(0.1)  # the handler reacts"]


def _litestar(finding: Finding, route: Route, source: Source) -> list[str]:
    source.imports |= {
        "from queue import Empty",
        "from litestar.exceptions import WebSocketDisconnect",
        "from litestar.testing import TestClient",
    }
    opening, *steps = _until_failure(finding)
    assert isinstance(opening, Open)
    lines = [
        "try:",
        "    with (",
        f"        TestClient(app{_base_url(route)}) as client,",
        f"        client.websocket_connect({_arguments(opening.handshake, source)}) as websocket,",
        "    ):",
    ]
    for step in steps:
        # Litestar's client takes no reason.
        plain = replace(step, reason="") if isinstance(step, Leave) else step
        lines.append(f"        websocket.{_act(plain, source)}")
    return [
        *lines,
        "        while True:",
        "            websocket.receive(timeout=0.5)",
        "except Empty:",
        "    pass  # nothing more is said",
        "except WebSocketDisconnect as closed:",
        f'    assert closed.code != {LITESTAR_FAILED}, "the handler raised"',
    ]


def _http_client(finding: Finding, route: Route, source: Source) -> list[str]:
    source.imports.add(f"from {_CLIENTS[route.framework]} import TestClient")
    request = _request(finding)
    arguments = [repr(request.method), _target(request, source)]
    if request.headers:
        arguments.append(f"headers=[{_pairs(request.headers, source)}]")
    if request.body:
        arguments.append(f"content={source.of(request.body)}")
    return [
        f"with TestClient(app{_base_url(route)}) as client:",
        f"    response = client.request({', '.join(arguments)})",
        "assert response.status_code < 500",
    ]


def _simulated(finding: Finding, _: Route, source: Source) -> list[str]:
    source.imports.add("from pytest_routes import simulate")
    lines = [_SIMULATE]
    for step in _until_failure(finding):
        match step:
            case Open():
                arguments = _arguments(step.handshake, source, pairs=True)
                if step.handshake.host != HOST:
                    arguments += f", host={step.handshake.host!r}"
                if step.slow_reader:
                    arguments += ", slow_reader=True"
                arguments += _unsettled(step.settle)
                lines.append(f"    client_{step.client} = server.connect({arguments})")
            case Wait():
                lines.append(f"    server.sleep({step.seconds:g})")
            case Vanish():
                settle = "" if step.settle else "settle=False"
                lines.append(f"    client_{step.client}.vanish({settle})")
            case _:
                lines.append(f"    client_{step.client}.{_act(step, source)}")
    return [*lines, "    server.check()"]


def _simulated_request(finding: Finding, _: Route, source: Source) -> list[str]:
    source.imports.add("from pytest_routes import simulate")
    request = _request(finding)
    arguments = [repr(request.method), _target(request, source)]
    if request.headers:
        arguments.append(f"headers=[{_pairs(request.headers, source)}]")
    if request.body:
        arguments.append(f"body={source.of(request.body)}")
    if request.host != HOST:
        arguments.append(f"host={request.host!r}")
    return [
        _SIMULATE,
        f"    server.request({', '.join(arguments)})",
        "    server.check()",
    ]


_Writer: TypeAlias = "Callable[[Finding, Route, Source], list[str]]"


def _request(finding: Finding) -> Request:
    requested = finding.transcript.first(Requested)
    assert requested is not None
    return requested.request


def _act(step: Step, source: Source) -> str:
    """What a client does, as a call of a method that all test clients have."""
    match step:
        case Send(message=message):
            method = "send_bytes" if isinstance(message.data, bytes) else "send_text"
            return f"{method}({source.of(message.data)}{_unsettled(step.settle)})"
        case Leave():
            reason = f", reason={source.of(step.reason)}" if step.reason else ""
            return f"close({step.code}{reason}{_unsettled(step.settle)})"
        case Vanish():
            return f"close({ABNORMAL_CLOSURE}{_unsettled(step.settle)})"
    raise TypeError(f"{step!r} is not what a connected client does")


def _unsettled(settle: bool) -> str:
    return "" if settle else ", settle=False"


def _arguments(handshake: Handshake, source: Source, *, pairs: bool = False) -> str:
    arguments = [_target(handshake, source)]
    if handshake.subprotocols:
        arguments.append(f"subprotocols=[{', '.join(map(source.of, handshake.subprotocols))}]")
    if handshake.headers and pairs:
        arguments.append(f"headers=[{_pairs(handshake.headers, source)}]")
    elif handshake.headers:
        headers = (f"{source.of(name)}: {source.of(text)}" for name, text in handshake.headers)
        arguments.append(f"headers={{{', '.join(headers)}}}")
    return ", ".join(arguments)


def _pairs(pairs: Iterable[tuple[str, str]], source: Source) -> str:
    return ", ".join(f"({source.of(name)}, {source.of(text)})" for name, text in pairs)


def _target(request: Handshake | Request, source: Source) -> str:
    query = urlencode(request.query, errors="surrogatepass")
    return source.of(request.path + (f"?{query}" if query else ""))


def _base_url(route: Route) -> str:
    return f", base_url={f'http://{route.host}'!r}" if route.host else ""
