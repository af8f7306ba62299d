from __future__ import annotations

import json
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pytest_routes.config import ConfigError
from pytest_routes.config.catalogue import Entry, catalogue
from pytest_routes.config.loading import Loaded, load
from pytest_routes.config.values import Range

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

pytest_plugins = ["pytester"]


@pytest.fixture
def loaded(pytester: pytest.Pytester) -> Callable[..., Loaded]:
    """Loads the configuration of a pytest started with these arguments, in the directory."""

    def start(*arguments: str) -> Loaded:
        return load(pytester.parseconfig("-p", "no:randomly", *arguments))

    return start


def project(pytester: pytest.Pytester, text: str) -> Path:
    return pytester.makepyprojecttoml(text)


def test_without_any_source_everything_is_a_default(loaded: Callable[..., Loaded]) -> None:
    found = loaded()
    assert found.config.max_examples == 100
    assert found.origins == {}
    assert found.file is None
    assert found.warnings == ()
    assert found.header == ""


def test_a_flag_wins_over_the_environment_and_that_over_the_file(
    pytester: pytest.Pytester, loaded: Callable[..., Loaded], monkeypatch: pytest.MonkeyPatch
) -> None:
    project(pytester, "[tool.pytest-routes]\nseed = 1\nmax_examples = 1\nverbose = true\n")
    monkeypatch.setenv("PYTEST_ROUTES_SEED", "2")
    monkeypatch.setenv("PYTEST_ROUTES_MAX_EXAMPLES", "2")
    found = loaded("--routes-seed", "3")
    assert (found.config.seed, found.config.max_examples, found.config.verbose) == (3, 2, True)
    assert found.origins == {
        "seed": "--routes-seed",
        "max_examples": "PYTEST_ROUTES_MAX_EXAMPLES",
        "verbose": "pyproject.toml:4",
    }


def test_a_flag_with_the_defaults_value_wins_over_the_file(
    pytester: pytest.Pytester, loaded: Callable[..., Loaded]
) -> None:
    project(pytester, "[tool.pytest-routes]\nmax_examples = 7\nwebsocket.enabled = true\n")
    found = loaded("--routes-max-examples", "100", "--no-routes-websocket")
    assert found.config.max_examples == 100
    assert found.config.websocket.enabled is False
    assert found.origins["websocket.enabled"] == "--no-routes-websocket"


def test_enabled_false_in_the_file_loses_to_the_flag(
    pytester: pytest.Pytester, loaded: Callable[..., Loaded]
) -> None:
    project(pytester, "[tool.pytest-routes]\nenabled = false\n")
    assert loaded("--routes").config.enabled


def test_tables_are_merged_key_by_key_and_lists_are_replaced(
    pytester: pytest.Pytester, loaded: Callable[..., Loaded], monkeypatch: pytest.MonkeyPatch
) -> None:
    project(
        pytester,
        """\
        [tool.pytest-routes]
        headers = {X-A = "file", X-B = "file"}
        parameters = {id = [1, 2], name = "n"}
        include = ["/a", "/b"]
        [tool.pytest-routes.websocket]
        max_messages = 3
        [tool.pytest-routes.websocket.checks]
        leaked_task = "off"
        """,
    )
    monkeypatch.setenv("PYTEST_ROUTES_WEBSOCKET__CHECKS__MESSAGE_FLOOD", "error")
    monkeypatch.setenv("PYTEST_ROUTES_HEADERS", "x-b: variable")
    found = loaded(
        "--routes-param", "id=1..9", "--routes-include", "/c", "--routes-header", "X-C=1"
    )
    assert found.config.headers == {"x-a": "file", "x-b": "variable", "x-c": "1"}
    assert found.config.parameters == {"id": Range(1, 9), "name": ("n",)}
    assert found.config.include == ("/c",)
    assert found.config.websocket.max_messages == 3
    assert found.config.websocket.checks.leaked_task == "off"
    assert found.config.websocket.checks.message_flood == "error"
    assert found.origins["headers.x-a"] == "pyproject.toml:2"
    assert found.origins["headers.x-b"] == "PYTEST_ROUTES_HEADERS"
    assert found.origins["include"] == "--routes-include"
    assert "include[1]" not in found.origins


