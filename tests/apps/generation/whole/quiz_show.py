# Bug: The host reveals a question that nobody answered: division by zero. {"op": "join", "nick":
# "a"} / {"op": "ask", "question": "q", "options": ["a", "b"]} / {"op": "reveal"}
from fastapi import FastAPI, WebSocket
from starlette.websockets import WebSocketDisconnect

app = FastAPI()
MIN_OPTIONS, MAX_OPTIONS = 2, 6


@app.websocket("/ws")
async def quiz(ws: WebSocket) -> None:
    await ws.accept()
    nick = None
    options: list[str] = []
    votes: dict[str, int] = {}
    try:
        while True:
            msg = await ws.receive_json()
            if not isinstance(msg, dict):
                await ws.close(1003)
                return
            match msg:
                case {"op": "join", "nick": str(name)} if 0 < len(name) <= 20:
                    nick = name
                    await ws.send_json({"joined": nick})
                case {"op": "ask", "question": str(), "options": list(choices)}:
                    if nick is None:
                        await ws.send_json({"error": "join first"})
                    elif not MIN_OPTIONS <= len(choices) <= MAX_OPTIONS:
                        await ws.send_json({"error": "between 2 and 6 options"})
                    else:
                        options, votes = choices, {}
                        await ws.send_json({"asked": len(options)})
                case {"op": "answer", "choice": int(index)} if options:
                    if 0 <= index < len(options):
                        votes[nick] = index
                    await ws.send_json({"answers": len(votes)})
                case {"op": "reveal"} if options:
                    share = 100 // len(votes)  # the bug
                    await ws.send_json({"share": share})
                    options = []
                case _:
                    await ws.send_json({"error": "not understood"})
    except (WebSocketDisconnect, ValueError, KeyError):
        pass
