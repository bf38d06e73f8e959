"""The cluster of V3 under every purchase quote, beside renting as many accelerators."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from traincost.declarations import ESTIMATES
from traincost.declarations.rent_or_buy import READ
from traincost.derive import derive, finish
from traincost.ownership import TAGS, with_assumptions, without_overhead

Layers = Mapping[str, pl.DataFrame]

RUN, BILL = "v3", "v3-r1"


def rent_or_buy(layers: Layers) -> pl.DataFrame:
    """`rent_or_buy` as declared, sorted by key. `layers` holds `estimates.purchases` too."""
    table = ESTIMATES["rent_or_buy"]
    frame = _quotes(layers)
    frame = with_assumptions(frame, layers["validated.assumptions"], READ, TAGS)
    frame = without_overhead(frame).join(_rents(layers["estimates.scopes"]), how="cross")
    frame = derive(frame, table, only=_before("saved_usd_per_gpu_hour"))
    # where an hour saves nothing, no number of hours is enough
    saved = pl.col("saved_usd_per_gpu_hour")
    saving = frame.with_columns(pl.when(saved > 0).then(saved).alias("saved_usd_per_gpu_hour"))
    later = [column.name for column in table.columns if "break_even" in column.name]
    derived = derive(saving, table, only=later)
    return finish(derived.with_columns(frame["saved_usd_per_gpu_hour"]), table)


def _before(last: str) -> list[str]:
    names = [column.name for column in ESTIMATES["rent_or_buy"].columns if column.formula]
    return names[: names.index(last) + 1]


def _quotes(layers: Layers) -> pl.DataFrame:
    """Quotes in dollars for the family of the run's accelerator. Grain: quote."""
    gpus = layers["validated.gpus"].select(
        "gpu", "family", "chip", bought_gpu=pl.coalesce("bought_as", "gpu")
    )
    runs = layers["estimates.purchases"].filter(pl.col("work_id") == RUN)
    run = runs.join(gpus, on="gpu", validate="m:1").select(
        "family", "developer", "release_year", "gpu_count"
    )
    power = (
        layers["validated.hardware"]
        .filter(pl.col("attribute") == "tdp")
        .sort("hardware_id")
        .unique("gpu", keep="first", maintain_order=True)
        .select(bought_gpu="gpu", tdp_w="value", tdp_w_id="hardware_id")
    )
    chosen = layers["validated.assumption_sets"].filter("is_chosen").select("set_id")
    return (
        layers["validated.purchase_quotes"]
        .filter(pl.col("usd_per_gpu").is_not_null() & (pl.col("sold_as") != "cluster"))
        .select(
            "quote_id", "gpu", "vendor", "sold_as", "usd_per_gpu", "is_doubtful", quote_kind="kind"
        )
        .join(gpus, on="gpu", how="left", validate="m:1", maintain_order="left")
        .join(run, on="family", validate="m:1", maintain_order="left")
        .join(power, on="bought_gpu", how="left", validate="m:1", maintain_order="left")
        .join(chosen, how="cross")
        .with_columns(run_id=pl.lit(RUN), bill_id=pl.lit(BILL))
    )


def _rents(scopes: pl.DataFrame) -> pl.DataFrame:
    """What renting both runs costs. Grain: price book."""
    return scopes.filter(pl.col("scope_id") == BILL).select(
        "book_id", rental_usd_per_gpu_hour="usd_per_gpu_hour", rental_cost_usd="cost_usd"
    )
