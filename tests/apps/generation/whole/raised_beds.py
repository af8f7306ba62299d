# Bug: Digging up what was never watered: divides by the number of waterings. sow [r, c], dig [r, c]
"""Raised beds of a garden: a square is named by its row and column."""

import json

ROWS, COLUMNS = 6, 9


def square(value):
    if isinstance(value, list) and len(value) == 2 and all(type(n) is int for n in value):
        row, column = value
        if 0 <= row < ROWS and 0 <= column < COLUMNS:
            return row, column
    raise ValueError("no such square")


class Garden:
    def __init__(self):
        self.sown = {}

    def sow(self, where):
        if where in self.sown:
            raise ValueError("sown already")
        self.sown[where] = []
        return {"sown": len(self.sown)}

    def water(self, where, litres):
        if where not in self.sown:
            raise ValueError("nothing grows there")
        self.sown[where].append(litres)
        return {"litres": sum(self.sown[where])}

    def dig(self, where):
        if where not in self.sown:
            raise ValueError("nothing grows there")
        given = self.sown.pop(where)
        return {"mean": sum(given) / len(given)}  # the bug


def answer(garden, text):
    try:
        order = json.loads(text)
        if not isinstance(order, dict):
            raise ValueError("object expected")
        verb = order.get("verb")
        if verb not in ("sow", "water", "dig"):
            raise ValueError("no such verb")
        where = square(order.get("square"))
        if verb == "sow":
            return garden.sow(where)
        if verb == "dig":
            return garden.dig(where)
        litres = order.get("litres")
        plenty = isinstance(litres, int) and 0 < litres <= 20
        if not plenty:
            raise ValueError("litres")
        return garden.water(where, litres)
    except ValueError as error:
        return {"error": str(error)}


async def app(scope, receive, send):
    if scope["type"] != "websocket":
        return
    assert (await receive())["type"] == "websocket.connect"
    await send({"type": "websocket.accept"})
    garden = Garden()
    while (event := await receive())["type"] == "websocket.receive":
        reply = answer(garden, event.get("text") or "")
        await send({"type": "websocket.send", "text": json.dumps(reply)})
