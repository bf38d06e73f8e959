"""Printed totals against the stages."""

from __future__ import annotations

import math

import polars as pl
import pytest

from traincost.checks import check_totals
from traincost.columns import bounded
from traincost.declarations import DATA_FILES
from unit.world import standard

STAGES = pl.DataFrame(
    {
        "stage_id": ["a", "b", "open"],
        "gpu_hours": [100.0, 50.0, 10.0],
        "gpu_hours_low": [90.0, 45.0, 10.0],
        "gpu_hours_high": [110.0, 55.0, math.inf],
    }
)


def check(
    quantity: str,
    printed: tuple,
    stage_ids: str = "b a",
    tokens: tuple = (None, None, None),
    stated: float | None = None,
) -> dict:
    """The check of one printed figure; figures as value, low, high."""
    row = {
        "check_id": "c",
        "stage_ids": stage_ids,
        "quantity": quantity,
        **dict(zip(bounded("printed"), printed, strict=True)),
        **dict(zip(bounded("tokens"), tokens, strict=True)),
        "stated_usd_per_gpu_hour": stated,
    }
    schema = {name: DATA_FILES["printed_totals"].schema()[name] for name in row}
    return check_totals(pl.DataFrame([row], schema=schema), STAGES).row(0, named=True)


def test_hours_are_the_sum_of_the_stages() -> None:
    row = check("gpu_hours", (150.0, 149.5, 150.5))
    assert [row[name] for name in ("computed", "computed_low", "computed_high")] == [150, 135, 165]
    assert row["outcome"] == "agrees"
    assert row["stage_ids"] == ["a", "b"]


@pytest.mark.parametrize(
    ("printed", "outcome"),
    [
        ((170.0, 165.0, 175.0), "agrees"),
        ((170.0, 165.1, 175.0), "conflicts"),
        ((130.0, 125.0, 135.0), "agrees"),
        ((130.0, 125.0, 134.9), "conflicts"),
    ],
)
def test_figures_agree_where_the_intervals_meet(printed: tuple, outcome: str) -> None:
    assert check("gpu_hours", printed)["outcome"] == outcome


def test_a_cost_is_the_sum_at_the_price_its_source_states() -> None:
    row = check("cost_usd", (300.0, 295.0, 305.0), stated=2.0)
    assert [row[name] for name in ("computed", "computed_low", "computed_high")] == [300, 270, 330]
    assert row["implied_usd_per_gpu_hour"] == 2
    assert row["implied_usd_per_gpu_hour_low"] == pytest.approx(295 / 165)
    assert row["implied_usd_per_gpu_hour_high"] == pytest.approx(305 / 135)


def test_a_cost_without_a_stated_price_is_not_comparable_but_implies_one() -> None:
    row = check("cost_usd", (300.0, 295.0, 305.0))
    assert (row["outcome"], row["computed"]) == ("not comparable", None)
    assert row["implied_usd_per_gpu_hour"] == 2


def test_a_rate_is_the_sum_over_the_trillions_of_tokens() -> None:
    # 14.8T are 14.75 to 14.85 trillion; the most tokens give the lowest rate
    row = check(
        "gpu_hours_per_trillion_tokens", (10.0, 9.5, 10.5), tokens=(14.8e12, 14.75e12, 14.85e12)
    )
    wanted = [150 / 14.8, 135 / 14.85, 165 / 14.75]
    found = [row[name] for name in ("computed", "computed_low", "computed_high")]
    assert found == pytest.approx(wanted)
    assert row["implied_usd_per_gpu_hour"] is None


def test_a_stage_without_upper_bound_leaves_the_sum_without_one() -> None:
    row = check("gpu_hours", (1000.0, 999.0, 1001.0), "a open")
    assert (row["computed_low"], row["computed_high"]) == (100, math.inf)
    assert row["outcome"] == "agrees"


def test_deepseeks_own_figures_agree_with_its_stages() -> None:
    checks = standard()["estimates.checks"]
    own = checks.filter(pl.col("check_id").str.contains(r"^(r1|v3)\."))
    assert len(own) == 11
    assert set(own["outcome"]) == {"agrees"}
    total = own.filter(check_id="r1.total.cost_usd").row(0, named=True)
    # 147K at 2 dollars; the sum of three figures of 1K each is open by 1.5K either way
    names = ("computed", "computed_low", "computed_high", "printed")
    assert [total[name] for name in names] == [294_000, 291_000, 297_000, 294_000]
