"""Where a saving comes from: the cost over that of V3 as a product of factors."""

from __future__ import annotations

from collections.abc import Mapping

import polars as pl

from traincost.columns import bounded
from traincost.declarations import ESTIMATES
from traincost.declarations.efficiency import FACTORS
from traincost.derive import aggregate, derive, finish

Layers = Mapping[str, pl.DataFrame]

V3 = "v3"
OF_V3 = ("gpu_hours", "tokens", "flop_per_token", "flop_per_gpu_hour", "usd_per_gpu_hour")
HOURS_FACTORS = tuple(name for name, _ in FACTORS if name != "price")


def efficiency(layers: Layers) -> pl.DataFrame:
    """`efficiency` as declared, sorted by key. `layers` holds `estimates.own_prices` too."""
    table = ESTIMATES["efficiency"]
    frame = layers["validated.training_compute"].with_columns(
        pl.col("hours_stage_ids").str.split(" ").list.sort(), v3_id=pl.lit(V3)
    )
    frame = _with_hours(_with_tokens(frame, layers["validated.stages"]), layers)
    frame = _with_peaks(frame, layers["validated.hardware"])
    own = layers["estimates.own_prices"].select(
        run_id="scope_id", usd_per_gpu_hour="own_usd_per_gpu_hour"
    )
    frame = frame.join(own, on="run_id", validate="1:1", maintain_order="left")
    frame = derive(frame, table, only=(*_before_v3(), "utilisation", "utilisation_as_printed"))
    frame = derive(_with_v3(frame), table, only=_against_v3())
    return finish(frame.with_columns(leading_factor=_leading()), table)


def _before_v3() -> tuple[str, ...]:
    return ("flop_per_token", "training_flop", "flop_per_gpu_hour", "achieved_tflops")


def _against_v3() -> tuple[str, ...]:
    names = [name for name, _ in FACTORS]
    return (
        *(f"{name}_factor" for name in names),
        "hours_ratio",
        "cost_ratio",
        *(f"{name}_log_points" for name in (*names, "hours", "cost")),
    )


def _with_tokens(frame: pl.DataFrame, stages: pl.DataFrame) -> pl.DataFrame:
    """Adds tokens, parameters and model of the stage that holds them. Grain unchanged."""
    held = stages.select(
        "model",
        *bounded("tokens"),
        "active_params_b",
        tokens_stage_id="stage_id",
        is_sparse=(pl.col("active_params_b") < pl.col("total_params_b")).fill_null(False),
    )
    return frame.join(held, on="tokens_stage_id", validate="m:1", maintain_order="left")


def _with_hours(frame: pl.DataFrame, layers: Layers) -> pl.DataFrame:
    """Adds the GPU-hours of the stages that count, and their accelerators. Grain unchanged."""
    baseline = layers["validated.books"].filter("is_baseline")["book_id"].item()
    priced = layers["priced.stages"].filter(pl.col("book_id") == baseline)
    members = (
        frame.select("run_id", stage_id="hours_stage_ids")
        .explode("stage_id")
        .join(
            priced.select("stage_id", "gpu", *bounded("gpu_hours")),
            on="stage_id",
            how="left",
            validate="m:1",
            maintain_order="left",
        )
    )
    hours = aggregate(members, ["run_id"], ESTIMATES["efficiency"])
    gpus = members.group_by("run_id", maintain_order=True).agg(gpus=pl.col("gpu").unique().sort())
    return frame.join(hours, on="run_id", validate="1:1").join(gpus, on="run_id", validate="1:1")


def _with_peaks(frame: pl.DataFrame, hardware: pl.DataFrame) -> pl.DataFrame:
    """Adds the peak of the number format and that of the printed utilisation. Grain unchanged."""
    for key, target in (("peak_id", "peak_tflops"), ("utilisation_peak_id", "printed_peak_tflops")):
        peaks = hardware.select(pl.col("hardware_id").alias(key), pl.col("value").alias(target))
        frame = frame.join(peaks, on=key, how="left", validate="m:1", maintain_order="left")
    return frame


def _with_v3(frame: pl.DataFrame) -> pl.DataFrame:
    """Adds V3's quantities to every row but V3's. Grain unchanged."""
    names = [part for name in OF_V3 for part in bounded(name) if part in frame.columns]
    v3 = frame.filter(pl.col("run_id") == V3).select(
        "v3_id", *(pl.col(name).alias(f"v3_{name}") for name in names)
    )
    joined = frame.join(v3, on="v3_id", how="left", validate="m:1", maintain_order="left")
    is_other = pl.col("run_id") != V3
    return joined.with_columns(
        pl.when(is_other).then(f"v3_{name}").alias(f"v3_{name}") for name in names
    )


def _leading() -> pl.Expr:
    """The factor with the most log points in the direction of the whole."""
    sign = pl.col("hours_log_points").sign()
    along = [pl.col(f"{name}_log_points") * sign for name in HOURS_FACTORS]
    most = pl.max_horizontal(along)
    chosen = pl.lit(None, pl.String)
    for name, points in zip(reversed(HOURS_FACTORS), reversed(along), strict=True):
        chosen = pl.when(points == most).then(pl.lit(name)).otherwise(chosen)
    return pl.when(pl.col("hours_log_points").is_not_null()).then(chosen)
