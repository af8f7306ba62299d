# Bug: /ws/{room}?mode=admin with "kick" of a user never seen in room "staff"
from fastapi import FastAPI, Query, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws/{room}")
async def chat(ws: WebSocket, room: str, mode: str = Query("user")):
    await ws.accept()
    members = {"root": 1}
    try:
        while True:
            try:
                message = await ws.receive_json()
                verb = message["verb"]
                who = str(message.get("who"))
            except (ValueError, KeyError, TypeError, AttributeError):
                await ws.send_json({"error": 1})
                continue
            if verb == "say":
                members[who] = 0
                await ws.send_json({"room": room})
            elif verb == "kick" and mode == "admin":
                del members[who]  # the bug
                await ws.send_json({"kicked": who})
            elif verb == "kick":
                await ws.send_json({"error": "admins only"})
            else:
                await ws.send_json({"error": "verb"})
    except WebSocketDisconnect:
        pass
