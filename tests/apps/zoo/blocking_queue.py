"""A thread's queue, in a coroutine: it waits with the whole loop."""

import queue

from litestar import Litestar, websocket_listener

answers: queue.Queue[str] = queue.Queue()


@websocket_listener("/answers")
async def answer(data: str) -> str:
    if data == "next":
        return answers.get()
    return "say next"


litestar_app = Litestar([answer])
