"""A transcript as lines to read, in columns: time, client, direction, what was said."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pytest_routes.report.literals import count, seconds
from pytest_routes.report.redaction import NOTHING_SECRET, Redaction
from pytest_routes.report.wording import Direction, Style, is_told, words
from pytest_routes.simulator.transcript import Answered, Flooded, Sent, Taken

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from pytest_routes.simulator.transcript import Event, Transcript

_ALIKE = 3
"""From this many equal messages in a row on, they share a line."""


_MANY = 10
"""From this many different answers in a row on, only the first ones are told."""
_FIRST_ANSWERS = 3


class _Unsaid(list["Event"]):
    """A run of events that are not told one by one."""

    endless = False
    """So many that not even the transcript has them all."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a conversation. Its texts are printable and without secrets."""

    time: float
    """Seconds of the loop's time since the conversation began."""
    client: int
    """Counted from 0; -1: the application as a whole."""
    direction: Direction
    label: str
    """`connect`, `text`, `close`, ...; empty when `detail` is a sentence."""
    detail: str = ""
    failed: bool = False
    """This is what the finding is about."""


def timeline(
    transcript: Transcript,
    failed: Event | None = None,
    *,
    limit: int = 120,
    at_most: int | None = None,
    redact: Redaction = NOTHING_SECRET,
) -> tuple[Entry, ...]:
    """The conversation, in order, with `failed` marked.

    Contents are shortened to about `limit` characters. When there are more than `at_most`
    entries, some are left out between the first ones and those around the marked one.
    """
    taken = frozenset((event.client, event.index) for event in transcript.of(Taken))
    style = Style(limit, redact, taken)
    told = [event for event in transcript.events if is_told(event)]
    runs = list(_runs(told, failed))
    if at_most is not None:
        runs = list(_without_streams(runs, failed))
    marked = next((i for i, run in enumerate(runs) if run[0] is failed), len(runs) - 1)
    entries: list[Entry] = []
    shown = 0
    for window in _windows(len(runs), marked, at_most):
        if window.start > shown:
            entries.append(_left_out(runs[shown : window.start]))
        entries += [_entry(runs[i], failed, style) for i in window]
        shown = window.stop
    if shown < len(runs):
        entries.append(_left_out(runs[shown:]))
    return tuple(entries)


def entry_lines(entries: Sequence[Entry]) -> list[str]:
    """The entries in columns; the client is named only where there are several."""
    several = len({entry.client for entry in entries} - {-1}) > 1
    times = [f"{entry.time:.3f} s" for entry in entries]
    width = max(map(len, times), default=0)
    labels = max((len(entry.label) for entry in entries if entry.detail), default=0)
    lines = []
    for entry, time in zip(entries, times, strict=True):
        client = f"client {entry.client}" if entry.client >= 0 else ""
        columns = [
            f"{'>' if entry.failed else ' '} {time:>{width}}",
            f"  {client:<8}" if several else "",
            f"  {entry.direction} ",
            f"{entry.label:<{labels}}  " if entry.label else "",
            entry.detail,
        ]
        lines.append("".join(columns).rstrip())
    return lines


def condensed(entries: Sequence[Entry], at_most: int) -> tuple[Entry, ...]:
    """The entries, without some between the first ones and those around the marked one."""
    marked = next((i for i, entry in enumerate(entries) if entry.failed), len(entries) - 1)
    kept: list[Entry] = []
    shown = 0
    for window in _windows(len(entries), marked, at_most):
        if window.start > shown:
            kept.append(_gap(entries[shown].time, window.start - shown))
        kept += entries[window.start : window.stop]
        shown = window.stop
    if shown < len(entries):
        kept.append(_gap(entries[shown].time, len(entries) - shown))
    return tuple(kept)


def _runs(events: Iterable[Event], failed: Event | None) -> Iterator[list[Event]]:
    """The events, those put together that are the same message over and over."""
    run: list[Event] = []
    for event in events:
        if run and (failed is event or failed is run[0] or not _alike(run[0], event)):
            yield from _one_by_one(run)
            run = []
        run.append(event)
    yield from _one_by_one(run)


def _one_by_one(run: list[Event]) -> Iterator[list[Event]]:
    if len(run) >= _ALIKE:
        yield run
    else:
        for event in run:
            yield [event]


def _without_streams(runs: list[list[Event]], failed: Event | None) -> Iterator[list[Event]]:
    """The runs; of many answers to one client, all different, the first few."""
    at = 0
    while at < len(runs):
        end = at
        while end < len(runs) and _streamed(runs[end], runs[at][0].client, failed):
            end += 1
        if end - at < _MANY:
            end = max(end, at + 1)
            yield from runs[at:end]
            at = end
            continue
        yield from runs[at : at + _FIRST_ANSWERS]
        unsaid = _Unsaid(event for run in runs[at + _FIRST_ANSWERS : end] for event in run)
        unsaid.endless = end < len(runs) and isinstance(runs[end][0], Flooded)
        yield unsaid
        at = end


def _streamed(run: list[Event], client: int, failed: Event | None) -> bool:
    return isinstance(run[0], Answered) and run[0].client == client and run[0] is not failed


def _alike(one: Event, other: Event) -> bool:
    if isinstance(one, (Answered, Sent)) and type(one) is type(other):
        return (one.client, one.message) == (other.client, other.message)
    return False


def _windows(length: int, marked: int, at_most: int | None) -> list[range]:
    """What is shown of `length` entries: the first ones, and those around the marked one."""
    if at_most is None or length <= at_most:
        return [range(length)]
    head = max(at_most // 4, 1)
    stop = min(max(marked + 1 + at_most // 4, at_most), length)
    start = max(stop - (at_most - head), head)
    return [range(head), range(start, stop)]


def _entry(run: list[Event], failed: Event | None, style: Style) -> Entry:
    first = run[0]
    if isinstance(run, _Unsaid):
        said = "and so on" if run.endless else f"{count(len(run), 'more message')}"
        return Entry(first.time, first.client, "<-", "", f"... {said} ...")
    direction, label, detail = words(first, style)
    if len(run) > 1:
        duration = run[-1].time - first.time
        within = f" within {seconds(duration)}" if duration else ""
        detail += f"  ({len(run):,} times{within})"
    return Entry(first.time, first.client, direction, label, detail, first is failed)


def _left_out(runs: list[list[Event]]) -> Entry:
    return _gap(runs[0][0].time, sum(map(len, runs)))


def _gap(time: float, events: int) -> Entry:
    return Entry(time, -1, "--", "", f"... {count(events, 'event')} left out ...")
