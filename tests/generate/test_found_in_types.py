"""What is said of a text of a declared type in which the source finds something."""

from __future__ import annotations

import re
from typing import Any

from generate.saying import share
from pydantic import BaseModel, Field

MARK = re.compile(r"#(\w+)#")


class Label(BaseModel):
    text: str = Field(max_length=200)
    copies: int = 1


async def _labels(ws: Any) -> None:
    while True:
        label = Label.model_validate_json(await ws.receive_text())
        await ws.send_text(str(MARK.findall(label.text)))


def test_what_is_found_in_a_member_is_often_in_it_and_not_always() -> None:
    marked = share(_labels, lambda data: MARK.search(data) is not None)
    assert 0.1 < marked < 0.5
