# Bug: entering a protected room without a password: hmac of None. create(room, password) ->
# enter(room)
import hashlib
import json

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect


def digest(password):
    return hashlib.sha256(password.encode("utf-8", "replace")).hexdigest()  # the bug


async def rooms(ws):
    await ws.accept()
    existing = {}
    try:
        while True:
            try:
                packet = json.loads(await ws.receive_text())
                cmd, args = packet["cmd"], packet["args"]
                room = args["room"]
            except (ValueError, KeyError, TypeError):
                await ws.send_json({"error": "packet"})
                continue
            if not isinstance(room, str):
                await ws.send_json({"error": "room"})
            elif cmd == "create":
                password = args.get("password")
                existing[room] = digest(password) if isinstance(password, str) else None
                await ws.send_json({"created": room})
            elif cmd == "enter":
                if room not in existing:
                    await ws.send_json({"error": "no room"})
                elif existing[room] is None or existing[room] == digest(args.get("password")):
                    await ws.send_json({"entered": room})
                else:
                    await ws.send_json({"error": "password"})
            else:
                await ws.send_json({"error": "cmd"})
    except WebSocketDisconnect:
        pass


app = Starlette(routes=[WebSocketRoute("/ws", rooms)])
