from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from pytest_routes.config import show_config
from pytest_routes.config.loading import Loaded, load
from pytest_routes.routes.model import Route

if TYPE_CHECKING:
    from collections.abc import Callable

pytest_plugins = ["pytester"]

PROJECT = """\
[tool.pytest-routes]
app = "chat:app"
auth = "bearer:s3cret"
exclude = ["/internal/**"]
headers = {X-Api-Key = "s3cret", X-Tenant = "acme"}
parameters = {room_id = {min = 1, max = 9}, token = "s3cret"}
replays = ["tests/replays"]

[tool.pytest-routes.websocket]
enabled = true
max_messages = 10

[[tool.pytest-routes.overrides]]
path = "/ws/*"
max_messages = 3
checks = {leaked_task = "off"}
auth.first_message = "s3cret"

[[tool.pytest-routes.overrides]]
path = "/users"
methods = ["DELETE"]
skip = "destroys"
"""
ROUTES = [
    Route(kind="websocket", path="/ws/{room_id:int}"),
    Route(kind="websocket", path="/live"),
    Route(kind="http", path="/users", method="GET"),
    Route(kind="http", path="/users", method="DELETE"),
]


@pytest.fixture
def loaded(pytester: pytest.Pytester) -> Callable[..., Loaded]:
    pytester.makepyprojecttoml(PROJECT)
    return lambda *arguments: load(pytester.parseconfig("-p", "no:randomly", *arguments))


