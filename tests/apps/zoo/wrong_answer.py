"""What is declared as the answer is not what comes."""

from typing import TypedDict

from litestar import Litestar, websocket_listener


class Score(TypedDict):
    player: str
    points: int


@websocket_listener("/score")
async def score(data: str) -> Score:
    player, _, points = data.partition("=")
    return {"player": player, "points": points}


litestar_app = Litestar([score])
