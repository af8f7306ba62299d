"""Tracebacks cut to the application's own frames."""

from __future__ import annotations

import linecache
import os
import sys
import sysconfig
import traceback
from dataclasses import dataclass
from functools import cache
from itertools import dropwhile, groupby
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from pytest_routes.checks.frames import is_application
from pytest_routes.report.literals import count, printable_lines, shortened
from pytest_routes.report.redaction import NOTHING_SECRET, Redaction
from pytest_routes.simulator.steady import steady

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from pytest_routes.simulator.transcript import Frame

TbStyle: TypeAlias = Literal["auto", "long", "short", "line", "no", "native"]
"""pytest's `--tb`. `auto` is `short`; `long` shows the lines around; `native` cuts nothing."""

_FOREIGN_KEPT = 3
_FRAMES = 16
_DEPTH = 6
"""Exceptions of one chain or group that are shown."""
_MESSAGE_LINES = 12
_MESSAGE_LINE = 400
_AROUND = 4
_OURS = str(Path(__file__).resolve().parent.parent) + os.sep


@dataclass(frozen=True, slots=True)
class Own:
    """Tells the application's code from everybody else's."""

    package: str = ""
    """The folder or file of the handler's top-level package, own wherever it is installed."""
    start: str = ""
    """Paths below this folder are shown relative to it."""

    @classmethod
    def of(cls, handler: Callable[..., object] | type | None, start: str = "") -> Own:
        """What belongs to the same top-level package as `handler`."""
        top = (getattr(handler, "__module__", None) or "").partition(".")[0]
        module = sys.modules.get(top)
        file = getattr(module, "__file__", None)
        if module is None or not file or top == "pytest_routes":
            return cls("", start)
        folder = hasattr(module, "__path__")
        return cls(os.path.dirname(file) + os.sep if folder else file, start)

    def __call__(self, file: str) -> bool:
        """Whether `file` is a source file of the application."""
        return bool(self.package and file.startswith(self.package)) or is_application(file)

    def shown(self, file: str) -> str:
        """The path to show: relative when it is below `start`."""
        inside = self.start and file.startswith(self.start.rstrip(os.sep) + os.sep)
        return os.path.relpath(file, self.start) if inside else file


def traceback_lines(
    exception: BaseException,
    own: Own,
    *,
    style: TbStyle = "auto",
    redact: Redaction = NOTHING_SECRET,
) -> list[str]:
    """The exception's traceback, with what led to it where that happened in own code too."""
    if style == "no":
        return []
    if style == "native":
        return _clean("".join(traceback.format_exception(exception)), redact)
    if style == "line":
        place = place_of(exception, own)
        return _clean(place + ": " * bool(place) + _only(exception)[0], redact)
    return _clean("\n".join(_chain(exception, own, style, set())), redact)


def frame_lines(
    frames: Sequence[Frame],
    own: Own,
    *,
    style: TbStyle = "auto",
    redact: Redaction = NOTHING_SECRET,
) -> list[str]:
    """Where a task waits or was interrupted, cut in the same way."""
    if style == "no":
        return []
    summaries = [traceback.FrameSummary(frame.file, frame.line, frame.function) for frame in frames]
    return _clean("\n".join(_stack(summaries, own, style)), redact)


def place_of(exception: BaseException, own: Own) -> str:
    """`path:line` of the innermost own frame, or of the innermost of all."""
    frames = traceback.extract_tb(exception.__traceback__)
    return _place([(frame.filename, frame.lineno) for frame in frames], own)


def place_of_frames(frames: Sequence[Frame], own: Own) -> str:
    """The same of where a task waits or was interrupted."""
    return _place([(frame.file, frame.line) for frame in frames], own)


def _place(lines: Sequence[tuple[str, int | None]], own: Own) -> str:
    if not lines:
        return ""
    file, line = next(((file, line) for file, line in reversed(lines) if own(file)), lines[-1])
    return f"{own.shown(file)}:{line}"


def _chain(exception: BaseException, own: Own, style: TbStyle, seen: set[int]) -> list[str]:
    seen.add(id(exception))
    lines: list[str] = []
    if len(seen) < _DEPTH:
        cause, context = exception.__cause__, exception.__context__
        if cause is not None and id(cause) not in seen:
            lines += [*_chain(cause, own, style, seen), "", "which was turned into:", ""]
        elif (
            context is not None
            and not exception.__suppress_context__
            and id(context) not in seen
            and _in_own_code(context, own)
        ):
            lines += [*_chain(context, own, style, seen), "", "and while it was handled:", ""]
    # What a framework made of the application's exception, it made in code of its own.
    foreign = 0 if lines else _FOREIGN_KEPT
    lines += _stack(traceback.extract_tb(exception.__traceback__), own, style, foreign)
    lines += _only(exception)
    if isinstance(exception, BaseExceptionGroup):
        for member in exception.exceptions:
            if len(seen) < _DEPTH and id(member) not in seen:
                lines += ["  of which:"]
                lines += [f"    {line}" for line in _chain(member, own, style, seen)]
    return lines


