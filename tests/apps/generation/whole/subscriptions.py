# Bug: The second subscription of the same channel, unsubscribed twice. {"type":
# "connection_init"} / {"type": "subscribe", "id": "1", "channel": "news"} / {"type":
# "unsubscribe", "id": "1"} / {"type": "subscribe", "id": "1", "channel": "news"}
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()
CHANNELS = frozenset({"news", "sport", "weather"})


class Connection:
    def __init__(self, ws: WebSocket):
        self.ws = ws
        self.ready = False
        self.active: dict[str, str] = {}
        self.used: set[str] = set()

    async def error(self, reason: str) -> None:
        await self.ws.send_json({"type": "error", "reason": reason})

    async def handle(self, message: dict) -> None:
        kind = message.get("type")
        if kind == "connection_init":
            self.ready = True
            await self.ws.send_json({"type": "connection_ack"})
            return
        if not self.ready:
            await self.error("init first")
            return
        identity = message.get("id")
        if not isinstance(identity, str) or not identity:
            await self.error("id")
            return
        if kind == "subscribe":
            if message.get("channel") not in CHANNELS:
                await self.error("channel")
            elif identity in self.active:
                await self.error("in use")
            else:
                if identity in self.used:
                    raise RuntimeError("an id was used again")  # the bug
                self.used.add(identity)
                self.active[identity] = message["channel"]
                await self.ws.send_json({"type": "subscribed", "id": identity})
        elif kind == "unsubscribe":
            gone = self.active.pop(identity, None)
            await self.ws.send_json({"type": "unsubscribed", "id": identity, "was": gone})
        else:
            await self.error("type")


@app.websocket("/ws")
async def endpoint(ws: WebSocket):
    await ws.accept()
    connection = Connection(ws)
    try:
        while True:
            message = await ws.receive_json()
            if isinstance(message, dict):
                await connection.handle(message)
            else:
                await connection.error("object")
    except (WebSocketDisconnect, ValueError):
        pass
