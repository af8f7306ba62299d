"""The configuration: every option once, with its type, bounds, default, help and flag.

The engine reads nothing else: not pytest's options, not the environment, not TOML.
`Config()` is the configuration of a user who has set nothing; it never looks at the
environment by itself, because `pytest_routes.config.load` calls the sources one by one, to
know for each value where it came from.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, Field, PrivateAttr
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from pytest_routes.config import values
from pytest_routes.config.credentials import MASK
from pytest_routes.config.option import Option
from pytest_routes.config.tables import FROZEN, AuthConfig, HttpConfig, WebSocketConfig
from pytest_routes.routes.globs import matches, matches_any
from pytest_routes.routes.secret_names import is_secret_name

_TABLE = Field(default_factory=dict, validate_default=True)
M = TypeVar("M", bound=BaseModel)


MaxExamples = Annotated[
    int,
    Field(ge=1),
    Option(
        "sequences (WebSocket) or requests (HTTP) per route",
        "--routes-max-examples",
        "N",
        per_route=True,
    ),
]
Headers = Annotated[
    values.Headers,
    Field(repr=False),
    Option(
        "extra header of every request and handshake",
        "--routes-header",
        "NAME:VALUE",
        repeatable=True,
        per_route=True,
        secret=True,
    ),
]
Parameters = Annotated[
    values.Parameters,
    Field(repr=False),
    Option(
        "value of a path, query, header or cookie parameter: one value, several to choose from, "
        "or a range",
        "--routes-param",
        "NAME=VALUE",
        repeatable=True,
        per_route=True,
    ),
]
Verbose = Annotated[bool, Option("print every conversation", "--routes-verbose", per_route=True)]


class Override(BaseModel):
    """`[[tool.pytest-routes.overrides]]`: other values for the routes that `path` names.

    Only the keys that were given count (`model_fields_set`).
    """

    model_config = FROZEN

    path: Annotated[values.Glob, Option("routes that the override is for")]
    methods: Annotated[
        values.Methods | None, Option("only for these HTTP methods", unset="all")
    ] = None
    skip: Annotated[values.Reason, Option("why the routes are not tested")] = False
    xfail: Annotated[values.Reason, Option("why the routes are expected to fail")] = False
    max_examples: MaxExamples = 100
    headers: Headers = _TABLE
    parameters: Parameters = _TABLE
    verbose: Verbose = False
    auth: AuthConfig = AuthConfig()
    websocket: WebSocketConfig = WebSocketConfig()
    http: HttpConfig = HttpConfig()

    def hits(self, path: str, method: str = "") -> bool:
        """Whether the override is for the route with this declared path and HTTP method."""
        if self.methods is not None and method not in self.methods:
            return False
        return matches(self.path, path)


class Config(BaseSettings):
    """`[tool.pytest-routes]`: the whole configuration of a run, or of one route."""

    model_config = SettingsConfigDict(case_sensitive=True, **FROZEN)  # type: ignore[typeddict-item]

    enabled: Annotated[bool, Option("run route tests", "--routes")] = False
    app: Annotated[
        values.AppPath | None,
        Option(
            "the ASGI application: module:attribute or module:factory()",
            "--routes-app",
            "APP",
            noun="module:attribute or module:factory(), such as myapp:app",
        ),
    ] = None
    max_examples: MaxExamples = 100
    seed: Annotated[
        int | None,
        Field(ge=0),
        Option("reproduces the whole run", "--routes-seed", "N", unset="random"),
    ] = None
    include: Annotated[
        values.Globs,
        Option("HTTP routes to test", "--routes-include", "GLOBS", unset="all"),
    ] = ()
    exclude: Annotated[
        values.Globs, Option("HTTP routes to leave out", "--routes-exclude", "GLOBS")
    ] = ("/health", "/metrics", "/openapi*", "/docs*", "/redoc", "/schema*")
    methods: Annotated[
        values.Methods, Option("HTTP methods to test", "--routes-methods", "METHODS")
    ] = ("GET", "POST", "PUT", "PATCH", "DELETE")
    headers: Headers = _TABLE
    parameters: Parameters = _TABLE
    verbose: Verbose = False
    isolation: Annotated[
        values.Isolation,
        Option(
            "run: one app for the whole run; sequence: a new one from the factory for each",
            "--routes-isolation",
            "SCOPE",
        ),
    ] = "run"
    watchdog: Annotated[
        float,
        Field(gt=0),
        Option(
            "seconds that synchronous code may hold the event loop, a quarter of it asleep",
            "--routes-watchdog",
            "SECONDS",
        ),
    ] = 1.0
    lifespan_timeout: Annotated[
        float,
        Field(gt=0),
        Option(
            "seconds of real time that the app's startup, and its shutdown, may take",
            "--routes-lifespan-timeout",
            "SECONDS",
        ),
    ] = 30.0
    replays: Annotated[
        values.FilePaths,
        Option(
            "replay files, or folders of them, that are run as items", "--routes-replays", "PATHS"
        ),
    ] = ()
    replay: Annotated[
        values.FilePaths,
        Option("run only these replay files", "--routes-replay", "FILE", several=True),
    ] = ()
    export: Annotated[
        values.Export | None,
        Option("write the failures as a plain test file", "--routes-export", "FILE"),
    ] = None
    report: Annotated[
        values.Reports,
        Option(
            "write a report: FILE.json or FILE.html", "--routes-report", "FILE", repeatable=True
        ),
    ] = ()
    auth: AuthConfig = AuthConfig()
    websocket: WebSocketConfig = WebSocketConfig()
    http: HttpConfig = HttpConfig()
    overrides: Annotated[tuple[Override, ...], Field(strict=False)] = ()

    _skip_reason: str | None = PrivateAttr(default=None)
    _xfail_reason: str | None = PrivateAttr(default=None)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],  # noqa: ARG003
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return (init_settings,)

    @property
    def skip_reason(self) -> str | None:
        """Why the route is not to be tested; only `for_route` sets it."""
        return self._skip_reason

    @property
    def xfail_reason(self) -> str | None:
        """Why the route is expected to fail; only `for_route` sets it."""
        return self._xfail_reason

    def overrides_for(self, path: str, method: str = "") -> tuple[Override, ...]:
        """The overrides that hit the route with this declared path, in the order they apply."""
        return tuple(override for override in self.overrides if override.hits(path, method))

    def for_route(
        self,
        kind: Literal["websocket", "http"],
        path: str,
        method: str = "",
    ) -> Config:
        """The configuration of one route: this one, with the overrides that hit it applied.

        `path` is the declared path, `method` the method of an HTTP route in upper case.
        """
        effective = self
        skip: str | Literal[False] = False
        xfail: str | Literal[False] = False
        for override in self.overrides_for(path, method if kind == "http" else ""):
            effective = _patched(effective, override)
            given = override.model_fields_set
            skip = override.skip if "skip" in given else skip
            xfail = override.xfail if "xfail" in given else xfail
        if effective is self:
            return self
        effective._skip_reason = skip or None
        effective._xfail_reason = xfail or None
        return effective

    def selects(self, kind: Literal["websocket", "http"], path: str, method: str = "") -> bool:
        """Whether a discovered route is to be tested, by its kind, path and method."""
        table = self.websocket if kind == "websocket" else self
        enabled = self.websocket.enabled if kind == "websocket" else self.http.enabled
        return (
            enabled
            and (kind == "websocket" or method in self.methods)
            and (not table.include or matches_any(table.include, path))
            and not matches_any(table.exclude, path)
        )

    def requires_auth(self, path: str) -> bool:
        """Whether the route must refuse a client without credentials."""
        return matches_any(self.auth.required, path)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Every text that must not appear in output, the longest first: what credentials
        consist of, and the values of headers and parameters whose names tell."""
        found: set[str] = set()
        tables: tuple[Config | Override, ...] = (self, *self.overrides)
        for table in tables:
            if table.auth.credentials is not None:
                found.update(table.auth.credentials.secrets)
            for name, text in table.headers.items():
                found.update((text,) if is_secret_name(name) else ())
            for name, choices in table.parameters.items():
                if is_secret_name(name) and not isinstance(choices, values.Range):
                    found.update(choices)
        return tuple(sorted(filter(None, found), key=lambda text: (-len(text), text)))

    def mask(self, text: str) -> str:
        """`text` with every secret of the configuration replaced by `***`."""
        for secret in self.secrets:
            text = text.replace(secret, MASK)
        return text


def _patched(model: M, patch: BaseModel) -> M:
    """`model` with the values that were given in `patch`, tables merged key by key."""
    update: dict[str, Any] = {}
    for name in patch.model_fields_set & type(model).model_fields.keys():
        old, new = getattr(model, name), getattr(patch, name)
        if isinstance(new, BaseModel):
            new = _patched(old, new)
        elif isinstance(new, dict):
            new = {**old, **new}
        update[name] = new
    return model.model_copy(update=update)
