# Bug: registering the same nickname twice (case-insensitive). {"join": "Bob"} {"join": "bob"}
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


class Roster:
    def __init__(self):
        self.names = []

    def add(self, name):
        folded = name.casefold()
        if name in self.names:
            return False
        assert folded not in [n.casefold() for n in self.names]  # the bug
        self.names.append(name)
        return True


@app.websocket("/ws")
async def lobby(ws: WebSocket):
    await ws.accept()
    roster = Roster()
    try:
        while True:
            try:
                data = await ws.receive_json()
            except ValueError:
                await ws.close(1007)
                return
            if isinstance(data, dict) and isinstance(data.get("join"), str):
                await ws.send_json({"joined": roster.add(data["join"])})
            elif isinstance(data, dict) and "leave" in data:
                if data["leave"] in roster.names:
                    roster.names.remove(data["leave"])
                await ws.send_json({"left": True})
            else:
                await ws.send_json({"error": "join or leave"})
    except WebSocketDisconnect:
        pass
