"""Finds the application under test: from `module:attribute` to an ASGI callable."""

from __future__ import annotations

import difflib
import importlib
import inspect
import pkgutil
import sys
import types
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pytest_routes.asgi import accepts, kind_of, why_not_asgi
from pytest_routes.routes import layers
from pytest_routes.routes.walk import framework_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

FORM = "module:attribute (myapp:app) or module:factory() (myapp:create_app())"


class AppError(Exception):
    """The application cannot be had; the message is for the person who named it."""


@dataclass(frozen=True, slots=True)
class Application:
    """What a reference leads to.

    >>> application = resolve("myapp:create_app()", [Path.cwd()])
    >>> app = await application.create()
    """

    reference: str
    app: Any = None
    """The ASGI application; None when a factory makes it."""
    factory: Callable[[], Any] | None = None
    directories: tuple[Path, ...] = ()

    async def create(self) -> Any:
        """The ASGI application: a new one of the factory, or always the same without one.

        To be awaited on the loop that the application shall run on. Raises `AppError` when
        the factory raises or when what it returns is no ASGI application.
        """
        if self.factory is None:
            return self.app
        try:
            app = self.factory()
            if inspect.isawaitable(app):
                app = await app
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            raise AppError(_failure(f"{self.reference} raised", error, self.directories)) from error
        complaint = why_not_asgi(app)
        if complaint:
            raise AppError(f"{self.reference}: what the factory returned {complaint}")
        return app


def resolve(reference: str, directories: Sequence[Path]) -> Application:
    """Imports what `module:attribute` names.

    Modules are found in `directories` (the one pytest was started in, the rootdir) and in
    a `src` beneath each, before everything else; they stay on `sys.path`, because an
    application may import parts of itself later. A factory is not called yet. Raises
    `AppError` with one clear message for whatever goes wrong.
    """
    reference = reference.strip()
    places = _put_on_path(directories)
    name, colon, path = reference.partition(":")
    if not name or not colon or not path:
        raise AppError(_incomplete(reference, places))
    if name.endswith(".py") or "/" in name or "\\" in name:
        raise AppError(f"{reference}: expected {FORM}, not a file{_from_file(name, path, places)}")
    is_factory = path.endswith("()")
    path = path.removesuffix("()")
    if name.startswith("."):
        raise AppError(f"{reference}: expected {FORM}; a relative module has nothing to start from")
    if not _is_dotted(path):
        raise AppError(
            f"{reference}: {path!r} is no attribute of a module; expected {FORM}, "
            "a factory is called without arguments"
        )
    module = _import(name, reference, places)
    found = _attribute(module, path, reference)
    if is_factory:
        if not callable(found):
            raise AppError(f"{reference}: {path} is {kind_of(found)} and cannot be called")
        return Application(reference, factory=found, directories=places)
    complaint = why_not_asgi(found)
    if complaint:
        raise AppError(f"{reference}: {path} {complaint}{_suggestion(name, path, found)}")
    return Application(reference, app=found, directories=places)


def unwrap(app: Any) -> Any:
    """The framework's object in an application that middleware surrounds.

    An application of no known framework is returned without the layers whose inner
    application could be told. Only discovery looks inside: what is tested is always the
    application with everything around it.
    """
    found = layers.search(app, lambda candidate: framework_of(candidate) is not None)
    return found.apps[0] if found.apps else found.innermost


def _put_on_path(directories: Iterable[Path]) -> tuple[Path, ...]:
    places: list[Path] = []
    for directory in directories:
        for place in (Path(directory), Path(directory) / "src"):
            if place.is_dir() and place not in places:
                places.append(place)
    missing = [str(place) for place in places if str(place) not in sys.path]
    sys.path[:0] = missing
    importlib.invalidate_caches()
    return tuple(places)


def _import(name: str, reference: str, places: tuple[Path, ...]) -> types.ModuleType:
    try:
        return importlib.import_module(name)
    except KeyboardInterrupt:
        raise
    except ModuleNotFoundError as error:
        if _is_missing(name, error):
            raise AppError(f"{reference}: {_no_module(name, error.name or name, places)}") from None
        raise AppError(_import_failure(reference, name, error, places)) from error
    except BaseException as error:
        raise AppError(_import_failure(reference, name, error, places)) from error


def _is_missing(name: str, error: ModuleNotFoundError) -> bool:
    """Whether the named module itself is missing, and not one that it imports."""
    missing = error.name or ""
    if name != missing and not name.startswith(f"{missing}."):
        return False
    return _beyond_machinery(error.__traceback__) is None


