# Bug: Changing the vote after the poll was closed is counted against an option that lost it.
# {"method": "poll/create", "params": {"options": ["a", "b"]}} / {"method": "poll/close",
# "params": {"poll": 1}} / {"method": "poll/vote", "params": {"poll": 1, "option": "a"}}
import json

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute


class Router:
    def __init__(self):
        self.routes = {}

    def route(self, name):
        def decorator(fn):
            self.routes[name] = fn
            return fn

        return decorator

    async def dispatch(self, state, message):
        fn = self.routes.get(message.get("method"))
        if fn is None:
            return {"error": {"code": 404}}
        return await fn(state, **message.get("params", {}))


router = Router()


@router.route("poll/create")
async def create(state, options):
    if not isinstance(options, list) or len(options) < 2:
        return {"error": {"code": 422}}
    if len(set(options)) != len(options):
        return {"error": {"code": 409}}
    state["polls"].append(dict.fromkeys(options, 0))
    return {"result": {"poll": len(state["polls"])}}


@router.route("poll/vote")
async def vote(state, poll, option):
    if poll not in range(1, len(state["polls"]) + 1):
        return {"error": {"code": 404}}
    counts = state["polls"][poll - 1]
    if counts is None:
        return {"result": counts[option]}  # the bug
    if option not in counts:
        return {"error": {"code": 404}}
    counts[option] += 1
    return {"result": {"votes": counts[option]}}


@router.route("poll/close")
async def close(state, poll):
    if poll not in range(1, len(state["polls"]) + 1):
        return {"error": {"code": 404}}
    counts, state["polls"][poll - 1] = state["polls"][poll - 1], None
    return {"result": counts}


async def endpoint(ws):
    await ws.accept()
    state = {"polls": []}
    while True:
        event = await ws.receive()
        if event["type"] != "websocket.receive":
            return
        text = event.get("text") or ""
        try:
            message = json.loads(text)
            missing = [k for k in ("method",) if k not in message]
        except (ValueError, TypeError):
            await ws.send_json({"error": {"code": 400}})
            continue
        if missing or not isinstance(message, dict):
            await ws.send_json({"error": {"code": 400}})
            continue
        answer = None
        failure = None
        try:
            answer = await router.dispatch(state, message)
        except (KeyError, AttributeError) as error:
            failure = error
        except TypeError as error:
            if "subscriptable" in str(error):
                raise
            failure = error
        await ws.send_json(answer if failure is None else {"error": {"code": 500}})


app = Starlette(routes=[WebSocketRoute("/ws", endpoint)])
