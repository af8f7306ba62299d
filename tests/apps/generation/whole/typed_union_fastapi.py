# Bug: Resize of a window with zero height -> aspect ratio; discriminator compare by
# message.type strings
from typing import Annotated, Literal

from fastapi import FastAPI, WebSocket, WebSocketDisconnect
from pydantic import BaseModel, Field, RootModel, ValidationError


class OpenWindow(BaseModel):
    type: Literal["open_window"]
    title: str


class Resize(BaseModel):
    type: Literal["resize"]
    window: int
    width: int = Field(ge=0, le=4096)
    height: int = Field(ge=0, le=4096)


class Shut(BaseModel):
    type: Literal["shut"]
    window: int


class ClientMessage(RootModel[Annotated[OpenWindow | Resize | Shut, Field(discriminator="type")]]):
    pass


app = FastAPI()


@app.websocket("/ws")
async def desktop(ws: WebSocket):
    await ws.accept()
    windows: dict[int, str] = {}
    try:
        while True:
            try:
                message = ClientMessage.model_validate_json(await ws.receive_text()).root
            except ValidationError:
                await ws.send_json({"type": "invalid"})
                continue
            if message.type == "open_window":
                number = 10 + len(windows)
                windows[number] = message.title
                await ws.send_json({"type": "opened", "window": number})
            elif message.type == "resize":
                if message.window in windows:
                    aspect = message.width / message.height  # the bug
                    await ws.send_json({"type": "resized", "aspect": aspect})
                else:
                    await ws.send_json({"type": "no_window"})
            elif message.type == "shut":
                windows.pop(message.window, None)
                await ws.send_json({"type": "shut"})
    except WebSocketDisconnect:
        pass
