"""Reinforcement learning, fine-tuning and data creation beside R1."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from traincost.columns import bounded
from traincost.declarations import ESTIMATES
from traincost.derive import aggregate, derive, finish
from traincost.field import SCOPE_OF, beside, common_price, with_reference_ids

Layers = Mapping[str, pl.DataFrame]


def rl_runs(layers: Layers) -> pl.DataFrame:
    """`rl_runs` as declared, sorted by key."""
    table, scopes = ESTIMATES["rl_runs"], layers["estimates.scopes"]
    works = layers["validated.rl_runs"].with_columns(pl.col("stage_ids").str.split(" ").list.sort())
    members = (
        works.select("rl_id", stage_id="stage_ids")
        .explode("stage_id")
        .join(layers["priced.stages"], on="stage_id", how="left", validate="m:m")
        .sort("rl_id", "book_id", "stage_id")
    )
    frame = (
        aggregate(members, ["rl_id", "book_id"], table)
        .join(works, on="rl_id", validate="m:1", maintain_order="left")
        .join(_described(members, layers), on="rl_id", validate="m:1", maintain_order="left")
    )
    frame = common_price(with_reference_ids(frame, "r1", "both"), scopes)
    r1 = scopes.filter(pl.col("scope_id") == SCOPE_OF["r1"])
    frame = beside(frame, r1, ["book_id"], "gpu_hours", "r1")
    printed = layers["estimates.checks"].select(
        "check_id", *bounded("printed_cost_usd"), *bounded("implied_usd_per_gpu_hour")
    )
    frame = frame.join(printed, on="check_id", how="left", validate="m:1", maintain_order="left")
    return finish(derive(frame, table), table)


def _described(members: pl.DataFrame, layers: Layers) -> pl.DataFrame:
    """Accelerators of each piece of work, and where its hours come from. Grain: piece of work."""
    stages = layers["validated.stages"].select("stage_id", "hours_basis")
    return (
        members.join(stages, on="stage_id", validate="m:1", maintain_order="left")
        .group_by("rl_id", maintain_order=True)
        .agg(gpus=pl.col("gpu").unique().sort(), hours_basis=pl.col("hours_basis").first())
    )
