# Bug: Telemetry of a metric that the device did not register. {"kind": "register", "device": "d",
# "metrics": ["temp"]} / {"kind": "telemetry", "device": "d", "metric": "humidity", "value": 1}
import json

METRICS = ("temp", "humidity", "pressure", "battery")


class ProtocolError(Exception):
    pass


def need(message, key, type_):
    value = message.get(key)
    if not isinstance(value, type_) or isinstance(value, bool):
        raise ProtocolError(f"{key} must be {type_}")
    return value


class Registry:
    def __init__(self):
        self.devices = {}

    def handle(self, message):
        handler = {
            "register": self._register,
            "telemetry": self._telemetry,
            "unregister": self._unregister,
        }.get(need(message, "kind", str))
        if handler is None:
            raise ProtocolError("kind?")
        return handler(message)

    def _register(self, message):
        device = need(message, "device", str)
        metrics = need(message, "metrics", list)
        if not metrics or any(m not in METRICS for m in metrics):
            raise ProtocolError("no such metric")
        self.devices[device] = {metric: [] for metric in metrics}
        return {"registered": device}

    def _telemetry(self, message):
        device = self.devices.get(need(message, "device", str))
        if device is None:
            raise ProtocolError("not registered")
        metric = need(message, "metric", str)
        if metric not in METRICS:
            raise ProtocolError("no such metric")
        device[metric].append(need(message, "value", (int, float)))  # the bug
        return {"stored": len(device[metric])}

    def _unregister(self, message):
        return {"gone": self.devices.pop(need(message, "device", str), None) is not None}


async def app(scope, receive, send):
    if scope["type"] != "websocket":
        return
    registry = Registry()
    while True:
        event = await receive()
        match event["type"]:
            case "websocket.connect":
                await send({"type": "websocket.accept"})
            case "websocket.receive":
                try:
                    message = json.loads(event.get("text") or event.get("bytes") or "")
                    if not isinstance(message, dict):
                        raise ProtocolError("an object")
                    answer = registry.handle(message)
                except (ProtocolError, ValueError) as error:
                    answer = {"error": str(error)}
                await send({"type": "websocket.send", "text": json.dumps(answer)})
            case "websocket.disconnect":
                return
