"""Binary protocols."""

from __future__ import annotations

import struct

import msgpack
from starlette.websockets import WebSocket, WebSocketDisconnect

from apps.generation import Bug
from apps.generation.starlette_json import application

HEADER = struct.Struct(">BH")


async def frames(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            data = await websocket.receive_bytes()
            if len(data) < HEADER.size:
                continue
            opcode, length = HEADER.unpack(data[:3])
            if opcode == 3 and length > 1000:
                raise Bug("longer than the buffer")
            await websocket.send_bytes(data[3:4])
    except WebSocketDisconnect:
        pass


async def magic(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        async for data in websocket.iter_bytes():
            if data[:4] != b"PRTS":
                await websocket.send_bytes(b"?")
                continue
            if len(data) > 4 and data[4] == 2:
                raise Bug("version 2 was never released")
    except WebSocketDisconnect:
        pass


async def opcodes(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            data = await websocket.receive_bytes()
            if not data:
                continue
            match data[0]:
                case 0x01:
                    await websocket.send_bytes(b"\x81")
                case 0x9C:
                    raise Bug("an opcode without a handler")
    except WebSocketDisconnect:
        pass


async def truncated(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            data = await websocket.receive_bytes()
            if data.startswith(b"LEN"):
                try:
                    (length,) = struct.unpack_from("<I", data, 3)
                except struct.error:
                    raise Bug("cut off") from None
                await websocket.send_bytes(bytes([length % 256]))
    except WebSocketDisconnect:
        pass


async def packed(websocket: WebSocket) -> None:
    await websocket.accept()
    try:
        while True:
            data = await websocket.receive_bytes()
            try:
                message = msgpack.unpackb(data)
            except Exception:
                continue
            if isinstance(message, dict) and message.get("cmd") == "flush":
                raise Bug("nothing to flush")
    except WebSocketDisconnect:
        pass


APPS = {
    handler.__name__: application(handler)
    for handler in (frames, magic, opcodes, truncated, packed)
}
