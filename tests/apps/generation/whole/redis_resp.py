# Bug: LPOP on a list emptied before. "LPUSH k v", "LPOP k", "LPOP k"
import shlex

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


class Db:
    def __init__(self):
        self.lists = {}

    def cmd_lpush(self, key, value):
        self.lists.setdefault(key, []).insert(0, value)
        return f":{len(self.lists[key])}"

    def cmd_lpop(self, key):
        if key not in self.lists:
            return "$-1"
        return "+" + self.lists[key].pop(0)  # the bug

    def cmd_llen(self, key):
        return f":{len(self.lists.get(key, ()))}"


@app.websocket("/ws")
async def redis(ws: WebSocket):
    await ws.accept()
    db = Db()
    try:
        while True:
            line = await ws.receive_text()
            try:
                name, *args = shlex.split(line)
            except ValueError:
                await ws.send_text("-ERR parse")
                continue
            command = getattr(db, "cmd_" + name.lower(), None)
            if command is None:
                await ws.send_text("-ERR unknown")
                continue
            try:
                reply = command(*args)
            except TypeError:
                reply = "-ERR arguments"
            await ws.send_text(reply)
    except WebSocketDisconnect:
        pass
