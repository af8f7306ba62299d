"""Whether an object is an ASGI application, and what it is otherwise."""

from __future__ import annotations

import inspect
import types
from typing import Any


def why_not_asgi(app: Any) -> str:
    """What is wrong with an object as an ASGI 3 application, or an empty text.

    ASGI, "Applications": one callable that takes `scope`, `receive` and `send` and returns
    an awaitable.
    """
    if not callable(app):
        return f"is {kind_of(app)}, not an ASGI application"
    if isinstance(app, type):
        if hasattr(app, "__await__"):  # an endpoint such as Starlette's: made per connection
            return ""
        if accepts(app, 1) and accepts(getattr(app, "__call__", None), 3):  # noqa: B004
            return (
                "is an ASGI 2 application (called with the scope alone, then with receive and "
                "send); wrap it with asgiref.compatibility.guarantee_single_callable"
            )
        return f"is the class {app.__qualname__}; an instance of it is needed"
    if accepts(app, 0) and not _insists_on_three(app):
        return "is called without arguments, so it is a factory and not an ASGI application"
    if accepts(app, 3):
        return ""
    if accepts(app, 1):
        return (
            "takes one argument: an ASGI 2 application (wrap it with "
            "asgiref.compatibility.guarantee_single_callable) or a factory that wants an "
            "argument (write one that wants none)"
        )
    if accepts(app, 2):
        return (
            "takes two arguments: a WSGI application (Flask, Django's get_wsgi_application()); "
            "wrap it with a2wsgi.WSGIMiddleware or asgiref.wsgi.WsgiToAsgi"
        )
    return "does not take the three arguments scope, receive and send of an ASGI application"


def accepts(app: Any, arguments: int) -> bool:
    """Whether a callable can be called with this many positional arguments."""
    try:
        signature = inspect.signature(app)
    except (TypeError, ValueError):  # built in C: nobody can tell
        return arguments == 3
    try:
        signature.bind(*range(arguments))
    except TypeError:
        return False
    return True


def _insists_on_three(app: Any) -> bool:
    """`def app(*args)`, or three arguments with defaults that make it a coroutine."""
    kinds = [parameter.kind for parameter in inspect.signature(app).parameters.values()]
    if inspect.Parameter.VAR_POSITIONAL in kinds:
        return True
    return len(kinds) == 3 and inspect.iscoroutinefunction(app)


def kind_of(value: Any) -> str:
    """What a value is, in words: `a list`, `the module json`."""
    if value is None:
        return "None"
    if isinstance(value, types.ModuleType):
        return f"the module {value.__name__}"
    name = type(value).__name__
    return f"{'an' if name[0].lower() in 'aeiou' else 'a'} {name}"
