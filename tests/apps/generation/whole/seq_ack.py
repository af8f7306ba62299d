# Bug: an ack for a number that was never sent by the server but within the window: publish, ack
# n+1.
import json

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect


async def stream(ws):
    await ws.accept()
    seq = 100
    pending = {}
    try:
        while True:
            raw = await ws.receive_text()
            try:
                frame = json.loads(raw)
            except ValueError:
                await ws.close(4000)
                return
            if not isinstance(frame, dict):
                await ws.close(4001)
                return
            if frame.get("t") == "pub":
                seq += 1
                pending[seq] = frame.get("d")
                await ws.send_json({"t": "msg", "seq": seq, "d": frame.get("d")})
            elif frame.get("t") == "ack":
                n = frame.get("seq")
                if type(n) is not int or n < 101 or n > seq:
                    await ws.send_json({"t": "err", "why": "bad seq"})
                else:
                    del pending[n]  # the bug
                    await ws.send_json({"t": "acked", "seq": n})
            else:
                await ws.send_json({"t": "err", "why": "unknown"})
    except WebSocketDisconnect:
        pass


app = Starlette(routes=[WebSocketRoute("/ws", stream)])
