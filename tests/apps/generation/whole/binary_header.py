# Bug: opcode 3 (READ) with an index past the slots. !BHH: version 2, opcode, length + payload;
# slot index out of 16.
import struct

from starlette.applications import Starlette
from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocketDisconnect

HEADER = struct.Struct("!BBH")
VERSION = 2
OP_PING, OP_WRITE, OP_READ = 1, 2, 3


async def storage(ws):
    await ws.accept()
    slots = [b""] * 16
    try:
        while True:
            frame = await ws.receive_bytes()
            if len(frame) < HEADER.size:
                await ws.send_bytes(b"\xff")
                continue
            version, opcode, length = HEADER.unpack_from(frame)
            body = frame[HEADER.size :]
            if version != VERSION or length != len(body):
                await ws.send_bytes(b"\xfe")
            elif opcode == OP_PING:
                await ws.send_bytes(frame)
            elif opcode == OP_WRITE and body:
                slots[body[0] % 16] = body[1:]
                await ws.send_bytes(b"\x00")
            elif opcode == OP_READ and body:
                await ws.send_bytes(slots[body[0]])  # the bug
            else:
                await ws.send_bytes(b"\xfd")
    except WebSocketDisconnect:
        pass


app = Starlette(routes=[WebSocketRoute("/ws", storage)])