def test_every_option_is_listed_with_its_value_and_its_origin(
    loaded: Callable[..., Loaded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ROUTES_METHODS", "GET")
    text = show_config(loaded("--routes", "--routes-ws-timeout", "2"))
    assert (
        text.splitlines()
        == """\
key                                        value                 origin
enabled                                    on                    --routes
app                                        chat:app              pyproject.toml:2
max_examples                               100                   default
seed                                       random                default
include                                    all                   default
exclude                                    /internal/**          pyproject.toml:4
methods                                    GET                   PYTEST_ROUTES_METHODS
headers.x-api-key                          ***                   pyproject.toml:5
headers.x-tenant                           acme                  pyproject.toml:5
parameters.room_id                         1..9                  pyproject.toml:6
parameters.token                           ***                   pyproject.toml:6
verbose                                    off                   default
isolation                                  run                   default
watchdog                                   1.0                   default
lifespan_timeout                           30.0                  default
replays                                    tests/replays         pyproject.toml:7
replay                                     none                  default
export                                     none                  default
report                                     none                  default
auth.credentials                           bearer:***            pyproject.toml:3
auth.required                              none                  default
auth.query_param                           token                 default
auth.first_message                         none                  default
websocket.enabled                          on                    pyproject.toml:10
websocket.max_messages                     10                    pyproject.toml:11
websocket.connection_timeout               2.0                   --routes-ws-timeout
websocket.message_timeout                  10.0                  default
websocket.max_message_size                 65536                 default
websocket.test_close_codes                 1000, 1001            default
websocket.validate_subprotocols            on                    default
websocket.subprotocols                     found in the handler  default
websocket.include                          all                   default
websocket.exclude                          none                  default
websocket.max_clients                      2                     default
websocket.group                            none                  default
websocket.server                           uvicorn               default
websocket.clock                            virtual               default
websocket.schedule                         fifo                  default
websocket.messages                         auto                  default
websocket.graphql_schema                   introspected          default
websocket.paths                            none                  default
websocket.checks.message_handler_error     error                 default
websocket.checks.connection_error          error                 default
websocket.checks.connection_timeout        error                 default
websocket.checks.message_timeout           error                 default
websocket.checks.blocked_event_loop        error                 default
websocket.checks.message_flood             warn                  default
websocket.checks.protocol_violation        error                 default
websocket.checks.subprotocol_mismatch      error                 default
websocket.checks.invalid_close             error                 default
websocket.checks.shutdown_error            error                 default
websocket.checks.shutdown_timeout          error                 default
websocket.checks.leaked_task               warn                  default
websocket.checks.leaked_connection         warn                  default
websocket.checks.collateral_disconnect     warn                  default
websocket.checks.response_mismatch         error                 default
websocket.checks.unexpected_frame          warn                  default
websocket.checks.logged_exception          warn                  default
websocket.checks.auth_bypass               error                 default
websocket.checks.origin_unchecked          off                   default
http.enabled                               on                    default
http.timeout                               30.0                  default
http.max_body_size                         65536                 default
http.checks.handler_error                  error                 default
http.checks.server_error                   error                 default
http.checks.protocol_violation             error                 default
http.checks.response_timeout               error                 default
http.checks.blocked_event_loop             error                 default
http.checks.response_mismatch              error                 default
http.checks.logged_exception               warn                  default
http.checks.leaked_task                    warn                  default
http.checks.auth_bypass                    error                 default
overrides[0].path                          /ws/*                 pyproject.toml:14
overrides[0].auth.first_message            ***                   pyproject.toml:17
overrides[0].websocket.max_messages        3                     pyproject.toml:15
overrides[0].websocket.checks.leaked_task  off                   pyproject.toml:16
overrides[0].http.checks.leaked_task       off                   pyproject.toml:16
overrides[1].path                          /users                pyproject.toml:20
overrides[1].methods                       DELETE                pyproject.toml:21
overrides[1].skip                          destroys              pyproject.toml:22
""".splitlines()
    )


def test_the_routes_are_listed_with_the_overrides_that_hit_them(
    loaded: Callable[..., Loaded],
) -> None:
    _, table = show_config(loaded(), ROUTES).split("\n\n")
    assert (
        table.splitlines()
        == """\
route              overrides
/ws/{room_id:int}  overrides[0] /ws/*
/live              none
GET /users         none
DELETE /users      overrides[1] /users
""".splitlines()
    )


def test_no_secret_is_shown(loaded: Callable[..., Loaded]) -> None:
    found = loaded()
    shown = [show_config(found, ROUTES), found.header, repr(found.config), repr(found)]
    assert [text for text in shown if "s3cret" in text] == []


def test_the_header_names_what_differs_from_the_defaults(loaded: Callable[..., Loaded]) -> None:
    assert loaded("--routes", "--routes-seed", "5", "--routes-ws-close-codes", "1000").header == (
        "app=chat:app, exclude=/internal/**, headers.x-api-key=***, headers.x-tenant=acme, "
        "parameters.room_id=1..9, parameters.token=***, replays=tests/replays, "
        "auth.credentials=bearer:***, websocket.enabled=on, websocket.test_close_codes=1000, "
        "2 overrides"
    )


APP = """\
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute


async def chat(websocket):
    await websocket.accept()


app = Starlette(routes=[WebSocketRoute("/ws/{room_id:int}", chat)])
"""


def test_show_config_prints_the_table_runs_nothing_and_exits_with_0(
    pytester: pytest.Pytester,
) -> None:
    pytester.makepyprojecttoml(PROJECT)
    pytester.makepyfile(chat=APP, test_own="def test_it(): raise SystemExit(5)")
    result = pytester.runpytest_subprocess("--routes-show-config", "--routes-max-examples", "5")
    assert result.ret == pytest.ExitCode.OK
    assert result.errlines == []
    result.stdout.re_match_lines(
        [
            r"key +value +origin",
            r"app +chat:app +pyproject.toml:2",
            r"max_examples +5 +--routes-max-examples",
            r"route +overrides",
            r"/ws/\{room_id:int\} +overrides\[0\] /ws/\*",
        ]
    )
    result.stdout.no_fnmatch_line("*test session starts*")
    result.stdout.no_fnmatch_line("*s3cret*")


def test_show_config_needs_no_application(pytester: pytest.Pytester) -> None:
    result = pytester.runpytest_subprocess("--routes-show-config")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.re_match_lines([r"app +none +default"])
    result.stdout.no_fnmatch_line("route *overrides")
