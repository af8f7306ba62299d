"""Names of others, where an application does not take the client's own."""

from __future__ import annotations

import json
from typing import Any

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.messages import message_source
from pytest_routes.routes.model import Route
from pytest_routes.simulator.conversation import Handshake, Message
from pytest_routes.simulator.transcript import Answered, Opened, Sent, Transcript

players: dict[str, Any] = {}


class Player:
    def __init__(self) -> None:
        self.name = ""


async def _tags(ws: Any) -> None:
    me = Player()
    while True:
        data = json.loads(await ws.receive_text())
        if data["do"] == "enter":
            me.name = data["player"]
            players[me.name] = ws
        elif data["do"] == "tag":
            if data["player"] not in players or data["player"] == me.name:
                await ws.send_text("error: nobody to tag")
                continue
            print(data["player"])


def test_a_client_names_others_rather_than_itself() -> None:
    source = message_source(Route(kind="websocket", path="/ws", handler=_tags))
    tagged = []
    for seed in range(300):
        transcript = Transcript()
        for client, name in ((1, "ida"), (0, "joe")):
            opened = Opened(time=0, client=client, handshake=Handshake("/ws"))
            entered = Message("text", json.dumps({"do": "enter", "player": name}))
            told = Message("text", json.dumps({"player": name}))
            transcript.events += [
                opened,
                Sent(time=0, client=client, message=entered, index=1),
                Answered(time=0, client=client, message=told),
            ]
        message = source.message(RandomChoices(seed), transcript, 0)
        try:
            said = json.loads(message.data)
        except (ValueError, RecursionError):
            continue
        if isinstance(said, dict) and said.get("do") == "tag":
            tagged.append(said.get("player"))
    assert tagged.count("ida") > 2 * tagged.count("joe")
    assert tagged.count("joe")
