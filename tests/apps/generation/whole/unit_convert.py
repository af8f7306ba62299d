# Bug: Converting between units of different dimensions. 1 km in kg
import re

UNITS = {
    "m": ("length", 1),
    "km": ("length", 1000),
    "mi": ("length", 1609),
    "g": ("mass", 1),
    "kg": ("mass", 1000),
    "s": ("time", 1),
    "min": ("time", 60),
}
PATTERN = re.compile(
    r"(?P<amount>-?\d+(?:\.\d+)?)\s*(?P<source>[a-z]+) (?:in|to) (?P<target>[a-z]+)"
)


def convert(text):
    found = PATTERN.fullmatch(text)
    if found is None:
        return "say: 5 km in mi"
    if found["source"] not in UNITS:
        return f"unknown unit {found['source']}"
    if found["target"] not in UNITS:
        return f"unknown unit {found['target']}"
    dimension, factor = UNITS[found["source"]]
    other, divisor = UNITS[found["target"]]
    if dimension != other:
        raise ArithmeticError(f"{dimension} is not {other}")  # the bug
    return str(float(found["amount"]) * factor / divisor)


async def app(scope, receive, send):
    if scope["type"] != "websocket":
        return
    assert (await receive())["type"] == "websocket.connect"
    await send({"type": "websocket.accept"})
    while (event := await receive())["type"] == "websocket.receive":
        reply = convert(event.get("text") or "")
        await send({"type": "websocket.send", "text": reply})
