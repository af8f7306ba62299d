# Bug: leaving a spot that was taken before by the same client with zero minutes divides by zero.
# {"cmd": "enter", "plate": "x"} then {"cmd": "quote", "plate": "x", "minutes": 0}
import json

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect


async def parking(ws):
    await ws.accept()
    inside = {}
    try:
        while True:
            try:
                data = json.loads(await ws.receive_text())
            except ValueError:
                await ws.send_text("bad json")
                continue
            if not isinstance(data, dict):
                await ws.send_json({"error": "object expected"})
                continue
            cmd = data.get("cmd")
            plate = data.get("plate")
            if not isinstance(plate, str) or not plate:
                await ws.send_json({"error": "plate"})
            elif cmd == "enter":
                inside[plate] = 12
                await ws.send_json({"ok": plate})
            elif cmd == "quote":
                minutes = data.get("minutes")
                if plate not in inside:
                    await ws.send_json({"error": "not inside"})
                elif not isinstance(minutes, int) or minutes < 0:
                    await ws.send_json({"error": "minutes"})
                else:
                    await ws.send_json({"rate": inside[plate] / minutes})  # the bug
            elif cmd == "exit":
                inside.pop(plate, None)
                await ws.send_json({"bye": plate})
            else:
                await ws.send_json({"error": "unknown cmd"})
    except WebSocketDisconnect:
        pass


app = Starlette(routes=[WebSocketRoute("/ws", parking)])
