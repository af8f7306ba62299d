# Bug: A delete that reaches past the end after an insert. {"v": 0, "ops": [["ins", 0, "abc"]]} /
# {"v": 1, "ops": [["del", 0, 4]]}
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


class Document:
    def __init__(self):
        self.text, self.version = "", 0

    def apply(self, version, ops):
        if version != self.version:
            raise ValueError(f"expected version {self.version}")
        text = self.text
        for name, position, argument in ops:
            if not isinstance(position, int) or not 0 <= position <= len(text):
                raise ValueError("position")
            if name == "ins":
                if not isinstance(argument, str):
                    raise ValueError("text")
                text = text[:position] + argument + text[position:]
            elif name == "del":
                if not isinstance(argument, int) or argument < 1:
                    raise ValueError("length")
                removed = text[position : position + argument]
                if text and len(removed) != argument:
                    raise RuntimeError("deleted past the end")  # the bug
                text = text[:position] + text[position + argument :]
            else:
                raise ValueError(name)
        self.text = text
        self.version += 1


@app.websocket("/ws")
async def edit(socket: WebSocket):
    await socket.accept()
    document = Document()
    while True:
        try:
            message = await socket.receive_json()
            document.apply(message["v"], message["ops"])
            await socket.send_json({"v": document.version, "length": len(document.text)})
        except WebSocketDisconnect:
            break
        except (ValueError, TypeError, KeyError) as error:
            await socket.send_json({"error": str(error), "v": document.version})
