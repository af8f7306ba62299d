# Bug: a second "resume" without pause uses None. auth(pin 4821) -> resume

from starlette.applications import Starlette
from starlette.endpoints import WebSocketEndpoint
from starlette.routing import WebSocketRoute

PIN = "4821"


class Player(WebSocketEndpoint):
    encoding = "text"

    async def on_connect(self, websocket):
        await websocket.accept()
        self.allowed = False
        self.paused_at = None
        self.volume = 50

    async def on_receive(self, websocket, data):
        verb, _, rest = data.partition(" ")
        method = getattr(self, f"do_{verb.lower()}", None) if verb.isalpha() else None
        if method is None:
            await websocket.send_text("? " + verb[:10])
            return
        if not self.allowed and verb.lower() != "auth":
            await websocket.send_text("locked")
            return
        await websocket.send_text(str(method(rest)))

    def do_auth(self, rest):
        self.allowed = rest.strip() == PIN
        return self.allowed

    def do_pause(self, _):
        self.paused_at = 1.0
        return "paused"

    def do_resume(self, _):
        gap = 2.0 - self.paused_at  # the bug
        self.paused_at = None
        return f"resumed {gap}"

    def do_volume(self, rest):
        if not rest.isdecimal() or len(rest) > 3:
            return "volume 0..100"
        self.volume = int(rest)
        return self.volume


app = Starlette(routes=[WebSocketRoute("/ws", Player)])