@pytest.mark.parametrize(
    ("variable", "text", "read"),
    [
        ("INCLUDE", "/a,/{b,c}, /d", ("/a", "/{b,c}", "/d")),
        ("INCLUDE", '["/a", "/b,c"]', ("/a", "/b,c")),
        ("INCLUDE", "[]", ()),
        ("METHODS", "get", ("GET",)),
        ("ENABLED", "yes", True),
        ("ENABLED", "Off", False),
        ("SEED", " 5 ", 5),
        ("WATCHDOG", "1e-1", 0.1),
        ("WATCHDOG", "2", 2.0),
        ("HEADERS", "X-A: 1, X-B: 2", {"x-a": "1", "x-b": "2"}),
        ("HEADERS", '{"X-A": "1, 2"}', {"x-a": "1, 2"}),
        ("HEADERS__X_TENANT", "acme", {"x-tenant": "acme"}),
        ("PARAMETERS", "id=1,id=2,page=1..3", {"id": ("1", "2"), "page": Range(1, 3)}),
        ("PARAMETERS", '{"id": [1, 2]}', {"id": ("1", "2")}),
        ("PARAMETERS__ROOM_ID", "a,b", {"room_id": ("a,b",)}),
        ("PARAMETERS__ROOM_ID", '["a", "b"]', {"room_id": ("a", "b")}),
    ],
)
def test_the_text_of_a_variable_is_read_by_the_type_of_its_option(
    loaded: Callable[..., Loaded],
    monkeypatch: pytest.MonkeyPatch,
    variable: str,
    text: str,
    read: Any,
) -> None:
    monkeypatch.setenv(f"PYTEST_ROUTES_{variable}", text)
    assert getattr(loaded().config, variable.lower().split("__")[0]) == read


