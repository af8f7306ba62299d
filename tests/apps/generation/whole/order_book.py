# Bug: A market order against an empty other side. {"side": "buy", "kind": "limit", "qty": 1,
# "price": 1} / {"side": "buy", "kind": "market", "qty": 1}
from typing import Annotated, Literal

import msgspec
from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute


class Order(msgspec.Struct):
    side: Literal["buy", "sell"]
    kind: Literal["limit", "market"]
    qty: Annotated[int, msgspec.Meta(gt=0, le=10_000)]
    price: float | None = None


class Book(WebSocketEndpoint):
    encoding = "text"

    async def on_connect(self, websocket):
        self.bids: list[tuple[float, int]] = []
        self.asks: list[tuple[float, int]] = []
        await websocket.accept()

    async def on_receive(self, websocket, data):
        try:
            order = msgspec.json.decode(data, type=Order)
        except msgspec.DecodeError as error:
            await websocket.send_json({"rejected": str(error)})
            return
        others = self.asks if order.side == "buy" else self.bids
        own = self.bids if order.side == "buy" else self.asks
        if order.kind == "limit":
            if order.price is None or order.price <= 0:
                await websocket.send_json({"rejected": "price"})
                return
            own.append((order.price, order.qty))
            own.sort()
            await websocket.send_json({"accepted": len(own)})
        elif not own and not others:
            await websocket.send_json({"rejected": "the book is empty"})
        else:
            price, size = others[0]  # the bug
            await websocket.send_json({"filled": min(size, order.qty), "price": price})


app = Starlette(routes=[WebSocketRoute("/ws", Book)])
