"""pandera schemas from declarations."""

from __future__ import annotations

import pandera.errors
import polars as pl
import pytest

from traincost.columns import Column, Table
from traincost.schemas import schema_of

TABLE = Table(
    name="x",
    layer="test",
    meaning="X.",
    grain="One row per x.",
    key=("id",),
    columns=(
        Column("id", "id", pattern=r"^[a-z]+$"),
        Column("colour", "colour", allowed=("red", "blue"), optional=True),
        Column("usd", "price", kind="number", unit="USD", above=0, at_most=25),
    ),
)
GOOD = {"id": ["a", "b"], "colour": ["red", None], "usd": [25.0, 0.01]}


def failures(**columns: list) -> list[tuple]:
    with pytest.raises(pandera.errors.SchemaErrors) as errors:
        schema_of(TABLE).validate(pl.DataFrame(GOOD | columns), lazy=True)
    return errors.value.failure_cases.select("column", "check", "index").rows()


def test_good_rows_pass() -> None:
    frame = pl.DataFrame(GOOD)
    assert schema_of(TABLE).validate(frame, lazy=True).equals(frame)


@pytest.mark.parametrize(
    ("column", "values", "check"),
    [
        ("id", ["a", "B"], "must match ^[a-z]+$"),
        ("id", ["a", None], "not_nullable"),
        ("colour", ["red", "green"], "must be one of: red, blue"),
        ("usd", [1.0, 0.0], "must be greater than 0"),
        ("usd", [1.0, 25.01], "must be at most 25 USD"),
    ],
)
def test_a_bad_value_is_named_with_what_must_hold_and_its_row(column, values, check) -> None:
    assert failures(**{column: values}) == [(column, check, 1)]


def test_another_type_or_column_is_refused() -> None:
    assert failures(usd=[1, 2])[0][0] == "usd"
    assert failures(extra=[1, 2])


def test_all_failures_come_at_once() -> None:
    found = failures(id=["A", "B"], usd=[-1.0, 1.0])
    assert len(found) == 3
