"""Binary protocols."""

from __future__ import annotations

import struct

import msgpack
from starlette.websockets import WebSocket, WebSocketDisconnect

from apps.generation import Bug
from apps.generation.starlette_json import application

HEADER = struct.Struct(">BH")
BEACON = struct.Struct("<BHB")
BAD_FRAME, BAD_BUOY = b"\xf0", b"\xf1"


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


def _beacon(buoys: dict[int, int], frame: bytes) -> bytes:
    """What a buoy answers: kind, number, count, and so many depths of three bytes each."""
    kind, number, count = BEACON.unpack(frame[: BEACON.size])
    if len(frame) != BEACON.size + 3 * count:
        return BAD_FRAME
    if kind == 1:
        buoys[number] = count
        return b"\x01"
    if number not in buoys:
        return BAD_BUOY
    if kind == 2 and not buoys[number]:
        raise Bug("the depth of a buoy that has no depths")
    return bytes([kind])


async def beacons(websocket: WebSocket) -> None:
    await websocket.accept()
    buoys: dict[int, int] = {}
    try:
        async for frame in websocket.iter_bytes():
            known = len(frame) >= BEACON.size
            await websocket.send_bytes(_beacon(buoys, frame) if known else BAD_FRAME)
    except WebSocketDisconnect:
        pass


def _moored(berths: list[bytes], frame: bytes) -> bytes:
    width = int.from_bytes(frame[1:3], "little")
    name = frame[3 : 3 + width]
    if len(name) < width or frame[0] != 0x4D:
        return BAD_FRAME
    if not name or name in berths:
        return BAD_BUOY
    if len(berths) == 2:
        raise Bug("there are two berths")
    berths.append(name)
    return bytes([0x4D, len(berths)])


async def berths(websocket: WebSocket) -> None:
    await websocket.accept()
    taken: list[bytes] = []
    try:
        while True:
            frame = await websocket.receive_bytes()
            await websocket.send_bytes(_moored(taken, frame) if len(frame) > 2 else BAD_FRAME)
    except WebSocketDisconnect:
        pass


APPS = {
    handler.__name__: application(handler)
    for handler in (frames, magic, opcodes, truncated, packed, beacons, berths)
}