def _no_module(name: str, missing: str, places: tuple[Path, ...]) -> str:
    parent, _, last = missing.rpartition(".")
    package = sys.modules.get(parent)
    if package is not None and not hasattr(package, "__path__"):
        hint = f"; did you mean {parent}:{last}?" if hasattr(package, last) else ""
        return f"module {name} does not exist: {parent} is a module, not a package{hint}"
    looked_in = [str(place) for place in places]
    elsewhere = "" if parent else " and on sys.path"
    if package is not None:
        looked_in = [str(place) for place in package.__path__]
        if hasattr(package, last):
            return f"module {name} does not exist; did you mean {parent}:{last}?"
    known = [module.name for module in pkgutil.iter_modules(looked_in)]
    near = difflib.get_close_matches(last, known, n=1)
    hint = f"; did you mean {f'{parent}.' if parent else ''}{near[0]}?" if near else ""
    return f"module {missing} does not exist; looked in {', '.join(looked_in)}{elsewhere}{hint}"


def _import_failure(
    reference: str, name: str, error: BaseException, places: tuple[Path, ...]
) -> str:
    if isinstance(error, SystemExit):
        return _failure(f"{reference}: importing {name} ended the process", error, places)
    return _failure(f"{reference}: importing {name} raised", error, places)


def _failure(what: str, error: BaseException, places: tuple[Path, ...]) -> str:
    """The application's own traceback under a line that says what was being done."""
    # Only an error needs it, and a report is nothing that finding an application depends on.
    from pytest_routes.report.tracebacks import Own, traceback_lines

    own = Own(start=str(places[0]) if places else "")
    beginning = _beyond_machinery(error.__traceback__)
    while beginning is not None and not own(beginning.tb_frame.f_code.co_filename):
        beginning = beginning.tb_next
    if beginning is not None or isinstance(error, SyntaxError):  # which names its own line
        error.__traceback__ = beginning
    return "\n".join([f"{what}:", "", *traceback_lines(error, own)])


_MACHINERY = (__file__, str(importlib.__file__), "<frozen importlib")


def _beyond_machinery(tb: types.TracebackType | None) -> types.TracebackType | None:
    """A traceback from where the application's code begins."""
    while tb is not None and tb.tb_frame.f_code.co_filename.startswith(_MACHINERY):
        tb = tb.tb_next
    return tb


def _attribute(module: types.ModuleType, path: str, reference: str) -> Any:
    found: Any = module
    passed = module.__name__
    for part in path.split("."):
        try:
            found = getattr(found, part)
        except AttributeError:
            near = difflib.get_close_matches(part, dir(found), n=1)
            hint = f"; did you mean {near[0]}?" if near else _others(found)
            raise AppError(f"{reference}: {passed} has no attribute {part!r}{hint}") from None
        passed = f"{passed}.{part}" if passed != module.__name__ else part
    return found


def _others(module: Any) -> str:
    apps = _apps_in(module) if isinstance(module, types.ModuleType) else []
    return f"; it has the ASGI application {apps[0]}" if apps else ""


def _apps_in(module: types.ModuleType) -> list[str]:
    """The names of a module's own ASGI applications, those of a framework first."""
    framework, other = [], []
    for name, value in vars(module).items():
        if name.startswith("_") or isinstance(value, type):
            continue
        if framework_of(value) is not None:
            framework.append(name)
        elif _is_plain_asgi(value) and value.__module__ == module.__name__:
            other.append(name)
    return framework + other


def _is_plain_asgi(value: Any) -> bool:
    if not inspect.iscoroutinefunction(value):
        return False
    return list(inspect.signature(value).parameters)[:3] == ["scope", "receive", "send"]


def _incomplete(reference: str, places: tuple[Path, ...]) -> str:
    name, _, path = reference.partition(":")
    if not name:
        missing = "the module is missing" if path else "nothing is named"
        return f"{reference or '(empty)'}: expected {FORM}; {missing}"
    if not _is_dotted(name):
        return f"{reference}: expected {FORM}{_from_file(name, '', places)}"
    try:
        module = _import(name, reference, places)
    except AppError as error:
        return f"{error}\n\nexpected {FORM}"
    apps = _apps_in(module)
    hint = f"; did you mean {' or '.join(f'{name}:{app}' for app in apps[:3])}?" if apps else ""
    return f"{reference}: expected {FORM}; the attribute is missing{hint}"


def _from_file(name: str, path: str, places: tuple[Path, ...]) -> str:
    """The reference that a file's name stands for."""
    file = Path(name.replace("\\", "/"))
    for place in sorted(places, key=lambda place: len(str(place)), reverse=True):
        if file.is_absolute() and file.is_relative_to(place):
            file = file.relative_to(place)
    parts = [part for part in file.with_suffix("").parts if part not in (".", "src")]
    if not parts or not all(part.isidentifier() for part in parts):
        return ""
    return f"; did you mean {'.'.join(parts)}:{path or 'app'}?"


def _suggestion(name: str, path: str, found: Any) -> str:
    if isinstance(found, types.ModuleType):
        apps = _apps_in(found)
        return f"; did you mean {found.__name__}:{apps[0]}?" if apps else ""
    if callable(found) and accepts(found, 0):
        return f"; did you mean {name}:{path}()?"
    return ""


def _is_dotted(name: str) -> bool:
    return all(part.isidentifier() for part in name.split("."))
