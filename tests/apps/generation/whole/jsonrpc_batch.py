# Bug: An empty batch after `session.open`. {"jsonrpc": "2.0", "id": 1, "method": "session.open",
# "params": {"name": "n"}} / []
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()

PARSE_ERROR, INVALID_REQUEST, METHOD_NOT_FOUND, INVALID_PARAMS = -32700, -32600, -32601, -32602


class Session:
    name: str | None = None

    def session_open(self, name: str) -> dict:
        self.name = name
        return {"name": name}

    def session_close(self) -> bool:
        self.name = None
        return True

    def math_sum(self, *terms: int) -> int:
        return sum(terms)


def failure(id_, code):
    return {"jsonrpc": "2.0", "id": id_, "error": {"code": code}}


def call(session: Session, request) -> dict:
    if not isinstance(request, dict) or request.get("jsonrpc") != "2.0":
        return failure(None, INVALID_REQUEST)
    method = getattr(session, str(request.get("method")).replace(".", "_"), None)
    if not callable(method):
        return failure(request.get("id"), METHOD_NOT_FOUND)
    params = request.get("params", {})
    try:
        result = method(**params) if isinstance(params, dict) else method(*params)
    except TypeError:
        return failure(request.get("id"), INVALID_PARAMS)
    return {"jsonrpc": "2.0", "id": request.get("id"), "result": result}


@app.websocket("/ws")
async def rpc(ws: WebSocket):
    await ws.accept()
    session = Session()
    try:
        while True:
            try:
                request = await ws.receive_json()
            except ValueError:
                await ws.send_json(failure(None, PARSE_ERROR))
                continue
            if isinstance(request, list):
                if session.name is None:
                    await ws.send_json(failure(None, INVALID_REQUEST))
                    continue
                answers = [call(session, one) for one in request]
                longest = max(len(str(answer)) for answer in answers)  # the bug
                await ws.send_json({"batch": answers, "longest": longest})
            else:
                await ws.send_json(call(session, request))
    except WebSocketDisconnect:
        pass
