# Bug: A fence whose west is greater than its east, then a position report. {"@": "fence", "west":
# 1, "east": 0} / {"@": "position", "lon": 0, "lat": 0}
from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, Field, ValidationError

app = FastAPI()


class Fence(BaseModel):
    west: float = Field(ge=-180, le=180)
    east: float = Field(ge=-180, le=180)


class Position(BaseModel):
    lon: float = Field(ge=-180, le=180)
    lat: float = Field(ge=-90, le=90)


@app.websocket("/ws")
async def track(ws: WebSocket):
    await ws.accept()
    fence = None
    try:
        while True:
            data = await ws.receive_json()
            try:
                kind = data.pop("@")
                if kind == "fence":
                    fence = Fence.model_validate(data)
                    await ws.send_json({"fence": "set"})
                elif kind == "position":
                    position = Position.model_validate(data)
                    if fence is None:
                        await ws.send_json({"inside": None})
                        continue
                    width = fence.east - fence.west
                    if width < 0:
                        raise ArithmeticError("the fence is inside out")  # the bug
                    await ws.send_json({"inside": fence.west <= position.lon <= fence.east})
                else:
                    await ws.send_json({"error": "kind"})
            except (ValidationError, KeyError, TypeError, AttributeError):
                await ws.send_json({"error": "invalid"})
    except (WebSocketDisconnect, ValueError):
        pass
