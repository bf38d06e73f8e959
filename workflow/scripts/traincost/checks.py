"""Check stages against the totals, rates and dollar figures that sources print."""

from __future__ import annotations

import polars as pl

from traincost import printed
from traincost.columns import bounded
from traincost.declarations import ESTIMATES
from traincost.derive import aggregate, finish

RATE, COST = "gpu_hours_per_trillion_tokens", "cost_usd"


def check_totals(printed_totals: pl.DataFrame, stages: pl.DataFrame) -> pl.DataFrame:
    """Every printed figure whose stages are in the data, beside what they add up to.

    `printed_totals`: validated. `stages`: one row per stage with gpu_hours and
    its bounds. Returns `checks` as declared, sorted by key. Two figures agree
    where their intervals meet.
    """
    table = ESTIMATES["checks"]
    figures = printed_totals.filter(pl.col("stage_ids").is_not_null()).with_columns(
        pl.col("stage_ids").str.split(" ").list.sort()
    )
    members = (
        figures.select("check_id", stage_id="stage_ids")
        .explode("stage_id")
        .join(stages, on="stage_id", how="left", validate="m:1", maintain_order="left")
    )
    added = aggregate(members, ["check_id"], table)
    joined = figures.join(added, on="check_id", validate="1:1")
    return finish(_with_outcome(_with_implied_price(_with_computed(joined))), table)


def _with_computed(checks: pl.DataFrame) -> pl.DataFrame:
    trillions = checks.with_columns(
        pl.col("tokens").map_elements(_trillions, return_dtype=pl.List(pl.Float64)).alias("t")
    )
    quantity = pl.col("quantity")
    # the largest rate belongs to the fewest tokens
    divisors = zip(bounded("gpu_hours"), bounded("computed"), (0, 2, 1), strict=True)
    return trillions.with_columns(
        pl.when(quantity == RATE)
        .then(pl.col(hours) / pl.col("t").list.get(place))
        .when(quantity == COST)
        .then(pl.col(hours) * pl.col("stated_usd_per_gpu_hour"))
        .otherwise(hours)
        .alias(computed)
        for hours, computed, place in divisors
    )


def _trillions(text: str) -> list[float]:
    figure = printed.measured(text)
    return [float(bound) / 1e12 for bound in (figure.value, figure.low, figure.high or "inf")]


def _with_implied_price(checks: pl.DataFrame) -> pl.DataFrame:
    over = {"": "", "_low": "_high", "_high": "_low"}
    return checks.with_columns(
        pl.when(pl.col("quantity") == COST)
        .then(pl.col(f"printed{bound}") / pl.col(f"gpu_hours{divisor}"))
        .alias(f"implied_usd_per_gpu_hour{bound}")
        for bound, divisor in over.items()
    )


def _with_outcome(checks: pl.DataFrame) -> pl.DataFrame:
    meet = (pl.col("computed_low") <= pl.col("printed_high")) & (
        pl.col("printed_low") <= pl.col("computed_high")
    )
    return checks.with_columns(
        outcome=pl.when(pl.col("computed").is_null())
        .then(pl.lit("not comparable"))
        .when(meet)
        .then(pl.lit("agrees"))
        .otherwise(pl.lit("conflicts"))
    )
