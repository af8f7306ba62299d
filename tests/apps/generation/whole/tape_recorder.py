# Bug: Rewinding a tape of speed 0. {"load": {"speed": 0}} {"rewind": {}}
"""A tape recorder: each frame has one of several members, which says what to do."""

from pydantic import BaseModel, Field, ValidationError, model_validator
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute


class Load(BaseModel):
    speed: int = Field(ge=0, le=76)


class Play(BaseModel):
    seconds: int = Field(gt=0, le=3600)


class Rewind(BaseModel):
    pass


class Frame(BaseModel):
    load: Load | None = None
    play: Play | None = None
    rewind: Rewind | None = None

    @model_validator(mode="after")
    def one_of_them(self):
        if len(self.model_fields_set) != 1:
            raise ValueError("one of load, play, rewind")
        return self


async def recorder(websocket):
    await websocket.accept()
    speed, wound = None, 0
    async for text in websocket.iter_text():
        try:
            frame = Frame.model_validate_json(text)
        except ValidationError:
            await websocket.send_json({"error": "frame"})
            continue
        if frame.load is not None:
            speed, wound = frame.load.speed, 0
            await websocket.send_json({"loaded": speed})
        elif speed is None:
            await websocket.send_json({"error": "no tape"})
        elif frame.play is not None:
            wound += frame.play.seconds * speed
            await websocket.send_json({"wound": wound})
        else:
            await websocket.send_json({"seconds": wound / speed})  # the bug


app = Starlette(routes=[WebSocketRoute("/ws", recorder)])
