"""What is advised fits what has happened."""

from __future__ import annotations

import asyncio

import pytest
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from checks.conversing import Leave, Wait, accepting, conversation, found, opened, said
from pytest_routes.checks import CATALOGUE, advice

CRASH = CATALOGUE["message_handler_error"]


def advised(app, *steps):
    (finding,) = found(app, opened(), *steps)
    return finding.check, advice(finding)


async def listens(receive):
    while (await receive())["type"] != "websocket.disconnect":
        pass


@accepting
async def crashes_on_a_message(receive, send):
    await receive()
    raise ValueError


@accepting
async def crashes_at_once(receive, send):
    raise ValueError


@accepting
async def crashes_in_a_task(receive, send):
    async def heartbeat():
        await asyncio.sleep(15)
        raise ValueError

    task = asyncio.create_task(heartbeat())
    await listens(receive)
    task.cancel()


@accepting
async def crashes_after_closing(receive, send):
    await receive()
    await send({"type": "websocket.close"})
    raise ValueError


@accepting
async def closes_after_crashing(receive, send):
    try:
        await crashes_on_a_message_itself(receive)
    finally:
        await send({"type": "websocket.close"})


async def crashes_on_a_message_itself(receive):
    await receive()
    raise ValueError


@accepting
async def crashes_without_noticing_the_end(receive, send):
    await receive()
    await asyncio.sleep(1)
    raise ValueError


@accepting
async def iterates_over_what_changes(receive, send):
    await receive()
    clients = {1: 1}
    for client in clients:
        del clients[client]


@accepting
async def crashes_as_if_it_were_iterating(receive, send):
    await receive()
    raise ValueError("Set changed size during iteration")


@accepting
async def crashes_with_a_runtime_error(receive, send):
    await receive()
    raise RuntimeError("no room")


@accepting
async def says_at_once_that_it_failed(receive, send):
    await send({"type": "websocket.close", "code": 1011})


@pytest.mark.parametrize(
    ("app", "steps"),
    [
        (crashes_on_a_message, (said("a"),)),
        (closes_after_crashing, (said("a"),)),
        (crashes_as_if_it_were_iterating, (said("a"),)),
        (crashes_with_a_runtime_error, (said("a"),)),
        (says_at_once_that_it_failed, ()),
    ],
    ids=lambda value: getattr(value, "__qualname__", ""),
)
def test_a_crash_on_a_message_is_advised_on_as_the_catalogue_says(app, steps):
    check, told = advised(app, *steps)
    assert check == "message_handler_error"
    assert (told.matters, told.fix) == (CRASH.matters, CRASH.fix)


@pytest.mark.parametrize(
    ("app", "steps", "matters", "fix"),
    [
        (crashes_at_once, (), "before it has said anything", "before accepting"),
        (crashes_at_once, (Wait(31),), "before it has said anything", "before accepting"),
        (crashes_in_a_task, (Wait(31),), "The connection stays open", "in the task"),
        (crashes_after_closing, (said("a"),), "closed on purpose", "Leave the loop"),
        (
            crashes_without_noticing_the_end,
            (said("a", settle=False), Leave(0)),
            "Clients leave at any moment",
            CRASH.fix,
        ),
        (iterates_over_what_changes, (said("a"),), CRASH.matters, "Iterate over a copy"),
    ],
    ids=lambda value: getattr(value, "__qualname__", ""),
)
def test_another_crash_is_advised_on_as_it_came_about(app, steps, matters, fix):
    check, told = advised(app, *steps)
    assert check == "message_handler_error"
    assert matters in told.matters
    assert fix in told.fix


audience = []


async def sends_to_all(websocket):
    await websocket.accept()
    audience.append(websocket)
    async for text in websocket.iter_text():
        for member in audience:
            await member.send_text(text)


def test_a_send_to_somebody_else_who_has_gone_is_not_the_message_that_was_sent():
    app = Starlette(routes=[WebSocketRoute("/ws", sends_to_all)])
    audience.clear()
    conversation(app, opened(), Leave(0))
    for expected in ("WebSocketDisconnect", "RuntimeError"):  # the second time Starlette knows
        (finding,) = found(app, opened(), said("a"))
        assert finding.check == "message_handler_error"
        assert expected in {each.__name__ for each in type(finding.exception).__mro__}
        told = advice(finding)
        assert "is disconnected because of somebody else" in told.matters
        assert "another client's" in told.fix


@accepting
async def stops_reading(receive, send):
    await receive()
    await asyncio.Event().wait()


def test_other_checks_are_advised_on_as_the_catalogue_says():
    check, told = advised(stops_reading, said("a"))
    assert check == "message_timeout"
    assert (told.matters, told.fix) == (CATALOGUE[check].matters, CATALOGUE[check].fix)


kept = asyncio.Semaphore(1)


@accepting
async def keeps_the_lock(receive, send):
    while (await receive())["type"] == "websocket.receive":
        await kept.acquire()


@accepting
async def fills_the_queue(receive, send):
    queue = asyncio.Queue(maxsize=1)
    while (await receive())["type"] == "websocket.receive":
        await queue.put(1)


@pytest.mark.parametrize(
    ("app", "fix"),
    [
        (keeps_the_lock, "Release it on every way out"),
        (fills_the_queue, "nothing takes from it any more"),
    ],
    ids=["lock", "queue"],
)
def test_a_hang_is_advised_on_by_what_is_waited_for(app, fix):
    check, told = advised(app, said("a"), said("b"))
    assert check == "message_timeout"
    assert told.matters == CATALOGUE[check].matters
    assert fix in told.fix


@accepting
async def waits_for_its_turn(receive, send):
    loop, turn = asyncio.get_running_loop(), asyncio.Lock()
    while (await receive())["type"] == "websocket.receive":
        await turn.acquire()
        loop.call_later(60, turn.release)


def test_a_lock_that_is_only_late_is_advised_on_as_the_catalogue_says():
    check, told = advised(waits_for_its_turn, said("a"), said("b"))
    assert check == "message_timeout"
    assert (told.matters, told.fix) == (CATALOGUE[check].matters, CATALOGUE[check].fix)


def test_a_race_of_two_clients_is_advised_on() -> None:
    free = {"seat"}

    async def takes(websocket):
        await websocket.accept()
        async for text in websocket.iter_text():
            if text in free:
                await asyncio.sleep(0.1)
                free.remove(text)
            await websocket.send_text("ok")

    app = Starlette(routes=[WebSocketRoute("/ws", takes)])
    both = (opened(), opened(1))
    (finding,) = found(app, *both, said("seat", settle=False), said("seat", 1))
    assert finding.check == "message_handler_error"
    assert advice(finding).fix.startswith("Two clients' messages were handled at once: ")
    assert advice(finding).matters == CRASH.matters
    free.add("seat")
    free_again = found(app, *both, said("seat"), said("other", 1))
    assert free_again == []


def test_a_crash_of_two_clients_one_after_the_other_is_no_race() -> None:
    seen = set()

    async def once(websocket):
        await websocket.accept()
        async for text in websocket.iter_text():
            if text in seen:
                raise KeyError(text)
            seen.add(text)
            await websocket.send_text("ok")

    app = Starlette(routes=[WebSocketRoute("/ws", once)])
    (finding,) = found(app, opened(), opened(1), said("a"), said("a", 1))
    assert advice(finding).fix == CRASH.fix
