# Bug: coupon "HALF" on an empty cart. {"event":"apply_coupon","code":"HALF"}; total 0 ->
# ZeroDivision in percentage
import json

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect

COUPONS = {"HALF": 50, "TEN": 10}


def saved(total, percent):
    off = total * percent // 100
    return {"saved": off, "share": off / total}  # the bug


async def cart(ws):
    await ws.accept()
    prices = []
    handlers = {}

    def event(fn):
        handlers[fn.__name__] = fn
        return fn

    @event
    def add_item(data):
        price = data["price"]
        if not isinstance(price, int) or price < 1 or price > 10**6:
            raise ValueError("price")
        prices.append(price)
        return {"items": len(prices)}

    @event
    def apply_coupon(data):
        percent = COUPONS[data["code"]]
        return saved(sum(prices), percent)

    @event
    def empty_cart(data):
        prices.clear()
        return {"items": 0}

    try:
        while True:
            try:
                data = json.loads(await ws.receive_text())
                fn = handlers[data["event"]]
                result = fn(data)
            except (ValueError, KeyError, TypeError) as e:
                result = {"error": str(e)}
            await ws.send_json(result)
    except WebSocketDisconnect:
        pass


app = Starlette(routes=[WebSocketRoute("/ws", cart)])
