# Bug: Turning left from north: the index of the heading is never wrapped. {"cmd": "place", "x":
# 0, "y": 0, "facing": "N"} / {"cmd": "left"} / {"cmd": "move"}
from typing import TypedDict

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()
HEADINGS = ["N", "E", "S", "W"]
STEPS = {0: (0, 1), 1: (1, 0), 2: (0, -1), 3: (-1, 0)}
SIZE = 5


class Position(TypedDict):
    x: int
    y: int
    heading: int


@app.websocket("/ws")
async def rover(ws: WebSocket):
    await ws.accept()
    position: Position | None = None
    try:
        while True:
            data = await ws.receive_json()
            cmd = data.get("cmd") if isinstance(data, dict) else None
            if cmd == "place":
                x, y, facing = data.get("x"), data.get("y"), data.get("facing")
                if x not in range(SIZE) or y not in range(SIZE) or facing not in HEADINGS:
                    await ws.send_json({"ok": False})
                    continue
                position = {"x": x, "y": y, "heading": HEADINGS.index(facing)}
            elif position is None:
                await ws.send_json({"ok": False, "hint": "place first"})
                continue
            elif cmd == "right":
                position["heading"] = (position["heading"] + 1) % 4
            elif cmd == "left":
                position["heading"] -= 1
            elif cmd == "move":
                dx, dy = STEPS[position["heading"]]  # the bug
                if 0 <= position["x"] + dx < SIZE and 0 <= position["y"] + dy < SIZE:
                    position["x"] += dx
                    position["y"] += dy
            else:
                await ws.send_json({"ok": False})
                continue
            await ws.send_json({"ok": True, "position": position})
    except (WebSocketDisconnect, ValueError, TypeError):
        pass
