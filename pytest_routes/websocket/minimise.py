"""Shortens a recorded conversation, without the choices that it was made of.

It comes after the choices were shrunk, and serves alone where they do not help: for a finding
that takes seconds each time it is shown, or that did not show again for the same choices.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING

from pytest_routes.simulator.conversation import Open, Recorded, Send, Step
from pytest_routes.simulator.stopwatch import Stopwatch
from pytest_routes.simulator.transcript import Left, Vanished
from pytest_routes.websocket.simpler import simpler

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytest_routes.checks.finding import Finding
    from pytest_routes.simulator.transcript import Transcript
    from pytest_routes.websocket.engine import Engine

_SECONDS = 10.0
_RUNS = 200
# What took this long in real time is not done many times more.
_EXPENSIVE = 0.5
_EXPENSIVE_RUNS = 2
# A client opens and sends one message: there is hardly anything to leave out.
_SHORT = 2
# What a step has when nothing about it is special.
_USUAL = {"settle": True, "slow_reader": False, "schedule": 0}


def minimise(
    engine: Engine,
    finding: Finding,
    matching: Callable[[Transcript], Finding | None],
    *,
    messages: bool = False,
) -> Finding:
    """The shortest finding that some part of the recorded steps still shows.

    `messages`: theirs may become simpler too. Tries one message alone first, from the last to
    the first: that is the whole story of most findings. At most 200 runs and ten seconds are
    spent, and on what holds up the loop no more than two runs that show it. Of what a function of
    the user's has led, only what comes after the finding is left out.
    """
    if finding.transcript.whole:
        return _without_the_rest(engine, finding, matching)
    stopwatch = Stopwatch()
    until = stopwatch.seconds() + _SECONDS
    runs = expensive = 0
    best = finding
    steps = tuple(finding.transcript.steps)
    progress = True
    while progress:
        progress = False
        for candidate in chain(_shorter(steps), _plainer(steps) if messages else ()):
            if stopwatch.seconds() > until or runs >= _RUNS:
                return best
            runs += 1
            shown = matching(engine.run(Recorded(candidate)))
            if shown is not None:
                expensive += shown.transcript.seconds > _EXPENSIVE
                if expensive >= _EXPENSIVE_RUNS or (expensive and len(candidate) <= _SHORT):
                    return shown
                best, steps, progress = shown, tuple(shown.transcript.steps), True
                if len(steps) > len(candidate):
                    steps = candidate
                break
    return best


def _without_the_rest(
    engine: Engine, finding: Finding, matching: Callable[[Transcript], Finding | None]
) -> Finding:
    """The finding in a conversation that ends when it is there."""
    if finding.transcript.seconds > _EXPENSIVE:
        return finding
    steps = tuple(finding.transcript.steps)
    for end in range(1, min(len(steps), _RUNS)):
        shown = matching(engine.run(Recorded(steps[:end])))
        if shown is not None and not _comes_of_leaving(shown):
            return shown
    return finding


def _comes_of_leaving(finding: Finding) -> bool:
    """A client had left by then: it may be that it does so earlier than the function says."""
    for event in finding.transcript.events:
        if event is finding.event:
            return False
        if isinstance(event, Left | Vanished):
            return True
    return True


def _shorter(steps: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    sends = [step for step in steps if isinstance(step, Send)]
    openings = {step.client: step for step in steps if isinstance(step, Open)}
    if len(sends) > 1:
        for send in reversed(sends):
            if send.client in openings:
                yield openings[send.client], send
    size = len(steps) // 2
    while size:
        for start in range(len(steps) - size, -1, -1):
            shorter = steps[:start] + steps[start + size :]
            if any(isinstance(step, Open) for step in shorter):
                yield shorter
        size //= 2
    for index, step in enumerate(steps):
        for name, usual in _USUAL.items():
            if getattr(step, name, usual) != usual:
                plain = replace(step, **{name: usual})  # type: ignore[arg-type]
                yield *steps[:index], plain, *steps[index + 1 :]


def _plainer(steps: tuple[Step, ...]) -> Iterator[tuple[Step, ...]]:
    for index, step in enumerate(steps):
        if isinstance(step, Send):
            for message in simpler(step.message):
                yield *steps[:index], replace(step, message=message), *steps[index + 1 :]
