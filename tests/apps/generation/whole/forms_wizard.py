# Bug: Going back from the first step. {"step": "start"} / {"step": "back"}
from typing import NotRequired, TypedDict

from litestar import Litestar
from litestar.handlers import WebsocketListener

STEPS = ["name", "age", "address", "done"]


class Input(TypedDict):
    step: str
    value: NotRequired[str]


class Wizard(WebsocketListener):
    path = "/ws"

    def on_accept(self) -> None:
        self.position = None

    def on_receive(self, data: Input) -> dict:
        step = data["step"]
        if step == "start":
            self.position = 0
            return {"ask": STEPS[0]}
        if self.position is None:
            return {"error": "start first"}
        if step == "next":
            if not data.get("value"):
                return {"error": "a value"}
            self.position = min(self.position + 1, len(STEPS) - 1)
        elif step == "back":
            self.position -= 1
            if self.position < 0:
                raise IndexError("there is nothing before the first step")  # the bug
        else:
            return {"error": "step"}
        return {"ask": STEPS[self.position]}


app = Litestar([Wizard])
