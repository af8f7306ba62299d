"""The tables of the configuration: `websocket`, `http` and `auth`, every option once."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from pytest_routes.config import values  # noqa: TC001  (pydantic evaluates the annotations)
from pytest_routes.config.checks import HttpChecks, WebSocketChecks
from pytest_routes.config.option import Option

FROZEN = ConfigDict(
    frozen=True, extra="forbid", strict=True, allow_inf_nan=False, hide_input_in_errors=True
)


class WebSocketConfig(BaseModel):
    """`[tool.pytest-routes.websocket]`: how WebSocket routes are tested."""

    model_config = FROZEN

    enabled: Annotated[bool, Option("test WebSocket routes", "--routes-websocket")] = False
    max_messages: Annotated[
        int,
        Field(ge=1),
        Option("messages per sequence, at most", "--routes-ws-max-messages", "N", per_route=True),
    ] = 10
    connection_timeout: Annotated[
        float,
        Field(gt=0),
        Option(
            "seconds until the handler must accept or refuse",
            "--routes-ws-timeout",
            "SECONDS",
            per_route=True,
        ),
    ] = 30.0
    message_timeout: Annotated[
        float,
        Field(gt=0),
        Option(
            "seconds until the handler must be ready for the next message, and to finish after "
            "a close",
            "--routes-ws-message-timeout",
            "SECONDS",
            per_route=True,
        ),
    ] = 10.0
    max_message_size: Annotated[
        int,
        Field(ge=0),
        Option(
            "bytes of a generated message, at most",
            "--routes-ws-max-message-size",
            "BYTES",
            per_route=True,
        ),
    ] = 65536
    test_close_codes: Annotated[
        values.CloseCodes,
        Option(
            "close codes the client leaves with", "--routes-ws-close-codes", "CODES", per_route=True
        ),
    ] = (1000, 1001)
    validate_subprotocols: Annotated[
        bool,
        Option(
            "offer subprotocols, check what is accepted",
            "--routes-ws-validate-subprotocols",
            per_route=True,
        ),
    ] = True
    subprotocols: Annotated[
        values.Subprotocols,
        Option(
            "subprotocols the client offers",
            "--routes-ws-subprotocols",
            "NAMES",
            per_route=True,
            unset="found in the handler",
        ),
    ] = ()
    include: Annotated[
        values.Globs,
        Option("WebSocket routes to test", "--routes-ws-include", "GLOBS", unset="all"),
    ] = ()
    exclude: Annotated[
        values.Globs,
        Option("WebSocket routes to leave out", "--routes-ws-exclude", "GLOBS"),
    ] = ()
    max_clients: Annotated[
        int,
        Field(ge=1),
        Option(
            "clients talking at once in one sequence, at most",
            "--routes-ws-max-clients",
            "N",
            per_route=True,
        ),
    ] = 2
    group: Annotated[
        values.Globs,
        Option("routes whose clients may talk in one sequence", "--routes-ws-group", "GLOBS"),
    ] = ()
    server: Annotated[
        values.ServerName,
        Option("whose behaviour the simulated server has", "--routes-ws-server", "NAME"),
    ] = "uvicorn"
    clock: Annotated[
        values.ClockName,
        Option(
            "virtual: waiting takes no time; real: it does",
            "--routes-ws-clock",
            "CLOCK",
        ),
    ] = "virtual"
    schedule: Annotated[
        values.Schedule,
        Option(
            "order in which ready callbacks of the event loop run",
            "--routes-ws-schedule",
            "ORDER",
        ),
    ] = "fifo"
    messages: Annotated[
        values.FrameKinds,
        Option(
            "kinds of messages: auto (what the handler reads), or any of text, json, bytes, "
            "graphql",
            "--routes-ws-messages",
            "KINDS",
            per_route=True,
        ),
    ] = "auto"
    graphql_schema: Annotated[
        values.FilePath | None,
        Option(
            "SDL file with the GraphQL schema",
            "--routes-ws-graphql-schema",
            "FILE",
            per_route=True,
            unset="introspected",
        ),
    ] = None
    paths: Annotated[
        values.RoutePaths,
        Option(
            "paths to test in an app whose routes cannot be discovered",
            "--routes-ws-paths",
            "PATHS",
        ),
    ] = ()
    checks: WebSocketChecks = WebSocketChecks()


class HttpConfig(BaseModel):
    """`[tool.pytest-routes.http]`: how HTTP routes are tested."""

    model_config = FROZEN

    enabled: Annotated[bool, Option("test HTTP routes", "--routes-http")] = True
    timeout: Annotated[
        float,
        Field(gt=0),
        Option(
            "seconds until the response must be complete",
            "--routes-http-timeout",
            "SECONDS",
            per_route=True,
        ),
    ] = 30.0
    max_body_size: Annotated[
        int,
        Field(ge=0),
        Option(
            "bytes of a generated request body, at most",
            "--routes-http-max-body-size",
            "BYTES",
            per_route=True,
        ),
    ] = 65536
    checks: HttpChecks = HttpChecks()


class AuthConfig(BaseModel):
    """`[tool.pytest-routes.auth]`: how the client proves who it is."""

    model_config = FROZEN

    credentials: Annotated[
        values.SecretCredentials,
        Option(
            "bearer:TOKEN, basic:USER:PASSWORD, header:NAME:VALUE, query:NAME:VALUE or "
            "cookie:NAME:VALUE; $NAME is read from the environment",
            "--routes-auth",
            "CREDENTIALS",
            per_route=True,
            secret=True,
        ),
    ] = None
    required: Annotated[
        values.Globs,
        Option(
            "routes that must refuse a client without credentials",
            "--routes-auth-required",
            "GLOBS",
        ),
    ] = ()
    query_param: Annotated[
        str,
        Option(
            "query parameter in which a WebSocket client also shows its bearer token; empty: none",
            "--routes-auth-query-param",
            "NAME",
            per_route=True,
        ),
    ] = "token"
    first_message: Annotated[
        str | None,
        Option(
            "text message with which a WebSocket client shows its bearer token as $TOKEN",
            "--routes-auth-first-message",
            "TEXT",
            per_route=True,
            secret=True,
        ),
        Field(repr=False),
    ] = None

    @property
    def handshake_headers(self) -> tuple[tuple[str, str], ...]:
        """The headers that every request and handshake carries."""
        return self.credentials.headers if self.credentials else ()

    @property
    def request_query(self) -> tuple[tuple[str, str], ...]:
        """The query parameters that every HTTP request carries."""
        return self.credentials.query if self.credentials else ()

    @property
    def handshake_query(self) -> tuple[tuple[str, str], ...]:
        """The query parameters that every handshake carries: those of a request, and a bearer
        token as `query_param`, since a browser cannot set the headers of a WebSocket."""
        if self.credentials and self.credentials.scheme == "bearer" and self.query_param:
            return ((self.query_param, self.credentials.secret),)
        return self.request_query

    @property
    def opening_message(self) -> str | None:
        """`first_message` with the secret in the place of `$TOKEN`; None when there is none to
        put there."""
        if self.first_message is None or "$TOKEN" not in self.first_message:
            return self.first_message
        if self.credentials is None:
            return None
        return self.first_message.replace("$TOKEN", self.credentials.secret)
