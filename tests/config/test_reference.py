from __future__ import annotations

from pytest_routes.config.catalogue import catalogue
from pytest_routes.config.reference import (
    checks_markdown,
    options_markdown,
    variables_markdown,
)


def test_the_options_of_a_table_as_markdown() -> None:
    lines = options_markdown("http").splitlines()
    assert lines == [
        "| Key | Flag | Value | Default | Meaning |",
        "| --- | --- | --- | --- | --- |",
        "| `http.enabled` | `--routes-http` | true or false | on | test HTTP routes |",
        "| `http.timeout` | `--routes-http-timeout` | a number over 0 | 30.0 | seconds until the "
        "response must be complete (per route too) |",
        "| `http.max_body_size` | `--routes-http-max-body-size` | an integer of at least 0 | "
        "65536 | bytes of a generated request body, at most (per route too) |",
    ]


def test_the_checks_as_markdown() -> None:
    lines = checks_markdown("http").splitlines()
    assert lines[0] == "| Check | Default | Found when |"
    assert "| `server_error` | error | the answer is a 5xx |" in lines


def test_the_variables_as_markdown() -> None:
    line = "| `PYTEST_ROUTES_WEBSOCKET__MAX_MESSAGES` | `websocket.max_messages` |"
    assert line in variables_markdown().splitlines()


def test_every_option_is_in_one_of_the_tables() -> None:
    tables = "".join(options_markdown(name) for name in ("", "auth", "websocket", "http"))
    for path, entry in catalogue().items():
        if "checks" in path:
            assert f"| `{path[-1]}` |" in checks_markdown(path[0])
        else:
            assert f"| `{entry.key}` |" in tables
