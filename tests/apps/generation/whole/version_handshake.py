# Bug: hello with version 1 has no session table. {"op":"hello","version":1} then {"op":"ping"}
import json

from litestar import Litestar, WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect

MIN_VERSION, MAX_VERSION = 1, 3
CODECS = {2: "json", 3: "msgpack"}


@websocket("/ws")
async def handshake(socket: WebSocket) -> None:
    await socket.accept()
    version = None
    try:
        while True:
            try:
                data = json.loads(await socket.receive_text())
                op = data["op"]
            except (ValueError, KeyError, TypeError):
                await socket.send_json({"op": "error"})
                continue
            if version is None:
                wanted = data.get("version")
                if (
                    op != "hello"
                    or type(wanted) is not int
                    or not MIN_VERSION <= wanted <= MAX_VERSION
                ):
                    await socket.close(code=4400)
                    return
                version = wanted
                await socket.send_json({"op": "welcome", "version": version})
            elif op == "ping":
                await socket.send_json({"op": "pong", "codec": CODECS[version]})  # the bug
            elif op == "bye":
                await socket.close()
                return
            else:
                await socket.send_json({"op": "error"})
    except WebSocketDisconnect:
        pass


app = Litestar([handshake])
