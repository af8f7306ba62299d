"""Has Hypothesis draw sequences, and shrink one of them: for what only it can draw."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import hypothesis
from hypothesis import HealthCheck, Phase, Verbosity
from hypothesis import strategies as st
from hypothesis.errors import Flaky, HypothesisException

from pytest_routes.generate.choices import HypothesisChoices
from pytest_routes.generate.registry import WrongMessage
from pytest_routes.search.found import Shown, Stop
from pytest_routes.search.randomness import seeded

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_routes.search.found import Trial
    from pytest_routes.simulator.transcript import Transcript

# From its tenth example on, Hypothesis follows each one with up to five that repeat a part of
# it in another place. That suits data; of conversations, four out of five would then say what
# the one before has said, and bugs are found three times as late. So it never gets that far.
BATCH = 9
_GENERATE = (Phase.generate,)
_SHRINK = (Phase.generate, Phase.shrink)


class _Drawn:
    """What Hypothesis draws; it shows everything that it draws, and a transcript is long."""

    def __init__(self, transcript: Transcript) -> None:
        self.transcript = transcript

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002
        printer.text("a conversation")


def draw(trial: Trial, body: Callable[[Transcript], None], examples: int, seed: int) -> None:
    """Have Hypothesis draw some sequences, and hand each to `body`."""
    _run(trial, body, examples, seed, _GENERATE)


def draw_shortest(trial: Trial, body: Callable[[Transcript], None], seed: int) -> None:
    """Have Hypothesis draw a batch again, and shrink the sequence for which `body` raises
    `Shown`."""
    _run(trial, body, BATCH, seed, _SHRINK)


def _run(
    trial: Trial,
    body: Callable[[Transcript], None],
    examples: int,
    seed: int,
    phases: tuple[Phase, ...],
) -> None:
    @st.composite
    def sequences(draw: Any) -> _Drawn:
        with seeded(seed):
            try:
                return _Drawn(trial(HypothesisChoices(draw)))
            except WrongMessage:
                if Phase.shrink in phases:  # what the user has written may raise for simpler values
                    hypothesis.reject()
                raise

    @hypothesis.seed(seed)
    @hypothesis.settings(
        max_examples=examples,
        phases=phases,
        database=None,
        deadline=None,
        derandomize=False,
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
        stateful_step_count=50,
    )
    @hypothesis.given(sequences())
    def test(drawn: _Drawn) -> None:
        body(drawn.transcript)

    try:
        test()
    except (Shown, Stop, Flaky):
        return
    except HypothesisException:
        if Phase.shrink not in phases:
            raise
