"""Two clients take the same thing while the server still waits for the first one's payment."""

import asyncio

from litestar import Litestar
from litestar import WebSocket as LitestarWebSocket
from litestar import websocket as litestar_websocket
from litestar.exceptions import WebSocketDisconnect
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket as StarletteWebSocket

PRICES = {"stalls": 40, "circle": 60, "box": 120}
for_sale = dict(PRICES)


async def charge(amount: int) -> str:
    await asyncio.sleep(0.2)
    return f"receipt for {amount}"


async def buy(websocket: StarletteWebSocket) -> None:
    await websocket.accept()
    bought: list[str] = []
    try:
        async for text in websocket.iter_text():
            if text not in PRICES:
                await websocket.send_json({"error": "no such place"})
            elif text not in for_sale:
                await websocket.send_json({"error": "sold"})
            else:
                receipt = await charge(PRICES[text])
                del for_sale[text]
                bought.append(text)
                await websocket.send_json({"bought": text, "receipt": receipt})
    finally:
        for_sale.update({place: PRICES[place] for place in bought})


starlette_app = Starlette(routes=[WebSocketRoute("/tickets", buy)])
waiting = ["build", "deploy"]


@litestar_websocket("/jobs")
async def litestar_work(socket: LitestarWebSocket) -> None:
    await socket.accept()
    mine: list[str] = []
    try:
        while True:
            match (await socket.receive_text()).split(maxsplit=1):
                case ["claim", job] if job in waiting:
                    await asyncio.sleep(1)  # another service has to agree
                    waiting.remove(job)
                    mine.append(job)
                    await socket.send_json({"claimed": job})
                case ["waiting"]:
                    await socket.send_json({"waiting": waiting})
                case _:
                    await socket.send_json({"error": "claim JOB, or waiting"})
    except WebSocketDisconnect:
        pass
    finally:
        waiting.extend(mine)


litestar_app = Litestar([litestar_work])
