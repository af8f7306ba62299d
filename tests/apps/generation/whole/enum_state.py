# Bug: START in the ready state with one player. join -> ready -> start -> move: index of opponent
import enum
import json

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect


class Step(enum.Enum):
    JOIN = "join-lobby"
    READY = "ready-up"
    START = "start-match"
    MOVE = "make-move"


class Phase(enum.Enum):
    LOBBY = 0
    READY = 1
    RUNNING = 2


class Match:
    def __init__(self):
        self.phase = Phase.LOBBY
        self.players = []
        self.board = [None] * 9

    def feed(self, step, data):
        if step is Step.JOIN:
            self.players.append(str(data.get("player", "anon")))
            return {"players": self.players}
        if step is Step.READY and self.players:
            self.phase = Phase.READY
            return {"phase": "ready"}
        if step is Step.START and self.phase is Phase.READY:
            self.phase = Phase.RUNNING
            return {"phase": "running"}
        if step is Step.MOVE and self.phase is Phase.RUNNING:
            cell = data.get("cell")
            if type(cell) is not int or cell < 0:
                return {"error": "cell"}
            self.board[cell] = self.players[0]  # the bug
            return {"board": self.board}
        return {"error": f"{step.value} not now"}


async def game(ws):
    await ws.accept()
    match = Match()
    try:
        async for text in ws.iter_text():
            try:
                data = json.loads(text)
                step = Step(data["step"])
            except (ValueError, KeyError, TypeError):
                await ws.send_json({"error": "step?"})
                continue
            await ws.send_json(match.feed(step, data))
    except WebSocketDisconnect:
        pass


app = Starlette(routes=[WebSocketRoute("/ws", game)])
