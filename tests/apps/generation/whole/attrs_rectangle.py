# Bug: Rectangle area with unit lookup: unit "ft" is accepted by the validator but not in the table.
import json

import attrs
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect

FACTORS = {"m": 1.0, "cm": 0.01, "in": 0.0254}


@attrs.define
class Rectangle:
    width: float = attrs.field(
        validator=[attrs.validators.instance_of((int, float)), attrs.validators.gt(0)]
    )
    height: float = attrs.field(
        validator=[attrs.validators.instance_of((int, float)), attrs.validators.gt(0)]
    )
    unit: str = attrs.field(validator=attrs.validators.in_(["m", "cm", "in", "ft"]))

    def area(self):
        return self.width * self.height * FACTORS[self.unit] ** 2  # the bug


async def geometry(ws):
    await ws.accept()
    try:
        while True:
            try:
                body = json.loads(await ws.receive_text())
                shape = Rectangle(**body)
            except (TypeError, ValueError):
                await ws.send_json({"error": "not a rectangle"})
                continue
            try:
                await ws.send_json({"area": shape.area()})
            except OverflowError:
                await ws.send_json({"error": "huge"})
    except WebSocketDisconnect:
        pass


app = Starlette(routes=[WebSocketRoute("/ws", geometry)])
