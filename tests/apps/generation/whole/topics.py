# Bug: Publishing to a topic that contains a wildcard while subscribed. SUB a/+ / PUB a/+ x
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect


def matches(pattern, topic):
    want, have = pattern.split("/"), topic.split("/")
    for index, level in enumerate(want):
        if level == "#":
            return True
        if index >= len(have):
            return False
        if level != "+" and level != have[index]:
            return False
    return len(want) == len(have)


class Broker:
    def __init__(self):
        self.subscriptions = []

    def subscribe(self, pattern):
        if "#" in pattern and not pattern.endswith("#"):
            return "ERR # must be last"
        self.subscriptions.append(pattern)
        return f"OK {len(self.subscriptions)}"

    def unsubscribe(self, pattern):
        if pattern not in self.subscriptions:
            return "ERR not subscribed"
        self.subscriptions.remove(pattern)
        return f"OK {len(self.subscriptions)}"

    def publish(self, topic, payload):  # noqa: ARG002
        hits = [s for s in self.subscriptions if matches(s, topic)]
        if hits and ("+" in topic or "#" in topic):
            raise ValueError("wildcards in a published topic")  # the bug
        return f"OK {len(hits)}"


async def pubsub(ws):
    await ws.accept()
    broker = Broker()
    try:
        while True:
            line = await ws.receive_text()
            verb, _, rest = line.partition(" ")
            if verb == "SUB" and rest:
                reply = broker.subscribe(rest)
            elif verb == "UNSUB" and rest:
                reply = broker.unsubscribe(rest)
            elif verb == "PUB" and " " in rest:
                topic, payload = rest.split(" ", 1)
                reply = broker.publish(topic, payload)
            elif verb == "PING":
                reply = "PONG"
            else:
                reply = "ERR"
            await ws.send_text(reply)
    except (WebSocketDisconnect, KeyError):
        pass


app = Starlette(routes=[WebSocketRoute("/ws", pubsub)])
