# Bug: TLV with a length longer than the rest: struct.unpack of a short buffer. tag 0x02 needs 4
# bytes.
import struct

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()
TAG_NAME = 0x01
TAG_COUNT = 0x02
TAG_END = 0x7F


def records(data):
    offset = 0
    while offset + 2 <= len(data):
        tag, length = struct.unpack_from(">BB", data, offset)
        yield tag, data[offset + 2 : offset + 2 + length]
        offset += 2 + length


@app.websocket("/ws")
async def tlv(ws: WebSocket):
    await ws.accept()
    try:
        while True:
            data = await ws.receive_bytes()
            result = {}
            for tag, value in records(data):
                if tag == TAG_NAME:
                    result["name"] = value.decode("utf-8", "replace")
                elif tag == TAG_COUNT:
                    (result["count"],) = struct.unpack(">I", value)  # the bug
                elif tag == TAG_END:
                    break
            await ws.send_json(result)
    except WebSocketDisconnect:
        pass
