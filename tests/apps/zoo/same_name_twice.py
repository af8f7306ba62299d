"""Two tabs of one user share a name, and the second to go finds its entry gone."""

from urllib.parse import parse_qs

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

online: dict[str, WebSocket] = {}
fastapi_app = FastAPI()


@fastapi_app.websocket("/presence")
async def presence(websocket: WebSocket, name: str = "anonymous") -> None:
    await websocket.accept()
    online[name] = websocket
    try:
        while True:
            await websocket.receive_text()
            await websocket.send_json({"online": sorted(online)})
    except WebSocketDisconnect:
        del online[name]


sessions = {}


async def raw_app(scope, receive, send):
    assert scope["type"] == "websocket"
    query = parse_qs(scope["query_string"].decode("latin-1"))
    name = query.get("name", ["anonymous"])[0]
    await receive()
    await send({"type": "websocket.accept"})
    sessions[name] = send
    while (await receive())["type"] == "websocket.receive":
        await send({"type": "websocket.send", "text": str(len(sessions))})
    sessions.pop(name)
