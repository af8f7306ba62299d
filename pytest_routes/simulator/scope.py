"""ASGI scopes: what the server tells the application about a connection or a request."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus, unquote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from pytest_routes.simulator.conversation import Handshake
    from pytest_routes.simulator.profiles import ServerProfile
    from pytest_routes.simulator.transcript import Request

_CLIENT_PORT = 50_000
_SERVER = ("127.0.0.1", 80)


def websocket_scope(
    handshake: Handshake, client: int, profile: ServerProfile, state: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The scope of a WebSocket connection (ASGI, WebSocket Connection Scope)."""
    usual = _usual_headers(handshake.host)
    headers = _merged(usual, handshake.headers)
    if handshake.subprotocols:
        # Some applications read the header and not the scope's own list.
        headers.append(_encoded("sec-websocket-protocol", ", ".join(handshake.subprotocols)))
    scope = _scope("websocket", handshake, headers, client, profile, state)
    _name_version(scope, profile.spec_version)
    scope["scheme"] = "ws"
    scope["subprotocols"] = list(handshake.subprotocols)
    scope["extensions"] = {"websocket.http.response": {}} if profile.denial_response else {}
    for key in profile.lacks:
        del scope[key]
    return scope


def http_scope(
    request: Request, profile: ServerProfile, state: Mapping[str, Any] | None
) -> dict[str, Any]:
    """The scope of an HTTP request (ASGI, HTTP Connection Scope)."""
    usual = [
        ("host", request.host),
        ("accept", "*/*"),
        ("user-agent", "pytest-routes"),
        ("connection", "keep-alive"),
    ]
    if request.body or request.method in ("POST", "PUT", "PATCH"):
        usual.append(("content-length", str(len(request.body))))
    headers = _merged([_encoded(*pair) for pair in usual], request.headers)
    scope = _scope("http", request, headers, 0, profile, state)
    _name_version(scope, profile.http_spec_version)
    if profile.http_extensions:
        scope["extensions"] = {}
    scope["scheme"] = "http"
    scope["method"] = request.method
    return scope


def _scope(
    kind: str,
    target: Handshake | Request,
    headers: list[tuple[bytes, bytes]],
    client: int,
    profile: ServerProfile,
    state: Mapping[str, Any] | None,
) -> dict[str, Any]:
    query = "&".join(
        f"{quote_plus(name)}={quote_plus(value, errors='surrogatepass')}"
        for name, value in target.query
    )
    scope: dict[str, Any] = {
        "type": kind,
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "path": unquote(target.path),
        "raw_path": target.path.encode("ascii", "replace"),
        "query_string": query.encode("ascii"),
        "root_path": "",
        "headers": headers,
        "client": ("127.0.0.1", _CLIENT_PORT + client),
        "server": _SERVER,
    }
    if profile.addresses_are_lists:
        scope["client"], scope["server"] = list(scope["client"]), list(_SERVER)
    if profile.state and state is not None:
        scope["state"] = dict(state)
    return scope


def _name_version(scope: dict[str, Any], version: str | None) -> None:
    if version is not None:
        scope["asgi"]["spec_version"] = version


@lru_cache(maxsize=16)
def _usual_headers(host: str) -> tuple[tuple[bytes, bytes], ...]:
    """What every client sends with a handshake (RFC 6455, 4.1)."""
    headers = (
        ("host", host),
        ("connection", "Upgrade"),
        ("upgrade", "websocket"),
        ("sec-websocket-version", "13"),
        ("sec-websocket-key", "cHl0ZXN0LXJvdXRlcyEhIQ=="),
        ("user-agent", "pytest-routes"),
        ("origin", f"http://{host}"),
    )
    return tuple(_encoded(*pair) for pair in headers)


def _merged(
    usual: Iterable[tuple[bytes, bytes]], own: Iterable[tuple[str, str]]
) -> list[tuple[bytes, bytes]]:
    """The usual headers, each unless the client has its own, and those."""
    encoded = [_encoded(*pair) for pair in own]
    names = {name for name, _ in encoded}
    return [pair for pair in usual if pair[0] not in names] + encoded


def _encoded(name: str, value: str) -> tuple[bytes, bytes]:
    try:
        data = value.encode("latin-1")
    except UnicodeEncodeError:
        data = value.encode("utf-8", "surrogatepass")
    return name.lower().encode("latin-1"), data
