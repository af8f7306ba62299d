"""From what a framework keeps as a handler to what its author wrote."""

from __future__ import annotations

import functools
import sys
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias

Code: TypeAlias = "Callable[..., Any] | type"


@dataclass(frozen=True, slots=True)
class Written:
    """A handler as it stands in its source file."""

    handler: Code | None
    around: tuple[Callable[..., Any], ...] = ()
    """Functions of the user's that run around it: decorators' wrappers, and what a wrapper
    without `functools.wraps` calls."""


def written(endpoint: Any) -> Written:
    """The function or class behind partials, bound methods, decorators and instances."""
    around: list[Callable[..., Any]] = []
    current = endpoint
    for _ in range(100):  # a decorator that wraps itself would otherwise never end
        if isinstance(current, functools.partial | functools.partialmethod):
            current = current.func
        elif isinstance(current, types.MethodType):
            current = current.__func__
        elif isinstance(getattr(current, "__wrapped__", None), Callable):  # type: ignore[arg-type]
            if isinstance(current, types.FunctionType) and is_user_code(current):
                around.append(current)
            current = current.__wrapped__
        elif _is_thread_wrapper(current):
            current = current.func
        else:
            break
    if current is None or isinstance(current, types.BuiltinFunctionType):
        return Written(None, tuple(around))
    if isinstance(current, types.FunctionType):
        around.extend(_called_by_closure(current))
        return Written(current, tuple(around))
    handler = current if isinstance(current, type) else type(current)
    for method in vars(handler).values():
        # A class that a decorator made holds the decorated function in its methods.
        if isinstance(method, types.FunctionType):
            around.extend(_called_by_closure(method))
    return Written(handler, tuple(dict.fromkeys(around)))


def _is_thread_wrapper(value: Any) -> bool:
    """Litestar's `AsyncCallable`, which runs a synchronous function in a thread."""
    if isinstance(value, type | types.FunctionType) or is_user_code(type(value)):
        return False
    return callable(getattr(value, "func", None))


def _called_by_closure(function: types.FunctionType) -> list[Callable[..., Any]]:
    inner: list[Callable[..., Any]] = []
    for cell in function.__closure__ or ():
        try:
            content = cell.cell_contents
        except ValueError:  # the cell is still empty
            continue
        code = written_function(content)
        if code is not None and code is not function and is_user_code(code):
            inner.append(code)
    return inner


def written_function(value: Any) -> types.FunctionType | None:
    """The plain function behind partials, methods and decorators, if there is one."""
    for _ in range(100):
        if isinstance(value, functools.partial):
            value = value.func
        elif isinstance(value, types.MethodType):
            value = value.__func__
        elif isinstance(value, types.FunctionType) and hasattr(value, "__wrapped__"):
            value = value.__wrapped__
        else:
            break
    return value if isinstance(value, types.FunctionType) else None


def user_code(candidates: list[Any]) -> tuple[Callable[..., Any], ...]:
    """The functions and classes among the candidates that a user wrote, each once."""
    kept: dict[int, Callable[..., Any]] = {}
    for candidate in candidates:
        code = written(candidate)
        for function in (code.handler, *code.around):
            if function is not None and is_user_code(function):
                kept.setdefault(id(function), function)
    return tuple(kept.values())


# Packages whose functions surround a handler without saying anything about its messages.
_FRAMEWORKS = frozenset(
    {"anyio", "asgiref", "channels", "fastapi", "litestar", "pydantic", "quart", "starlette"}
)


def is_user_code(code: Any) -> bool:
    """Whether a function or class belongs to no framework and not to Python itself."""
    # functools.wraps copies `__module__`; the globals are those of the module itself.
    namespace = getattr(code, "__globals__", None) or {"__name__": code.__module__}
    package = str(namespace.get("__name__", "")).partition(".")[0]
    return package not in _FRAMEWORKS and package not in sys.stdlib_module_names
