# Bug: "renew" with the token twice: hello -> token; renew(token) -> renew(same token)
import json
import secrets

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


@app.websocket("/ws")
async def tickets(ws: WebSocket):
    await ws.accept()
    live: dict[str, int] = {}
    used: set[str] = set()
    try:
        while True:
            try:
                message = json.loads(await ws.receive_text())
                action = message["action"]
            except (ValueError, KeyError, TypeError):
                await ws.send_json({"status": "malformed"})
                continue
            if action == "hello":
                token = secrets.token_hex(8)
                live[token] = 0
                await ws.send_json({"status": "ok", "session": {"token": token}})
            elif action == "renew":
                token = message.get("token")
                if not isinstance(token, str) or (token not in live and token not in used):
                    await ws.send_json({"status": "unknown token"})
                    continue
                count = live.pop(token)  # the bug
                used.add(token)
                await ws.send_json({"status": "ok", "count": count})
            else:
                await ws.send_json({"status": "unknown action"})
    except WebSocketDisconnect:
        pass
