"""How large the messages of a thousand sequences are, beside the size that is allowed.

    python tests/benchmarks/sizes.py [SEQUENCES]

For each kind of message and each `max_message_size`, prints the largest message in bytes on the
wire, and its share of what is allowed. Ends with status 1 when one is larger, or when the largest
text or binary message is below nine tenths.
"""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from typing import TYPE_CHECKING, Any

from pytest_routes.config.model import Config
from pytest_routes.generate.conversation import DrawnScript
from pytest_routes.generate.messages import message_source
from pytest_routes.routes.model import Route
from pytest_routes.search import item_seed, search
from pytest_routes.simulator.server import Server
from pytest_routes.simulator.transcript import Sent, Transcript
from pytest_routes.websocket.engine import Engine, Limits
from pytest_routes.websocket.examine import plan_for

if TYPE_CHECKING:
    from pytest_routes.generate.choices import Choices
    from pytest_routes.simulator.conversation import MessageKind

SIZES = (1, 16, 1_000, 65_536, 1_000_000)
KINDS: tuple[MessageKind, ...] = ("text", "bytes", "json")
NEAR = 0.9


async def sink(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "websocket":
        return
    await receive()
    await send({"type": "websocket.accept"})
    while (await receive())["type"] != "websocket.disconnect":
        pass


def largest(kind: MessageKind, size: int, sequences: int) -> int:
    """Bytes of the largest message of so many sequences."""
    config = Config(
        app="apps:app", max_examples=sequences, websocket={"enabled": True, "paths": ["/ws"]}
    )
    route = Route("websocket", "/ws", handler=None)
    plan = plan_for(route, config, message_source(route, kinds=(kind,), max_size=size))
    found = 0

    def observe(transcript: Transcript) -> None:
        nonlocal found
        found = max(found, *(event.message.size for event in transcript.of(Sent)), 0)

    server = Server()
    with server.on_duty():
        server.start(sink)
        engine = Engine(server, Limits())

        def trial(choices: Choices) -> Transcript:
            return engine.run(DrawnScript(choices, plan))

        search(
            trial,
            lambda _: [],
            lambda finding, *_: finding,
            examples=sequences,
            seed=item_seed(1, kind),
            observe=observe,
        )
        server.stop()
    server.close()
    return found


def main() -> int:
    sequences = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000
    failed = 0
    print(f"{'kind':6} {'allowed':>9} {'largest':>9} {'share':>6}")
    for kind in KINDS:
        for size in SIZES:
            found = largest(kind, size, sequences)
            failed += found > size or (kind != "json" and found < NEAR * size)
            print(f"{kind:6} {size:9,} {found:9,} {found / size:6.2f}")
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main())
