"""Add stages up: bills, shares and checks, the estimates layer."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from traincost.checks import check_totals
from traincost.columns import bounded
from traincost.declarations import ESTIMATES
from traincost.derive import aggregate, derive, finish


def estimate(layers: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Bills: `shares`, `scopes` and `checks` of the estimates layer as declared, sorted by key.

    `layers`: by `layer.name`: priced.stages, validated.scopes, .books and .printed_totals.
    """
    priced, scopes = layers["priced.stages"], layers["validated.scopes"]
    printed_totals, books = layers["validated.printed_totals"], layers["validated.books"]
    baseline = books.filter("is_baseline")["book_id"].item()
    members = scope_members(priced, scopes)
    staged = members.join(priced, on=["run_id", "stage_id"], validate="m:m").sort(
        "scope_id", "book_id", "stage_id"
    )
    totals = _scopes(staged, baseline)
    return {
        "shares": _shares(staged, totals, scopes),
        "scopes": totals,
        "checks": check_totals(printed_totals, priced.filter(pl.col("book_id") == baseline)),
    }


def scope_members(priced: pl.DataFrame, scopes: pl.DataFrame) -> pl.DataFrame:
    """Which stages every scope adds up. Grain: scope and stage; every run is a scope too."""
    stages = priced.select("run_id", "stage_id").unique().sort("stage_id")
    own = stages.with_columns(scope_id="run_id")
    wider = _declared_members(scopes).join(stages, on="run_id", validate="m:m")
    return pl.concat([own, wider.select(own.columns)]).sort("scope_id", "stage_id")


def _declared_members(scopes: pl.DataFrame) -> pl.DataFrame:
    """Runs of every scope that is more than a run by itself. Grain: scope and run."""
    members = scopes.select("scope_id", run_id=pl.col("run_ids").str.split(" ")).explode("run_id")
    return members.filter(pl.col("scope_id") != pl.col("run_id"))


def _shares(staged: pl.DataFrame, totals: pl.DataFrame, scopes: pl.DataFrame) -> pl.DataFrame:
    by_stage = staged.select(
        "scope_id",
        "book_id",
        *bounded("cost_usd"),
        member_id="stage_id",
        member_kind=pl.lit("stage"),
    )
    runs = _declared_members(scopes).join(
        totals, left_on="run_id", right_on="scope_id", validate="m:m"
    )
    by_run = runs.select(
        "scope_id", "book_id", *bounded("cost_usd"), member_id="run_id", member_kind=pl.lit("run")
    )
    table = ESTIMATES["shares"]
    return finish(derive(_add_others(pl.concat([by_stage, by_run])), table), table)


def _add_others(members: pl.DataFrame) -> pl.DataFrame:
    """Adds the other members of a member's kind, their ids and their cost. Grain unchanged."""
    by = ["scope_id", "book_id", "member_kind"]
    costs = bounded("cost_usd")
    others = members.select(
        *by, other_id="member_id", **{f"other_{name}": pl.col(name) for name in costs}
    )
    # added up anew, not taken off the total: without an upper bound that has no difference
    added = (
        members.select(*by, "member_id")
        .join(others, on=by, validate="m:m")
        .filter(pl.col("member_id") != pl.col("other_id"))
        .sort(*by, "member_id", "other_id")
        .group_by(*by, "member_id", maintain_order=True)
        .agg(
            # null where any member has no cost: a bill is never partial
            *(
                pl.when(pl.col(f"other_{name}").is_not_null().all()).then(
                    pl.col(f"other_{name}").sum()
                )
                for name in costs
            ),
            other_ids="other_id",
        )
    )
    is_alone = pl.col("other_ids").is_null()
    return members.join(
        added, on=[*by, "member_id"], how="left", validate="1:1", maintain_order="left"
    ).with_columns(
        *(
            pl.when(is_alone).then(0.0).otherwise(f"other_{name}").alias(f"other_{name}")
            for name in costs
        ),
        pl.col("other_ids").fill_null([]),
    )


def _scopes(staged: pl.DataFrame, baseline: str) -> pl.DataFrame:
    by = ["scope_id", "book_id"]
    table = ESTIMATES["scopes"]
    because = pl.format("{}: {}", "stage_id", "unpriced_because")
    described = (
        staged.group_by(by, maintain_order=True)
        .agg(
            stage_ids=pl.col("stage_id"),
            quote_ids=pl.col("quote_ids").explode().drop_nulls().unique().sort(),
            quote_gpus=pl.col("quote_gpu").drop_nulls().unique().sort(),
            is_stand_in=pl.col("is_stand_in").any(),
            quote_age_days=pl.col("quote_age_days").max(),
            unpriced_because=because.drop_nulls().str.join("; "),
        )
        .with_columns(
            pl.col("unpriced_because").replace("", None),
            quote_count=pl.when(pl.col("quote_ids").list.len() > 0).then(
                pl.col("quote_ids").list.len()
            ),
        )
    )
    totals = aggregate(staged, by, table)
    described = described.with_columns(baseline_book_id=pl.lit(baseline))
    base = totals.filter(pl.col("book_id") == baseline).select(
        "scope_id",
        *(pl.col(name).alias(f"baseline_{name}") for name in bounded("cost_usd")),
    )
    joined = described.join(totals, on=by, validate="1:1").join(
        base, on="scope_id", how="left", validate="m:1"
    )
    return finish(derive(joined, table, only=("usd_per_gpu_hour", "ratio_to_baseline")), table)
