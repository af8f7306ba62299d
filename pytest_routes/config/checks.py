"""How severe a check is: one option per check, for WebSocket routes and for HTTP routes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

from pytest_routes.config.option import Option

if TYPE_CHECKING:
    from collections.abc import Mapping

Severity: TypeAlias = Literal["error", "warn", "off"]


def _check(found_when: str) -> Option:
    return Option(f"severity when {found_when}", per_route=True)


class WebSocketChecks(BaseModel):
    """`[tool.pytest-routes.websocket.checks]`: a severity per check of a conversation."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    message_handler_error: Annotated[
        Severity,
        _check("the handler raised, or the server closed with 1011, while a client was connected"),
    ] = "error"
    connection_error: Annotated[
        Severity, _check("the handler raised or returned before accepting or refusing")
    ] = "error"
    connection_timeout: Annotated[
        Severity, _check("the handler neither accepted nor refused in time")
    ] = "error"
    message_timeout: Annotated[
        Severity, _check("a message was taken and the handler never reads the next one")
    ] = "error"
    blocked_event_loop: Annotated[Severity, _check("synchronous code held the event loop")] = (
        "error"
    )
    message_flood: Annotated[Severity, _check("one message is answered without an end")] = "warn"
    protocol_violation: Annotated[Severity, _check("a rule of ASGI or of RFC 6455 was broken")] = (
        "error"
    )
    subprotocol_mismatch: Annotated[
        Severity, _check("a subprotocol was accepted that was not offered")
    ] = "error"
    invalid_close: Annotated[
        Severity, _check("the close code is reserved or illegal, or the reason over 123 bytes")
    ] = "error"
    shutdown_error: Annotated[Severity, _check("the handler raised because the client left")] = (
        "error"
    )
    shutdown_timeout: Annotated[
        Severity, _check("the handler still runs after the client left and time ran out")
    ] = "error"
    leaked_task: Annotated[
        Severity, _check("a task started for a connection lives on after it")
    ] = "warn"
    leaked_connection: Annotated[
        Severity, _check("most connections of a route are still referenced after they ended")
    ] = "warn"
    collateral_disconnect: Annotated[
        Severity, _check("one client leaving ended another client's connection")
    ] = "warn"
    response_mismatch: Annotated[
        Severity, _check("an answer does not fit the type that the route declares")
    ] = "error"
    unexpected_frame: Annotated[
        Severity, _check("a frame of a kind that the handler does not read crashes it")
    ] = "warn"
    logged_exception: Annotated[
        Severity, _check("the application logged an exception while a conversation ran")
    ] = "warn"
    auth_bypass: Annotated[
        Severity, _check("a route in auth.required accepts without credentials")
    ] = "error"
    origin_unchecked: Annotated[
        Severity, _check("a handshake with cookies and a foreign Origin is accepted")
    ] = "off"


class HttpChecks(BaseModel):
    """`[tool.pytest-routes.http.checks]`: a severity per check of a request."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    handler_error: Annotated[
        Severity, _check("an exception escaped, or the framework turned one into a 500")
    ] = "error"
    server_error: Annotated[Severity, _check("the answer is a 5xx")] = "error"
    protocol_violation: Annotated[Severity, _check("a rule of ASGI or of HTTP was broken")] = (
        "error"
    )
    response_timeout: Annotated[
        Severity, _check("the response was not complete in http.timeout")
    ] = "error"
    blocked_event_loop: Annotated[Severity, _check("synchronous code held the event loop")] = (
        "error"
    )
    response_mismatch: Annotated[
        Severity, _check("a response does not fit the type that the route declares")
    ] = "error"
    logged_exception: Annotated[
        Severity, _check("the application logged an exception while a request ran")
    ] = "warn"
    leaked_task: Annotated[Severity, _check("a task started for a request lives on after it")] = (
        "warn"
    )
    auth_bypass: Annotated[
        Severity, _check("a route in auth.required answers without credentials")
    ] = "error"


TABLES: Mapping[str, type[BaseModel]] = {"websocket": WebSocketChecks, "http": HttpChecks}
"""The checks of each kind of route."""
