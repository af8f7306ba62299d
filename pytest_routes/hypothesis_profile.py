"""What the user has told Hypothesis and not pytest-routes: a settings profile, a seed.

Hypothesis is not imported for it: where nobody has imported it, no profile was loaded.
"""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_routes.config.given import Given

if TYPE_CHECKING:
    import pytest
    from hypothesis.database import ExampleDatabase

    from pytest_routes.config import Loaded
    from pytest_routes.config.given import KeyPath

# Hypothesis loads this one by itself in a build; a run in a build has a seed of its own too.
_IN_BUILDS = "ci"
_SEED_OF_DERANDOMIZE = 0
_SEED_BYTES = 3
_ITS_OWN = (".hypothesis", "examples")
"""Where the directory is in which Hypothesis keeps failures by itself."""


@dataclass(frozen=True, slots=True)
class Profile:
    """What a profile says that no option of pytest-routes does."""

    name: str = ""
    generates: bool = True
    """`Phase.generate` is among its phases."""
    shrinks: bool = True
    """`Phase.shrink` is."""
    reuses: bool = True
    """`Phase.reuse` is."""
    database: ExampleDatabase | None = None
    """The example database that it names; None for the one that Hypothesis has by itself."""


UNCHANGED = Profile()


def profile(pytest_config: pytest.Config) -> Profile:
    """The profile that holds."""
    name, settings = _settings(pytest_config)
    if settings is None:
        return UNCHANGED
    from hypothesis import Phase

    return Profile(
        name,
        generates=Phase.generate in settings.phases,
        shrinks=Phase.shrink in settings.phases,
        reuses=Phase.reuse in settings.phases,
        database=_named_database(settings),
    )


def with_profile(loaded: Loaded, pytest_config: pytest.Config) -> Loaded:
    """The configuration, in which what is not given is as Hypothesis was told."""
    told: dict[str, tuple[int, str]] = {}
    seed = pytest_config.getoption("--hypothesis-seed", None)  # its plugin may be switched off
    if seed is not None:
        told["seed"] = _number(str(seed)), f"--hypothesis-seed {seed}"
    name, settings = _settings(pytest_config)
    if settings is not None:
        origin = f"Hypothesis profile {name}"
        if settings.derandomize and (name != _IN_BUILDS or _typed(pytest_config)):
            told.setdefault("seed", (_SEED_OF_DERANDOMIZE, origin))
        if settings.max_examples != loaded.config.max_examples:
            told["max_examples"] = settings.max_examples, origin
    told = {key: each for key, each in told.items() if (key,) not in loaded.given}
    if not told:
        return loaded
    given: dict[KeyPath, Given] = {
        (key,): Given("hypothesis", origin) for key, (_, origin) in told.items()
    }
    values = {key: value for key, (value, _) in told.items()}
    return replace(
        loaded,
        config=loaded.config.model_copy(update=values),
        given={**loaded.given, **given},
    )


def wants_statistics(pytest_config: pytest.Config) -> bool:
    """Whether `--hypothesis-show-statistics` was given."""
    return bool(pytest_config.getoption("--hypothesis-show-statistics", False))


def _settings(pytest_config: pytest.Config) -> tuple[str, Any]:
    """The name and the settings of the profile; None: there is no Hypothesis.

    The profile that was typed may not be loaded yet: its plugin does it while pytest is
    configured, and says what is wrong with it.
    """
    typed = _typed(pytest_config)
    if typed is None and "hypothesis" not in sys.modules:
        return "", None
    import hypothesis
    from hypothesis.errors import InvalidArgument

    settings: Any = hypothesis.settings  # `default` is not known to type checkers
    if typed is not None:
        try:
            return typed, settings.get_profile(typed)
        except InvalidArgument:
            return "", None
    current = getattr(settings, "get_current_profile_name", None)  # not in 6.130
    return settings._current_profile if current is None else current(), settings.default


def _named_database(settings: Any) -> ExampleDatabase | None:
    if "database=" not in settings.show_changed():
        return None
    database: Any = settings.database
    if database.__class__.__eq__ is object.__eq__:  # 6.130: none equals another of its directory
        home = Path(getattr(database, "path", ""))
        if home.parts[-2:] == _ITS_OWN:
            return None
    return database  # type: ignore[no-any-return]


def _typed(pytest_config: pytest.Config) -> str | None:
    name: str | None = pytest_config.getoption("--hypothesis-profile", None)
    return name


def _number(seed: str) -> int:
    """Hypothesis takes any text for a seed."""
    if seed.isdecimal():
        return int(seed)
    return int.from_bytes(hashlib.sha256(seed.encode()).digest()[:_SEED_BYTES], "big")
