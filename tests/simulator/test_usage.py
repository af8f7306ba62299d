"""What another thread says of the main thread's time."""

from __future__ import annotations

import os
import threading
import time

import pytest

from pytest_routes.simulator import usage
from pytest_routes.simulator.stopwatch import Scheduling, scheduling
from pytest_routes.simulator.usage import Usage


class Readings:
    """What the kernel would tell."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now = self.cpu = self.main_waited = self.own_waited = 0.0
        self.runs = 0
        self.state = "S"
        monkeypatch.setattr(usage.time, "monotonic", lambda: self.now)
        monkeypatch.setattr(usage, "scheduling", self._scheduling)
        monkeypatch.setattr(Usage, "_read", lambda _: self.cpu)
        monkeypatch.setattr(Usage, "_state", lambda _: self.state)

    def _scheduling(self, thread: int | None = None) -> Scheduling:
        if thread is None:
            return Scheduling(self.own_waited, 1_000)
        return Scheduling(self.main_waited, self.runs)


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> Readings:
    return Readings(monkeypatch)


@pytest.fixture
def watched(readings: Readings) -> Usage:
    return Usage(0.5)


def test_a_thread_that_sleeps_does_so_for_all_of_the_time(
    readings: Readings, watched: Usage
) -> None:
    readings.now += 0.5
    assert watched.since_last() == (0.5, 0.0, 0.5, 0.5)
    readings.now += 0.25
    assert watched.since_last() == (0.25, 0.0, 0.25, 0.25)


@pytest.mark.parametrize("whose", ["main_waited", "own_waited"])
def test_what_a_thread_waits_for_a_processor_is_no_sleep(
    readings: Readings, watched: Usage, whose: str
) -> None:
    readings.now += 0.5
    setattr(readings, whose, 0.375)
    assert watched.since_last() == (0.5, 0.0, 0.125, 0.125)
    readings.now += 0.5
    setattr(readings, whose, 2.0)
    assert watched.since_last().slept == 0.0


def test_what_a_look_is_late_is_no_sleep(readings: Readings, watched: Usage) -> None:
    """A processor that the machine itself does not get is in none of its readings."""
    readings.now += 0.9
    assert watched.since_last() == (0.9, 0.0, 0.9, 0.9)
    readings.now += 5.0
    readings.cpu += 0.25
    readings.main_waited = 0.25
    assert watched.since_last() == (5.0, 0.25, 0.5, 0.5)


@pytest.mark.parametrize(("state", "slept", "idle"), [("D", 0.5, 0.0), ("R", 0.0, 0.0)])
def test_a_wait_for_a_disk_is_a_sleep_but_not_idle(
    readings: Readings, watched: Usage, state: str, slept: float, idle: float
) -> None:
    readings.now += 0.5
    readings.state = state
    assert watched.since_last() == (0.5, 0.0, slept, idle)


@pytest.mark.parametrize(("runs", "idle"), [(1, 0.5), (25, 0.5), (100, 0.0)])
def test_a_thread_that_keeps_asking_for_the_interpreters_lock_is_not_idle(
    readings: Readings, watched: Usage, runs: int, idle: float
) -> None:
    readings.now += 0.5
    readings.runs += runs
    assert watched.since_last() == (0.5, 0.0, 0.5, idle)
    readings.now += 0.5
    assert watched.since_last() == (0.5, 0.0, 0.5, 0.5)


def test_a_thread_that_computes_does_not_sleep(readings: Readings, watched: Usage) -> None:
    readings.now += 0.5
    readings.cpu += 0.375
    assert watched.since_last() == (0.5, 0.375, 0.0, 0.0)


def collected(watched: Usage, phase: str, generation: int = 2) -> None:
    watched._collection(phase, {"generation": generation})


def test_a_full_collection_counts_for_nobody(readings: Readings, watched: Usage) -> None:
    collected(watched, "start")
    readings.cpu += 0.5
    collected(watched, "stop")
    readings.now += 1.0
    readings.cpu += 0.25
    assert watched.since_last() == (1.0, 0.25, 0.0, 0.0)
    readings.now += 1.0
    readings.cpu += 0.75
    assert watched.since_last() == (1.0, 0.75, 0.0, 0.0)


def test_a_collection_counts_for_nobody_while_it_goes_on(
    readings: Readings, watched: Usage
) -> None:
    readings.cpu += 0.25
    collected(watched, "start")
    readings.cpu += 0.5
    readings.now += 1.0
    assert watched.since_last() == (1.0, 0.25, 0.0, 0.0)
    readings.cpu += 0.125
    collected(watched, "stop")
    readings.cpu += 0.125
    readings.now += 0.25
    assert watched.since_last() == (0.25, 0.125, 0.0, 0.0)


def test_a_collection_of_what_is_young_is_the_applications_own(
    readings: Readings, watched: Usage
) -> None:
    collected(watched, "start", generation=1)
    readings.cpu += 0.5
    collected(watched, "stop", generation=1)
    readings.now += 0.5
    assert watched.since_last() == (0.5, 0.5, 0.0, 0.0)


def test_the_kernels_readings_tell_a_sleep_from_work() -> None:
    """Seen from a thread, as the watchdog sees it; other processes may take any time."""
    seen: dict[str, usage.Spent] = {}

    def look(what: str) -> None:
        watched.since_last()
        begun.set()
        time.sleep(0.3)
        seen[what] = watched.since_last()

    for what in ("sleep", "work"):
        begun, watched = threading.Event(), Usage(0.3)
        thread = threading.Thread(target=look, args=(what,))
        thread.start()
        begun.wait()
        if what == "sleep":
            time.sleep(0.6)
        else:
            until = time.thread_time() + 0.6
            while time.thread_time() < until:
                pass
        thread.join()
    assert seen["sleep"].slept > 0.0
    assert seen["sleep"].cpu < seen["sleep"].slept
    assert seen["work"].slept == 0.0 or seen["work"].slept < seen["work"].elapsed / 2
    assert seen["work"].cpu > 0.0


@pytest.mark.skipif(not scheduling().runs, reason="the kernel does not tell")
def test_waiting_for_the_interpreters_lock_is_told_from_waiting() -> None:
    seen: list[usage.Spent] = []
    over = threading.Event()

    watched = Usage(0.05)

    def look() -> None:
        watched.since_last()
        for _ in range(5):
            time.sleep(0.05)
            seen.append(watched.since_last())
        over.set()

    def compute() -> None:
        while not over.is_set():
            sum(range(1_000))

    threads = [threading.Thread(target=each) for each in (look, *[compute] * 4)]
    for thread in threads:
        thread.start()
    compute()
    for thread in threads:
        thread.join()
    # Machines whose clocks stand still now and then may let it look idle for one of the looks.
    assert sum(each.idle for each in seen) < sum(each.elapsed for each in seen) / 2


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
@pytest.mark.skipif(not scheduling().runs, reason="the kernel does not tell")
def test_in_a_forked_process_its_own_thread_is_looked_at() -> None:
    child = os.fork()
    if child == 0:
        os._exit(0 if Usage(0.05)._native == os.getpid() else 1)
    assert os.waitpid(child, 0)[1] == 0


def test_where_there_is_no_proc_a_thread_that_does_not_run_is_idle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    watched = Usage(0.5)
    monkeypatch.setattr(usage.sys, "platform", "darwin")
    monkeypatch.setattr(usage, "open", lambda *_, **__: pytest.fail("/proc is read"), raising=False)
    assert watched._state() == "S"


@pytest.mark.skipif(not scheduling().runs, reason="the kernel does not tell")
def test_a_thread_that_runs_is_said_to_run() -> None:
    assert Usage(0.5)._state() == "R"


def test_a_collection_in_another_thread_is_not_the_main_threads(
    readings: Readings, watched: Usage
) -> None:
    thread = threading.Thread(target=collected, args=(watched, "start"))
    thread.start()
    thread.join()
    readings.now += 1.0
    readings.cpu += 0.75
    assert watched.since_last() == (1.0, 0.75, 0.0, 0.0)
