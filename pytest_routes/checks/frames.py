"""Where in the application something happened, as opposed to in a library that it uses."""

from __future__ import annotations

import os
import sysconfig
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from pytest_routes.simulator.transcript import Frame

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

_OURS = str(Path(__file__).resolve().parent.parent) + os.sep
_INSTALLED = (f"{os.sep}site-packages{os.sep}", f"{os.sep}dist-packages{os.sep}")
# Packages that call the application, or that its framework is made with.
_FRAMEWORKS = frozenset(
    {
        "anyio",
        "asgiref",
        "blacksheep",
        "channels",
        "falcon",
        "fastapi",
        "litestar",
        "quart",
        "starlette",
        "uvicorn",
        "werkzeug",
    }
)


@cache
def is_application(file: str) -> bool:
    """Whether a source file is neither installed, nor the standard library's, nor ours."""
    if file.startswith("<"):
        return False
    if file.endswith(".pyx") and not os.path.exists(file):
        return False  # compiled, and named relatively to where that was done
    path = os.path.realpath(file)
    if path.startswith((_OURS, *_standard_library())):
        return False
    return not any(folder in path for folder in _INSTALLED)


@cache
def is_library(file: str) -> bool:
    """Whether a source file is installed, and not a framework's."""
    path = os.path.realpath(file)
    for folder in _INSTALLED:
        _, found, rest = path.rpartition(folder)
        if found and not path.startswith(_OURS):
            return rest.split(os.sep)[0].removesuffix(".py") not in _FRAMEWORKS
    return False


def is_framework(module: str) -> bool:
    """Whether a module, by its dotted name, belongs to what calls the application."""
    return module.partition(".")[0] in _FRAMEWORKS


@cache
def _standard_library() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    return tuple({os.path.realpath(paths[key]) + os.sep for key in ("stdlib", "platstdlib")})


def frames_of(exception: BaseException) -> tuple[Frame, ...]:
    """The lines that the exception passed through, outermost first, without ours."""
    frames = []
    step = exception.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        if not code.co_filename.startswith(_OURS):
            frames.append(Frame(code.co_filename, step.tb_lineno, code.co_qualname))
        step = step.tb_next
    return tuple(frames)


def caught_in(exception: BaseException) -> str:
    """The file in which the exception was caught, or in which it left the application."""
    step = exception.__traceback__
    return step.tb_frame.f_code.co_filename if step is not None else ""


def innermost(frames: Iterable[Frame], own: Callable[[str], bool]) -> Frame | None:
    """The last of the application's own lines."""
    found = None
    for frame in frames:
        if own(frame.file):
            found = frame
    return found


def line_of(frames: Sequence[Frame], own: Callable[[str], bool]) -> Frame | None:
    """The line to name: the application's innermost, else that of a library it is made with
    (a GraphQL server, say), but not of the framework that calls either."""
    return innermost(frames, own) or innermost(frames, is_library)


def origin(exception: BaseException, own: Callable[[str], bool]) -> Frame | None:
    """The line to name for an exception.

    When it was raised without the application taking part (by a framework that answers another
    exception, say), the line of its cause or context.
    """
    for belongs in (own, is_library):
        for each in chain(exception):
            found = innermost(frames_of(each), belongs)
            if found is not None:
                return found
    return None


def chain(exception: BaseException) -> Iterator[BaseException]:
    """The exception, and those that led to it: causes before contexts."""
    seen: set[int] = set()
    pending: list[BaseException | None] = [exception]
    while pending:
        each = pending.pop()
        if each is None or id(each) in seen:
            continue
        seen.add(id(each))
        yield each
        pending += [each.__context__, each.__cause__]


def place(frame: Frame | None) -> str:
    """`chat_handler (app.py:12)`, or nothing when the line is not known."""
    if frame is None:
        return ""
    return f"{frame.function} ({os.path.basename(frame.file)}:{frame.line})"


def identity(frame: Frame | None) -> tuple[str, ...]:
    """What a line contributes to the key of a finding: the same on every machine."""
    if frame is None:
        return ()
    return os.path.basename(frame.file), frame.function, str(frame.line)
