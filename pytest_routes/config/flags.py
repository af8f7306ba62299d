"""Every command-line flag, written from the model by `pytest_routes.config.derived`.

pytest asks for flags in every run, also in those without `--routes`. This table is all that
is imported then: no pydantic. A test keeps it true.
"""

from __future__ import annotations

FLAGS: tuple[tuple[str, str, str, str, str], ...] = (
    # flag, key, how it is given (switch, value, repeated, several), metavar, help
    (
        "--routes",
        "enabled",
        "switch",
        "",
        "run route tests [enabled, default: off]",
    ),
    (
        "--routes-app",
        "app",
        "value",
        "APP",
        "the ASGI application: module:attribute or module:factory() [app, default: none]",
    ),
    (
        "--routes-max-examples",
        "max_examples",
        "value",
        "N",
        "sequences (WebSocket) or requests (HTTP) per route [max_examples, default: 100]",
    ),
    (
        "--routes-seed",
        "seed",
        "value",
        "N",
        "reproduces the whole run [seed, default: random]",
    ),
    (
        "--routes-include",
        "include",
        "value",
        "GLOBS",
        "HTTP routes to test [include, default: all]",
    ),
    (
        "--routes-exclude",
        "exclude",
        "value",
        "GLOBS",
        "HTTP routes to leave out [exclude, default: /health, /metrics, /openapi*, /docs*, "
        "/redoc, /schema*]",
    ),
    (
        "--routes-methods",
        "methods",
        "value",
        "METHODS",
        "HTTP methods to test [methods, default: GET, POST, PUT, PATCH, DELETE]",
    ),
    (
        "--routes-header",
        "headers",
        "repeated",
        "NAME:VALUE",
        "extra header of every request and handshake [headers, default: none]",
    ),
    (
        "--routes-param",
        "parameters",
        "repeated",
        "NAME=VALUE",
        "value of a path, query, header or cookie parameter: one value, several to choose "
        "from, or a range [parameters, default: none]",
    ),
    (
        "--routes-verbose",
        "verbose",
        "switch",
        "",
        "print every conversation [verbose, default: off]",
    ),
    (
        "--routes-isolation",
        "isolation",
        "value",
        "SCOPE",
        "run: one app for the whole run; sequence: a new one from the factory for each "
        "[isolation, default: run]",
    ),
    (
        "--routes-watchdog",
        "watchdog",
        "value",
        "SECONDS",
        "seconds that synchronous code may hold the event loop, a quarter of it asleep "
        "[watchdog, default: 1.0]",
    ),
    (
        "--routes-lifespan-timeout",
        "lifespan_timeout",
        "value",
        "SECONDS",
        "seconds of real time that the app's startup, and its shutdown, may take "
        "[lifespan_timeout, default: 30.0]",
    ),
    (
        "--routes-replays",
        "replays",
        "value",
        "PATHS",
        "replay files, or folders of them, that are run as items [replays, default: none]",
    ),
    (
        "--routes-replay",
        "replay",
        "several",
        "FILE",
        "run only these replay files [replay, default: none]",
    ),
    (
        "--routes-export",
        "export",
        "value",
        "FILE",
        "write the failures as a plain test file [export, default: none]",
    ),
    (
        "--routes-report",
        "report",
        "repeated",
        "FILE",
        "write a report: FILE.json or FILE.html [report, default: none]",
    ),
    (
        "--routes-auth",
        "auth.credentials",
        "value",
        "CREDENTIALS",
        "bearer:TOKEN, basic:USER:PASSWORD, header:NAME:VALUE, query:NAME:VALUE or "
        "cookie:NAME:VALUE; $NAME is read from the environment [auth.credentials, default: none]",
    ),
    (
        "--routes-auth-required",
        "auth.required",
        "value",
        "GLOBS",
        "routes that must refuse a client without credentials [auth.required, default: none]",
    ),
    (
        "--routes-auth-query-param",
        "auth.query_param",
        "value",
        "NAME",
        "query parameter in which a WebSocket client also shows its bearer token; empty: none "
        "[auth.query_param, default: token]",
    ),
    (
        "--routes-auth-first-message",
        "auth.first_message",
        "value",
        "TEXT",
        "text message with which a WebSocket client shows its bearer token as $TOKEN "
        "[auth.first_message, default: none]",
    ),
    (
        "--routes-websocket",
        "websocket.enabled",
        "switch",
        "",
        "test WebSocket routes [websocket.enabled, default: off]",
    ),
    (
        "--routes-ws-max-messages",
        "websocket.max_messages",
        "value",
        "N",
        "messages per sequence, at most [websocket.max_messages, default: 10]",
    ),
    (
        "--routes-ws-timeout",
        "websocket.connection_timeout",
        "value",
        "SECONDS",
        "seconds until the handler must accept or refuse [websocket.connection_timeout, "
        "default: 30.0]",
    ),
    (
        "--routes-ws-message-timeout",
        "websocket.message_timeout",
        "value",
        "SECONDS",
        "seconds until the handler must be ready for the next message, and to finish after a "
        "close [websocket.message_timeout, default: 10.0]",
    ),
    (
        "--routes-ws-max-message-size",
        "websocket.max_message_size",
        "value",
        "BYTES",
        "bytes of a generated message, at most [websocket.max_message_size, default: 65536]",
    ),
    (
        "--routes-ws-close-codes",
        "websocket.test_close_codes",
        "value",
        "CODES",
        "close codes the client leaves with [websocket.test_close_codes, default: 1000, 1001]",
    ),
    (
        "--routes-ws-validate-subprotocols",
        "websocket.validate_subprotocols",
        "switch",
        "",
        "offer subprotocols, check what is accepted [websocket.validate_subprotocols, default: on]",
    ),
    (
        "--routes-ws-subprotocols",
        "websocket.subprotocols",
        "value",
        "NAMES",
        "subprotocols the client offers [websocket.subprotocols, default: found in the handler]",
    ),
    (
        "--routes-ws-include",
        "websocket.include",
        "value",
        "GLOBS",
        "WebSocket routes to test [websocket.include, default: all]",
    ),
    (
        "--routes-ws-exclude",
        "websocket.exclude",
        "value",
        "GLOBS",
        "WebSocket routes to leave out [websocket.exclude, default: none]",
    ),
    (
        "--routes-ws-max-clients",
        "websocket.max_clients",
        "value",
        "N",
        "clients talking at once in one sequence, at most [websocket.max_clients, default: 2]",
    ),
    (
        "--routes-ws-group",
        "websocket.group",
        "value",
        "GLOBS",
        "routes whose clients may talk in one sequence [websocket.group, default: none]",
    ),
    (
        "--routes-ws-server",
        "websocket.server",
        "value",
        "NAME",
        "whose behaviour the simulated server has [websocket.server, default: uvicorn]",
    ),
    (
        "--routes-ws-clock",
        "websocket.clock",
        "value",
        "CLOCK",
        "virtual: waiting takes no time; real: it does [websocket.clock, default: virtual]",
    ),
    (
        "--routes-ws-schedule",
        "websocket.schedule",
        "value",
        "ORDER",
        "order in which ready callbacks of the event loop run [websocket.schedule, default: fifo]",
    ),
    (
        "--routes-ws-messages",
        "websocket.messages",
        "value",
        "KINDS",
        "kinds of messages: auto (what the handler reads), or any of text, json, bytes, "
        "graphql [websocket.messages, default: auto]",
    ),
    (
        "--routes-ws-graphql-schema",
        "websocket.graphql_schema",
        "value",
        "FILE",
        "SDL file with the GraphQL schema [websocket.graphql_schema, default: introspected]",
    ),
    (
        "--routes-ws-paths",
        "websocket.paths",
        "value",
        "PATHS",
        "paths to test in an app whose routes cannot be discovered [websocket.paths, default: "
        "none]",
    ),
    (
        "--routes-http",
        "http.enabled",
        "switch",
        "",
        "test HTTP routes [http.enabled, default: on]",
    ),
    (
        "--routes-http-timeout",
        "http.timeout",
        "value",
        "SECONDS",
        "seconds until the response must be complete [http.timeout, default: 30.0]",
    ),
    (
        "--routes-http-max-body-size",
        "http.max_body_size",
        "value",
        "BYTES",
        "bytes of a generated request body, at most [http.max_body_size, default: 65536]",
    ),
)
