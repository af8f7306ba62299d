# Bug: unlock with a stale fence token. lock(name) -> fence; unlock(name, fence) -> unlock(name,
# fence)
import json

from litestar import Litestar, WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect


@websocket("/ws")
async def locks(socket: WebSocket) -> None:
    await socket.accept()
    held: dict[str, int] = {}
    ever: set[str] = set()
    fence = 900
    try:
        while True:
            try:
                op, name, *_rest = json.loads(await socket.receive_text())
            except (ValueError, TypeError):
                await socket.send_json(["err", "op name"])
                continue
            if not isinstance(name, str):
                await socket.send_json(["err", "name"])
            elif op == "lock":
                if name in held:
                    await socket.send_json(["busy", held[name]])
                    continue
                fence += 1
                held[name] = fence
                ever.add(name)
                await socket.send_json(["locked", fence])
            elif op == "unlock":
                if name not in ever:
                    await socket.send_json(["err", "never locked"])
                    continue
                owner = held.pop(name)  # the bug
                await socket.send_json(["unlocked", owner])
            else:
                await socket.send_json(["err", "op"])
    except WebSocketDisconnect:
        pass


app = Litestar([locks])
