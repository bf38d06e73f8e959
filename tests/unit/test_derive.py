"""Derived columns, filled from their declarations."""

from __future__ import annotations

import csv
import io
from fractions import Fraction

import polars as pl
import pytest

from traincost import printed
from traincost.columns import Column, Table
from traincost.derive import aggregate, derive, finish
from traincost.errors import UserError
from unit.world import standard, text_of


def number(name: str, **more) -> Column:
    return Column(name, f"the {name}", kind="number", **more)


TABLE = Table(
    name="bills",
    layer="test",
    meaning="Bills.",
    grain="One row per bill.",
    key=("bill_id",),
    columns=(
        Column("bill_id", "id"),
        number("hours", interval=True),
        number("usd"),
        number("cost", interval=True, optional=True, formula="hours * usd"),
        number("rate", optional=True, formula="cost / hours"),
    ),
)
SUMS = Table(
    name="sums",
    layer="test",
    meaning="Sums.",
    grain="One row per group.",
    key=("group",),
    columns=(
        Column("group", "id"),
        number("cost", interval=True, optional=True, formula="sum(cost)"),
        number("twice", optional=True, formula="cost * 2"),
    ),
)


def bills(**columns: list) -> pl.DataFrame:
    plain = {"bill_id": ["a", "b"], "hours": [10.0, 20.0], "hours_low": [9.0, 20.0]}
    return pl.DataFrame(plain | {"hours_high": [11.0, 20.0], "usd": [2.0, 3.0]} | columns)


def test_a_formula_may_read_what_an_earlier_one_made() -> None:
    row = derive(bills(), TABLE).row(0, named=True)
    assert (row["cost"], row["cost_low"], row["cost_high"]) == (20, 18, 22)
    assert row["rate"] == 2
    assert "rate_low" not in row, "no interval is declared for it"


def test_only_the_named_columns_are_filled() -> None:
    assert derive(bills(), TABLE, only=("cost",)).columns[-3:] == ["cost", "cost_low", "cost_high"]


def test_dividing_by_zero_is_refused_with_the_row_and_its_inputs() -> None:
    zero = bills(hours=[10.0, 0.0], hours_low=[9.0, 0.0], hours_high=[11.0, 0.0])
    with pytest.raises(UserError) as refused:
        derive(zero.with_columns(cost=pl.lit(5.0)), TABLE, only=("rate",))
    assert str(refused.value) == (
        "test/bills: rate = cost / hours is infinite for b with {'cost': 5.0, 'hours': 0.0};"
        " a divisor must not be zero"
    )
    with pytest.raises(UserError, match="rate = cost / hours is not a number for b"):
        derive(zero, TABLE)


def test_a_missing_input_is_a_missing_value() -> None:
    row = derive(bills(usd=[None, 3.0]), TABLE).row(0, named=True)
    assert row["cost"] is row["cost_low"] is row["rate"] is None


def test_a_sum_is_never_partial_and_never_zero_for_nothing() -> None:
    names = ("cost", "cost_low", "cost_high")
    members = pl.DataFrame(
        {"group": ["all", "all", "some", "some", "none"]}
        | {name: [1.0, 2.0, 1.0, None, None] for name in names}
    )
    found = aggregate(members, ["group"], SUMS)
    assert found.select("group", "cost").rows() == [("all", 3.0), ("none", None), ("some", None)]
    assert found["cost_low"].to_list() == [3.0, None, None]
    assert "twice" not in found.columns, "not a sum"


def test_finish_orders_types_and_sorts() -> None:
    frame = derive(bills(), TABLE).sort("bill_id", descending=True).with_columns(extra=pl.lit(1))
    found = finish(frame, TABLE)
    assert found.schema == pl.Schema(TABLE.schema())
    assert found["bill_id"].to_list() == ["a", "b"]


def printed_hours(run: str) -> list[list[Fraction]]:
    """Low, value and high of the GPU-hours of a run's stages, from the text of the data file."""
    rows = csv.DictReader(io.StringIO(text_of("data/stages.csv")))
    texts = [row["gpu_hours_printed"] for row in rows if row["run_id"] == run]
    assert len(texts) == 3 and all(text.endswith("K") for text in texts)
    half = Fraction(1, 2)
    return [[1000 * (int(text[:-1]) + off) for off in (-half, 0, half)] for text in texts]


def total(run: str) -> list[Fraction]:
    return [sum(column) for column in zip(*printed_hours(run), strict=True)]


HEADLINES = [
    ("r1", [291_000, 294_000, 297_000]),
    ("v3", [5_573_000, 5_576_000, 5_579_000]),
    ("v3-r1", [5_864_000, 5_870_000, 5_876_000]),
]


@pytest.mark.parametrize(("scope", "by_hand"), HEADLINES)
def test_the_headlines_are_two_dollars_times_the_printed_hours(scope: str, by_hand: list) -> None:
    runs = {"r1": ["r1"], "v3": ["v3"], "v3-r1": ["r1", "v3"]}[scope]
    wanted = [2 * sum(column) for column in zip(*(total(run) for run in runs), strict=True)]
    assert wanted == by_hand
    row = standard()["estimates.scopes"].row(
        by_predicate=(pl.col("scope_id") == scope) & (pl.col("book_id") == "deepseek-2usd"),
        named=True,
    )
    assert [row["cost_usd_low"], row["cost_usd"], row["cost_usd_high"]] == by_hand


def test_r1_from_gpus_and_hours_is_294672() -> None:
    # 512 GPUs; 198 and 80 hours with a whole step each way, 5K with half a step
    hours = [512 * (198 + side) + 5_000 + side * 500 + 512 * (80 + side) for side in (-1, 0, 1)]
    by_hand = [2 * value for value in hours]
    assert by_hand == [291_624, 294_672, 297_720]
    row = standard()["estimates.scopes"].row(
        by_predicate=(pl.col("scope_id") == "r1") & (pl.col("book_id") == "deepseek-2usd"),
        named=True,
    )
    names = [f"cost_unrounded_usd{bound}" for bound in ("_low", "", "_high")]
    assert [row[name] for name in names] == by_hand
    assert row["cost_unrounded_usd_low"] <= printed.measured("294K").value


def test_shares_do_not_widen_by_repetition() -> None:
    row = standard()["estimates.shares"].row(
        by_predicate=(pl.col("scope_id") == "v3-r1")
        & (pl.col("member_id") == "r1")
        & (pl.col("book_id") == "deepseek-2usd"),
        named=True,
    )
    r1, v3 = total("r1"), total("v3")
    exact = [r1[0] / (r1[0] + v3[2]), r1[1] / (r1[1] + v3[1]), r1[2] / (r1[2] + v3[0])]
    found = [row[f"share{bound}"] for bound in ("_low", "", "_high")]
    assert found == pytest.approx([float(share) for share in exact], rel=1e-14)
