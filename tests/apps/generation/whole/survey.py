# Bug: submit before any answer given. begin -> submit(session)
import uuid

import msgspec
from litestar import Litestar, WebSocket, websocket
from litestar.exceptions import WebSocketDisconnect


class Envelope(msgspec.Struct):
    verb: str
    body: dict = {}


class Session:
    def __init__(self, topic):
        self.topic = topic
        self.scores = []

    def result(self):
        return round(sum(self.scores) / len(self.scores), 2)  # the bug


class Surveys:
    def __init__(self):
        self.sessions = {}

    def begin(self, body):
        sid = uuid.uuid4().hex
        self.sessions[sid] = Session(body.get("topic"))
        return {"session": sid}

    def answer(self, body):
        s = self.sessions.get(body.get("session"))
        score = body.get("score")
        if s is None or not isinstance(score, int) or not 1 <= score <= 5:
            return {"problem": "session or score"}
        s.scores.append(score)
        return {"count": len(s.scores)}

    def submit(self, body):
        s = self.sessions.get(body.get("session"))
        if s is None:
            return {"problem": "session"}
        return {"result": s.result()}


@websocket("/ws")
async def survey(socket: WebSocket) -> None:
    await socket.accept()
    surveys = Surveys()
    verbs = {
        "survey:begin": surveys.begin,
        "survey:answer": surveys.answer,
        "survey:submit": surveys.submit,
    }
    try:
        while True:
            try:
                env = msgspec.json.decode(await socket.receive_text(), type=Envelope)
            except (msgspec.DecodeError, UnicodeError):
                await socket.send_json({"problem": "decode"})
                continue
            handler = verbs.get(env.verb)
            try:
                await socket.send_json(handler(env.body) if handler else {"problem": "verb"})
            except TypeError:
                await socket.send_json({"problem": "types"})
    except WebSocketDisconnect:
        pass


app = Litestar([survey])
