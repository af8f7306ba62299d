# Bug: A SUBSCRIBE (8) before CONNECT (1) is refused, but an UNSUBSCRIBE of an unknown topic
# crashes. b 010000 / b 0a000161
import struct
from enum import IntEnum

from fastapi import FastAPI, WebSocket, WebSocketDisconnect

app = FastAPI()


class Kind(IntEnum):
    CONNECT = 1
    PUBLISH = 3
    SUBSCRIBE = 8
    UNSUBSCRIBE = 10
    PINGREQ = 12


@app.websocket("/ws")
async def mqtt(ws: WebSocket):
    await ws.accept()
    connected = False
    topics: set[bytes] = set()
    try:
        while True:
            packet = await ws.receive_bytes()
            if len(packet) < 3:
                await ws.send_bytes(b"\xff\x01")
                continue
            kind, length = struct.unpack(">BH", packet[:3])
            body = packet[3:]
            if len(body) != length:
                await ws.send_bytes(b"\xff\x02")
                continue
            try:
                kind = Kind(kind)
            except ValueError:
                await ws.send_bytes(b"\xff\x03")
                continue
            if kind is Kind.CONNECT:
                connected = True
                await ws.send_bytes(b"\x02\x00")
            elif not connected:
                await ws.send_bytes(b"\xff\x04")
            elif kind is Kind.SUBSCRIBE:
                topics.add(body)
                await ws.send_bytes(b"\x09" + bytes([len(topics)]))
            elif kind is Kind.UNSUBSCRIBE:
                if not body:
                    await ws.send_bytes(b"\xff\x05")
                    continue
                topics.remove(body)  # the bug
                await ws.send_bytes(b"\x0b\x00")
            elif kind is Kind.PINGREQ:
                await ws.send_bytes(b"\x0d\x00")
            else:
                await ws.send_bytes(b"\x04\x00")
    except WebSocketDisconnect:
        pass
