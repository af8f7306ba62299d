from pathlib import Path

import pytest

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.graphql.sdl import schema_in
from pytest_routes.generate.messages import message_source
from pytest_routes.generate.registry import WrongMessage
from pytest_routes.routes.model import Route
from pytest_routes.simulator.transcript import Transcript

SDL = "type Query { temperatureOutside: Int }\ntype Subscription { doorBell: String }\n"


def test_operations_are_of_the_schema_in_the_file(tmp_path: Path) -> None:
    file = tmp_path / "schema.graphql"
    file.write_text(SDL)
    route = Route(kind="websocket", path="/graphql")
    source = message_source(route, kinds=("graphql",), sdl=file)
    choices = RandomChoices(1)
    said = " ".join(str(source.message(choices, Transcript()).data) for _ in range(300))
    assert "temperatureOutside" in said
    assert "doorBell" in said


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "expected a file with a GraphQL schema"), ("type {", "expected a GraphQL schema")],
)
def test_a_file_that_cannot_be_used_is_named(
    tmp_path: Path, content: str | None, told: str
) -> None:
    file = tmp_path / "schema.graphql"
    if content is not None:
        file.write_text(content)
    with pytest.raises(WrongMessage) as raised:
        schema_in(file)
    assert str(raised.value).startswith(f"websocket.graphql_schema: {file}: {told}")