def _in_own_code(exception: BaseException, own: Own) -> bool:
    frames = traceback.extract_tb(exception.__traceback__)
    return any(own(frame.filename) for frame in frames)


def _stack(
    frames: Sequence[traceback.FrameSummary],
    own: Own,
    style: TbStyle,
    foreign: int = _FOREIGN_KEPT,
) -> list[str]:
    """The application's frames; without any, the last of what called it: `foreign` of them."""
    outside = [frame for frame in frames if not frame.filename.startswith(_OURS)]
    kept = [frame for frame in outside if own(frame.filename)]
    if not kept:
        kept = outside[max(0, len(outside) - foreign) :]
    lines: list[str] = []
    for frame in _with_folded_recursion(kept):
        lines += [frame] if isinstance(frame, str) else _frame(frame, own, style)
    if outside and (not kept or kept[-1] is not outside[-1]):
        last = outside[-1]
        lines.append(f"  (inside {_short(last.filename)}:{last.lineno}, in {last.name})")
    return lines


def _with_folded_recursion(
    frames: Iterable[traceback.FrameSummary],
) -> list[traceback.FrameSummary | str]:
    all_frames = list(_with_folded_repetitions(frames))
    if len(all_frames) <= _FRAMES:
        return list(all_frames)
    head, tail = all_frames[: _FRAMES // 2], all_frames[-_FRAMES // 2 :]
    left_out = len(all_frames) - _FRAMES
    return [*head, f"  ... {count(left_out, 'more frame')} ...", *tail]


def _with_folded_repetitions(
    frames: Iterable[traceback.FrameSummary],
) -> Iterator[traceback.FrameSummary | str]:
    """A line that calls itself, or an exception object that was raised again and again, once."""
    for _, same in groupby(frames, key=lambda frame: (frame.filename, frame.lineno, frame.name)):
        first, *others = same
        yield first
        if others:
            yield f"  ... the same line {count(len(others), 'more time')} ..."


def _frame(frame: traceback.FrameSummary, own: Own, style: TbStyle) -> list[str]:
    file = own.shown(frame.filename) if own(frame.filename) else _short(frame.filename)
    lines = [f'  File "{file}", line {frame.lineno}, in {frame.name}']
    if style == "long" and frame.lineno is not None:
        lines += _source_around(frame.filename, frame.lineno)
    elif frame.line:
        lines.append(f"    {frame.line}")
    return lines


def _source_around(file: str, line: int) -> list[str]:
    numbers = range(max(line - _AROUND, 1), line + 1)
    source = {number: linecache.getline(file, number).rstrip() for number in numbers}
    lines = [f"  {'>' if number == line else ' '} {source[number]}".rstrip() for number in numbers]
    return list(dropwhile(lambda text: not text, lines))


def _only(exception: BaseException) -> list[str]:
    """`KeyError: 'channel'`, notes and the lines of a long message, within bounds."""
    try:
        text = steady("".join(traceback.format_exception_only(exception)).rstrip("\n"))
    except Exception:  # the application's own __str__, __notes__ or the like
        return [type(exception).__qualname__]
    lines = [shortened(line, _MESSAGE_LINE) for line in text.split("\n")]
    if len(lines) > _MESSAGE_LINES:
        left_out = count(len(lines) - _MESSAGE_LINES, "more line")
        lines = [*lines[: _MESSAGE_LINES - 1], f"... {left_out} ...", lines[-1]]
    return lines


def _clean(text: str, redact: Redaction) -> list[str]:
    return printable_lines(redact(text))


@cache
def _standard_library() -> tuple[str, ...]:
    paths = sysconfig.get_paths()
    folders = {os.path.realpath(paths[name]) for name in ("stdlib", "platstdlib")}
    return tuple(folder + os.sep for folder in folders)


def _short(file: str) -> str:
    """The path of an installed module as it is imported: `starlette/websockets.py`."""
    for marker in ("site-packages" + os.sep, "dist-packages" + os.sep, *_standard_library()):
        _, found, rest = file.partition(marker)
        if found:
            return rest
    return file
