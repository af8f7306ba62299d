# Bug: averaging an empty series. {"action":"series.create","name":"a"}
# {"action":"series.mean","name":"a"}
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()
ROUTES = {}


def on(action):
    def register(fn):
        ROUTES[action] = fn
        return fn

    return register


@on("series.create")
async def create(state, body):
    name = body["name"]
    if not isinstance(name, str):
        raise TypeError("name")
    state.setdefault(name, [])
    return {"created": name}


@on("series.append")
async def append(state, body):
    state[body["name"]].append(float(body["value"]))
    return {"size": len(state[body["name"]])}


@on("series.mean")
async def mean(state, body):
    values = state[body["name"]]
    return {"mean": sum(values) / len(values)}  # the bug


@on("series.drop")
async def drop(state, body):
    del state[body["name"]]
    return {"dropped": True}


@app.websocket("/ws")
async def metrics(ws: WebSocket):
    await ws.accept()
    state = {}
    try:
        while True:
            try:
                body = await ws.receive_json()
            except ValueError:
                await ws.send_json({"error": "json"})
                continue
            if (
                not isinstance(body, dict)
                or not isinstance(body.get("action"), str)
                or body["action"] not in ROUTES
            ):
                await ws.send_json({"error": "action"})
                continue
            try:
                await ws.send_json(await ROUTES[body["action"]](state, body))
            except (KeyError, TypeError, ValueError) as e:
                await ws.send_json({"error": repr(e)})
    except WebSocketDisconnect:
        pass
