"""Times, numbers and items of one value that belong together."""

from __future__ import annotations

import datetime as dt
from typing import Annotated, Any

import pytest
from pydantic import AwareDatetime, BaseModel, Field

from pytest_routes.generate.choices import RandomChoices
from pytest_routes.generate.schema import maker_for
from pytest_routes.generate.schema.moments import bring_together


class Meeting(BaseModel):
    start: dt.datetime
    title: str
    end: dt.datetime | None = None


class Stay(BaseModel):
    arrival: dt.date
    departure: dt.date


class Window(BaseModel):
    opens: AwareDatetime
    closes: AwareDatetime


class Mixed(BaseModel):
    local: dt.datetime
    absolute: AwareDatetime
    day: dt.date


class Term(BaseModel):
    begins: Annotated[dt.date, Field(ge=dt.date(2024, 1, 1), le=dt.date(2024, 1, 5))]
    ends: Annotated[dt.date, Field(ge=dt.date(2024, 1, 1), le=dt.date(2024, 1, 5))]


def drawn(annotation: Any, count: int = 2_000) -> list[dict[str, Any]]:
    make, choices = maker_for(annotation), RandomChoices(1)
    return [make(choices) for _ in range(count)]


@pytest.mark.parametrize(
    ("annotation", "names", "within"),
    [
        (Meeting, ("start", "end"), dt.timedelta(hours=8)),
        (Stay, ("arrival", "departure"), dt.timedelta(days=30)),
        (Window, ("opens", "closes"), dt.timedelta(hours=8)),
    ],
)
def test_an_end_comes_soon_after_its_beginning_in_the_same_style(
    annotation: type[BaseModel], names: tuple[str, str], within: dt.timedelta
) -> None:
    soon = styles = 0
    for value in drawn(annotation):
        try:
            model = annotation.model_validate(value)
        except ValueError:  # a date beyond what Python has
            continue
        begin, end = (getattr(model, name) for name in names)
        if end is None:
            continue
        zones = {getattr(moment, "tzinfo", None) is None for moment in (begin, end)}
        styles += len(zones) == 1
        soon += len(zones) == 1 and dt.timedelta() < end - begin <= within
    assert soon > styles / 5


def test_times_of_other_kinds_are_left_alone() -> None:
    for value in drawn(Mixed):
        zone = dt.datetime.fromisoformat(value["absolute"]).tzinfo
        assert zone is not None
        assert len(value["day"]) == 10


def test_times_within_bounds_stay_there() -> None:
    assert {each["ends"] for each in drawn(Term)} <= {f"2024-01-0{day}" for day in range(1, 6)}


class Always:
    """Chooses the last of what there is."""

    def index(self, count: int) -> int:
        return count - 1


@pytest.mark.parametrize("begin", ["2024-01-01T00:00:60Z", "0001-01-01T00:30:00"])
def test_a_time_that_python_cannot_move_stays(begin: str) -> None:
    value = {"start": begin, "end": "2024-01-01T00:00:00"}
    bring_together(value, "date-time", ("start", "end"), Always())  # type: ignore[arg-type]
    assert value == {"start": begin, "end": "2024-01-01T00:00:00"}


def test_each_comes_after_the_one_before_it() -> None:
    value = {"a": "2024-01-01", "b": None, "c": "2100-01-01", "d": "1970-01-01"}
    bring_together(value, "date", ("a", "b", "c", "d"), Always())  # type: ignore[arg-type]
    assert value == {"a": "2024-01-01", "b": None, "c": "2023-12-31", "d": "2023-12-30"}


class Order(BaseModel):
    quantity: int = Field(ge=0, le=99)
    level: int


def test_nothing_is_ordered_more_often_than_any_other_number() -> None:
    values = drawn(Order)
    for name in ("quantity", "level"):
        zeros = sum(each[name] == 0 for each in values) / len(values)
        assert 0.07 < zeros < 0.2


def test_a_quantity_that_must_be_positive_is() -> None:
    class Positive(BaseModel):
        quantity: int = Field(gt=0)

    assert all(each["quantity"] > 0 for each in drawn(Positive))


class Weights(BaseModel):
    weights: dict[str, int]
    names: list[str]


def test_all_values_of_a_collection_are_sometimes_the_same() -> None:
    several = [v for v in drawn(Weights) if len(v["weights"]) > 1 and len(v["names"]) > 2]
    same_weights = sum(len(set(v["weights"].values())) == 1 for v in several)
    same_names = sum(len(set(v["names"])) == 1 for v in several)
    assert len(several) > 200
    assert 0.1 < same_weights / len(several) < 0.35
    assert 0.1 < same_names / len(several) < 0.35


def test_the_items_of_a_set_differ() -> None:
    class Tags(BaseModel):
        tags: set[str]

    assert all(len(set(v["tags"])) == len(v["tags"]) for v in drawn(Tags))
