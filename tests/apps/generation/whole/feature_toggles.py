# Bug: A rollout of 0 percent: the bucket is taken modulo the percentage. {"define": {"flag": "f",
# "rollout": 0}} / {"evaluate": {"flag": "f", "user": "u"}}
import json
import zlib

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute


def define(flags, body):
    name, rollout = body["flag"], body.get("rollout", 100)
    if not isinstance(name, str) or not isinstance(rollout, int):
        raise TypeError("flag and rollout")
    if rollout < 0 or rollout > 100:
        raise ValueError("rollout is a percentage")
    flags[name] = rollout
    return sorted(flags)


def evaluate(flags, body):
    rollout = flags.get(body["flag"])
    if rollout is None:
        return False
    bucket = zlib.crc32(str(body["user"]).encode("utf-8", "replace"))
    return bucket % rollout < 50  # the bug


def remove(flags, body):
    return flags.pop(body["flag"], None) is not None


async def toggles(ws):
    await ws.accept()
    flags = {}
    async for text in ws.iter_text():
        try:
            message = json.loads(text)
            if "define" in message:
                answer = define(flags, message["define"])
            elif "evaluate" in message:
                answer = evaluate(flags, message["evaluate"])
            elif "remove" in message:
                answer = remove(flags, message["remove"])
            else:
                answer = None
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            answer = repr(error)
        await ws.send_json(answer)


app = Starlette(routes=[WebSocketRoute("/ws", toggles)])
