"""Check stages against the totals, rates and dollar figures that sources print."""

from __future__ import annotations

import polars as pl

from traincost.columns import bounded
from traincost.declarations import ESTIMATES
from traincost.derive import aggregate, derive, finish

HOURS, COST = "gpu_hours", "cost_usd"


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
    joined = figures.join(added, on="check_id", validate="1:1").with_columns(
        *_where(COST, "printed", "printed_cost_usd"),
        *_where(HOURS, "gpu_hours", "compared_gpu_hours"),
    )
    return finish(derive(joined, table).with_columns(outcome=outcome("computed", "printed")), table)


def _where(quantity: str, name: str, target: str) -> list[pl.Expr]:
    """A figure with its bounds under another name, only where it is of the quantity."""
    is_of = pl.col("quantity") == quantity
    pairs = zip(bounded(name), bounded(target), strict=True)
    return [pl.when(is_of).then(ours).alias(theirs) for ours, theirs in pairs]


def outcome(one: str, other: str) -> pl.Expr:
    """Whether the intervals of two columns meet; not comparable where one has no value."""
    meet = (pl.col(f"{one}_low") <= pl.col(f"{other}_high")) & (
        pl.col(f"{other}_low") <= pl.col(f"{one}_high")
    )
    return (
        pl.when(pl.col(one).is_null() | pl.col(other).is_null())
        .then(pl.lit("not comparable"))
        .when(meet)
        .then(pl.lit("agrees"))
        .otherwise(pl.lit("conflicts"))
    )
