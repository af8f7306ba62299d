from __future__ import annotations

import pytest


@pytest.mark.usefixtures("empty_board")
def test_websocket(websocket_route) -> None:
    result = websocket_route.test()
    assert result.connections >= result.sequences