def test_a_variable_may_hold_a_whole_table_as_json(
    loaded: Callable[..., Loaded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ROUTES_WEBSOCKET", '{"max-messages": 3, "clock": "real"}')
    monkeypatch.setenv("PYTEST_ROUTES_WEBSOCKET__MESSAGES", "text,json")
    monkeypatch.setenv("PYTEST_ROUTES_OVERRIDES", '[{"path": "/a", "skip": "slow"}]')
    config = loaded().config
    assert config.websocket.max_messages == 3
    assert config.websocket.clock == "real"
    assert config.websocket.messages == ("text", "json")
    assert config.for_route("websocket", "/a").skip_reason == "slow"


def test_an_empty_variable_says_nothing(
    pytester: pytest.Pytester, loaded: Callable[..., Loaded], monkeypatch: pytest.MonkeyPatch
) -> None:
    project(pytester, "[tool.pytest-routes]\nseed = 5\n")
    monkeypatch.setenv("PYTEST_ROUTES_SEED", "")
    assert loaded().config.seed == 5


def test_the_secrets_of_exported_tests_are_no_options(
    loaded: Callable[..., Loaded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ROUTES_SECRET_0", "abc")
    assert loaded().origins == {}


@pytest.mark.parametrize(
    "text",
    [
        '[tool.pytest-routes]\nauth = "bearer:abc"\n',
        '[tool.pytest-routes.auth]\ncredentials = "bearer:abc"\n',
        '[tool.pytest-routes]\nauth.credentials = "bearer:abc"\n',
    ],
)
def test_auth_is_short_for_its_credentials(
    pytester: pytest.Pytester, loaded: Callable[..., Loaded], text: str
) -> None:
    project(pytester, text)
    found = loaded()
    assert found.config.auth.credentials is not None
    assert found.config.auth.credentials.secret == "abc"
    assert found.origins["auth.credentials"] == "pyproject.toml:2"


def test_auth_is_short_in_the_environment_and_as_a_flag_too(
    loaded: Callable[..., Loaded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTEST_ROUTES_AUTH", "bearer:variable")
    assert loaded().config.auth.handshake_query == (("token", "variable"),)
    assert loaded("--routes-auth", "bearer:flag").config.auth.handshake_query == (
        ("token", "flag"),
    )


def test_keys_may_be_written_with_dashes_but_names_of_the_users_stay(
    pytester: pytest.Pytester, loaded: Callable[..., Loaded]
) -> None:
    project(
        pytester,
        """\
        [tool.pytest-routes]
        max-examples = 5
        parameters = {room-id = 1}
        [tool.pytest-routes.websocket]
        max-messages = 6
        checks.leaked-task = "off"
        [[tool.pytest-routes.overrides]]
        path = "/a"
        max-messages = 7
        """,
    )
    config = loaded().config
    assert config.max_examples == 5
    assert config.parameters == {"room-id": ("1",)}
    assert config.websocket.max_messages == 6
    assert config.websocket.checks.leaked_task == "off"
    assert config.for_route("websocket", "/a").websocket.max_messages == 7


def test_an_override_may_name_the_options_of_a_table_without_the_table(
    pytester: pytest.Pytester, loaded: Callable[..., Loaded]
) -> None:
    project(
        pytester,
        """\
        [[tool.pytest-routes.overrides]]
        path = "/a"
        max_messages = 3
        timeout = 1.5
        auth = "bearer:abc"
        checks = {leaked_task = "error", server_error = "off"}
        """,
    )
    config = loaded().config.for_route("websocket", "/a")
    assert config.websocket.max_messages == 3
    assert config.http.timeout == 1.5
    assert config.auth.credentials is not None
    assert config.websocket.checks.leaked_task == "error"
    assert config.http.checks.leaked_task == "error"
    assert config.http.checks.server_error == "off"


def test_paths_are_relative_to_where_they_were_written(
    pytester: pytest.Pytester, loaded: Callable[..., Loaded], monkeypatch: pytest.MonkeyPatch
) -> None:
    project(pytester, '[tool.pytest-routes]\nreplays = ["tests/replays"]\n')
    monkeypatch.chdir(pytester.mkdir("sub"))
    found = loaded("--routes-report", "a.json", "--routes-report", "b.html")
    assert found.config.replays == (pytester.path / "tests/replays",)
    assert found.config.report == (pytester.path / "sub/a.json", pytester.path / "sub/b.html")


def test_asking_for_a_replay_switches_route_tests_on(
    pytester: pytest.Pytester, loaded: Callable[..., Loaded]
) -> None:
    project(pytester, "[tool.pytest-routes]\nenabled = false\n")
    found = loaded("--routes-replay", "a.json", "b.json")
    assert found.config.enabled
    assert [path.name for path in found.config.replay] == ["a.json", "b.json"]


def test_a_flag_that_is_given_again_replaces_what_it_said(
    loaded: Callable[..., Loaded], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(
        "PYTEST_ADDOPTS",
        "--routes-seed 1 --routes-header X-A:1 --routes-check leaked_task=off --routes-param id=1",
    )
    again = ("--routes-seed=2", "--routes-header=x-a:2", "--routes-check=leaked_task=error")
    config = loaded(*again, "--routes-param=id=2").config
    assert config.seed == 2
    assert config.headers == {"x-a": "2"}
    assert config.websocket.checks.leaked_task == "error"
    assert config.parameters == {"id": ("1", "2")}


def test_the_severity_of_a_check_is_set_for_all_routes_or_for_one_kind(
    loaded: Callable[..., Loaded],
) -> None:
    flags = ("--routes-check", "leaked-task=off", "--routes-check", "http.auth_bypass=warn")
    config = loaded(*flags).config
    assert (config.websocket.checks.leaked_task, config.http.checks.leaked_task) == ("off", "off")
    assert (config.websocket.checks.auth_bypass, config.http.checks.auth_bypass) == (
        "error",
        "warn",
    )


def test_flags_about_what_is_switched_off_are_warned_about(loaded: Callable[..., Loaded]) -> None:
    assert loaded("--routes", "--routes-ws-max-messages", "3").warnings == (
        "--routes-ws-max-messages has no effect without --routes-websocket",
    )
    assert loaded(
        "--routes", "--routes-websocket", "--no-routes-http", "--routes-http-timeout", "3"
    ).warnings == ("--routes-http-timeout has no effect with --no-routes-http",)
    assert loaded("--routes-ws-max-messages", "3").warnings == ()


# Where the configuration of pytest itself is.


def test_addopts_count_as_flags_and_can_be_emptied(
    pytester: pytest.Pytester, loaded: Callable[..., Loaded]
) -> None:
    project(pytester, '[tool.pytest.ini_options]\naddopts = "--routes-seed 4"\n')
    assert loaded().config.seed == 4
    assert loaded("--routes-seed", "5").config.seed == 5
    assert loaded("-o", "addopts=").config.seed is None


@pytest.mark.parametrize("ini", ["pytest.ini", "tox.ini", "setup.cfg"])
def test_the_pyproject_beside_another_ini_file_is_read(
    pytester: pytest.Pytester, loaded: Callable[..., Loaded], ini: str
) -> None:
    header = "tool:pytest" if ini == "setup.cfg" else "pytest"
    pytester.path.joinpath(ini).write_text(f"[{header}]\naddopts = --routes-max-examples 3\n")
    project(pytester, "[tool.pytest-routes]\nseed = 5\n")
    config = loaded().config
    assert (config.seed, config.max_examples) == (5, 3)


def test_a_project_with_an_ini_file_only(
    pytester: pytest.Pytester, loaded: Callable[..., Loaded], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makeini("[pytest]\naddopts = --routes-max-examples 3\n")
    monkeypatch.setenv("PYTEST_ROUTES_SEED", "5")
    found = loaded()
    assert (found.config.seed, found.config.max_examples, found.file) == (5, 3, None)


def test_an_ini_file_given_with_c_brings_the_pyproject_beside_it(
    pytester: pytest.Pytester, loaded: Callable[..., Loaded]
) -> None:
    project(pytester, "[tool.pytest-routes]\nseed = 5\n")
    other = pytester.mkdir("ci")
    other.joinpath("pytest.ini").write_text("[pytest]\n")
    other.joinpath("pyproject.toml").write_text("[tool.pytest-routes]\nseed = 6\n")
    found = loaded("-c", "ci/pytest.ini")
    assert found.config.seed == 6
    assert found.origins == {"seed": "ci/pyproject.toml:2"}


def test_a_toml_file_given_with_c_is_read_itself(
    pytester: pytest.Pytester, loaded: Callable[..., Loaded]
) -> None:
    project(pytester, "[tool.pytest-routes]\nseed = 5\n")
    pytester.path.joinpath("ci.toml").write_text(
        "[tool.pytest.ini_options]\n[tool.pytest-routes]\nseed = 6\n"
    )
    assert loaded("-c", "ci.toml").origins == {"seed": "ci.toml:3"}


def test_rootdir_given_elsewhere_brings_its_pyproject(
    pytester: pytest.Pytester, loaded: Callable[..., Loaded]
) -> None:
    pytester.mkdir("service").joinpath("pyproject.toml").write_text(
        "[tool.pytest-routes]\nseed = 5\n"
    )
    assert loaded("--rootdir", "service").config.seed == 5


def test_in_a_monorepo_the_nearest_project_counts(
    pytester: pytest.Pytester, loaded: Callable[..., Loaded], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytester.makeini("[pytest]\n")
    project(pytester, "[tool.pytest-routes]\nseed = 1\n")
    chat = pytester.mkdir("chat")
    chat.joinpath("pyproject.toml").write_text(
        '[project]\nname = "chat"\n[tool.pytest-routes]\nseed = 2\n'
    )
    plain = pytester.mkdir("plain")
    plain.joinpath("pyproject.toml").write_text('[tool.poetry.dependencies]\npytest-routes = "*"\n')
    monkeypatch.chdir(chat)
    assert loaded().config.seed == 2
    monkeypatch.chdir(plain)
    assert loaded().config.seed == 1


def test_the_error_has_all_mistakes(
    pytester: pytest.Pytester, loaded: Callable[..., Loaded]
) -> None:
    project(pytester, "[tool.pytest-routes]\nseed = -1\napp = 1\n")
    with pytest.raises(ConfigError) as caught:
        loaded()
    assert len(caught.value.mistakes) == 2
    assert str(caught.value) == "\n".join(caught.value.mistakes)


# The merged result, against a model of it.


def values_of(entry: Entry) -> st.SearchStrategy[Any]:
    """Values of an option as JSON and TOML write them."""
    globs = st.sampled_from(["/a", "/ws/*", "/{a,b}/**", "*", "/x/{id:int}"])
    special: Mapping[str, st.SearchStrategy[Any]] = {
        "app": st.sampled_from(["a:b", "a.b:c.d", "a:create()"]),
        "methods": st.lists(st.sampled_from(["GET", "PUT", "HEAD"]), min_size=1, unique=True),
        "websocket.paths": st.lists(st.sampled_from(["/a", "/ws/{room}"])),
        "auth.query_param": st.sampled_from(["token", "t"]),
        "headers": st.dictionaries(st.sampled_from(["x-a", "x-b"]), st.sampled_from("ab")),
        "parameters": st.dictionaries(st.sampled_from(["id", "q"]), st.sampled_from("ab")),
        "websocket.messages": st.lists(st.sampled_from(["text", "json"]), min_size=1, unique=True),
        "websocket.subprotocols": st.lists(st.sampled_from(["chat", "v1.json"])),
        "websocket.test_close_codes": st.lists(
            st.sampled_from([1000, 1001, 3000]), min_size=1, unique=True
        ),
    }
    if entry.key in special:
        return special[entry.key]
    if entry.type is bool:
        return st.booleans()
    if entry.type is int:
        return st.integers(2, 10**9)
    if entry.type is float:
        return st.floats(0.001, 1e6)
    if entry.path[-2:-1] == ("checks",):
        return st.sampled_from(["error", "warn", "off"])
    return st.lists(globs)


LEFT_OUT = {
    *("isolation", "http.enabled", "auth.credentials", "auth.first_message", "websocket.group"),
    *("replays", "replay", "export", "report", "websocket.graphql_schema"),
    *("websocket.server", "websocket.clock", "websocket.schedule"),
}
"""Options whose values depend on each other, on the environment or on a directory."""

ENTRIES = {entry.key: entry for entry in catalogue().values() if entry.key not in LEFT_OUT}
SETTINGS = st.fixed_dictionaries({}, optional={k: values_of(e) for k, e in ENTRIES.items()})


def as_toml(settings: Mapping[str, Any]) -> str:
    lines = [f"{key.replace('_', '-')} = {toml(value)}" for key, value in settings.items()]
    return "\n".join(["[tool.pytest-routes]", *lines, ""])


def toml(value: Any) -> str:
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key} = {toml(item)}' for key, item in value.items())}}}"
    return json.dumps(value)


def as_text(value: Any) -> str:
    if isinstance(value, list) and value:
        return ",".join(map(str, value))
    return value if isinstance(value, str) else json.dumps(value)


def as_flags(settings: Mapping[str, Any]) -> Iterator[str]:
    for key, value in settings.items():
        flag = ENTRIES[key].option.flag
        if isinstance(value, bool):
            yield flag if value else f"--no-{flag[2:]}"
        elif isinstance(value, dict):
            separator = ":" if key == "headers" else "="
            yield from (f"{flag}={name}{separator}{item}" for name, item in value.items())
        else:
            yield f"{flag}={as_text(value)}"


@contextmanager
def variables(settings: Mapping[str, Any]) -> Iterator[None]:
    names = {ENTRIES[key].variable: as_text(value) for key, value in settings.items()}
    os.environ.update(names)
    try:
        yield
    finally:
        for name in names:
            del os.environ[name]


def expected_of(*sources: Mapping[str, Any]) -> dict[str, Any]:
    """The reference: what the sources say together, the first of them winning."""
    merged: dict[str, Any] = {}
    for source in reversed(sources):
        for key, value in source.items():
            old = merged.get(key, {})
            merged[key] = {**old, **value} if isinstance(value, dict) else value
    for key, value in merged.items():
        if isinstance(value, list):
            merged[key] = tuple(value)
        elif key == "parameters":
            merged[key] = {name: (item,) for name, item in value.items()}
    return merged


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(flags=SETTINGS, environment=SETTINGS, file=SETTINGS)
def test_the_merged_result_is_what_a_simple_model_says(
    pytester: pytest.Pytester,
    flags: dict[str, Any],
    environment: dict[str, Any],
    file: dict[str, Any],
) -> None:
    flags = {key: value for key, value in flags.items() if ENTRIES[key].option.flag}
    pytester.path.joinpath("pyproject.toml").write_text(as_toml(file))
    with variables(environment):
        found = load(pytester.parseconfig("-p", "no:randomly", *as_flags(flags)))
    expected = expected_of(flags, environment, file)
    for key, entry in ENTRIES.items():
        value: Any = found.config
        for name in entry.path:
            value = getattr(value, name)
        default = entry.field.get_default(call_default_factory=True)
        assert value == expected.get(key, default), key
        if not entry.is_mapping:
            sources = ((flags, "--"), (environment, "PYTEST_ROUTES_"), (file, "pyproject.toml:"))
            origin = next((prefix for source, prefix in sources if key in source), "")
            assert found.origins.get(key, "").startswith(origin)
            assert (key in found.origins) == (origin != "")
